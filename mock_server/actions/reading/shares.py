"""Shares: an authorization's meters with their services, customer and tariffs, as a client may read them."""

from collections.abc import Sequence
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
    """One meter of an authorization with all that is known about it. `collections` are oldest first."""

    meter: Meter
    collections: tuple[Collection, ...] = ()
    account: Account
    service: Service
    tariff: Tariff


@dataclass(frozen=True, kw_only=True)
class ReadingSet:
    """The readings of one billing period. Its ids derive from the complete period, so they do not change."""

    period: Span
    visible: Span


@dataclass(frozen=True, kw_only=True)
class Share:
    """An authorization, its customer and its meters, newest (highest uid) first. `now` is the reading instant."""

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
        """What was granted."""
        return frozenset(parse_scope(self.authorization.scope).function_blocks)

    def accounts(self) -> tuple[Account, ...]:
        """The accounts with at least one shared meter, in the customer's order."""
        shared = {meter.account.number for meter in self.meters}
        return tuple(account for account in self.customer.accounts if account.number in shared)


def get_share(sandbox: Sandbox, transaction: Transaction, authorization_uid: str) -> Share:
    """Everything behind a customer's authorization. Raises NotFound."""
    now = transaction.now
    found = transaction.authorizations.find(uid=authorization_uid)
    if found is None or found.kind != "customer":
        raise NotFound(f"There is no authorization {authorization_uid[:40]!r}.")
    return share_in(transaction, found, now)


def open_share(sandbox: Sandbox, transaction: Transaction, caller: Caller, authorization_uid: str) -> Share:
    """The same, if the caller's token opens it now. Raises NotFound, InsufficientScope."""
    share = get_share(sandbox, transaction, authorization_uid)
    authorization = share.authorization
    if not caller.may_read(authorization):
        own = caller.token.authorization_uid
        belongs = f"belongs to authorization {own}, you asked for" if own else "does not open authorization"
        raise InsufficientScope(
            f"This token {belongs} {authorization.uid}. Read the resourceURI of the token answer that it came in."
        )
    status = authorization.status_at(share.now)
    if status != "active":
        raise InsufficientScope(
            f"Authorization {authorization.uid} is {status}: its data is no longer shared. Ask the customer again."
        )
    return share


def list_shares(
    sandbox: Sandbox, transaction: Transaction, authorizations: Sequence[Authorization]
) -> list[Share]:
    """The same for several customers' authorizations, in the given order."""
    now = transaction.now
    return [share_in(transaction, authorization, now) for authorization in authorizations]


def share_in(transaction: Transaction, authorization: Authorization, now: datetime) -> Share:
    """The same within a transaction. Raises NotFound where the customer no longer exists."""
    customer = transaction.customers.find(id=authorization.customer_id)
    if customer is None:
        raise NotFound("The customer of this authorization no longer exists.")
    services = {service.id: (account, service) for account, service in customer.services()}
    meters = transaction.meters.list(authorization_uid=authorization.uid, order="-uid")
    waits = authorization.waits_for_collection
    collections = (
        transaction.collections.list(authorization_uid=authorization.uid, order="uid") if waits else []
    )
    tariffs = {tariff.id: tariff for tariff in transaction.tariffs.list()}
    return Share(
        authorization=authorization,
        customer=customer,
        meters=tuple(
            SharedMeter(
                meter=meter,
                collections=tuple(one for one in collections if one.meter_uid == meter.uid),
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
    """Where the share's meters hang."""
    climate = sandbox.fixtures.utility.climate
    return Territory(random=sandbox.random, climate=climate, zone=share.zone)


def available_data_of(share: Share, meter: SharedMeter) -> AvailableData | None:
    """How much of a meter was collected; None for nothing."""
    return reach(share.authorization, meter.meter, meter.collections, share.now)


def readable_span(sandbox: Sandbox, share: Share) -> Span:
    """From when to when the client may see readings now: the history allowed, up to the publication lag."""
    authorization = share.authorization
    lag = timedelta(hours=sandbox.settings.publication_lag_hours)
    ends = [share.now - lag, *filter(None, (authorization.ongoing_end,))]
    return visible_span(start=_first_shared(authorization), end=min(ends))


def readable_span_of(sandbox: Sandbox, share: Share, meter: SharedMeter) -> Span | None:
    """The same of one meter, as far as it was collected; None without readings or interval data in the scope."""
    allowed, collected = readable_span(sandbox, share), available_data_of(share, meter)
    if USAGE_BLOCK not in share.function_blocks or collected is None or not collected.has_readings:
        return None
    lag = timedelta(hours=sandbox.settings.publication_lag_hours)
    starts = filter(None, (allowed.start, collected.start, collected.readings_from))
    return visible_span(start=max(starts), end=min(allowed.end, collected.until - lag))


def _first_shared(authorization: Authorization) -> datetime:
    return authorization.history_start or authorization.created


def reading_sets(sandbox: Sandbox, share: Share, meter: SharedMeter) -> list[ReadingSet]:
    """The readable span by the meter's billing periods, oldest first; none without interval data in the scope."""
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
    """The bill of one of those periods."""
    return make_bill(territory_of(sandbox, share), meter.service, meter.tariff, period, as_of=share.now)


def issued_bill_periods(share: Share, meter: SharedMeter) -> list[Span]:
    """The billing periods that were billed by now and began in the history shared, oldest first."""
    return issued_meter_periods(share, meter) if BILL_BLOCKS & share.function_blocks else []


def issued_meter_periods(share: Share, meter: SharedMeter) -> list[Span]:
    """The same, whether or not bills are shared."""
    collected = available_data_of(share, meter)
    if collected is None:
        return []
    authorization = share.authorization
    start = max(filter(None, (_first_shared(authorization), collected.start)))
    until = min(filter(None, (collected.until, authorization.ongoing_end)))
    return issued_periods(share.zone, start=start, now=until, read_day=meter.account.read_day)


def bill_uid(meter_uid: str, period: Span) -> str:
    """What a bill is called on every surface: the meter's uid, then year and month of the period's end."""
    return f"{meter_uid}{period.end:%y%m}"


def interval_uid(meter_uid: str, readings: ReadingSet) -> str:
    """What a set of readings is called on every surface: the meter's uid, then END and START in epoch seconds."""
    period = readings.period
    return f"{meter_uid}-{round(period.end.timestamp())}-{round(period.start.timestamp())}"
