"""The Green Button endpoints (ESPI 4.0 §1): who may call them, and which document answers."""

from datetime import datetime

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from mock_server.actions.bill_page import open_bill
from mock_server.actions.clients import get_client
from mock_server.actions.standings import Standing, get_standing, list_standings
from mock_server.core.errors import InsufficientScope, NotFound
from mock_server.core.periods import Span
from mock_server.core.records import Client
from mock_server.espi import feed, ids, management
from mock_server.espi.answers import (
    AtomResponse,
    answer_entry,
    answer_feed,
    answer_feed_of,
    asked_of,
    meter_of,
    paper_of,
    share_of,
    subscription_of,
)
from mock_server.espi.delivery import deliver
from mock_server.espi.ids import Wish
from mock_server.espi.queries import Query
from mock_server.espi.resources import check_customer_scope
from mock_server.espi.retail_customer import customer_entries
from mock_server.espi.subscription import usage_entries, usage_point
from mock_server.espi.xml.management import service_status
from mock_server.espi.xml.spelling import CUSTOMER, USAGE
from mock_server.paths import RESOURCE
from mock_server.sandbox import Sandbox
from mock_server.surface import caller_of, sandbox_of

router = APIRouter(prefix=RESOURCE, default_response_class=AtomResponse, tags=["Green Button"])


@router.get("/ReadServiceStatus")
async def read_service_status(request: Request) -> Response:
    """Whether the data custodian works, as a bare ServiceStatus."""
    await caller_of(request, allowed=("client", "api"))
    status = feed.payload(service_status(paper_of(request).spelling(USAGE)))
    return deliver(request, b'<?xml version="1.0" encoding="UTF-8"?>\n' + status)


@router.get("/ApplicationInformation/{client_id}")
async def read_application_information(request: Request, client_id: str) -> Response:
    """The client's own registration."""
    caller = await caller_of(request, allowed=("registration", "api"))
    if client_id != caller.client_id:
        raise InsufficientScope("This token opens the ApplicationInformation of its own client only.")
    sandbox, paper = sandbox_of(request), paper_of(request)
    client = await sandbox.run(_registration, sandbox, client_id)
    entry = management.application_information(paper, sandbox.fixtures.utility, client)
    return answer_entry(request, paper, entry)


@router.get("/Authorization")
@router.get("/Authorization/", include_in_schema=False)
async def list_authorizations(request: Request) -> Response:
    """What customers allowed this client, newest first; ended authorizations stay visible as such."""
    caller = await caller_of(request, allowed=("client", "api"))
    sandbox, paper, query = sandbox_of(request), paper_of(request), asked_of(request)
    standings = await sandbox.run(list_standings, sandbox, caller.client_id)
    client = await sandbox.run(_registration, sandbox, caller.client_id)
    entries = (management.authorization(paper, standing) for standing in standings if _fits(query, standing))
    changed = max([client.created, *map(_last_change, standings)])
    return answer_feed_of(
        request, paper, ids.AUTHORIZATIONS, USAGE, entries, source=standings, changed=changed
    )


@router.get("/Authorization/{uid}")
async def read_authorization(request: Request, uid: str) -> Response:
    """One of them, or the client's own."""
    caller = await caller_of(request, allowed=("client", "api"))
    sandbox, paper = sandbox_of(request), paper_of(request)
    standing = await sandbox.run(get_standing, sandbox, caller.client_id, uid)
    return answer_entry(request, paper, management.authorization(paper, standing))


@router.get("/Subscription/{uid}/UsagePoint")
async def list_usage_points(request: Request, uid: str) -> Response:
    """The meters that an authorization shows, newest first."""
    subscription = await subscription_of(request, uid)
    entries = (usage_point(subscription, meter) for meter in subscription.share.meters)
    share = subscription.share
    return answer_feed(request, subscription.paper, ids.usage_points(uid), USAGE, entries, source=share)


@router.get("/Subscription/{uid}/UsagePoint/{meter_uid}")
async def read_usage_point(request: Request, uid: str, meter_uid: str) -> Response:
    """One of them."""
    subscription = await subscription_of(request, uid)
    entry = usage_point(subscription, meter_of(subscription.share, meter_uid))
    return answer_entry(request, subscription.paper, entry)


@router.get("/Batch/Subscription/{uid}")
async def read_batch(request: Request, uid: str) -> Response:
    """Everything about usage that an authorization shows: `resourceURI`."""
    subscription = await subscription_of(request, uid)
    share, wish = subscription.share, Wish(query=asked_of(request))
    entries = usage_entries(subscription, share.meters, wish)
    place = ids.batch_subscription(uid)
    return answer_feed(request, subscription.paper, place, USAGE, entries, source=share)


@router.get("/Batch/Subscription/{uid}/UsagePoint/{meter_uid}")
async def read_batch_of_meter(request: Request, uid: str, meter_uid: str) -> Response:
    """The same of one meter."""
    subscription = await subscription_of(request, uid)
    share, wish = subscription.share, Wish(query=asked_of(request))
    entries = usage_entries(subscription, (meter_of(share, meter_uid),), wish)
    place = (*ids.batch_subscription(uid), "UsagePoint", meter_uid)
    return answer_feed(request, subscription.paper, place, USAGE, entries, source=share)


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
    share = await share_of(request, uid)
    check_customer_scope(share.authorization, share.function_blocks)
    paper = paper_of(request)
    entries = customer_entries(paper, sandbox_of(request).fixtures.utility, share)
    return answer_feed(request, paper, ids.batch_customer(uid), CUSTOMER, entries, source=share)


def _last_change(standing: Standing) -> datetime:
    """An authorization is made, and later ends."""
    made = standing.authorization
    ended = {"active": None, "revoked": made.revoked, "expired": made.expires}
    return ended[standing.status] or made.created


def _fits(query: Query, standing: Standing) -> bool:
    """An authorization is about the instant of its making."""
    created = standing.authorization.created
    return query.fits(Span(start=created, end=created), created)


def _registration(sandbox: Sandbox, client_id: str) -> Client:
    with sandbox.store.reading() as rows:
        return get_client(rows, client_id)
