"""Opens shares and builds Atom responses for all Green Button routes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from starlette.responses import Response

from mock_server.actions.reading.authorization_status import list_authorization_statuses
from mock_server.actions.reading.publication import at_last_change
from mock_server.actions.reading.shares import Share, SharedMeter, list_shares, open_share
from mock_server.domain.errors import NotFound
from mock_server.espi.content.subscription_view import Subscription, settled
from mock_server.espi.feed import atom
from mock_server.espi.feed.atom import CachedSection, Entry, RenderContext
from mock_server.espi.feed.delivery import MEDIA_TYPE, deliver, deliver_pieces
from mock_server.espi.feed.feed_cache import version_of
from mock_server.espi.feed.ids import Place
from mock_server.espi.queries import Query, parse_query
from mock_server.espi.xml.spelling import CUSTOMER, USAGE, Family
from mock_server.http.bearer import check_bearer
from mock_server.http.context import RequestContext
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_READERS: Final = ("access", "api")
"""The classes of tokens that open customers' data."""


class AtomResponse(Response):
    """An Atom document."""

    media_type = MEDIA_TYPE


def render_context_of(context: RequestContext) -> RenderContext:
    """The render context of the response to this request."""
    sandbox = context.sandbox
    return atom.render_context_for(context.links, sandbox.fixtures.utility, sandbox.settings.dialect)


def feed_query_of(context: RequestContext) -> Query:
    """The time limits and the page of a feed request. Raises InvalidParameter."""
    return parse_query(context.query)


async def share_of(context: RequestContext, uid: str, family: Family = CUSTOMER) -> Share:
    """The share that the caller's token may read, as of the last change of its data in a family.

    The response therefore depends only on the share, and changes only when the data does.
    Raises MissingToken, InvalidToken, InvalidParameter, InsufficientScope, NotFound.
    """
    sandbox = context.sandbox
    return await sandbox.run(sandbox.read, _open, context, uid, family)


def _open(
    sandbox: Sandbox, transaction: Transaction, context: RequestContext, uid: str, family: Family
) -> Share:
    caller = check_bearer(sandbox, transaction, context, allowed=_READERS)
    feed_query_of(context)
    share = open_share(sandbox, transaction, caller, uid)
    return at_last_change(sandbox, share, with_readings=family is USAGE)


async def shares_of(context: RequestContext) -> list[Share]:
    """The active shares that the caller's token may read: one, or with an API token all of its client."""
    sandbox = context.sandbox
    return await sandbox.run(sandbox.read, _open_all, context)


def _open_all(sandbox: Sandbox, transaction: Transaction, context: RequestContext) -> list[Share]:
    caller = check_bearer(sandbox, transaction, context, allowed=_READERS)
    feed_query_of(context)
    statuses = list_authorization_statuses(sandbox, transaction, caller.client_id)
    active = [found.authorization for found in statuses if found.status == "active"]
    readable = [authorization for authorization in active if caller.may_read(authorization)]
    return [at_last_change(sandbox, share) for share in list_shares(sandbox, transaction, readable)]


async def subscription_of(context: RequestContext, uid: str) -> Subscription:
    """The share with its usage data. Raises the errors of `share_of`."""
    share = await share_of(context, uid, USAGE)
    return Subscription(context.sandbox, render_context_of(context), share)


def meter_of(share: Share, uid: str) -> SharedMeter:
    """The share's meter with this uid. Raises NotFound."""
    for shared in share.meters:
        if shared.meter.uid == uid:
            return shared
    raise NotFound(
        f"Authorization {share.authorization.uid} has no UsagePoint {uid[:40]!r}. Its UsagePoint feed lists them."
    )


def answer_feed(
    context: RequestContext,
    render_context: RenderContext,
    place: Place,
    family: Family,
    parts: Iterable[Entry | CachedSection],
    *,
    source: Share,
) -> Response:
    """The requested page of a feed that depends only on a share."""
    return answer_feed_of(context, render_context, place, family, parts, source=source, changed=source.now)


def answer_feed_of(
    context: RequestContext,
    render_context: RenderContext,
    place: Place,
    family: Family,
    parts: Iterable[Entry | CachedSection],
    *,
    source: object,
    changed: datetime,
) -> Response:
    """The requested page of a feed that depends only on `source`, which last changed at `changed`."""
    sandbox, query = context.sandbox, feed_query_of(context)
    return deliver_pieces(
        context.request,
        atom.write_feed(render_context, place, family, query.page(parts), updated=changed),
        version=version_of(settled(sandbox), source, render_context, place, query),
        changed=changed,
        filename="GreenButtonDownload.xml" if place[0] == "Batch" else None,
    )


def answer_entry(context: RequestContext, render_context: RenderContext, entry: Entry) -> Response:
    """A single entry as a document."""
    return deliver(context.request, atom.write_single_entry(render_context, entry))
