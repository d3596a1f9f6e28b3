"""Serializes a shared meter."""

from collections.abc import Iterator

from mock_server.actions.reading.shares import Share, SharedMeter, issued_bill_periods, reading_sets
from mock_server.api.call import Call
from mock_server.api.objects.meter import ElectricDetails, Meter, MeterBase, MeterExports, OngoingMonitoring
from mock_server.api.serialize.notes import serialize_exports, serialize_notes
from mock_server.api.times import in_utc, in_zone
from mock_server.domain.consent.life_cycle import meter_condition
from mock_server.domain.consent.monitoring import next_refresh
from mock_server.domain.time.periods import Span
from mock_server.domain.usage.readings import INTERVAL_SECONDS
from mock_server.domain.usage.simulation import missing_days


def serialize_meter(call: Call, share: Share, shared: SharedMeter, *, expanded: bool = True) -> Meter:
    """The Meter object of utilityapi.md §6; `expanded` False leaves all blocks out but the names of them."""
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
    """Whether its data was requested: by OAuth, if the scope grants any, otherwise by a collection."""
    if share.authorization.waits_for_collection:
        return bool(shared.collections) or shared.meter.monitoring_set is not None
    return has_data


def is_monitored(share: Share, shared: SharedMeter) -> bool:
    """Whether new data is still collected."""
    end = share.authorization.ongoing_end
    return shared.meter.frequency != "off" and (end is None or end > share.now)


def serialize_base(share: Share, shared: SharedMeter) -> MeterBase:
    """The `base` block: what the utility knows of the service."""
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
    """The spans without the seams between them, in local time."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].end == span.start:
            joined[-1] = Span(start=joined[-1].start, end=span.end)
        else:
            joined.append(span)
    return [[in_zone(span.start, share.zone), in_zone(span.end, share.zone)] for span in joined]
