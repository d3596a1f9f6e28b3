"""Shares: an authorization's meters with their services, customer and tariffs, as a client may read them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from mock_server.actions.tokens.check_token import Caller
from mock_server.domain.billing.bills import Bill, issued_periods, make_bill
from mock_server.domain.consent.available_data import AvailableData, reach
from mock_server.domain.consent.consent import BILL_BLOCKS, USAGE_BLOCK
from mock_server.domain.errors import InsufficientScope, NotFound
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import Account, Authorization, Collection, Customer, Meter, Service, Tariff
from mock_server.domain.time.periods import Span, billing_periods, cut, visible_span
from mock_server.domain.usage.readings import Territory
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


@dataclass(frozen=True, kw_only=True)
class SharedMeter:
    """One meter of an authorization with its account, service and tariff. `collections` are oldest first."""

    meter: Meter
    collections: tuple[Collection, ...] = ()
    account: Account
    service: Service
    tariff: Tariff


@dataclass(frozen=True, kw_only=True)
class ReadingSet:
    """The readings of one billing period. Its ids derive from the complete period, so they are stable."""

    period: Span
    visible: Span


@dataclass(frozen=True, kw_only=True)
class Share:
    """An authorization, its customer and its meters, newest (highest uid) first, as of the instant `now`."""

    authorization: Authorization
    customer: Customer
    meters: tuple[SharedMeter, ...]
    now: datetime

    @cached_property
    def zone(self) -> ZoneInfo:
        """The services' time zone."""
        return ZoneInfo(self.customer.time_zone)

    @cached_property
    def function_blocks(self) -> frozenset[int]:
        """The function blocks of the granted scope."""
        return frozenset(parse_scope(self.authorization.scope).function_blocks)

    def accounts(self) -> tuple[Account, ...]:
        """The accounts with at least one shared meter, in the customer's order."""
        shared = {meter.account.number for meter in self.meters}
        return tuple(account for account in self.customer.accounts if account.number in shared)


def get_share(sandbox: Sandbox, transaction: Transaction, authorization_uid: str) -> Share:
    """The share of a customer's authorization. Raises NotFound."""
    now = transaction.now
    found = transaction.authorizations.find(uid=authorization_uid)
    if found is None or found.kind != "customer":
        raise NotFound(f"There is no authorization {authorization_uid[:40]!r}.")
    return share_in(transaction, found, now)


def open_share(sandbox: Sandbox, transaction: Transaction, caller: Caller, authorization_uid: str) -> Share:
    """The same, if the caller's token may read it now. Raises NotFound, InsufficientScope."""
    share = get_share(sandbox, transaction, authorization_uid)
    authorization = share.authorization
    if not caller.may_read(authorization):
        own = caller.token.authorization_uid
        belongs = f"belongs to authorization {own}, not" if own else "does not open authorization"
        raise InsufficientScope(
            f"This token {belongs} {authorization.uid}. Read the resourceURI of the token response that contained it."
        )
    status = authorization.status_at(share.now)
    if status != "active":
        raise InsufficientScope(
            f"Authorization {authorization.uid} is {status}, so its data is no longer shared. Ask the customer to "
            "authorize again."
        )
    return share


def list_shares(_: Sandbox, transaction: Transaction, authorizations: Sequence[Authorization]) -> list[Share]:
    """The shares of several customers' authorizations, in the given order."""
    return shares_in(transaction, authorizations, transaction.now)


def share_in(transaction: Transaction, authorization: Authorization, now: datetime) -> Share:
    """The share of an authorization, within a transaction. Raises NotFound if the customer no longer exists."""
    [share] = shares_in(transaction, [authorization], now)
    return share


def shares_in(
    transaction: Transaction, authorizations: Sequence[Authorization], now: datetime
) -> list[Share]:
    """The same for several. All their meters are read together, and all their collections."""
    meters: dict[str, list[Meter]] = defaultdict(list)
    for meter in transaction.meters.list(
        authorization_uid=tuple(one.uid for one in authorizations), order="-uid"
    ):
        meters[meter.authorization_uid].append(meter)
    collections: dict[str, list[Collection]] = defaultdict(list)
    if waiting := tuple(one.uid for one in authorizations if one.waits_for_collection):
        for collection in transaction.collections.list(authorization_uid=waiting, order="uid"):
            collections[collection.meter_uid].append(collection)
    tariffs = {tariff.id: tariff for tariff in transaction.tariffs.list()}
    return [
        _share(transaction, one, meters[one.uid], collections, tariffs, now=now) for one in authorizations
    ]


