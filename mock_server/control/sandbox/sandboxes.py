"""The sandboxes of the server: listed, forked, ended. They are made by using them, too."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from mock_server.control.calls import calls
from mock_server.domain.text.storable_text import SANDBOX_NAME
from mock_server.http.sandboxes import Sandboxes
from mock_server.http.surface import SANDBOXES, links_of, sandbox_of

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
async def read_sandboxes(request: Request) -> SandboxList:
    """Every sandbox of this server. Unused ones end after a day."""
    sandboxes = _sandboxes_of(request)
    states = await sandbox_of(request).run(sandboxes.states)
    return SandboxList(
        sandboxes=[SandboxShape(name=name, used=state.used) for name, state in sorted(states.items())]
    )


@router.post("", status_code=201)
async def create(request: Request, wish: NewSandbox | None = None) -> MadeSandbox:
    """Make one: a copy of another sandbox, or of a snapshot of it, in which ids and tokens work as well.

    The copy's clock shows the same; from then on both live apart.
    """
    asked = wish or NewSandbox()
    source = asked.source or sandbox_of(request).name
    made = await sandbox_of(request).run(
        _sandboxes_of(request).create, asked.name, source=source, snapshot=asked.snapshot
    )
    server = links_of(request).base.removesuffix(sandbox_of(request).prefix)
    return MadeSandbox(name=made.name, url=server + made.prefix)


@router.delete("/{name}", status_code=204)
async def end_one(request: Request, name: str) -> None:
    """Forget a sandbox and all that it holds."""
    await sandbox_of(request).run(_sandboxes_of(request).end, name)


def _sandboxes_of(request: Request) -> Sandboxes:
    found = request.scope[SANDBOXES]
    assert isinstance(found, Sandboxes)
    return found
