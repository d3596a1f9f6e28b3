"""Tests of publication: time alone publishes data, and each item once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.actions.authorizations.authorizations import expire, revoke
from mock_server.actions.reading.publication import News, at_last_change, published_between
from mock_server.actions.reading.shares import (
    Share,
    get_share,
    issued_bill_periods,
    reading_sets,
    shared_bill,
)
from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.domain.time.clock import MOMENT
from mock_server.domain.time.periods import Span
from mock_server.sandbox import Sandbox
from tests.conftest import NOON
from tests.support import Third

HOUR = timedelta(hours=1)
SCOPE = "FB={};AdditionalScope=auth-test-test_residential"


def share_of(sandbox: Sandbox, third: Third, blocks: str = "4_16_51", **parts: str) -> Share:
    scope = SCOPE.format(blocks) + "".join(f";{name}={value}" for name, value in parts.items())
    return sandbox.read(get_share, third.tokens(scope=scope).authorization.uid)


def between(sandbox: Sandbox, share: Share, hours: float, more: float) -> list[News]:
    since = NOON + timedelta(hours=hours)
    return published_between(sandbox, share, since=since, until=since + timedelta(hours=more))


def test_an_hour_publishes_an_hour_of_readings(sandbox: Sandbox, third: Third) -> None:
    news = between(sandbox, share_of(sandbox, third), 0, 1)
    lagging = NOON - timedelta(hours=6)
    assert [one.readings for one in news] == [Span(start=lagging, end=lagging + timedelta(hours=1))] * 3
    assert [one.bills for one in news] == [()] * 3


def test_a_statement_day_publishes_a_bill(sandbox: Sandbox, third: Third) -> None:
    news = between(sandbox, share_of(sandbox, third), 24 * 18, 48)
    assert [[period.end.isoformat() for period in one.bills] for one in news] == [
        ["2026-04-01T04:00:00+00:00"]
    ] * 3


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 3000), st.floats(0, 1000), st.floats(0, 1000))
def test_two_steps_publish_the_same_as_one(
    sandbox: Sandbox, third: Third, start: float, first: float, second: float
) -> None:
    share = share_of(sandbox, third)
    steps = [*between(sandbox, share, start, first), *between(sandbox, share, start + first, second)]
    complete = between(sandbox, share, start, first + second)

    def result(news: list[News]) -> tuple[set[tuple[str, Span]], dict[str, int]]:
        bills = {(one.meter.meter.uid, period) for one in news for period in one.bills}
        seconds: dict[str, int] = {}
        for one in news:
            uid = one.meter.meter.uid
            seconds[uid] = seconds.get(uid, 0) + (one.readings.seconds if one.readings else 0)
        return bills, {uid: length for uid, length in seconds.items() if length}

    assert result(steps) == result(complete)


def test_only_data_in_the_scope_is_news(sandbox: Sandbox, third: Third) -> None:
    month = 24 * 40
    assert all(
        one.readings is None and one.bills
        for one in between(sandbox, share_of(sandbox, third, "16"), 0, month)
    )
    assert all(
        one.readings and not one.bills for one in between(sandbox, share_of(sandbox, third, "4"), 0, month)
    )
    assert between(sandbox, share_of(sandbox, third, "51"), 0, month) == []


def test_an_ended_authorization_has_no_news(sandbox: Sandbox, third: Third) -> None:
    for end in (revoke, expire):
        uid = share_of(sandbox, third).authorization.uid
        sandbox.write(end, uid)
        assert between(sandbox, sandbox.read(get_share, uid), 0, 1000) == []


def test_a_correction_is_news(sandbox: Sandbox, third: Third) -> None:
    scope = SCOPE.replace("residential", "gaps").format("4_16")
    share = sandbox.read(get_share, third.tokens("test_gaps", scope).authorization.uid)
    found = [
        (one.meter.service.kind, day) for one in between(sandbox, share, 0, 24 * 8) for day in one.corrected
    ]
    [(kind, day)] = found
    assert (kind, day.start.isoformat()) == ("electric", "2026-03-17T04:00:00+00:00")


def test_a_correction_is_news_once_at_its_instant(sandbox: Sandbox, third: Third) -> None:
    scope = SCOPE.replace("residential", "gaps").format("4_16")
    share = sandbox.read(get_share, third.tokens("test_gaps", scope).authorization.uid)
    made = datetime(2026, 3, 23, 4, tzinfo=UTC)  # five days after the day was over

    def corrected(since: datetime, until: datetime) -> int:
        return sum(len(one.corrected) for one in published_between(sandbox, share, since=since, until=until))

    assert corrected(made - HOUR, made) == 1
    assert corrected(made - HOUR, made - MOMENT) == corrected(made, made + HOUR) == 0


@pytest.mark.parametrize("hours", [0, 1, 30, 24 * 40, 24 * 400])
def test_a_share_has_the_same_data_at_its_last_change_as_now(
    sandbox: Sandbox, third: Third, hours: int
) -> None:
    uid = third.tokens("test_gaps", "FB=4_16;AdditionalScope=auth-test-test_gaps").authorization.uid
    sandbox.write_alone(advance_clock, timedelta(hours=hours, minutes=17))
    now = sandbox.read(get_share, uid)
    then = at_last_change(sandbox, now)
    assert then == at_last_change(sandbox, then)
    assert NOON <= then.now <= now.now - timedelta(minutes=17)
    for meter in now.meters:
        assert reading_sets(sandbox, then, meter) == reading_sets(sandbox, now, meter)
        assert issued_bill_periods(then, meter) == issued_bill_periods(now, meter)
    assert published_between(sandbox, now, since=then.now, until=now.now) == []


def test_a_reissued_bill_is_a_change_for_a_share_without_readings(sandbox: Sandbox, third: Third) -> None:
    uid = third.tokens("test_gaps", "FB=16;AdditionalScope=auth-test-test_gaps").authorization.uid
    share = sandbox.read(get_share, uid)
    for days in range(45):
        now = replace(share, now=NOON + timedelta(days=days))
        then = at_last_change(sandbox, now)
        for meter in now.meters:
            for period in issued_bill_periods(now, meter)[-2:]:
                assert shared_bill(sandbox, then, meter, period) == shared_bill(sandbox, now, meter, period)


def test_a_clock_set_back_hides_later_changes(sandbox: Sandbox, third: Third) -> None:
    uid = third.tokens(scope="FB=4_16;AdditionalScope=auth-test-test_residential").authorization.uid
    earlier = replace(sandbox.read(get_share, uid), now=NOON - timedelta(days=3))
    assert at_last_change(sandbox, earlier).now == earlier.now
