"""Starts the collection of meters' history and the monitoring of their new data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mock_server.actions.clients.find_client import get_client
from mock_server.actions.notifying.due_events import wake
from mock_server.actions.notifying.events import announce
from mock_server.domain.consent.available_data import shows_meters
from mock_server.domain.consent.monitoring import last_refresh
from mock_server.domain.errors import InvalidParameter, NotFound, PaymentRequired
from mock_server.domain.records import Authorization, Collection, Frequency, Meter
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

MOST_MONTHS = 36


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """A meter that was ordered, with its authorization."""

    meter: Meter
    authorization: Authorization


def start_collection(
    sandbox: Sandbox, transaction: Transaction, client_id: str, meters: Sequence[str], *, months: int
) -> tuple[str, ...]:
    """Collect that many months of these meters; returns those whose authorization is active.

    Raises PaymentRequired if it is armed, NotFound for other clients' meters, InvalidParameter if none is active.
    """
    now = transaction.now
    if get_client(transaction, client_id).owes:
        raise PaymentRequired(
            "Collecting history requires payment. This error was armed for your client: disarm it with "
            'POST /_mock/payments {"owes": false}.'
        )
    ordered = _ordered_meters(transaction, client_id, meters, now)
    for one in ordered:
        transaction.collections.add(
            Collection(
                uid=transaction.next_number("collection", first=1),
                meter_uid=one.meter.uid,
                authorization_uid=one.authorization.uid,
                started=now,
                months=months,
            )
        )
        announce(
            transaction,
            "meter_historical_collection_started",
            client_id=client_id,
            at=now,
            authorization_uid=one.authorization.uid,
            meter_uid=one.meter.uid,
        )
        wake(transaction, one.authorization.uid, now)
    return tuple(one.meter.uid for one in ordered)


def set_monitoring(
    sandbox: Sandbox,
    transaction: Transaction,
    client_id: str,
    meters: Sequence[str],
    *,
    frequency: Frequency,
    fixed_refresh_day: int | None,
) -> tuple[str, ...]:
    """Start or stop monitoring these meters; data collected so far stays.

    Raises NotFound and InvalidParameter like `start_collection`.
    """
    if fixed_refresh_day is not None and frequency != "monthly":
        raise InvalidParameter("fixed_refresh_day requires frequency=monthly. Omit it or send null.")
    now = transaction.now
    ordered = _ordered_meters(transaction, client_id, meters, now)
    for one in ordered:
        changed = _monitored(one, frequency, fixed_refresh_day, now)
        values = {name: value for name, value in vars(changed).items() if name != "uid"}
        transaction.meters.change({"uid": one.meter.uid}, **values)
        wake(transaction, one.authorization.uid, now)
    return tuple(one.meter.uid for one in ordered)


def _monitored(ordered: Ordered, frequency: Frequency, fixed_refresh_day: int | None, now: datetime) -> Meter:
    meter = ordered.meter
    is_open = meter.monitoring_set is None and not ordered.authorization.waits_for_collection
    refreshed = now if is_open else last_refresh(meter, now)
    started = meter.monitoring_set if meter.frequency != "off" else None
    return replace(
        meter,
        frequency=frequency,
        fixed_refresh_day=fixed_refresh_day,
        monitoring_set=now,
        retained_from=meter.retained_from or started,
        retained_until=max(filter(None, (meter.retained_until, refreshed)), default=None),
    )


def _ordered_meters(
    transaction: Transaction, client_id: str, uids: Sequence[str], now: datetime
) -> list[Ordered]:
    """The meters whose authorization is active, in the order of `uids`; the others are left out."""
    found = {meter.uid: meter for meter in transaction.meters.list(uid=tuple(uids))}
    owners = tuple({meter.authorization_uid for meter in found.values()})
    listed = transaction.authorizations.list(uid=owners, client_id=client_id, kind="customer")
    authorizations = {one.uid: one for one in listed}
    ordered = []
    for uid in dict.fromkeys(uids):
        meter = found.get(uid)
        authorization = authorizations.get(meter.authorization_uid) if meter else None
        if meter is None or authorization is None:
            raise NotFound(f"There is no meter {uid[:40]!r} that this token may see.")
        if authorization.status_at(now) == "active" and shows_meters(authorization, now):
            ordered.append(Ordered(meter=meter, authorization=authorization))
    if not ordered:
        raise InvalidParameter(
            "meters: no meter can be collected, because all their authorizations are revoked, expired or pending."
        )
    return ordered


def arm_payment(sandbox: Sandbox, transaction: Transaction, client_id: str, *, owes: bool) -> None:
    """Start or stop refusing a client's collections with 402. Raises InvalidClient."""
    client = get_client(transaction, client_id)
    transaction.clients.change({"id": client.id}, owes=owes)
