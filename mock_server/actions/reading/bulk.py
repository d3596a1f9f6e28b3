"""The data of many authorizations at once (ESPI 4.0, function block 35)."""

from dataclasses import dataclass
from datetime import datetime

from mock_server.actions.reading.shares import Share, shares_in
from mock_server.actions.tokens.check_token import Caller
from mock_server.domain.consent.bulk import BULK_LIFETIME, bulk_id_of
from mock_server.domain.errors import NotFound
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import Authorization, Bulk
from mock_server.domain.time.durations import in_words
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


@dataclass(frozen=True, kw_only=True)
class BulkShare:
    """The shares under one bulk id. A notification's file has bounds and contains only the changes between them."""

    shares: tuple[Share, ...]
    since: datetime | None = None
    until: datetime | None = None


def open_bulk(sandbox: Sandbox, transaction: Transaction, caller: Caller, bulk_id: str) -> BulkShare:
    """The client's active authorizations under that id, as shares. Raises NotFound."""
    now = transaction.now
    file = transaction.bulks.find(id=bulk_id, client_id=caller.client_id)
    if file is not None:
        _check_age(file, now)
    every = transaction.authorizations.list(client_id=caller.client_id, kind="customer", order="uid")
    found = [one for one in every if one.status_at(now) == "active" and _is_under(one, bulk_id, file)]
    if file is None and not found and bulk_id != bulk_id_of(caller.client_id):
        raise NotFound(
            f"This client has no bulk {bulk_id[:40]!r}. Its own is {bulk_id_of(caller.client_id)}; "
            "the others are named by BR in a scope, or by a notification."
        )
    shares = tuple(shares_in(transaction, found, now))
    return BulkShare(shares=shares, since=file.since if file else None, until=file.until if file else None)


def _check_age(file: Bulk, now: datetime) -> None:
    if file.expires <= now:
        raise NotFound(
            f"This bulk file expired at {file.expires:%Y-%m-%d %H:%M} UTC, {in_words(BULK_LIFETIME)} after its "
            "notification. Read its data from the client's own bulk or each authorization's resourceURI."
        )


def _is_under(one: Authorization, bulk_id: str, file: Bulk | None) -> bool:
    if file is not None:
        return one.uid in file.authorization_uids
    return bulk_id in parse_scope(one.scope).bulk_ids or bulk_id == bulk_id_of(one.client_id)
