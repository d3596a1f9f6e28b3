"""What an authorization lets a client read: its meters with their services, customer and tariffs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mock_server.core.bills import Bill, list_bills
from mock_server.core.errors import NotFound
from mock_server.core.periods import Span, billing_periods, cut, visible_span
from mock_server.core.records import Account, Authorization, Customer, Meter, Service, Tariff
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


@dataclass(frozen=True, kw_only=True)
class SharedMeter:
    """One meter of an authorization with all that is known about it."""

    meter: Meter
    account: Account
    service: Service
    tariff: Tariff


@dataclass(frozen=True, kw_only=True)
class Share:
    """An authorization, its customer and its meters, newest (highest uid) first. `now` is the reading instant."""

    authorization: Authorization
    customer: Customer
    meters: tuple[SharedMeter, ...]
    now: datetime

    def accounts(self) -> tuple[Account, ...]:
        """The accounts with at least one shared meter, in the customer's order."""
        shared = {meter.account.number for meter in self.meters}
        return tuple(account for account in self.customer.accounts if account.number in shared)


def get_share(sandbox: Sandbox, authorization_uid: str) -> Share:
    """Everything behind a customer's authorization. Raises NotFound."""
    now = sandbox.clock.now()
    with sandbox.store.reading() as rows:
        found = rows.authorizations.find(uid=authorization_uid) if authorization_uid.isdecimal() else None
        if found is None or found.kind != "customer":
            raise NotFound(f"There is no authorization {authorization_uid[:40]!r}.")
        return _share(sandbox, rows, found, now)


def list_shares(sandbox: Sandbox, authorizations: Sequence[Authorization]) -> list[Share]:
    """The same for several customers' authorizations, in the given order."""
    now = sandbox.clock.now()
    with sandbox.store.reading() as rows:
        return [_share(sandbox, rows, authorization, now) for authorization in authorizations]


def _share(sandbox: Sandbox, rows: Transaction, authorization: Authorization, now: datetime) -> Share:
    customer = rows.customers.find(id=authorization.customer_id)
    if customer is None:
        raise NotFound("The customer of this authorization no longer exists.")
    services = {service.id: (account, service) for account, service in customer.services()}
    meters = rows.meters.list(authorization_uid=authorization.uid, order="-uid")
    tariffs = {tariff.id: tariff for tariff in rows.tariffs.list()}
    return Share(
        authorization=authorization,
        customer=customer,
        meters=tuple(
            SharedMeter(
                meter=meter,
                account=services[meter.service_id][0],
                service=services[meter.service_id][1],
                tariff=tariffs[services[meter.service_id][1].tariff],
            )
            for meter in meters
            if meter.service_id in services
        ),
        now=now,
    )


def readable_span(sandbox: Sandbox, share: Share) -> Span:
    """From when to when the client may see readings now: the history allowed, up to the publication lag."""
    authorization = share.authorization
    lag = timedelta(hours=sandbox.settings.publication_lag_hours)
    ends = [share.now - lag, *filter(None, (authorization.ongoing_end,))]
    return visible_span(start=authorization.history_start or authorization.created, end=min(ends))


def reading_sets(sandbox: Sandbox, share: Share) -> list[Span]:
    """The readable span in sets, one per billing period, oldest first; the newest grows with the clock."""
    limits = readable_span(sandbox, share)
    zone = ZoneInfo(share.customer.time_zone)
    return list(cut(billing_periods(zone, start=limits.start, end=limits.end), limits))


def shared_bills(sandbox: Sandbox, share: Share, meter: SharedMeter) -> list[Bill]:
    """The bills of one meter that the client may see now, oldest first."""
    authorization = share.authorization
    until = min(share.now, authorization.ongoing_end or share.now)
    return list_bills(
        sandbox.chance,
        meter.service,
        meter.tariff,
        ZoneInfo(share.customer.time_zone),
        start=authorization.history_start or authorization.created,
        now=until,
    )


def bill_uid(meter_uid: str, bill: Bill) -> str:
    """What a bill is called on every surface: the meter's uid, then year and month of the period's end."""
    return f"{meter_uid}{bill.period.end:%y%m}"
