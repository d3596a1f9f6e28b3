"""Green Button notifications (ESPI 4.0, function block 39): URLs of changed resources, for the client's notify URI.

This module computes when notifications are due; `webhooks` sends them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from mock_server.actions.notifying.scheduled_events import scheduled_events
from mock_server.actions.reading.shares import Share
from mock_server.domain.billing.bills import issue_of
from mock_server.domain.consent.bulk import BULK_LIFETIME
from mock_server.domain.consent.consent import BILL_BLOCKS, PUSH_BLOCK
from mock_server.domain.consent.frequencies import is_turn, local_midnights
from mock_server.domain.oauth.scopes import Scope, parse_scope
from mock_server.domain.records import Authorization, Bulk, Client, Notification
from mock_server.domain.time.periods import billing_periods
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import Links

BILLING_PERIOD = "billingPeriod"
_PATHS = Links.at("")
_SECOND = timedelta(seconds=1)
_LONGEST_BILLING = timedelta(days=45)  # from a period's first day to its bill
_DATA = ("meter_bills_added", "meter_intervals_added")


@dataclass(frozen=True, kw_only=True)
class Notice:
    """News of an authorization between two instants; `bulk_id` names the bulk whose file contains it."""

    client_id: str
    authorization_uid: str
    since: datetime
    until: datetime
    bulk_id: str | None


def notify(transaction: Transaction, client: Client | None, *resources: str, at: datetime) -> None:
    """Put a notification into the outbox, if the client has a notify URI."""
    if client is None or client.notify_uri is None or not resources:
        return
    transaction.notifications.add(
        Notification(
            uid=transaction.next_number("notification", first=1),
            at=at,
            client_id=client.id,
            resources=resources,
            delivery_target=client.notify_uri,
            is_delivered=False,
            first_due=at,
            due=at,
        )
    )


def notify_of_authorization(transaction: Transaction, changed: Authorization, *, at: datetime) -> None:
    """Notify the client of a new or changed authorization, if its scope has function block 39."""
    if PUSH_BLOCK in parse_scope(changed.scope).function_blocks:
        notify(
            transaction,
            transaction.clients.find(id=changed.client_id),
            _PATHS.authorization(changed.uid),
            at=at,
        )


def notify_of_batch(transaction: Transaction, changed: Authorization, *, at: datetime) -> None:
    """Notify the client that an authorization's batch is ready, if its scope has function block 39."""
    if PUSH_BLOCK in parse_scope(changed.scope).function_blocks:
        notify(
            transaction,
            transaction.clients.find(id=changed.client_id),
            _PATHS.batch_subscription(changed.uid),
            at=at,
        )


def notify_of_registration(transaction: Transaction, client: Client, *, at: datetime) -> None:
    """Notify a client that its ApplicationInformation changed, if its scope has function block 39."""
    if PUSH_BLOCK in parse_scope(client.scope).function_blocks:
        notify(transaction, client, _PATHS.resource("ApplicationInformation", client.id), at=at)


def notices(sandbox: Sandbox, share: Share, *, since: datetime, until: datetime) -> Iterator[Notice]:
    """The notices due after `since`, up to `until`. Each covers the time since the one before."""
    authorization, scope = share.authorization, parse_scope(share.authorization.scope)
    if PUSH_BLOCK not in scope.function_blocks:
        return
    turns = list(_notice_times(sandbox, share, scope, since=authorization.created, until=until))
    for before, turn in zip([authorization.created, *turns], turns, strict=False):
        if turn <= since:
            continue
        news = scheduled_events(sandbox, share, since=before, until=turn)
        if any(one.type in _DATA for one in news) and authorization.status_at(turn) == "active":
            yield Notice(
                client_id=authorization.client_id,
                authorization_uid=authorization.uid,
                since=before,
                until=turn,
                bulk_id=scope.bulk_ids[0] if scope.bulk_ids else None,
            )


def next_turn(sandbox: Sandbox, share: Share, *, after: datetime, until: datetime) -> datetime | None:
    """When the next notice may be due; None if there is none by `until`."""
    scope = parse_scope(share.authorization.scope)
    if PUSH_BLOCK not in scope.function_blocks:
        return None
    return next(_notice_times(sandbox, share, scope, since=after, until=until), None)


def send_notices(sandbox: Sandbox, transaction: Transaction, due: Iterable[Notice]) -> None:
    """Put notices into the outbox: one notification per subscription, or one per bulk file."""

    def delivery(notice: Notice) -> tuple[datetime, str, str]:
        return notice.until, notice.client_id, notice.bulk_id or f" {notice.authorization_uid}"

    for (at, client_id, _), found in groupby(sorted(due, key=delivery), key=delivery):
        client, group = transaction.clients.find(id=client_id), list(found)
        if client is None or client.notify_uri is None:
            continue
        since = min(notice.since for notice in group)
        place = _PATHS.batch_subscription(group[0].authorization_uid)
        if group[0].bulk_id is not None:
            place = _PATHS.bulk(_add_bulk(sandbox, transaction, group, since))
        notify(transaction, client, f"{place}?{_changes(since, at)}", at=at)


def _add_bulk(sandbox: Sandbox, transaction: Transaction, group: list[Notice], since: datetime) -> str:
    bulk = Bulk(
        id=sandbox.random.secret()[:16],
        client_id=group[0].client_id,
        authorization_uids=tuple(notice.authorization_uid for notice in group),
        since=since,
        until=group[0].until,
        expires=group[0].until + BULK_LIFETIME,
    )
    transaction.bulks.add(bulk)
    return bulk.id


def _changes(since: datetime, until: datetime) -> str:
    """The query for changes after `since`, up to `until`."""
    first, last = (f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for instant in (since + _SECOND, until))
    return urlencode({"updated-min": first, "updated-max": last}, safe=":")


def _notice_times(
    sandbox: Sandbox, share: Share, scope: Scope, *, since: datetime, until: datetime
) -> Iterator[datetime]:
    """When the client is notified of new data, oldest first: on the days of its frequency, or with the bills."""
    frequency = scope.subscription_frequency or BILLING_PERIOD
    lag = timedelta(hours=sandbox.settings.publication_lag_hours)
    if frequency.casefold() == BILLING_PERIOD.casefold():
        yield from sorted(set(_bill_times(share, lag, since, until)))
        return
    for day, midnight in local_midnights(share.zone, since=since - lag, until=until - lag):
        if is_turn(frequency, day):
            yield midnight + lag


def _bill_times(share: Share, lag: timedelta, since: datetime, until: datetime) -> Iterator[datetime]:
    has_bills = bool(BILL_BLOCKS & share.function_blocks)
    for read_day in {meter.account.read_day for meter in share.meters}:
        for period in billing_periods(
            share.zone, start=since - _LONGEST_BILLING, end=until, read_day=read_day
        ):
            turn = issue_of(period, share.zone) if has_bills else period.end + lag
            if since < turn <= until:
                yield turn
