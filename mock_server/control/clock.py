"""The sandbox's clock: read, set, frozen, advanced."""

from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from mock_server.actions.world.clock import advance_clock, set_clock
from mock_server.control.webhooks import AttemptShape, attempt_shape
from mock_server.core.clock import ClockState
from mock_server.core.events import EventType
from mock_server.sandbox import Sandbox
from mock_server.surface import sandbox_of

router = APIRouter(prefix="/clock")


class ClockShape(BaseModel):
    """What the clock shows, and whether it stands still."""

    now: datetime
    frozen: bool


class HappeningShape(BaseModel):
    """Something that time brought."""

    at: datetime
    type: EventType
    authorization_uid: str
    meter_uid: str | None


class Moved(ClockShape):
    """The clock after a move, what happened on the way in its order, and what was sent because of it."""

    happened: list[HappeningShape]
    sent: list[AttemptShape]


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
    """Set the clock, freeze it, or let it run; everything due by then has happened when this returns."""
    sandbox = sandbox_of(request)
    now = setting.now.astimezone(UTC) if setting.now else None
    state = await sandbox.run(set_clock, sandbox, now=now, frozen=setting.frozen)
    await run_in_threadpool(request.app.state.catch_up, sandbox)
    return _shape(sandbox, state)


@router.post("/advance")
async def advance(request: Request, step: Advance) -> Moved:
    """Move the clock forward; everything due by then has happened when this returns."""
    sandbox = sandbox_of(request)
    return await _moved(request, await sandbox.run(advance_clock, sandbox, step.by))


async def _moved(request: Request, state: ClockState) -> Moved:
    sandbox = sandbox_of(request)
    caught_up = await run_in_threadpool(request.app.state.catch_up, sandbox)
    happened = [
        HappeningShape(
            at=one.at, type=one.type, authorization_uid=one.authorization_uid, meter_uid=one.meter_uid
        )
        for one in caught_up.happened
    ]
    sent = [attempt_shape(one) for one in caught_up.attempts]
    return Moved(**_shape(sandbox, state).model_dump(), happened=happened, sent=sent)


def _shape(sandbox: Sandbox, state: ClockState) -> ClockShape:
    return ClockShape(now=sandbox.clock.at(state), frozen=state.frozen is not None)
