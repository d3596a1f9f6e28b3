"""Meter: one service of an authorization, its collected data and its details."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from mock_server.actions.reading.shares import Share, SharedMeter, issued_bill_periods, reading_sets
from mock_server.api.call import Call
from mock_server.api.objects.notes import serialize_exports, serialize_notes
from mock_server.api.objects.shape import Coverage, Export, Note, Shape, Timestamp
from mock_server.api.times import in_utc, in_zone
from mock_server.domain.consent.life_cycle import meter_condition
from mock_server.domain.consent.monitoring import next_refresh
from mock_server.domain.time.periods import Span
from mock_server.domain.usage.readings import INTERVAL_SECONDS
from mock_server.domain.usage.simulation import missing_days

Frequency = Literal["off", "monthly", "weekly", "daily"]
MeterStatus = Literal["pending", "updated", "errored"]


class MeterBase(Shape):
    """The utility's data about a service."""

    service_identifier: str
    service_tariff: str
    service_class: str
    service_address: str
    meter_numbers: list[str]
    billing_contact: str
    billing_address: str
    billing_account: str


class OngoingMonitoring(Shape):
    """How often new data is collected, and when it is collected next."""

    frequency: Frequency
    prepay: str | None
    next_prepay: Timestamp | None
    next_refresh: Timestamp | None
    fixed_refresh_day: int | None


class MeterExports(Shape):
    """URLs of the same data as files; absent if there is no data."""

    bills_csv: str | None = None
    bills_zip: str | None = None
    latest_pdf: str | None = None
    intervals_csv: str | None = None
    intervals_xml: str | None = None


class ElectricDetails(Shape):
    """Details of electricity meters."""

    net_metering: bool


class Program(Shape):
    """A program that the service takes part in."""

    code: str
    date_type: str | None
    name: str


class Supplier(Shape):
    """Another company that supplies the energy that the utility delivers."""

    supplier_name: str
    supplier_service_id: str | None
    supplier_tariff: str | None
    third_party: bool


class OtherDevice(Shape):
    """A device at the service that is not its meter."""

    name: str
    serial_number: str


class Meter(Shape):
    """The Meter object of utilityapi.md §6."""

    uid: str
    authorization_uid: str
    created: Timestamp
    user_email: str
    user_uid: str
    is_archived: bool
    is_activated: bool
    is_expanded: bool
    notes: list[Note]
    status: MeterStatus
    status_message: str
    status_ts: Timestamp
    ongoing_monitoring: OngoingMonitoring
    utility: str
    bill_count: int
    bill_coverage: Coverage
    bill_sources: list[str]
    interval_count: int
    interval_coverage: Coverage
    interval_sources: list[str]
    exports: MeterExports
    exports_list: list[Export]
    blocks: list[str]
    base: MeterBase | None = None
    electric_details: ElectricDetails | None = None
    programs: list[Program] | None = None
    suppliers: list[Supplier] | None = None
    other_devices: list[OtherDevice] | None = None


class MeterListing(Shape):
    """A page of meters."""

    meters: list[Meter]
    next: str | None


class MeterChange(Shape):
    """The body of PATCH /meters/{uid}."""

    is_archived: bool


class HistoricalCollection(Shape):
    """The body of POST /meters/historical-collection."""

    meters: list[str] = Field(min_length=1, max_length=1000)
    collection_duration: int = Field(12, ge=1, le=36, strict=True)


class CollectionStarted(Shape):
    """The meters whose history is being collected."""

    success: Literal[True]
    meters: list[str]


class Monitoring(Shape):
    """The body of POST /meters/ongoing-monitoring. Older clients send `prepay`."""

    meters: list[str] = Field(min_length=1, max_length=1000)
    frequency: Frequency | None = None
    fixed_refresh_day: int | None = Field(None, ge=1, le=31, strict=True)
    prepay: Literal["month_to_month", "prepay_yearly"] | None = None


class MonitoringSet(Shape):
    """How these meters are monitored now."""

    success: Literal[True]
    meters: list[str]
    frequency: Frequency
    fixed_refresh_day: int | None


