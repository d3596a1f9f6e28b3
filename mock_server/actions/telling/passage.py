"""Time passes: what became due is announced, each thing once and in its order, however far the clock moved at once.

An authorization's `wakes` is the next instant at which something may happen to it. All before it has been announced, so
that a look at what is awake is all that an idle moment costs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mock_server.actions.reading.shares import Share, share_in
from mock_server.actions.telling.events import announce
from mock_server.actions.telling.foreseen import foreseen
from mock_server.actions.telling.notifications import (
    Notice,
    next_turn,
    notices,
    notify_of_authorization,
    notify_of_batch,
    send_notices,
)
from mock_server.core.clock import MOMENT
from mock_server.core.errors import NotFound
from mock_server.core.events import Happening
from mock_server.core.records import Authorization
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

# The nearest first, since most have news every day; the last is longer than any rhythm that brings news.
_FORESIGHTS = (timedelta(days=2), timedelta(days=35))


@dataclass(frozen=True, kw_only=True)
class _Woken:
    """An authorization to which something may have happened from `since` on."""

    share: Share
    since: datetime


def let_time_pass(sandbox: Sandbox) -> list[Happening]:
    """Announce what became due since the last time; tell it in order of time."""
    now = sandbox.clock.now()
    with sandbox.store.reading() as rows:
        if not rows.authorizations.list(below=("wakes", now + MOMENT), limit=1):
            return []
    with sandbox.store.writing() as rows:
        woken = [one for found in _awake(rows, now) if (one := _wake(rows, found, now)) is not None]
        happened: list[Happening] = []
        due: list[Notice] = []
        for one in woken:
            happened += foreseen(sandbox, one.share, since=one.since, until=now)
            due += notices(sandbox, one.share, since=one.since, until=now)
            _tell_of_batch(rows, one, now)
            _sleep(sandbox, rows, one.share, now)
        send_notices(sandbox, rows, due)
        happened.sort(key=lambda one: (one.at, int(one.authorization_uid)))
        about = {one.share.authorization.uid: one.share.authorization for one in woken}
        for happening in happened:
            _announce(rows, happening, about[happening.authorization_uid])
    return happened


def _announce(rows: Transaction, happening: Happening, authorization: Authorization) -> None:
    announce(
        rows,
        happening.type,
        client_id=authorization.client_id,
        at=happening.at,
        authorization_uid=authorization.uid,
        meter_uid=happening.meter_uid,
    )
    if happening.type == "authorization_expired":
        notify_of_authorization(rows, authorization, at=happening.at)


def _awake(rows: Transaction, now: datetime) -> list[Authorization]:
    return rows.authorizations.list(below=("wakes", now + MOMENT), order="uid")


def _wake(rows: Transaction, found: Authorization, now: datetime) -> _Woken | None:
    """None where another worker was first, or where there is nothing left to read."""
    assert found.wakes is not None
    if not rows.authorizations.change({"uid": found.uid, "wakes": found.wakes}, wakes=None):
        return None
    try:
        return _Woken(share=share_in(rows, found, now), since=found.wakes - MOMENT)
    except NotFound:
        return None


def _tell_of_batch(rows: Transaction, one: _Woken, now: datetime) -> None:
    """A batch that took its time is ready (ESPI 4.0 §1.6: after a 202 the client is notified)."""
    ready = one.share.authorization.batch_ready
    if ready is not None and one.since < ready <= now:
        notify_of_batch(rows, one.share.authorization, at=ready)


def _sleep(sandbox: Sandbox, rows: Transaction, share: Share, now: datetime) -> None:
    if share.authorization.status_at(now) != "active":
        return
    horizon = now + _FORESIGHTS[-1]
    ready = share.authorization.batch_ready
    later = [ready] if ready is not None and ready > now else []
    coming = _next_news(sandbox, share, now)
    wakes = min([horizon, *later, *([] if coming is None else [coming])])
    rows.authorizations.change({"uid": share.authorization.uid}, wakes=wakes)


def _next_news(sandbox: Sandbox, share: Share, now: datetime) -> datetime | None:
    """The next instant at which there is something to announce or to notify of, as far as can be foreseen."""
    for foresight in _FORESIGHTS:
        horizon = now + foresight
        coming = [one.at for one in foreseen(sandbox, share, since=now, until=horizon)[:1]]
        turn = next_turn(sandbox, share, after=now, until=horizon)
        if turn is not None and turn > now:
            coming.append(turn)
        if coming:
            return min(coming)
    return None


def wake(rows: Transaction, uid: str, now: datetime) -> None:
    """Look at an authorization again: what is agreed about it changed just now."""
    rows.authorizations.change({"uid": uid}, wakes=now + MOMENT)
