"""The sandbox's clock runs beside the machine's, or stands still."""

from datetime import UTC, datetime, timedelta

from mock_server.domain.time.clock import Clock, ClockState

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def clock(state: ClockState) -> Clock:
    return Clock(lambda: state, machine_now=lambda: NOON)


def test_it_runs_ahead_by_its_offset_and_stands_when_frozen() -> None:
    assert clock(ClockState()).now() == NOON
    assert ClockState().frozen is None, "a clock that nobody set stands nowhere"
    assert clock(ClockState(offset=timedelta(days=40))).now() == NOON + timedelta(days=40)
    frozen = NOON - timedelta(days=1)
    assert clock(ClockState(offset=timedelta(days=40), frozen=frozen)).now() == frozen


def test_an_offset_makes_it_show_any_instant() -> None:
    wanted = datetime(2030, 5, 5, tzinfo=UTC)
    assert clock(ClockState(offset=clock(ClockState()).offset_for(wanted))).now() == wanted


def test_the_machines_time_is_aware_and_in_utc() -> None:
    assert Clock(ClockState).now().utcoffset() == timedelta()
