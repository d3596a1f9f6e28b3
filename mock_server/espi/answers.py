"""What every Green Button answer is made of: the caller's share, the paper, a feed or a lone entry."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from mock_server.actions.shares import Share, SharedMeter, open_share
from mock_server.core.errors import NotFound
from mock_server.espi import feed
from mock_server.espi.feed import Entry, Paper
from mock_server.espi.ids import Place
from mock_server.espi.queries import Query, parse_query
from mock_server.espi.subscription import Subscription
from mock_server.espi.xml.spelling import Family
from mock_server.surface import caller_of, links_of, query_of, sandbox_of


class AtomResponse(Response):
    """A whole Atom document."""

    media_type = "application/atom+xml"


def paper_of(request: Request) -> Paper:
    """What the answer to this request is written on."""
    sandbox = sandbox_of(request)
    return feed.paper_for(links_of(request), sandbox.fixtures.utility, sandbox.settings.dialect)


def asked_of(request: Request) -> Query:
    """Of which time and which part the feed is asked for. Raises InvalidParameter."""
    return parse_query(query_of(request))


async def share_of(request: Request, uid: str) -> Share:
    """What the caller's token opens, once the query makes sense.

    Raises MissingToken, InvalidToken, InvalidParameter, InsufficientScope, NotFound.
    """
    caller = await caller_of(request, allowed=("access", "api"))
    asked_of(request)
    sandbox = sandbox_of(request)
    return await sandbox.run(open_share, sandbox, caller, uid)


async def subscription_of(request: Request, uid: str) -> Subscription:
    """The same with its usage data. Raises as `share_of`."""
    share = await share_of(request, uid)
    return Subscription(sandbox_of(request), paper_of(request), share)


def meter_of(share: Share, uid: str) -> SharedMeter:
    """The meter that a path names. Raises NotFound."""
    for shared in share.meters:
        if shared.meter.uid == uid:
            return shared
    raise NotFound(
        f"Authorization {share.authorization.uid} has no UsagePoint {uid[:40]!r}. Read its UsagePoint feed."
    )


def answer_feed(
    request: Request, paper: Paper, place: Place, family: Family, entries: Iterable[Entry]
) -> StreamingResponse:
    """The part asked for of a feed, written piece by piece in a worker thread: other requests go on meanwhile."""
    now = sandbox_of(request).clock.now()
    pieces = feed.write_feed(paper, place, family, asked_of(request).page(entries), updated=now)
    return StreamingResponse(pieces, media_type=AtomResponse.media_type)


def answer_entry(paper: Paper, entry: Entry) -> Response:
    """A resource as a document of its own."""
    return AtomResponse(feed.write_lone_entry(paper, entry))
