"""The Green Button endpoints (ESPI 4.0 §1): who may call them, and which document answers."""

from collections.abc import Iterator

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from mock_server.actions.bill_page import open_bill
from mock_server.actions.clients import get_client
from mock_server.actions.shares import Share, SharedMeter, open_share
from mock_server.actions.standings import get_standing, list_standings
from mock_server.core.consent import ACCOUNT_BLOCKS
from mock_server.core.errors import InsufficientScope, NotFound
from mock_server.core.records import Client
from mock_server.espi import feed, ids, management
from mock_server.espi.feed import Paper
from mock_server.espi.ids import Place
from mock_server.espi.retail_customer import customer_entries
from mock_server.espi.subscription import Subscription, usage_entries, usage_point
from mock_server.espi.xml.management import service_status
from mock_server.espi.xml.spelling import CUSTOMER, USAGE, Family
from mock_server.paths import RESOURCE
from mock_server.sandbox import Sandbox
from mock_server.surface import caller_of, links_of, sandbox_of


class AtomResponse(Response):
    """A whole Atom document."""

    media_type = "application/atom+xml"


router = APIRouter(prefix=RESOURCE, default_response_class=AtomResponse, tags=["Green Button"])


@router.get("/ReadServiceStatus")
async def read_service_status(request: Request) -> Response:
    """Whether the data custodian works, as a bare ServiceStatus."""
    await caller_of(request, allowed=("client", "api"))
    status = feed.payload(service_status(_paper(request).spelling(USAGE)))
    return AtomResponse(b'<?xml version="1.0" encoding="UTF-8"?>\n' + status)


@router.get("/ApplicationInformation/{client_id}")
async def read_application_information(request: Request, client_id: str) -> Response:
    """The client's own registration."""
    caller = await caller_of(request, allowed=("registration", "api"))
    if client_id != caller.client_id:
        raise InsufficientScope("This token opens the ApplicationInformation of its own client only.")
    sandbox, paper = sandbox_of(request), _paper(request)
    client = await sandbox.run(_registration, sandbox, client_id)
    entry = management.application_information(paper, sandbox.fixtures.utility, client)
    return AtomResponse(feed.write_lone_entry(paper, entry))


@router.get("/Authorization")
@router.get("/Authorization/", include_in_schema=False)
async def list_authorizations(request: Request) -> Response:
    """What customers allowed this client, newest first; ended authorizations stay visible as such."""
    caller = await caller_of(request, allowed=("client", "api"))
    sandbox, paper = sandbox_of(request), _paper(request)
    standings = await sandbox.run(list_standings, sandbox, caller.client_id)
    entries = (feed.write_entry(paper, management.authorization(paper, standing)) for standing in standings)
    return _feed(request, paper, ids.AUTHORIZATIONS, USAGE, entries)


@router.get("/Authorization/{uid}")
async def read_authorization(request: Request, uid: str) -> Response:
    """One of them, or the client's own."""
    caller = await caller_of(request, allowed=("client", "api"))
    sandbox, paper = sandbox_of(request), _paper(request)
    standing = await sandbox.run(get_standing, sandbox, caller.client_id, uid)
    return AtomResponse(feed.write_lone_entry(paper, management.authorization(paper, standing)))


@router.get("/Subscription/{uid}/UsagePoint")
async def list_usage_points(request: Request, uid: str) -> Response:
    """The meters that an authorization shows, newest first."""
    subscription = await _subscription(request, uid)
    entries = (
        feed.write_entry(subscription.paper, usage_point(subscription, meter))
        for meter in subscription.share.meters
    )
    return _feed(request, subscription.paper, ids.usage_points(uid), USAGE, entries)


@router.get("/Subscription/{uid}/UsagePoint/{meter_uid}")
async def read_usage_point(request: Request, uid: str, meter_uid: str) -> Response:
    """One of them."""
    subscription = await _subscription(request, uid)
    entry = usage_point(subscription, _meter(subscription.share, meter_uid))
    return AtomResponse(feed.write_lone_entry(subscription.paper, entry))


