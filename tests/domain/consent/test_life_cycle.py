"""Status of authorizations and meters over time, computed from stored records."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mock_server.domain.consent.available_data import (
    COLLECTING,
    LOGIN_WAIT,
    LOOKUP_DURATION,
    reach,
    shows_meters,
)
from mock_server.domain.consent.life_cycle import authorization_condition, meter_condition, moments
from mock_server.domain.consent.monitoring import last_refresh, months_later, next_refresh
from mock_server.domain.consent.scenarios import SCENARIOS
from mock_server.domain.events import EVENT_TYPES
from mock_server.domain.records import Authorization, Collection, Frequency, Meter

NOW = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OAUTH = Authorization(
    uid="500001",
    kind="customer",
    client_id="c",
    customer_id="x",
    scope="FB=4_16",
    requested_scope="FB=4_16",
    scope_of_use=None,
    created=NOW,
    history_start=NOW - timedelta(days=3 * 365),
    ongoing_end=None,
    expires=NOW + timedelta(days=30),
    revoked=None,
)
FROM_A_FORM = replace(OAUTH, template_uid="1", form_uid="1")
METER = Meter(uid="7", authorization_uid="500001", account_number="1-1", service_id="s", created=NOW)
UNMONITORED = replace(METER, frequency="off")
YEAR = Collection(uid="1", meter_uid="7", authorization_uid="500001", started=NOW + 10 * SECOND, months=12)


def scenario(name: str) -> Authorization:
    return replace(FROM_A_FORM, scenario=name)


def test_an_authorization_is_pending_during_the_look_up() -> None:
    before = authorization_condition(FROM_A_FORM, meters=3, now=NOW + LOOKUP_DURATION - SECOND)
    after = authorization_condition(FROM_A_FORM, meters=3, now=NOW + LOOKUP_DURATION)
    assert (before.status, before.notes) == ("pending", ())
    assert (after.status, after.since) == ("updated", NOW + LOOKUP_DURATION)
    assert [note.type for note in after.notes] == ["access_valid", "meters_full"]


def test_meters_are_listed_at_once_by_oauth_and_after_the_look_up_from_a_form() -> None:
    assert shows_meters(OAUTH, NOW)
    assert not shows_meters(FROM_A_FORM, NOW)
    assert shows_meters(FROM_A_FORM, NOW + LOOKUP_DURATION)
    assert not shows_meters(replace(OAUTH, revoked=NOW), NOW)
    assert not shows_meters(replace(OAUTH, kind="declined"), NOW)


def test_by_oauth_all_shared_data_is_available_at_once() -> None:
    data = reach(OAUTH, METER, (), NOW)
    assert data
    assert (data.start, data.until) == (None, NOW)


def test_from_a_form_no_data_is_available_until_collected() -> None:
    later = NOW + timedelta(days=1)
    assert reach(FROM_A_FORM, UNMONITORED, (), later) is None
    condition = meter_condition(FROM_A_FORM, (), bills=0, readings=0, now=later)
    assert (condition.status, condition.message) == ("updated", "Service exists, but no logs yet.")


def test_a_collection_proceeds_in_steps_from_the_newest_data() -> None:
    starts = []
    for seconds in range(0, 31, 3):
        data = reach(FROM_A_FORM, UNMONITORED, (YEAR,), YEAR.started + seconds * SECOND)
        starts.append(data.start if data else None)
    assert starts[0] is None
    reached = [start for start in starts if start]
    assert reached == sorted(set(reached), reverse=True)
    assert len(reached) == 10
    assert reached[-1] == months_later(YEAR.started, -12)
    pending = meter_condition(FROM_A_FORM, (YEAR,), bills=1, readings=1, now=YEAR.started + SECOND)
    done = meter_condition(FROM_A_FORM, (YEAR,), bills=1, readings=1, now=YEAR.started + COLLECTING)
    assert (pending.status, done.status) == ("pending", "updated")
    assert [note.type for note in done.notes] == ["access_valid", "bills_full", "intervals_full"]


def test_collected_data_ends_at_the_start_of_the_collection() -> None:
    data = reach(FROM_A_FORM, UNMONITORED, (YEAR,), NOW + timedelta(days=90))
    assert data
    assert data.until == YEAR.started


@pytest.mark.parametrize(
    ("name", "before", "after", "type"),
    [
        ("badlogin", "errored", "errored", "access_invalid"),
        ("utilityerror", "errored", "errored", "access_unsupported"),
        ("websitedown", "pending", "pending", "retrying"),
        ("badlogin_after", "updated", "errored", "access_invalid"),
        ("websitedown_after", "updated", "pending", "retrying"),
        ("pending_manual_after", "updated", "pending", "pending_manual"),
        ("wait_to_login_after", "updated", "pending", "waiting"),
        ("residential", "updated", "updated", "meters_full"),
    ],
)
def test_a_scenario_reports_its_trouble(name: str, before: str, after: str, type: str) -> None:
    first = authorization_condition(scenario(name), meters=1, now=NOW + LOOKUP_DURATION)
    later = authorization_condition(scenario(name), meters=1, now=NOW + timedelta(hours=5))
    assert (first.status, later.status, later.notes[-1].type) == (before, after, type)
    if type in ("retrying", "waiting"):
        assert NOW + timedelta(hours=5) < (later.notes[-1].eta or NOW) <= NOW + timedelta(hours=6, minutes=1)


@pytest.mark.parametrize(
    ("name", "status"),
    [("badlogin_after", "errored"), ("websitedown_after", "pending"), ("pending_manual_after", "pending")],
)
def test_later_trouble_prevents_collections_from_completing(name: str, status: str) -> None:
    later = NOW + timedelta(days=9)
    assert reach(scenario(name), UNMONITORED, (YEAR,), later) is None
    assert meter_condition(scenario(name), (YEAR,), bills=0, readings=0, now=later).status == status


def test_a_wait_for_the_log_in_delays_the_collection() -> None:
    waiting = scenario("wait_to_login_after")
    assert reach(waiting, UNMONITORED, (YEAR,), YEAR.started + LOGIN_WAIT) is None
    assert reach(waiting, UNMONITORED, (YEAR,), YEAR.started + LOGIN_WAIT + COLLECTING)
    early, late = (
        meter_condition(waiting, (YEAR,), bills=1, readings=1, now=YEAR.started + pause)
        for pause in (SECOND, LOGIN_WAIT + COLLECTING)
    )
    assert (early.notes[-1].type, late.status) == ("waiting", "updated")


def test_a_scenario_may_have_no_readings_or_half_of_them() -> None:
    later = NOW + timedelta(days=1)
    none = reach(scenario("nointervals"), UNMONITORED, (YEAR,), later)
    half = reach(scenario("partialintervals"), UNMONITORED, (YEAR,), later)
    assert none
    assert half
    assert not none.has_readings
    assert half.readings_from
    assert half.start
    assert half.readings_from - half.start == half.until - half.readings_from


@pytest.mark.parametrize(
    ("frequency", "day", "last", "following"),
    [
        ("daily", None, "2026-05-10T12:00", "2026-05-11T12:00"),
        ("weekly", None, "2026-05-05T12:00", "2026-05-12T12:00"),
        ("monthly", None, "2026-04-30T12:00", "2026-05-31T12:00"),
        ("monthly", 5, "2026-05-05T12:00", "2026-06-05T12:00"),
        ("monthly", 31, "2026-04-30T12:00", "2026-05-31T12:00"),
    ],
)
def test_monitoring_refreshes_at_its_frequency(
    frequency: Frequency, day: int | None, last: str, following: str
) -> None:
    meter = replace(METER, frequency=frequency, fixed_refresh_day=day, monitoring_set=NOW)
    now = datetime(2026, 5, 10, 18, 0, tzinfo=UTC)
    assert f"{last_refresh(meter, now):%Y-%m-%dT%H:%M}" == last
    assert f"{next_refresh(meter, now):%Y-%m-%dT%H:%M}" == following
    data = reach(FROM_A_FORM, meter, (YEAR,), now)
    assert data
    assert data.until == last_refresh(meter, now)


def test_data_from_monitoring_remains_after_it_is_switched_off() -> None:
    off = replace(
        METER, frequency="off", monitoring_set=NOW + timedelta(days=9), retained_until=NOW + timedelta(days=8)
    )
    later = NOW + timedelta(days=100)
    for authorization in (OAUTH, FROM_A_FORM):
        data = reach(authorization, off, (), later)
        assert data
        assert data.until == NOW + timedelta(days=8)
    assert next_refresh(off, later) is None


def test_events_are_in_order_and_of_known_types() -> None:
    events = moments(FROM_A_FORM, (METER,), (YEAR,))
    assert [event.type for event in events] == [
        "meter_created",
        "authorization_update_finished_successful",
        "meter_historical_collection_progress",
        "meter_historical_collection_finished_successful",
    ]
    assert [event.at for event in events] == sorted(event.at for event in events)
    for known in SCENARIOS:
        events = moments(scenario(known.name), (METER,), (YEAR,))
        assert {event.type for event in events} <= set(EVENT_TYPES)


def test_a_declined_authorization_has_no_events() -> None:
    assert moments(replace(FROM_A_FORM, kind="declined"), (), ()) == []


def test_a_revoked_authorization_says_so_and_has_no_notes() -> None:
    ended = replace(FROM_A_FORM, revoked=FROM_A_FORM.created + timedelta(seconds=10))
    later = FROM_A_FORM.created + timedelta(days=1)
    condition = authorization_condition(ended, meters=3, now=later)
    assert (condition.message, condition.notes) == ("The authorization was revoked.", ())
    before = authorization_condition(ended, meters=3, now=FROM_A_FORM.created + timedelta(seconds=9))
    assert [note.type for note in before.notes] == ["access_valid", "meters_full"]
