"""Routes for batches, usage points and PDF bills (ESPI 4.0 §1.1)."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from mock_server.actions.reading.bill_page import BillPage, open_bill
from mock_server.actions.reading.preparation import seconds_until_ready
from mock_server.actions.reading.shares import Share
from mock_server.domain.errors import NotFound
from mock_server.espi.content.retail_customer import batch_entries
from mock_server.espi.content.subscription import usage_parts, usage_point
from mock_server.espi.feed import ids
from mock_server.espi.feed.ids import Wish
from mock_server.espi.responses import (
    AtomResponse,
    answer_entry,
    answer_feed,
    feed_query_of,
    meter_of,
    render_context_of,
    share_of,
    subscription_of,
)
from mock_server.espi.routes.resources import check_customer_scope
from mock_server.espi.xml.spelling import CUSTOMER, USAGE
from mock_server.http.bearer import check_bearer
from mock_server.http.context import Context, RequestContext
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import RESOURCE

router = APIRouter(prefix=RESOURCE, default_response_class=AtomResponse, tags=["Green Button"])


@router.get("/Subscription/{uid}/UsagePoint")
async def list_usage_points(context: Context, uid: str) -> Response:
    """The UsagePoints of an authorization, newest first."""
    subscription = await subscription_of(context, uid)
    entries = (usage_point(subscription, meter) for meter in subscription.share.meters)
    share = subscription.share
    return answer_feed(
        context, subscription.render_context, ids.usage_points(uid), USAGE, entries, source=share
    )


@router.get("/Subscription/{uid}/UsagePoint/{meter_uid}")
async def read_usage_point(context: Context, uid: str, meter_uid: str) -> Response:
    """One UsagePoint."""
    subscription = await subscription_of(context, uid)
    entry = usage_point(subscription, meter_of(subscription.share, meter_uid))
    return answer_entry(context, subscription.render_context, entry)


@router.get("/Batch/Subscription/{uid}")
async def read_batch(context: Context, uid: str) -> Response:
    """All usage data of an authorization: its `resourceURI`."""
    subscription = await subscription_of(context, uid)
    share, wish = subscription.share, Wish(query=feed_query_of(context))
    if (deferral := await _deferral(context, share)) is not None:
        return deferral
    parts = usage_parts(subscription, share.meters, wish)
    place = ids.batch_subscription(uid)
    return answer_feed(context, subscription.render_context, place, USAGE, parts, source=share)


async def _deferral(context: RequestContext, share: Share) -> Response | None:
    """A 202 without a body while a slow customer's batch is prepared (ESPI 4.0 §1.6); None when it is ready."""
    sandbox = context.sandbox
    if not share.customer.batch_delay_seconds:
        return None
    seconds = await sandbox.run(sandbox.write, seconds_until_ready, share)
    return Response(status_code=202, headers={"Retry-After": str(seconds)}) if seconds else None


@router.get("/Batch/Subscription/{uid}/UsagePoint/{meter_uid}")
async def read_batch_of_meter(context: Context, uid: str, meter_uid: str) -> Response:
    """All usage data of one meter."""
    subscription = await subscription_of(context, uid)
    share, wish = subscription.share, Wish(query=feed_query_of(context))
    if (deferral := await _deferral(context, share)) is not None:
        return deferral
    parts = usage_parts(subscription, (meter_of(share, meter_uid),), wish)
    place = (*ids.batch_subscription(uid), "UsagePoint", meter_uid)
    return answer_feed(context, subscription.render_context, place, USAGE, parts, source=share)


@router.get("/Non-ESPI/pdf_bill/{bill}/{name}", response_class=Response)
async def read_bill(context: Context, bill: str, name: str) -> Response:
    """A bill as the PDF that the customer received. UsageSummaries link to it."""
    sandbox = context.sandbox
    page = await sandbox.run(sandbox.read, _open_bill, context, bill)
    if not name.casefold().endswith(".pdf"):
        raise NotFound(
            "Bills are PDF files, but the URL does not end in .pdf. Follow the link in the UsageSummary."
        )
    # Imported here, because the library takes a quarter of the startup time and PDF bills are rarely requested.
    from mock_server.ui.bill_pdf import write_bill

    return Response(await run_in_threadpool(write_bill, page), media_type="application/pdf")


def _open_bill(sandbox: Sandbox, transaction: Transaction, context: RequestContext, uid: str) -> BillPage:
    caller = check_bearer(sandbox, transaction, context, allowed=("access", "api"))
    return open_bill(sandbox, transaction, caller, uid)


@router.get("/Batch/RetailCustomer/{uid}")
async def read_customer(context: Context, uid: str) -> Response:
    """All customer data of an authorization: its `customerResourceURI`."""
    share = await share_of(context, uid)
    check_customer_scope(share.authorization, share.function_blocks)
    render_context = render_context_of(context)
    entries = batch_entries(render_context, context.sandbox.fixtures.utility, share)
    return answer_feed(context, render_context, ids.batch_customer(uid), CUSTOMER, entries, source=share)
