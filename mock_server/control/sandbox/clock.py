"""Calls that read, set, freeze and advance the sandbox's clock."""

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from mock_server.actions.sandboxes.clock import advance_clock, set_clock
from mock_server.control.calls import calls
from mock_server.control.instants import UtcInstant
from mock_server.control.observation.webhooks import AttemptShape, attempt_shape
from mock_server.control.sandbox.moving import moved_by
from mock_server.domain.events import EventType
from mock_server.domain.text.expectations import DURATION
from mock_server.domain.time.clock import ClockState
from mock_server.domain.time.durations import short_duration
from mock_server.http.context import Context
from mock_server.sandbox import Sandbox

router = calls("/clock")


class ClockShape(BaseModel):
    """The current time, and whether the clock is frozen."""

    now: datetime
    frozen: bool


class HappeningShape(BaseModel):
    """Something that became due."""

    at: datetime
    type: EventType
    authorization_uid: str
    meter_uid: str | None


class Moved(ClockShape):
    """The clock after a move, what became due on the way, in order, and what was sent because of it."""

    happened: list[HappeningShape]
    sent: list[AttemptShape]


class ClockSetting(BaseModel):
    """What to change. Absent fields stay unchanged."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"now": "2026-01-31T12:00:00Z", "frozen": True}]}
    )

    now: UtcInstant | None = None
    frozen: bool | None = None


def _in_any_notation(by: object) -> object:
    """Rejects plain numbers, which could mean days as well as seconds. Raises ValueError."""
    if not isinstance(by, str):
        raise ValueError(DURATION)  # noqa: TRY004  pydantic reports a ValueError
    found = short_duration(by)
    return by if found is None else found


class Advance(BaseModel):
    """How far to move the clock: an ISO 8601 duration such as PT1H or P40D, or a short form such as 40d or 1h30m."""

    model_config = ConfigDict(extra="forbid")

    by: Annotated[timedelta, BeforeValidator(_in_any_notation), Field(examples=["P40D"])]


@router.get("")
async def read(context: Context) -> ClockShape:
    """The current time of the sandbox."""
    sandbox = context.sandbox
    return _shape(sandbox, await sandbox.run(sandbox.clock.read_state))


@router.put("")
async def put(context: Context, setting: ClockSetting) -> ClockShape:
    """Set, freeze or unfreeze the clock. Everything that is due by then is done before the response."""
    sandbox = context.sandbox
    state, _ = await moved_by(
        context, partial(sandbox.write_alone, set_clock, now=setting.now, frozen=setting.frozen)
    )
    return _shape(sandbox, state)


@router.post("/advance")
async def advance(context: Context, step: Advance) -> Moved:
    """Move the clock forward. Everything that is due by then is done before the response."""
    sandbox = context.sandbox
    state, caught_up = await moved_by(context, partial(sandbox.write_alone, advance_clock, step.by))
    happened = [
        HappeningShape(
            at=item.at, type=item.type, authorization_uid=item.authorization_uid, meter_uid=item.meter_uid
        )
        for item in caught_up.happened
    ]
    sent = [attempt_shape(attempt) for attempt in caught_up.attempts]
    return Moved(**_shape(sandbox, state).model_dump(), happened=happened, sent=sent)


def _shape(sandbox: Sandbox, state: ClockState) -> ClockShape:
    return ClockShape(now=sandbox.clock.at(state), frozen=state.frozen is not None)