def serialize_meter(call: Call, share: Share, shared: SharedMeter, *, expanded: bool = True) -> Meter:
    """The Meter object of utilityapi.md §6. Without `expanded` it has only the names of its blocks."""
    meter, owner = shared.meter, call.owner
    bills = issued_bill_periods(share, shared)
    readings = [one.visible for one in reading_sets(call.sandbox, share, shared)]
    covered = [part for span in readings for part in _without_gaps(share, shared, span)]
    count = sum(span.seconds for span in covered) // INTERVAL_SECONDS[shared.service.kind]
    condition = meter_condition(
        share.authorization, shared.collections, bills=len(bills), readings=count, now=share.now
    )
    files = _files(call, meter.uid, has_bills=bool(bills), has_readings=bool(count))
    blocks = {"base": serialize_base(share, shared)} | _details(shared) if expanded else {}
    return Meter(
        uid=meter.uid,
        authorization_uid=meter.authorization_uid,
        created=in_utc(meter.created),
        user_email=owner.email,
        user_uid=owner.uid,
        is_archived=meter.is_archived,
        is_activated=is_activated(share, shared, has_data=bool(bills or count)),
        is_expanded=expanded,
        notes=serialize_notes(condition.notes),
        status=condition.status,
        status_message=condition.message,
        status_ts=in_utc(condition.since),
        ongoing_monitoring=_monitoring(share, shared),
        utility=owner.utility,
        bill_count=len(bills),
        bill_coverage=_coverage(share, bills),
        bill_sources=["pdf"] if bills else [],
        interval_count=count,
        interval_coverage=_coverage(share, covered),
        interval_sources=["xml"] if count else [],
        exports=MeterExports(**files),
        exports_list=serialize_exports(files),
        blocks=["base", *_details(shared)],
        **blocks,
    )


def is_activated(share: Share, shared: SharedMeter, *, has_data: bool) -> bool:
    """Whether its data was requested: by OAuth if the scope grants any, otherwise by a collection."""
    if share.authorization.waits_for_collection:
        return bool(shared.collections) or shared.meter.monitoring_set is not None
    return has_data


def is_monitored(share: Share, shared: SharedMeter) -> bool:
    """Whether new data is still collected."""
    end = share.authorization.ongoing_end
    return shared.meter.frequency != "off" and (end is None or end > share.now)


def serialize_base(share: Share, shared: SharedMeter) -> MeterBase:
    """The `base` block: the utility's data about the service."""
    service, account = shared.service, shared.account
    return MeterBase(
        service_identifier=service.id,
        service_tariff=shared.tariff.id,
        service_class=service.service_class,
        service_address=str(service.address),
        meter_numbers=list(service.meter_serials),
        billing_contact=account.billing_contact,
        billing_address=str(account.billing_address),
        billing_account=account.number,
    )


def _details(shared: SharedMeter) -> dict[str, ElectricDetails]:
    if shared.service.kind != "electric" or not shared.service.generation_kw:
        return {}
    return {"electric_details": ElectricDetails(net_metering=True)}


def _monitoring(share: Share, shared: SharedMeter) -> OngoingMonitoring:
    meter = shared.meter
    due = next_refresh(meter, share.now) if is_monitored(share, shared) else None
    return OngoingMonitoring(
        frequency=meter.frequency if is_monitored(share, shared) else "off",
        prepay=None,
        next_prepay=None,
        next_refresh=in_utc(due) if due else None,
        fixed_refresh_day=meter.fixed_refresh_day,
    )


def _files(call: Call, uid: str, *, has_bills: bool, has_readings: bool) -> dict[str, str]:
    file = call.links.file
    bills = {
        "bills_csv": file("meters_bills_csv", meters=uid),
        "bills_zip": file("bills_zip", meters=uid),
        "latest_pdf": file("latest_pdf", meter=uid),
    }
    readings = {
        "intervals_csv": file("intervals_csv", meters=uid),
        "intervals_xml": file("intervals_xml", meter=uid),
    }
    return (bills if has_bills else {}) | (readings if has_readings else {})


def _without_gaps(share: Share, shared: SharedMeter, span: Span) -> Iterator[Span]:
    """The parts of a span that have readings."""
    start = span.start
    for gap in missing_days(shared.service, share.zone, span):
        if start < gap.start:
            yield Span(start=start, end=gap.start)
        start = gap.end
    if start < span.end:
        yield Span(start=start, end=span.end)


def _coverage(share: Share, spans: list[Span]) -> list[list[str]]:
    """The spans in local time, with adjacent ones joined."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].end == span.start:
            joined[-1] = Span(start=joined[-1].start, end=span.end)
        else:
            joined.append(span)
    return [[in_zone(span.start, share.zone), in_zone(span.end, share.zone)] for span in joined]
