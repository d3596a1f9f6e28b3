"""Routes for bulk feeds of many authorizations, with the client's own token (ESPI 4.0, function block 35)."""

from dataclasses import replace
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.reading.bulk import BulkShare, open_bulk
from mock_server.actions.reading.publication import at_last_change
from mock_server.domain.time.clock import MOMENT
from mock_server.espi.content.subscription import usage_parts
from mock_server.espi.content.subscription_view import Subscription
from mock_server.espi.feed import ids
from mock_server.espi.feed.ids import Wish
from mock_server.espi.queries import Bounds, Query
from mock_server.espi.responses import AtomResponse, answer_feed_of, feed_query_of, render_context_of
from mock_server.espi.xml.spelling import USAGE
from mock_server.http.bearer import check_bearer
from mock_server.http.context import Context, RequestContext
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import RESOURCE

router = APIRouter(prefix=RESOURCE, default_response_class=AtomResponse, tags=["Green Button"])


@router.get("/Batch/Bulk/{bulk_id}")
@router.get("/Bulk/{bulk_id}")
async def read_bulk(context: Context, bulk_id: str) -> Response:
    """The usage of all authorizations under a bulk id. The file of a notification has only the changes."""
    sandbox, render_context = context.sandbox, render_context_of(context)
    query = feed_query_of(context)
    found = await sandbox.run(sandbox.read, _open, context, bulk_id)
    wish = Wish(query=_within(query, found))
    parts = (
        part
        for share in found.shares
        for part in usage_parts(Subscription(sandbox, render_context, share), share.meters, wish)
    )
    return answer_feed_of(
        context,
        render_context,
        ids.bulk(bulk_id),
        USAGE,
        parts,
        source=found,
        changed=max((share.now for share in found.shares), default=_never(sandbox)),
    )


def _open(sandbox: Sandbox, transaction: Transaction, context: RequestContext, bulk_id: str) -> BulkShare:
    caller = check_bearer(sandbox, transaction, context, allowed=("client", "api"))
    found = open_bulk(sandbox, transaction, caller, bulk_id)
    return replace(found, shares=tuple(at_last_change(sandbox, share) for share in found.shares))


def _within(query: Query, found: BulkShare) -> Query:
    """The query, limited to the changes of a notification's file unless it has its own update limits."""
    if found.since is None or query.updated != Bounds():
        return query
    return replace(query, updated=Bounds(earliest=found.since + MOMENT, latest=found.until))


def _never(sandbox: Sandbox) -> datetime:
    """The last change of a bulk feed without shares: the last full hour, so it is stable between requests."""
    return sandbox.clock.now().replace(minute=0, second=0, microsecond=0)
