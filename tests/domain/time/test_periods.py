"""Local days and billing periods, across daylight saving changes."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.time.periods import Span, billing_periods, cut, local_days, visible_span

ZONES = [
    "America/New_York",
    "America/Los_Angeles",
    "America/Phoenix",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Pacific/Chatham",
]
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 10 * 365 * 86_400).map(lambda seconds: BEGIN + timedelta(seconds=seconds))


@given(st.sampled_from(ZONES), INSTANTS, st.integers(1, 400), st.integers(1, 28))
def test_days_and_periods_cover_a_span_without_gap_or_overlap(
    name: str, start: datetime, days: int, read_day: int
) -> None:
    zone = ZoneInfo(name)
    span = Span(start=start, end=start + timedelta(days=days))
    months = list(cut(billing_periods(zone, start=span.start, end=span.end, read_day=read_day), span))
    for pieces in (list(local_days(zone, span)), months):
        assert pieces[0].start == span.start
        assert pieces[-1].end == span.end
        assert all(piece.end == following.start for piece, following in pairwise(pieces))


@pytest.mark.parametrize(
    ("day", "hours"), [((2026, 3, 7), 24), ((2026, 3, 8), 23), ((2026, 10, 31), 24), ((2026, 11, 1), 25)]
)
def test_a_day_has_23_24_or_25_hours(day: tuple[int, int, int], hours: int) -> None:
    zone = ZoneInfo("America/New_York")
    noon = datetime(*day, 12, tzinfo=zone).astimezone(UTC)
    span = Span(start=noon - timedelta(days=2), end=noon + timedelta(days=2))
    [local_day] = [day for day in local_days(zone, span) if day.start <= noon < day.end]
    assert local_day.seconds == hours * 3600


def test_a_billing_period_runs_from_read_day_to_read_day() -> None:
    zone = ZoneInfo("America/New_York")
    noon = datetime(2026, 1, 5, 17, tzinfo=UTC)
    [period, *_] = billing_periods(zone, start=noon, end=noon + timedelta(days=9), read_day=12)
    assert period.start == datetime(2025, 12, 12, 5, tzinfo=UTC)
    assert period.end == datetime(2026, 1, 12, 5, tzinfo=UTC)


def test_a_billing_period_is_a_local_month() -> None:
    zone = ZoneInfo("America/New_York")
    start, end = datetime(2026, 2, 10, tzinfo=UTC), datetime(2026, 4, 1, 4, tzinfo=UTC)
    periods = list(billing_periods(zone, start=start, end=end, read_day=1))
    assert [period.start.isoformat() for period in periods] == [
        "2026-02-01T05:00:00+00:00",
        "2026-03-01T05:00:00+00:00",
    ]
    assert periods[-1].end == datetime(2026, 4, 1, 4, tzinfo=UTC)


def test_spans_outside_the_limits_are_omitted() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    hour = Span(start=noon, end=noon + timedelta(hours=1))
    assert list(cut(iter([hour]), Span(start=hour.end, end=hour.end + timedelta(hours=1)))) == []
    assert list(cut(iter([hour]), Span(start=noon, end=noon))) == []


@given(INSTANTS, st.integers(-(10**7), 10**7))
def test_the_visible_span_begins_and_ends_on_the_hour(start: datetime, seconds: int) -> None:
    end = start + timedelta(seconds=seconds)
    span = visible_span(start=start, end=end)
    assert span.start >= start
    assert span.start - start < timedelta(hours=1)
    assert span.end <= max(end, span.start)
    assert span.seconds % 3600 == 0
    assert span.seconds >= 0
