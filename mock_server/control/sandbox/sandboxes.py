"""Calls for the server's sandboxes: listed, forked, deleted."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from mock_server.control.calls import calls
from mock_server.domain.text.storable_text import SANDBOX_NAME
from mock_server.http.context import Context

router = calls("/sandboxes")


class SandboxShape(BaseModel):
    """A sandbox. `used` is when it was used last, to the hour, by the machine's clock."""

    name: str
    used: datetime


class SandboxList(BaseModel):
    """Sandboxes by name."""

    sandboxes: list[SandboxShape]


class NewSandbox(BaseModel):
    """What to copy: without `from` this sandbox. Without a name it gets one."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, pattern=f"^{SANDBOX_NAME}$", examples=["ci-7"])
    source: str | None = Field(None, alias="from", max_length=40, examples=["default"])
    snapshot: str | None = Field(None, max_length=40)


class MadeSandbox(BaseModel):
    """The new sandbox; `url` is the base of all its addresses."""

    name: str
    url: str


@router.get("")
async def read_sandboxes(context: Context) -> SandboxList:
    """Every sandbox of this server. Unused ones end after a day."""
    sandboxes = context.sandboxes
    states = await context.sandbox.run(sandboxes.states)
    return SandboxList(
        sandboxes=[SandboxShape(name=name, used=state.used) for name, state in sorted(states.items())]
    )


@router.post("", status_code=201)
async def create(context: Context, wish: NewSandbox | None = None) -> MadeSandbox:
    """Make one: a copy of another sandbox, or of a snapshot of it, in which ids and tokens work as well.

    The copy's clock shows the same; from then on both live apart.
    """
    body = wish or NewSandbox()
    source = body.source or context.sandbox.name
    made = await context.sandbox.run(
        context.sandboxes.create, body.name, source=source, snapshot=body.snapshot
    )
    server = context.links.base.removesuffix(context.sandbox.prefix)
    return MadeSandbox(name=made.name, url=server + made.prefix)


@router.delete("/{name}", status_code=204)
async def end_one(context: Context, name: str) -> None:
    """Forget a sandbox and all that it holds."""
    await context.sandbox.run(context.sandboxes.end, name)
