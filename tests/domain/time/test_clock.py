"""The sandbox's clock: offset and freezing."""

from datetime import UTC, datetime, timedelta

from mock_server.domain.time.clock import Clock, ClockState

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def clock(state: ClockState) -> Clock:
    return Clock(lambda: state, machine_now=lambda: NOON)


def test_the_clock_adds_its_offset_or_is_frozen() -> None:
    assert clock(ClockState()).now() == NOON
    assert ClockState().frozen is None, "not frozen by default"
    assert clock(ClockState(offset=timedelta(days=40))).now() == NOON + timedelta(days=40)
    frozen = NOON - timedelta(days=1)
    assert clock(ClockState(offset=timedelta(days=40), frozen=frozen)).now() == frozen


def test_an_offset_sets_the_clock_to_any_time() -> None:
    wanted = datetime(2030, 5, 5, tzinfo=UTC)
    assert clock(ClockState(offset=clock(ClockState()).offset_for(wanted))).now() == wanted


def test_the_machines_time_is_aware_and_in_utc() -> None:
    assert Clock(ClockState).now().utcoffset() == timedelta()
