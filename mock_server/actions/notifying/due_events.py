"""Announces what became due, each thing once and in order, however far the clock moved at once.

An authorization's `wakes` is the next instant at which something may happen to it. All before it has been announced, so
that a look at what is awake is all that an idle moment costs.
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

# The nearest first, since most have news every day; the last is longer than any rhythm that brings news.
_FORESIGHTS = (timedelta(days=2), timedelta(days=35))
# Days of authorizations in one transaction: about a second. On SQLite others wait for it, looking again every
# tenth of a second.
_DAYS_AT_ONCE = 10_000
_PAUSE = 0.15


@dataclass(frozen=True, kw_only=True)
class _Woken:
    """An authorization to which something may have happened from `since` on."""

    share: Share
    since: datetime


def to_the_end() -> bool:
    """Continue until nothing is left."""
    return True


def let_time_pass(
    sandbox: Sandbox,
    *,
    goes_on: Callable[[], bool] = to_the_end,
    pause: Callable[[float], object] = time.sleep,
) -> list[Happening]:
    """Announce what became due since the last call; returns it in order of time.

    Long periods are announced in several transactions, with pauses in which others can write. Before each of them,
    `goes_on` decides whether to continue.
    """
    now = sandbox.clock.now()
    happened: list[Happening] = []
    while (stretch := _next_stretch(sandbox, now)) is not None and goes_on():
        if happened:
            pause(_PAUSE)
        happened += sandbox.attempt(_announce, sandbox, *stretch)
    return happened


def _next_stretch(sandbox: Sandbox, now: datetime) -> tuple[list[Authorization], datetime] | None:
    """What is awake at the earliest, and until when it is announced in one go; None where nothing is awake by now."""
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
    """None where another worker was first, or where there is nothing left to read."""
    assert found.wakes is not None
    if not transaction.authorizations.change({"uid": found.uid, "wakes": found.wakes}, wakes=None):
        return None
    try:
        return _Woken(share=share_in(transaction, found, now), since=found.wakes - MOMENT)
    except NotFound:
        return None


def _announce_batch(transaction: Transaction, one: _Woken, now: datetime) -> None:
    """A batch that took its time is ready (ESPI 4.0 §1.6: after a 202 the client is notified)."""
    ready = one.share.authorization.batch_ready
    if ready is not None and one.since < ready <= now:
        notify_of_batch(transaction, one.share.authorization, at=ready)


def _sleep(sandbox: Sandbox, transaction: Transaction, share: Share, now: datetime) -> None:
    if share.authorization.status_at(now) != "active":
        return
    horizon = now + _FORESIGHTS[-1]
    ready = share.authorization.batch_ready
    later = [ready] if ready is not None and ready > now else []
    coming = _next_news(sandbox, share, now)
    wakes = min([horizon, *later, *([] if coming is None else [coming])])
    transaction.authorizations.change({"uid": share.authorization.uid}, wakes=wakes)


def _next_news(sandbox: Sandbox, share: Share, now: datetime) -> datetime | None:
    """The next instant at which there is something to announce or to notify of, as far as can be foreseen."""
    for foresight in _FORESIGHTS:
        horizon = now + foresight
        coming = [one.at for one in scheduled_events(sandbox, share, since=now, until=horizon)[:1]]
        turn = next_turn(sandbox, share, after=now, until=horizon)
        if turn is not None and turn > now:
            coming.append(turn)
        if coming:
            return min(coming)
    return None


def wake(transaction: Transaction, uid: str, now: datetime) -> None:
    """Look at an authorization again: what is agreed about it changed just now."""
    transaction.authorizations.change({"uid": uid}, wakes=now + MOMENT)