def _share(
    transaction: Transaction,
    authorization: Authorization,
    meters: Sequence[Meter],
    collections: Mapping[str, Sequence[Collection]],
    tariffs: Mapping[str, Tariff],
    *,
    now: datetime,
) -> Share:
    customer = transaction.customers.find(id=authorization.customer_id)
    if customer is None:
        raise NotFound("The customer of this authorization no longer exists.")
    services = {service.id: (account, service) for account, service in customer.services()}
    return Share(
        authorization=authorization,
        customer=customer,
        meters=tuple(
            SharedMeter(
                meter=meter,
                collections=tuple(collections.get(meter.uid, ())),
                account=services[meter.service_id][0],
                service=services[meter.service_id][1],
                tariff=tariffs[services[meter.service_id][1].tariff],
            )
            for meter in meters
            if meter.service_id in services
        ),
        now=now,
    )


def territory_of(sandbox: Sandbox, share: Share) -> Territory:
    """The territory of the share's meters: climate, time zone and randomness."""
    climate = sandbox.fixtures.utility.climate
    return Territory(random=sandbox.random, climate=climate, zone=share.zone)


def available_data_of(share: Share, meter: SharedMeter) -> AvailableData | None:
    """How much of a meter's data was collected; None if nothing was."""
    return reach(share.authorization, meter.meter, meter.collections, share.now)


def readable_span(sandbox: Sandbox, share: Share) -> Span:
    """The span of readings that the client may see now: from the shared history up to the publication lag."""
    authorization = share.authorization
    lag = timedelta(hours=sandbox.settings.publication_lag_hours)
    ends = [share.now - lag, *filter(None, (authorization.ongoing_end,))]
    return visible_span(start=_first_shared(authorization), end=min(ends))


def readable_span_of(sandbox: Sandbox, share: Share, meter: SharedMeter) -> Span | None:
    """The same for one meter, limited to what was collected; None without readings or without FB 4 in the scope."""
    allowed, collected = readable_span(sandbox, share), available_data_of(share, meter)
    if USAGE_BLOCK not in share.function_blocks or collected is None or not collected.has_readings:
        return None
    lag = timedelta(hours=sandbox.settings.publication_lag_hours)
    starts = filter(None, (allowed.start, collected.start, collected.readings_from))
    return visible_span(start=max(starts), end=min(allowed.end, collected.until - lag))


def _first_shared(authorization: Authorization) -> datetime:
    return authorization.history_start or authorization.created


def reading_sets(sandbox: Sandbox, share: Share, meter: SharedMeter) -> list[ReadingSet]:
    """The meter's readable span split by billing period, oldest first; empty if `readable_span_of` is None."""
    limits = readable_span_of(sandbox, share, meter)
    if limits is None:
        return []
    read_day = meter.account.read_day
    periods = billing_periods(share.zone, start=limits.start, end=limits.end, read_day=read_day)
    return [
        ReadingSet(period=period, visible=visible)
        for period in periods
        for visible in cut(iter([period]), limits)
    ]


def shared_bill(sandbox: Sandbox, share: Share, meter: SharedMeter, period: Span) -> Bill:
    """The meter's bill for one billing period."""
    return make_bill(territory_of(sandbox, share), meter.service, meter.tariff, period, as_of=share.now)


def issued_bill_periods(share: Share, meter: SharedMeter) -> list[Span]:
    """The billing periods in the shared history already billed, oldest first; empty without bills in the scope."""
    return issued_meter_periods(share, meter) if BILL_BLOCKS & share.function_blocks else []


def issued_meter_periods(share: Share, meter: SharedMeter) -> list[Span]:
    """The same, whether or not the scope has bills."""
    collected = available_data_of(share, meter)
    if collected is None:
        return []
    authorization = share.authorization
    start = max(filter(None, (_first_shared(authorization), collected.start)))
    until = min(filter(None, (collected.until, authorization.ongoing_end)))
    return issued_periods(share.zone, start=start, now=until, read_day=meter.account.read_day)


def bill_uid(meter_uid: str, period: Span) -> str:
    """A bill's id on every surface: the meter's uid, then year and month of the period's end."""
    return f"{meter_uid}{period.end:%y%m}"


def interval_uid(meter_uid: str, readings: ReadingSet) -> str:
    """A reading set's id on every surface: the meter's uid, then the period's end and start in epoch seconds."""
    period = readings.period
    return f"{meter_uid}-{round(period.end.timestamp())}-{round(period.start.timestamp())}"
