"""Billing accounts and their statements, as one authorization shares them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from mock_server.actions.reading.shares import Share, SharedMeter, issued_bill_periods
from mock_server.api.call import Call
from mock_server.api.lists import listed
from mock_server.api.visible_data import walk_shares
from mock_server.domain.consent.available_data import shows_meters
from mock_server.domain.records import Account
from mock_server.domain.time.periods import Span


@dataclass(frozen=True, kw_only=True)
class SharedAccount:
    """An account that an authorization shares; `number` counts the shared accounts from 1."""

    share: Share
    account: Account
    number: int
    meters: tuple[SharedMeter, ...]

    @property
    def uid(self) -> str:
        """The authorization's uid, then the account's number."""
        return f"{self.share.authorization.uid}{self.number:02d}"

    @cached_property
    def _issued(self) -> list[tuple[SharedMeter, frozenset[Span]]]:
        """Each meter with the periods that were billed for it."""
        return [(one, frozenset(issued_bill_periods(self.share, one))) for one in self.meters]

    @cached_property
    def periods(self) -> list[Span]:
        """The billing periods that were billed for any service, oldest first. All services have the same."""
        found = {span.start: span for _, spans in self._issued for span in spans}
        return [found[start] for start in sorted(found)]

    def billed(self, period: Span) -> list[SharedMeter]:
        """The meters that have a bill for the period."""
        return [one for one, spans in self._issued if period in spans]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement of an account."""

    billing: SharedAccount
    period: Span

    @property
    def uid(self) -> str:
        """The account's uid, then year and month of the period's end."""
        return f"{self.billing.uid}{self.period.end:%y%m}"


def shared_accounts(call: Call, *, named_by: str = "uids") -> Iterator[SharedAccount]:
    """The accounts that the token may read and the filters select, newest authorization first."""
    uids, meters = listed(call.query, named_by), listed(call.query, "meters")
    for share in walk_shares(call, uids=listed(call.query, "authorizations")):
        for one in _of_share(share):
            wanted = uids is None or one.uid in uids
            if wanted and (meters is None or any(shared.meter.uid in meters for shared in one.meters)):
                yield one


def _of_share(share: Share) -> Iterator[SharedAccount]:
    """The accounts of a share; none if it was revoked or its services are not known yet."""
    if not shows_meters(share.authorization, share.now):
        return
    for number, account in enumerate(share.accounts(), start=1):
        meters = tuple(one for one in share.meters if one.account.number == account.number)
        yield SharedAccount(share=share, account=account, number=number, meters=meters)


def statements(call: Call) -> list[Statement]:
    """The statements of these accounts, latest first."""
    uids = listed(call.query, "uids")
    found = [
        Statement(billing=billing, period=period)
        for billing in shared_accounts(call, named_by="billing_accounts")
        for period in billing.periods
    ]
    chosen = [one for one in found if uids is None or one.uid in uids]
    return sorted(chosen, key=lambda one: (one.period.end, one.uid), reverse=True)
