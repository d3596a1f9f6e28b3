"""Calls that list, fork and delete sandboxes."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from mock_server.control.calls import calls
from mock_server.domain.text.storable_text import SANDBOX_NAME
from mock_server.http.context import Context

router = calls("/sandboxes")


class SandboxShape(BaseModel):
    """A sandbox. `used` is the time of its last use by the machine's clock, to the hour."""

    name: str
    used: datetime


class SandboxList(BaseModel):
    """Sandboxes by name."""

    sandboxes: list[SandboxShape]


class NewSandbox(BaseModel):
    """What to copy. Defaults: this sandbox, a random name."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, pattern=f"^{SANDBOX_NAME}$", examples=["ci-7"])
    source: str | None = Field(None, alias="from", max_length=40, examples=["default"])
    snapshot: str | None = Field(None, max_length=40)


class MadeSandbox(BaseModel):
    """The new sandbox; `url` is its base URL."""

    name: str
    url: str


@router.get("")
async def read_sandboxes(context: Context) -> SandboxList:
    """All sandboxes of this server. A sandbox is deleted after a day without use."""
    sandboxes = context.sandboxes
    states = await context.sandbox.run(sandboxes.states)
    return SandboxList(
        sandboxes=[SandboxShape(name=name, used=state.used) for name, state in sorted(states.items())]
    )


@router.post("", status_code=201)
async def create(context: Context, wish: NewSandbox | None = None) -> MadeSandbox:
    """Copy a sandbox or one of its snapshots. The same ids and tokens work in the copy.

    The copy's clock starts at the same time. Later changes to one do not affect the other.
    """
    body = wish or NewSandbox()
    source = body.source or context.sandbox.name
    created = await context.sandbox.run(
        context.sandboxes.create, body.name, source=source, snapshot=body.snapshot
    )
    server = context.links.base.removesuffix(context.sandbox.prefix)
    return MadeSandbox(name=created.name, url=server + created.prefix)


@router.delete("/{name}", status_code=204)
async def end_one(context: Context, name: str) -> None:
    """Delete a sandbox and its data."""
    await context.sandbox.run(context.sandboxes.end, name)
