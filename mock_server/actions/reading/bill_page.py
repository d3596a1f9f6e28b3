"""One bill with all data of its page, for a client that may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from mock_server.actions.reading.shares import (
    Share,
    SharedMeter,
    bill_uid,
    issued_bill_periods,
    open_share,
    shared_bill,
    territory_of,
)
from mock_server.actions.tokens.check_token import Caller
from mock_server.domain.billing.bills import Bill, make_bill
from mock_server.domain.errors import NotFound
from mock_server.domain.records import Account, Customer, Service, Tariff, Utility
from mock_server.domain.time.periods import Span, billing_periods
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_DAYS_BEFORE = 12
_ENDING = 4  # year and month


@dataclass(frozen=True, kw_only=True)
class BillPage:
    """The data of a bill's page; `history` has up to 13 bills, oldest first, this one last."""

    utility: Utility
    customer: Customer
    account: Account
    service: Service
    tariff: Tariff
    zone: ZoneInfo
    bill: Bill
    history: Sequence[Bill]


def open_bill(sandbox: Sandbox, transaction: Transaction, caller: Caller, uid: str) -> BillPage:
    """The bill, if the caller's token opens it now. Raises NotFound, InsufficientScope."""
    meter = transaction.meters.find(uid=uid[:-_ENDING])
    if meter is None:
        raise NotFound(f"There is no bill {uid[:40]!r}. Follow the link of a UsageSummary.")
    share = open_share(sandbox, transaction, caller, meter.authorization_uid)
    for shared in share.meters:
        for period in issued_bill_periods(share, shared):
            if bill_uid(shared.meter.uid, period) == uid:
                return _page(sandbox, share, shared, period)
    raise NotFound(
        f"This authorization does not share a bill {uid[:40]!r}. Follow the link of a UsageSummary."
    )


def _page(sandbox: Sandbox, share: Share, shared: SharedMeter, period: Span) -> BillPage:
    bill = shared_bill(sandbox, share, shared, period)
    return BillPage(
        utility=sandbox.fixtures.utility,
        customer=share.customer,
        account=shared.account,
        service=shared.service,
        tariff=shared.tariff,
        zone=share.zone,
        bill=bill,
        history=[*_previous_bills(sandbox, share, shared, period), bill],
    )


def _previous_bills(sandbox: Sandbox, share: Share, shared: SharedMeter, period: Span) -> list[Bill]:
    """The previous year's bills, which the page lists even if less history is shared."""
    territory = territory_of(sandbox, share)
    year_ago = period.start - timedelta(days=360)
    read_day = shared.account.read_day
    periods = billing_periods(share.zone, start=year_ago, end=period.start, read_day=read_day)
    return [
        make_bill(territory, shared.service, shared.tariff, one, as_of=share.now)
        for one in islice(periods, _DAYS_BEFORE)
    ]
