"""Events that time alone causes for an authorization: new data, bills, its end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from mock_server.actions.reading.shares import Share, SharedMeter, issued_bill_periods, reading_sets
from mock_server.domain.billing.bills import issue_of, reissues_of
from mock_server.domain.consent.available_data import COLLECTING, collected_by
from mock_server.domain.consent.consent import BILL_BLOCKS, USAGE_BLOCK
from mock_server.domain.consent.frequencies import local_midnights
from mock_server.domain.consent.life_cycle import moments
from mock_server.domain.consent.monitoring import next_refresh
from mock_server.domain.consent.scenarios import scenario_named
from mock_server.domain.events import EventType, Happening
from mock_server.domain.time.periods import Span, billing_periods
from mock_server.domain.usage.simulation import corrections
from mock_server.sandbox import Sandbox

WARNING = timedelta(hours=24)
_LONGEST_BILLING = timedelta(days=120)  # from a period's first day to the last correction of its bill


def scheduled_events(sandbox: Sandbox, share: Share, *, since: datetime, until: datetime) -> list[Happening]:
    """The events after `since`, up to `until`, in order of time, as the authorization is now."""
    sources = (
        _life_cycle(share),
        _ending(share),
        *(_data_events(sandbox, share, meter, since, until) for meter in share.meters),
    )
    found = [one for one in chain(*sources) if since < one.at <= until and _is_active_at(share, one)]
    return sorted(found, key=lambda one: one.at)


def _is_active_at(share: Share, one: Happening) -> bool:
    """Whether the authorization is active at that event; its expiry is its last event."""
    status = share.authorization.status_at(one.at)
    return status == "active" or (status == "expired" and one.type == "authorization_expired")


def _life_cycle(share: Share) -> list[Happening]:
    """The events in the life cycle of the authorization and its collections."""
    meters = [one.meter for one in share.meters]
    return moments(share.authorization, meters, [made for one in share.meters for made in one.collections])


def _ending(share: Share) -> Iterator[Happening]:
    uid, expires = share.authorization.uid, share.authorization.expires
    if expires is None:
        return
    if expires - WARNING > share.authorization.created:
        yield Happening(at=expires - WARNING, type="authorization_expiring_soon", authorization_uid=uid)
    yield Happening(at=expires, type="authorization_expired", authorization_uid=uid)


def _data_events(
    sandbox: Sandbox, share: Share, meter: SharedMeter, since: datetime, until: datetime
) -> Iterator[Happening]:
    """The events of the meter's data becoming visible; `actions.reading.publication` has the contents."""

    def happening(at: datetime, event_type: EventType) -> Happening:
        uid = share.authorization.uid
        return Happening(at=at, type=event_type, authorization_uid=uid, meter_uid=meter.meter.uid)

    if share.authorization.waits_for_collection or meter.meter.monitoring_set is not None:
        for at in _gathered(share, meter, since, until):
            yield from (happening(at, event_type) for event_type in _added_data(sandbox, share, meter, at))
        return
    if USAGE_BLOCK in share.function_blocks:
        for at in chain(_collected(sandbox, share, since, until), _corrected(share, meter, since, until)):
            yield happening(at, "meter_intervals_added")
    if BILL_BLOCKS & share.function_blocks:
        for at in _billed(share, meter, since, until):
            yield happening(at, "meter_bills_added")


def _gathered(share: Share, meter: SharedMeter, since: datetime, until: datetime) -> Iterator[datetime]:
    """When a meter's data is collected: at the end of each collection, and at each refresh."""
    trouble = scenario_named(share.authorization.scenario).later
    ends = (collected_by(one, trouble) for one in meter.collections)
    yield from (at for at in ends if at is not None and since < at <= until)
    at = next_refresh(meter.meter, since)
    while at is not None and at <= until:
        yield at
        at = next_refresh(meter.meter, at)


def _added_data(sandbox: Sandbox, share: Share, meter: SharedMeter, at: datetime) -> Iterator[EventType]:
    """The events for data that a collection or refresh at `at` added."""
    before, after = replace(share, now=at - COLLECTING), replace(share, now=at)
    if issued_bill_periods(before, meter) != issued_bill_periods(after, meter):
        yield "meter_bills_added"
    if reading_sets(sandbox, before, meter) != reading_sets(sandbox, after, meter):
        yield "meter_intervals_added"


def _collected(sandbox: Sandbox, share: Share, since: datetime, until: datetime) -> Iterator[datetime]:
    """When the shared readings of each local day are complete."""
    lag = timedelta(hours=sandbox.settings.publication_lag_hours)
    ends = share.authorization.ongoing_end
    for _, midnight in local_midnights(share.zone, since=since - lag, until=until - lag):
        if ends is None or midnight <= ends:
            yield midnight + lag


def _corrected(share: Share, meter: SharedMeter, since: datetime, until: datetime) -> Iterator[datetime]:
    """When actual readings replace estimates in the shared history."""
    start = share.authorization.history_start or share.authorization.created
    end = min(until, share.authorization.ongoing_end or until)
    first = max(start, since - _LONGEST_BILLING)
    if first < end:
        yield from (at for _, at in corrections(meter.service, share.zone, Span(start=first, end=end)))


def _billed(share: Share, meter: SharedMeter, since: datetime, until: datetime) -> Iterator[datetime]:
    """When the shared bills are issued and reissued."""
    start = share.authorization.history_start or share.authorization.created
    ends = share.authorization.ongoing_end
    first = max(start, since - _LONGEST_BILLING)
    for period in billing_periods(share.zone, start=first, end=until, read_day=meter.account.read_day):
        issued = issue_of(period, share.zone)
        if period.start >= start and (ends is None or issued <= ends):
            yield issued
            yield from reissues_of(meter.service, share.zone, period)
