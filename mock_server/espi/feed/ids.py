"""The place of each resource below the resource endpoint, and the ids derived from it.

A place is a path split into alternating types and ids. Without its last part, it is the place of the collection.
The rules are in utilityapi.md §5.2, derived there from captured documents.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import NAMESPACE_URL

from mock_server.domain.records import Meter
from mock_server.domain.time.periods import Span
from mock_server.espi.queries import UNRESTRICTED, Query

Place: TypeAlias = tuple[str, ...]

AUTHORIZATIONS: Place = ("Authorization",)


_NAMESPACE = NAMESPACE_URL.bytes


def named_uuid(name: str) -> str:
    """The UUID of a name (version 5, URL namespace). It never changes."""
    # Equals uuid.uuid5 (RFC 9562 §5.5) in a third of the time: a feed has thousands of ids.
    digest = bytearray(hashlib.sha1(_NAMESPACE + name.encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def urn(name: str) -> str:
    """The UUID of a name as an Atom id."""
    return f"urn:uuid:{named_uuid(name)}"


@dataclass(frozen=True)
class Wish:
    """Which resources are requested: a collection, a single resource, or all (without a place).

    The query limits the times of resources about a period.
    """

    place: Place | None = None
    query: Query = UNRESTRICTED

    def covers(self, place: Place) -> bool:
        """Whether a resource is requested."""
        return self.place is None or self.place in (place, place[:-1])

    def reaches(self, collection: Place) -> bool:
        """Whether anything in a collection may be requested. Otherwise, it need not be computed."""
        return self.place is None or collection in (self.place, self.place[:-1])

    def fits(self, place: Place, period: Span, updated: datetime) -> bool:
        """Whether a resource about a period that last changed at `updated` is requested."""
        return self.covers(place) and self.query.fits(period, updated)


EVERYTHING = Wish()


def is_feed(place: Place) -> bool:
    """Whether a place returns a feed: a collection, anything below Batch, or a RetailCustomer."""
    return place[0] == "Batch" or len(place) % 2 == 1 or place[:-1] == ("RetailCustomer",)


def type_of(place: Place) -> str:
    """The resource type of a place, as in its title and in the types of links to it."""
    return place[-2] if len(place) % 2 == 0 or place[0] == "Batch" else place[-1]


def collection_of(place: Place) -> Place:
    """The collection of an entry: its `up` link."""
    return place[:-1]


def authorization(uid: str) -> Place:
    """An Authorization."""
    return (*AUTHORIZATIONS, uid)


def application_information(client_id: str) -> Place:
    """A client's ApplicationInformation."""
    return ("ApplicationInformation", client_id)


def batch_subscription(uid: str) -> Place:
    """All usage data of an authorization."""
    return ("Batch", "Subscription", uid)


def bulk(bulk_id: str) -> Place:
    """All usage data under a bulk id."""
    return ("Batch", "Bulk", bulk_id)


def batch_customer(uid: str) -> Place:
    """All customer data of an authorization."""
    return ("Batch", "RetailCustomer", uid)


def usage_points(uid: str) -> Place:
    """The UsagePoints of an authorization."""
    return ("Subscription", uid, "UsagePoint")


def usage_point(meter: Meter) -> Place:
    """The UsagePoint of a meter."""
    return (*usage_points(meter.authorization_uid), meter.uid)


def local_time(meter: Meter) -> Place:
    """The LocalTimeParameters of a meter."""
    return ("LocalTimeParameters", f"TIMEZONE_{meter.authorization_uid}_{meter.uid}")


def meter_reading(meter: Meter, set_id: str) -> Place:
    """The MeterReading of a set of readings."""
    return (*usage_point(meter), "MeterReading", set_id)


def reading_type(meter: Meter, set_id: str) -> Place:
    """The ReadingType of a set. The real system does not share it between sets."""
    return ("ReadingType", f"{meter.authorization_uid}_{meter.uid}_{set_id}")


def interval_blocks(meter: Meter, set_id: str) -> Place:
    """The IntervalBlocks of a set."""
    return (*meter_reading(meter, set_id), "IntervalBlock")


def block_number(position: int) -> str:
    """The id of the IntervalBlock at a position (from 1) in its set."""
    return f"{position:06d}"


def usage_summaries(meter: Meter, name: str = "UsageSummary") -> Place:
    """The UsageSummaries of a meter, under this name or the one used before ESPI 3."""
    return (*usage_point(meter), name)


def quality_summaries(meter: Meter) -> Place:
    """The ElectricPowerQualitySummaries of a meter."""
    return (*usage_point(meter), "ElectricPowerQualitySummary")


def customer(meter: Meter) -> Place:
    """The Customer of a meter: one per account."""
    uid = meter.authorization_uid
    return ("RetailCustomer", uid, "Customer", named_uuid(f"{uid}-cust-{meter.account_number}"))


def customer_account(meter: Meter) -> Place:
    """The CustomerAccount that a meter is billed to."""
    account_id = named_uuid(f"{meter.authorization_uid}-acct-{meter.account_number}")
    return (*customer(meter), "CustomerAccount", account_id)


def customer_agreement(meter: Meter) -> Place:
    """The CustomerAgreement of a meter's service."""
    return (*customer_account(meter), "CustomerAgreement", meter.uid)


def service_location(meter: Meter) -> Place:
    """The ServiceLocation of a meter."""
    return (*customer_agreement(meter), "ServiceLocation", named_uuid(f"{meter.uid}-loc"))


def device(meter: Meter, serial: str) -> Place:
    """The device, as the Meter of ESPI's customer schema."""
    return (*service_location(meter), "Meter", named_uuid(f"{meter.uid}-meter-{serial}"))


def service_supplier(meter: Meter) -> Place:
    """The ServiceSupplier of a service."""
    return (*customer_agreement(meter), "ServiceSupplier", named_uuid(f"{meter.uid}-supplier-1"))


def program_mappings(meter: Meter) -> Place:
    """The ProgramDateIdMappings of a service: its programs."""
    return (*customer_agreement(meter), "ProgramDateIdMappings", named_uuid(f"{meter.uid}-program-1"))


def end_device(meter: Meter) -> Place:
    """The EndDevice behind a meter."""
    return (*service_location(meter), "EndDevice", named_uuid(f"{meter.uid}-device-1"))


def statement(meter: Meter, bill_uid: str) -> Place:
    """The Statement of a bill. Like a ReadingType's id, its id begins with the authorization."""
    return ("Statement", f"{meter.authorization_uid}_{bill_uid}")
