"""Routes for the single resources and collections that a batch links to (ESPI 4.0 resource-level REST)."""

from collections.abc import Iterable
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.responses import Response

from mock_server.actions.reading.shares import Share
from mock_server.domain.consent.consent import ACCOUNT_BLOCKS
from mock_server.domain.errors import InsufficientScope, NotFound
from mock_server.domain.records import Authorization
from mock_server.espi.codes import FORMER_SUMMARY
from mock_server.espi.content.retail_customer import customer_entries, statement_entries
from mock_server.espi.content.subscription import usage_entries
from mock_server.espi.content.subscription_view import Subscription
from mock_server.espi.content.summaries import summary_entries
from mock_server.espi.feed import ids
from mock_server.espi.feed.atom import Entry, RenderContext
from mock_server.espi.feed.ids import Place, Wish
from mock_server.espi.responses import (
    AtomResponse,
    answer_entry,
    answer_feed,
    answer_feed_of,
    feed_query_of,
    meter_of,
    render_context_of,
    share_of,
    shares_of,
    subscription_of,
)
from mock_server.espi.xml.spelling import CUSTOMER, USAGE, Family
from mock_server.http.context import Context, RequestContext
from mock_server.urls import RESOURCE

router = APIRouter(prefix=RESOURCE, default_response_class=AtomResponse, tags=["Green Button"])

_METER = "/Subscription/{uid}/UsagePoint/{meter_uid}"
_READING = _METER + "/MeterReading/{reading}"
_BILLS = _METER + "/UsageSummary"
_QUALITY = _METER + "/ElectricPowerQualitySummary"
_FORMER_BILLS = _METER + "/" + FORMER_SUMMARY
_NEVER = datetime.fromtimestamp(0, UTC)
_COLLECTIONS = frozenset(
    {
        *("ReadingType", "LocalTimeParameters"),
        *("MeterReading", "IntervalBlock", "UsageSummary", FORMER_SUMMARY),
        "ElectricPowerQualitySummary",
        *("RetailCustomer", "Customer", "CustomerAccount", "CustomerAgreement", "ServiceLocation", "Meter"),
        *("ServiceSupplier", "ProgramDateIdMappings", "EndDevice"),
    }
)


@router.get(_METER + "/MeterReading")
@router.get(_READING)
@router.get(_READING + "/IntervalBlock")
@router.get(_READING + "/IntervalBlock/{block}")
@router.get(_BILLS)
@router.get(_BILLS + "/{bill}")
@router.get(_QUALITY)
@router.get(_QUALITY + "/{period}")
async def read_below_a_meter(context: Context, uid: str, meter_uid: str) -> Response:
    """Readings, blocks, bills or power quality of one meter: a collection or a single resource."""
    subscription = await subscription_of(context, uid)
    wish = _wish(context)
    entries = usage_entries(subscription, [meter_of(subscription.share, meter_uid)], wish)
    return _answer(context, subscription.render_context, USAGE, entries, subscription.share)


@router.get("/ReadingType")
@router.get("/LocalTimeParameters")
async def list_by_name(context: Context) -> Response:
    """The ReadingTypes or LocalTimeParameters of all shares that the token may read."""
    render_context, wish, sandbox = render_context_of(context), _wish(context), context.sandbox
    shares = await shares_of(context)
    entries = (
        entry
        for share in shares
        for entry in usage_entries(Subscription(sandbox, render_context, share), share.meters, wish)
    )
    changed = max((share.now for share in shares), default=_NEVER)
    return answer_feed_of(
        context, render_context, _place(context), USAGE, entries, source=shares, changed=changed
    )


@router.get(_FORMER_BILLS)
@router.get(_FORMER_BILLS + "/{bill}")
async def read_bills_by_their_former_name(context: Context, uid: str, meter_uid: str) -> Response:
    """The UsageSummaries under their former name. Batches and links use the present name."""
    subscription = await subscription_of(context, uid)
    meter = meter_of(subscription.share, meter_uid)
    entries = summary_entries(subscription, meter, _wish(context), name=FORMER_SUMMARY)
    return _answer(context, subscription.render_context, USAGE, entries, subscription.share)


