"""Tests of scheduled events: each has its instant, whatever the steps in which they are computed."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.actions.notifying.scheduled_events import scheduled_events
from mock_server.actions.reading.publication import published_between
from mock_server.actions.reading.shares import Share, get_share
from mock_server.domain.events import Happening
from mock_server.sandbox import Sandbox
from tests.conftest import NOON
from tests.support import Third

DAY = timedelta(days=1)
SCOPE = "FB={};AdditionalScope=auth-test-{}"


def share_of(sandbox: Sandbox, third: Third, customer: str, blocks: str = "4_16", **parts: str) -> Share:
    scope = SCOPE.format(blocks, customer) + "".join(f";{name}={value}" for name, value in parts.items())
    return sandbox.read(get_share, third.tokens(customer, scope).authorization.uid)


def coming(sandbox: Sandbox, share: Share, days: int) -> list[Happening]:
    return scheduled_events(sandbox, share, since=NOON, until=NOON + days * DAY)


def test_a_correction_and_its_reissued_bill_are_reported_together(sandbox: Sandbox, third: Third) -> None:
    share = share_of(sandbox, third, "test_gaps")
    electric = next(one.meter.uid for one in share.meters if one.service.kind == "electric")
    mine = [one for one in coming(sandbox, share, 40) if one.meter_uid == electric]
    # The 27th is estimated and corrected 15 days later at local midnight, which is after its bill was issued.
    corrected = datetime(2026, 4, 12, 4, tzinfo=UTC)
    assert [one.type for one in mine if one.at == corrected] == ["meter_intervals_added", "meter_bills_added"]
    bills = [one.at for one in mine if one.type == "meter_bills_added"]
    assert bills == [datetime(2026, 4, 4, 4, tzinfo=UTC), corrected]


@pytest.mark.parametrize("customer", ["test_residential", "test_gaps", "test_solar"])
def test_reported_data_is_published_data(sandbox: Sandbox, third: Third, customer: str) -> None:
    """Compares the number of bills; for readings, only that there are some."""
    share = share_of(sandbox, third, customer)
    news = published_between(sandbox, share, since=NOON, until=NOON + 90 * DAY)
    first_bills = {one.meter.meter.uid: len(one.bills) for one in news}
    result = coming(sandbox, share, 90)
    bills = Counter(one.meter_uid for one in result if one.type == "meter_bills_added")
    assert all(bills[uid] >= count > 0 for uid, count in first_bills.items())
    assert {one.meter_uid for one in result if one.type == "meter_intervals_added"} == set(first_bills)


@pytest.mark.parametrize(
    ("blocks", "types"),
    [
        ("4", {"meter_intervals_added"}),
        ("16", {"meter_bills_added"}),
        ("51", set()),
    ],
)
def test_only_data_in_the_scope_is_reported(
    sandbox: Sandbox, third: Third, blocks: str, types: set[str]
) -> None:
    result = coming(sandbox, share_of(sandbox, third, "test_residential", blocks), 40)
    assert {one.type for one in result if one.meter_uid} == types


def test_the_expiry_is_announced_a_day_before_and_is_the_last_event(sandbox: Sandbox, third: Third) -> None:
    end = NOON + 10 * DAY
    share = share_of(sandbox, third, "test_residential", PreferredAuthEndDate=str(round(end.timestamp())))
    result = coming(sandbox, share, 60)
    assert [(one.at, one.type) for one in result if one.meter_uid is None and one.at > NOON + DAY] == [
        (end - DAY, "authorization_expiring_soon"),
        (end, "authorization_expired"),
    ]
    assert result[-1].type == "authorization_expired"


def test_no_data_is_reported_after_the_last_day_of_sharing(sandbox: Sandbox, third: Third) -> None:
    scope = "FB=4_16;AdditionalScope=ongoing-2026-03-20_auth-test-test_residential"
    share = sandbox.read(get_share, third.tokens(scope=scope).authorization.uid)
    result = [one for one in coming(sandbox, share, 60) if one.meter_uid]
    assert max(one.at for one in result) == datetime(2026, 3, 21, 4, tzinfo=UTC) + timedelta(hours=6)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 400 * 86_400), min_size=1, max_size=5))
def test_the_events_do_not_depend_on_the_steps(sandbox: Sandbox, third: Third, cuts: list[int]) -> None:
    share = share_of(
        sandbox, third, "test_gaps", PreferredAuthEndDate=str(round(NOON.timestamp()) + 300 * 86_400)
    )
    complete = scheduled_events(sandbox, share, since=NOON, until=NOON + 400 * DAY)
    edges = [NOON, *(NOON + timedelta(seconds=cut) for cut in sorted(cuts)), NOON + 400 * DAY]
    pieces = [
        one
        for since, until in pairwise(edges)
        for one in scheduled_events(sandbox, share, since=since, until=until)
    ]
    assert pieces == complete
