"""What an authorization shows of the customer: accounts, agreements, places and devices, in their order."""

from collections.abc import Iterator

from mock_server.actions.shares import Share, SharedMeter
from mock_server.core.records import Utility
from mock_server.espi import ids
from mock_server.espi.feed import Entry, Paper, payload
from mock_server.espi.ids import Place
from mock_server.espi.xml import customer
from mock_server.espi.xml.local_time import local_time, local_time_parameters
from mock_server.espi.xml.spelling import CUSTOMER, Element


def customer_entries(paper: Paper, utility: Utility, share: Share) -> Iterator[Entry]:
    """For each account the customer and the account, then what belongs to each of its services."""
    for account in share.accounts():
        meters = [shared for shared in share.meters if shared.account.number == account.number]
        yield from _account(paper, utility, share, meters[0])
        for shared in meters:
            yield from _service(paper, share, shared)


def _account(paper: Paper, utility: Utility, share: Share, shared: SharedMeter) -> Iterator[Entry]:
    make, meter, account = paper.spelling(CUSTOMER), shared.meter, shared.account
    person = customer.customer(make, utility, share.customer, account)
    place, account_place = ids.customer(meter), ids.customer_account(meter)
    yield _entry(share, place, person, account_place[:-1], ids.local_time(meter))
    agreements = ids.customer_agreement(meter)[:-1]
    yield _entry(share, account_place, customer.customer_account(make, account), agreements, place)


def _service(paper: Paper, share: Share, shared: SharedMeter) -> Iterator[Entry]:
    make, meter, service = paper.spelling(CUSTOMER), shared.meter, shared.service
    agreement, location = ids.customer_agreement(meter), ids.service_location(meter)
    device, clock = ids.device(meter, service.meter_serial), ids.local_time(meter)
    said = customer.customer_agreement(make, service)
    yield _entry(share, agreement, said, location[:-1], ids.customer_account(meter))
    said = customer.service_location(make, service, paper.href(ids.usage_point(meter)))
    yield _entry(share, location, said, device[:-1], clock, agreement)
    yield _entry(share, device, customer.meter(make, service), location)
    said = local_time_parameters(make, local_time(share.zone, share.now.year))
    yield _entry(share, clock, said, ids.customer(meter))


def _entry(share: Share, place: Place, said: Element, *related: Place) -> Entry:
    """Published since the customer connected."""
    return Entry(
        place=place,
        family=CUSTOMER,
        related=related,
        published=share.authorization.created,
        payload=payload(said),
    )