@router.get("/ReadingType/{name}")
@router.get("/LocalTimeParameters/{name}")
async def read_by_name(context: Context, name: str) -> Response:
    """A ReadingType or LocalTimeParameters. Its id contains the id of its authorization."""
    subscription = await subscription_of(context, name.removeprefix("TIMEZONE_").split("_")[0])
    entries = usage_entries(subscription, subscription.share.meters, _wish(context))
    return _answer(context, subscription.render_context, USAGE, entries, subscription.share)


@router.get("/RetailCustomer/{uid}")
@router.get("/RetailCustomer/{uid}/{rest:path}")
async def read_of_customer(context: Context, uid: str) -> Response:
    """Customer resources, such as accounts, agreements and meters: a collection or a single resource."""
    share = await share_of(context, uid)
    check_customer_scope(share.authorization, share.function_blocks)
    render_context, wish = render_context_of(context), _wish(context)
    available = customer_entries(render_context, context.sandbox.fixtures.utility, share)
    return _answer(
        context, render_context, CUSTOMER, (entry for entry in available if wish.covers(entry.place)), share
    )


@router.get("/Statement")
async def list_statements(context: Context) -> Response:
    """The Statements of all shares with customer data that the token may read."""
    render_context, wish, shares = render_context_of(context), _wish(context), await shares_of(context)
    with_customer = [share for share in shares if ACCOUNT_BLOCKS & share.function_blocks]
    if shares and not with_customer:
        check_customer_scope(shares[0].authorization, shares[0].function_blocks)
    entries = (entry for share in with_customer for entry in statement_entries(render_context, share, wish))
    changed = max((share.now for share in with_customer), default=_NEVER)
    return answer_feed_of(
        context, render_context, _place(context), CUSTOMER, entries, source=with_customer, changed=changed
    )


@router.get("/Statement/{name}")
async def read_statement(context: Context, name: str) -> Response:
    """One Statement. Its id begins with the id of its authorization."""
    share = await share_of(context, name.split("_")[0])
    check_customer_scope(share.authorization, share.function_blocks)
    render_context = render_context_of(context)
    return _answer(
        context, render_context, CUSTOMER, statement_entries(render_context, share, _wish(context)), share
    )


def check_customer_scope(authorization: Authorization, function_blocks: frozenset[int]) -> None:
    """Raises InsufficientScope if no function block for customer data was granted."""
    if not ACCOUNT_BLOCKS & function_blocks:
        raise InsufficientScope(
            "The scope of this authorization does not include customer data. Request a scope with FB=51 "
            f"(granted: {authorization.scope[:200]})."
        )


def _place(context: RequestContext) -> Place:
    """The requested place: the path below the resource endpoint."""
    return tuple(str(context.path).partition(f"{RESOURCE}/")[2].strip("/").split("/"))


def _wish(context: RequestContext) -> Wish:
    """The requested resources. A query applies only to collections.

    A RetailCustomer has no payload, so a request for it returns its Customers.
    """
    place = _place(context)
    if place[:-1] == ("RetailCustomer",):
        return Wish((*place, "Customer"), feed_query_of(context))
    return Wish(place, feed_query_of(context)) if ids.is_feed(place) else Wish(place)


def _answer(
    context: RequestContext,
    render_context: RenderContext,
    family: Family,
    entries: Iterable[Entry],
    source: Share,
) -> Response:
    """A feed for a collection, otherwise the single entry. Raises NotFound."""
    place = _place(context)
    if ids.is_feed(place):
        if ids.type_of(place) not in _COLLECTIONS:
            raise NotFound(f"There is no collection {place[-1][:40]!r} here. Follow the links of the batch.")
        return answer_feed(context, render_context, place, family, entries, source=source)
    entry = next(iter(entries), None)
    if entry is None:
        raise NotFound(
            f"This authorization has no {ids.type_of(place)[:40]} {place[-1][:80]!r}. Follow the links of its feeds."
        )
    return answer_entry(context, render_context, entry)
