"""Announces due events, each once and in order, however far the clock moved.

An authorization's `wakes` is the next instant at which something may happen to it. Everything before it has been
announced, so an idle pass costs only one query for authorizations that are due.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mock_server.actions.notifying.events import announce_in_order
from mock_server.actions.notifying.notifications import (
    Notice,
    next_turn,
    notices,
    notify_of_authorization,
    notify_of_batch,
    send_notices,
)
from mock_server.actions.notifying.scheduled_events import scheduled_events
from mock_server.actions.reading.shares import Share, share_in
from mock_server.domain.errors import NotFound
from mock_server.domain.events import Happening
from mock_server.domain.records import Authorization
from mock_server.domain.time.clock import MOMENT
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

# How far to look ahead, shortest first, since most authorizations have news every day. The last is longer than any
# interval between news.
_LOOK_AHEADS = (timedelta(days=2), timedelta(days=35))
# Authorization-days in one transaction, which takes about a second. On SQLite other writers wait for it, retrying
# every 0.1 s.
_DAYS_AT_ONCE = 10_000
_PAUSE = 0.15


@dataclass(frozen=True, kw_only=True)
class _Woken:
    """An authorization to which something may have happened from `since` on."""

    share: Share
    since: datetime


def to_the_end() -> bool:
    """Always continue."""
    return True


def let_time_pass(
    sandbox: Sandbox,
    *,
    goes_on: Callable[[], bool] = to_the_end,
    pause: Callable[[float], object] = time.sleep,
) -> list[Happening]:
    """Announce the events that became due since the last call; returns them in order of time.

    Long periods are announced in several transactions, with pauses in which others can write. Before each
    transaction, `goes_on` decides whether to continue.
    """
    now = sandbox.clock.now()
    happened: list[Happening] = []
    while (due_first := _next_due(sandbox, now)) is not None and goes_on():
        if happened:
            pause(_PAUSE)
        happened += sandbox.attempt(_announce, sandbox, *due_first)
    return happened


def _next_due(sandbox: Sandbox, now: datetime) -> tuple[list[Authorization], datetime] | None:
    """The authorizations due first, and until when to announce them in one transaction; None if none is due."""
    with sandbox.reading() as transaction:
        awake = transaction.authorizations.list(below=("wakes", now + MOMENT), order="wakes")
    if not awake:
        return None
    assert awake[0].wakes is not None
    until = min(now, awake[0].wakes + timedelta(days=_DAYS_AT_ONCE / len(awake)))
    first = [one for one in awake[:_DAYS_AT_ONCE] if one.wakes is not None and one.wakes <= until]
    return sorted(first, key=lambda one: int(one.uid)), until


def _announce(sandbox: Sandbox, awake: list[Authorization], now: datetime) -> list[Happening]:
    with sandbox.writing() as transaction:
        woken = [one for found in awake if (one := _wake(transaction, found, now)) is not None]
        happened: list[Happening] = []
        due: list[Notice] = []
        for one in woken:
            happened += scheduled_events(sandbox, one.share, since=one.since, until=now)
            due += notices(sandbox, one.share, since=one.since, until=now)
            _announce_batch(transaction, one, now)
            _sleep(sandbox, transaction, one.share, now)
        send_notices(sandbox, transaction, due)
        happened.sort(key=lambda one: (one.at, int(one.authorization_uid)))
        about = {one.share.authorization.uid: one.share.authorization for one in woken}
        announce_in_order(transaction, happened, {uid: one.client_id for uid, one in about.items()})
        for happening in happened:
            if happening.type == "authorization_expired":
                notify_of_authorization(transaction, about[happening.authorization_uid], at=happening.at)
    return happened


def _wake(transaction: Transaction, found: Authorization, now: datetime) -> _Woken | None:
    """None if another worker was first, or if the customer no longer exists."""
    assert found.wakes is not None
    if not transaction.authorizations.change({"uid": found.uid, "wakes": found.wakes}, wakes=None):
        return None
    try:
        return _Woken(share=share_in(transaction, found, now), since=found.wakes - MOMENT)
    except NotFound:
        return None


def _announce_batch(transaction: Transaction, one: _Woken, now: datetime) -> None:
    """Notify the client if a delayed batch became ready (required after a 202, ESPI 4.0 §1.6)."""
    ready = one.share.authorization.batch_ready
    if ready is not None and one.since < ready <= now:
        notify_of_batch(transaction, one.share.authorization, at=ready)


def _sleep(sandbox: Sandbox, transaction: Transaction, share: Share, now: datetime) -> None:
    if share.authorization.status_at(now) != "active":
        return
    horizon = now + _LOOK_AHEADS[-1]
    ready = share.authorization.batch_ready
    later = [ready] if ready is not None and ready > now else []
    coming = _next_news(sandbox, share, now)
    wakes = min([horizon, *later, *([] if coming is None else [coming])])
    transaction.authorizations.change({"uid": share.authorization.uid}, wakes=wakes)


def _next_news(sandbox: Sandbox, share: Share, now: datetime) -> datetime | None:
    """The next instant with an event or notification, or None within the longest look-ahead."""
    for look_ahead in _LOOK_AHEADS:
        horizon = now + look_ahead
        coming = [one.at for one in scheduled_events(sandbox, share, since=now, until=horizon)[:1]]
        turn = next_turn(sandbox, share, after=now, until=horizon)
        if turn is not None and turn > now:
            coming.append(turn)
        if coming:
            return min(coming)
    return None


def wake(transaction: Transaction, uid: str, now: datetime) -> None:
    """Check an authorization again, because its terms have just changed."""
    transaction.authorizations.change({"uid": uid}, wakes=now + MOMENT)