@router.get("/Batch/Subscription/{uid}")
async def read_batch(request: Request, uid: str) -> Response:
    """Everything about usage that an authorization shows: `resourceURI`."""
    subscription = await _subscription(request, uid)
    entries = usage_entries(subscription, subscription.share.meters)
    return _feed(request, subscription.paper, ids.batch_subscription(uid), USAGE, entries)


@router.get("/Batch/Subscription/{uid}/UsagePoint/{meter_uid}")
async def read_batch_of_meter(request: Request, uid: str, meter_uid: str) -> Response:
    """The same of one meter."""
    subscription = await _subscription(request, uid)
    entries = usage_entries(subscription, (_meter(subscription.share, meter_uid),))
    place = (*ids.batch_subscription(uid), "UsagePoint", meter_uid)
    return _feed(request, subscription.paper, place, USAGE, entries)


@router.get("/Non-ESPI/pdf_bill/{bill}/{name}", response_class=Response)
async def read_bill(request: Request, bill: str, name: str) -> Response:
    """A bill as its customer got it, as PDF; UsageSummaries link to theirs."""
    caller, sandbox = await caller_of(request, allowed=("access", "api")), sandbox_of(request)
    page = await sandbox.run(open_bill, sandbox, caller, bill)
    if not name.casefold().endswith(".pdf"):
        raise NotFound("Bills are PDF files: follow the link of the UsageSummary.")
    # Imported here: the library takes a quarter of the server's start, and few ask for a bill on paper.
    from mock_server.bill_pdf import write_bill

    return Response(await run_in_threadpool(write_bill, page), media_type="application/pdf")


@router.get("/Batch/RetailCustomer/{uid}")
async def read_customer(request: Request, uid: str) -> Response:
    """Everything about the customer that an authorization shows: `customerResourceURI`."""
    share = await _share(request, uid)
    if not ACCOUNT_BLOCKS & share.function_blocks:
        raise InsufficientScope(
            "The scope of this authorization has no customer information. Ask for FB=51 in the scope "
            f"(granted was: {share.authorization.scope[:200]})."
        )
    paper = _paper(request)
    entries = customer_entries(paper, sandbox_of(request).fixtures.utility, share)
    return _feed(request, paper, ids.batch_customer(uid), CUSTOMER, entries)


def _registration(sandbox: Sandbox, client_id: str) -> Client:
    with sandbox.store.reading() as rows:
        return get_client(rows, client_id)


def _paper(request: Request) -> Paper:
    sandbox = sandbox_of(request)
    return feed.paper_for(links_of(request), sandbox.fixtures.utility, sandbox.settings.dialect)


async def _share(request: Request, uid: str) -> Share:
    """What the caller's token opens. Raises MissingToken, InvalidToken, InsufficientScope, NotFound."""
    caller = await caller_of(request, allowed=("access", "api"))
    sandbox = sandbox_of(request)
    return await sandbox.run(open_share, sandbox, caller, uid)


async def _subscription(request: Request, uid: str) -> Subscription:
    share = await _share(request, uid)
    return Subscription(sandbox_of(request), _paper(request), share)


def _meter(share: Share, uid: str) -> SharedMeter:
    for shared in share.meters:
        if shared.meter.uid == uid:
            return shared
    raise NotFound(
        f"Authorization {share.authorization.uid} has no UsagePoint {uid[:40]!r}. Read its UsagePoint feed."
    )


def _feed(
    request: Request, paper: Paper, place: Place, family: Family, entries: Iterator[bytes]
) -> StreamingResponse:
    """A feed, written piece by piece in a worker thread, so that other requests go on meanwhile."""
    now = sandbox_of(request).clock.now()
    pieces = feed.write_feed(paper, place, family, entries, updated=now)
    return StreamingResponse(pieces, media_type=AtomResponse.media_type)
