"""Bills of meters."""

from starlette.responses import Response

from mock_server.actions.reading.shares import Share, SharedMeter, bill_uid, issued_bill_periods
from mock_server.api.bodies import answer, calls
from mock_server.api.call import Call, reading
from mock_server.api.collected_data import DESCRIBED, Place, bounded, named_meters
from mock_server.api.lists import page_of
from mock_server.api.objects.bill import BillListing, serialize_bill
from mock_server.domain.time.periods import Span
from mock_server.http.context import Context

router = calls("/api/v2")

Found = tuple[Share, SharedMeter, Span]


@router.get("/bills", response_model=BillListing, openapi_extra=DESCRIBED)
async def list_bills(context: Context) -> Response:
    """List the bills of meters or authorizations, latest first. Name at least one of them."""
    return answer(await reading(context, _listing))


def _listing(call: Call) -> BillListing:
    found = [
        (share, shared, period)
        for share, shared in named_meters(call)
        for period in issued_bill_periods(share, shared)
    ]
    page = page_of(bounded(found, call.query, place=_place), call.query, uid_of=_uid)
    items = [serialize_bill(call, *one) for one in page.items]
    return BillListing(bills=items, next=page.next_url(call.links.api("bills")))


def _place(found: Found) -> Place:
    share, shared, period = found
    return period, share, shared


def _uid(found: Found) -> str:
    _, shared, period = found
    return bill_uid(shared.meter.uid, period)
