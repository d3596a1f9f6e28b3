"""The customer entries of an authorization: accounts, agreements, locations, devices and statements."""

from collections.abc import Iterator
from datetime import datetime

from mock_server.actions.reading.shares import Share, SharedMeter, bill_uid, issued_bill_periods
from mock_server.domain.billing.bills import billed_again, issue_of
from mock_server.domain.consent.consent import BILLS_BLOCK, DEVICE_BLOCK, PROGRAM_BLOCK, SUPPLIER_BLOCK
from mock_server.domain.records import Utility
from mock_server.espi.feed import ids
from mock_server.espi.feed.atom import Entry, RenderContext, payload
from mock_server.espi.feed.ids import EVERYTHING, Place, Wish
from mock_server.espi.xml import customer
from mock_server.espi.xml.local_time import local_time, local_time_parameters
from mock_server.espi.xml.spelling import CUSTOMER, Element

# The real system links to these but omits them from batches. Here, their function block includes them.
_OWN_BLOCK = {
    "ServiceSupplier": SUPPLIER_BLOCK,
    "EndDevice": DEVICE_BLOCK,
    "ProgramDateIdMappings": PROGRAM_BLOCK,
}


def batch_entries(render_context: RenderContext, utility: Utility, share: Share) -> Iterator[Entry]:
    """The entries of a RetailCustomer batch."""
    for entry in customer_entries(render_context, utility, share):
        block = _OWN_BLOCK.get(ids.type_of(entry.place))
        if block is None or block in share.function_blocks:
            yield entry
    yield from statement_entries(render_context, share)


def customer_entries(render_context: RenderContext, utility: Utility, share: Share) -> Iterator[Entry]:
    """For each account: Customer, CustomerAccount, then the entries of each service."""
    for account in share.accounts():
        meters = [shared for shared in share.meters if shared.account.number == account.number]
        yield from _account(render_context, utility, share, meters[0])
        for shared in meters:
            yield from _service(render_context, utility, share, shared)


def _account(
    render_context: RenderContext, utility: Utility, share: Share, shared: SharedMeter
) -> Iterator[Entry]:
    make, meter, account = render_context.spelling(CUSTOMER), shared.meter, shared.account
    person = customer.customer(make, utility, share.customer, account)
    place, account_place = ids.customer(meter), ids.customer_account(meter)
    yield _entry(share, place, person, account_place[:-1], ids.local_time(meter))
    agreements = ids.customer_agreement(meter)[:-1]
    yield _entry(share, account_place, customer.customer_account(make, account), agreements, place)


def _service(
    render_context: RenderContext, utility: Utility, share: Share, shared: SharedMeter
) -> Iterator[Entry]:
    make, meter, service = render_context.spelling(CUSTOMER), shared.meter, shared.service
    agreement, location = ids.customer_agreement(meter), ids.service_location(meter)
    supplier, program = ids.service_supplier(meter), ids.program_mappings(meter)
    device, inverter = ids.device(meter, service.meter_serial), ids.end_device(meter)
    clock = ids.local_time(meter)
    is_enrolled, has_inverter = bool(shared.tariff.prices[-1].windows), service.generation_kw is not None
    element = customer.customer_agreement(make, service)
    programs = [program[:-1]] if is_enrolled else []
    related = (supplier[:-1], *programs, location[:-1], ids.customer_account(meter))
    yield _entry(share, agreement, element, *related)
    yield _entry(share, supplier, customer.service_supplier(make, utility), agreement)
    if is_enrolled:
        element = customer.program_mappings(make, shared.tariff)
        yield _entry(share, program, element, agreement)
    element = customer.service_location(make, service, render_context.href(ids.usage_point(meter)))
    devices = (device[:-1], *([inverter[:-1]] if has_inverter else []))
    yield _entry(share, location, element, *devices, clock, agreement)
    yield _entry(share, device, customer.meter(make, service), location)
    if has_inverter:
        yield _entry(share, inverter, customer.end_device(make, service), location)
    element = local_time_parameters(make, local_time(share.zone, share.now.year))
    yield _entry(share, clock, element, ids.customer(meter))


def statement_entries(
    render_context: RenderContext, share: Share, wish: Wish = EVERYTHING
) -> Iterator[Entry]:
    """The PDF bills if bills are shared: newest meter first, and oldest bill first for each meter."""
    if BILLS_BLOCK not in share.function_blocks:
        return
    for shared in share.meters:
        for period in issued_bill_periods(share, shared):
            place = ids.statement(shared.meter, bill_uid(shared.meter.uid, period))
            first = issue_of(period, share.zone)
            issued = billed_again(shared.service, share.zone, period, as_of=share.now) or first
            if wish.fits(place, period, issued):
                yield _statement(render_context, share, place, first=first, issued=issued)


def _statement(
    render_context: RenderContext, share: Share, place: Place, *, first: datetime, issued: datetime
) -> Entry:
    day = issued.astimezone(share.zone).date()
    url = render_context.links.bill_pdf(place[-1].rpartition("_")[2], day)
    return Entry(
        place=place,
        family=CUSTOMER,
        published=first,
        updated=issued,
        payload=payload(customer.statement(render_context.spelling(CUSTOMER), issued=issued, url=url)),
    )


def _entry(share: Share, place: Place, element: Element, *related: Place) -> Entry:
    """An entry published when the customer authorized the client."""
    return Entry(
        place=place,
        family=CUSTOMER,
        related=related,
        published=share.authorization.created,
        payload=payload(element),
    )
