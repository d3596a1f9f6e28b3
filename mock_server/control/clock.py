"""The sandbox's clock: read, set, frozen, advanced."""

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict
from starlette.requests import Request

from mock_server.actions.clock import advance_clock, set_clock
from mock_server.core.clock import ClockState
from mock_server.sandbox import Sandbox
from mock_server.surface import sandbox_of

router = APIRouter(prefix="/clock")


class ClockShape(BaseModel):
    """What the clock shows, and whether it stands still."""

    now: datetime
    frozen: bool


class ClockSetting(BaseModel):
    """What to change; what is absent stays."""

    model_config = ConfigDict(extra="forbid")

    now: AwareDatetime | None = None
    frozen: bool | None = None


class Advance(BaseModel):
    """How far to move the clock: an ISO 8601 duration such as PT1H or P40D."""

    model_config = ConfigDict(extra="forbid")

    by: timedelta


@router.get("")
async def read(request: Request) -> ClockShape:
    """The sandbox's time."""
    sandbox = sandbox_of(request)
    return _shape(sandbox, await sandbox.run(sandbox.clock.read_state))


@router.put("")
async def put(request: Request, setting: ClockSetting) -> ClockShape:
    """Set the clock, freeze it, or let it run."""
    sandbox = sandbox_of(request)
    now = setting.now.astimezone(UTC) if setting.now else None
    state = await sandbox.run(set_clock, sandbox, now=now, frozen=setting.frozen)
    return _shape(sandbox, state)


@router.post("/advance")
async def advance(request: Request, step: Advance) -> ClockShape:
    """Move the clock forward."""
    sandbox = sandbox_of(request)
    return _shape(sandbox, await sandbox.run(advance_clock, sandbox, step.by))


def _shape(sandbox: Sandbox, state: ClockState) -> ClockShape:
    return ClockShape(now=sandbox.clock.at(state), frozen=state.frozen is not None)
