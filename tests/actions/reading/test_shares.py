"""Tests of shares: what an authorization lets a client read, now and later."""

from datetime import timedelta

import pytest

from mock_server.actions.reading.shares import (
    Share,
    get_share,
    issued_bill_periods,
    readable_span,
    reading_sets,
)
from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.domain.errors import NotFound
from mock_server.sandbox import Sandbox
from tests.conftest import NOON
from tests.support import Third

SCOPE = "FB=4_16_51;{}AdditionalScope={}auth-test-test_residential"


def share_of(sandbox: Sandbox, third: Third, parts: str = "", options: str = "") -> Share:
    issued = third.tokens(scope=SCOPE.format(parts, options))
    return sandbox.read(get_share, issued.authorization.uid)


def test_readings_are_readable_up_to_the_publication_lag(sandbox: Sandbox, third: Third) -> None:
    share = share_of(sandbox, third)
    span = readable_span(sandbox, share)
    assert span.start == NOON - timedelta(seconds=63_072_000)
    assert span.end == NOON - timedelta(hours=6)
    sandbox.write_alone(advance_clock, timedelta(days=1, minutes=59))
    later = sandbox.read(get_share, share.authorization.uid)
    assert readable_span(sandbox, later).end == NOON - timedelta(hours=6) + timedelta(days=1)


def test_reading_sets_keep_their_period_while_the_newest_grows(sandbox: Sandbox, third: Third) -> None:
    share = share_of(sandbox, third, parts="HistoryLength=8000000;")
    before = reading_sets(sandbox, share, share.meters[0])
    sandbox.write_alone(advance_clock, timedelta(days=2))
    later = sandbox.read(get_share, share.authorization.uid)
    after = reading_sets(sandbox, later, later.meters[0])
    assert [one.period for one in before] == [one.period for one in after]
    assert before[:-1] == after[:-1]
    assert after[-1].visible.seconds - before[-1].visible.seconds == 2 * 86_400
    assert all(one.period.start <= one.visible.start < one.visible.end <= one.period.end for one in after)


def test_ongoing_data_ends_on_the_last_day_of_sharing(sandbox: Sandbox, third: Third) -> None:
    share = share_of(sandbox, third, options="ongoing-2026-03-20_")
    sandbox.write_alone(advance_clock, timedelta(days=30))
    span = readable_span(sandbox, sandbox.read(get_share, share.authorization.uid))
    assert span.end.isoformat() == "2026-03-21T04:00:00+00:00"


def test_bills_appear_when_they_are_issued(sandbox: Sandbox, third: Third) -> None:
    share = share_of(sandbox, third)
    before = issued_bill_periods(share, share.meters[0])
    assert before[-1].end.isoformat() == "2026-03-01T05:00:00+00:00"
    sandbox.write_alone(advance_clock, timedelta(days=30))
    later = sandbox.read(get_share, share.authorization.uid)
    after = issued_bill_periods(later, later.meters[0])
    assert after[:-1] == before


def test_accounts_without_a_shared_meter_are_left_out(sandbox: Sandbox, third: Third) -> None:
    issued = third.tokens("test_commercial", SCOPE.format("", "").replace("residential", "commercial"))
    share = sandbox.read(get_share, issued.authorization.uid)
    assert [account.number for account in share.accounts()] == ["222222222-2", "222222222-3"]
    with sandbox.writing() as transaction:
        transaction.meters.remove(authorization_uid=issued.authorization.uid, account_number="222222222-3")
    again = sandbox.read(get_share, issued.authorization.uid)
    assert [account.number for account in again.accounts()] == ["222222222-2"]


def test_a_clients_own_authorization_shares_nothing(sandbox: Sandbox, third: Third) -> None:
    third.client_token()
    with pytest.raises(NotFound):
        sandbox.read(get_share, "500001")
