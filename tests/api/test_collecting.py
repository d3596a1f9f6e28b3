"""Collecting history and watching for new data: states, counters and refusals."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mock_server.actions.sandboxes.clock import advance_clock, set_clock
from tests.api.calls import authorize, call, read
from tests.api.test_forms import submitted
from tests.espi.documents import entries, parse
from tests.support import Third

HISTORY, WATCH = "meters/historical-collection", "meters/ongoing-monitoring"


def meters_of(third: Third, scenario: str = "test_residential") -> list[str]:
    """The meters of a form that a test submitted."""
    return [one["uid"] for one in submitted(third, scenario)["meters"]["meters"]]


def collected(third: Third, meters: list[str], months: int | None = None) -> None:
    """A collection, until it is done."""
    body: dict[str, Any] = {"meters": meters} | ({"collection_duration": months} if months else {})
    assert call(third, "POST", HISTORY, body=body) == (200, {"success": True, "meters": meters})
    third.sandbox.write_alone(advance_clock, timedelta(seconds=30))


def test_counters_rise_until_the_collection_is_done(third: Third) -> None:
    [meter, *_] = meters_of(third)
    assert call(third, "POST", HISTORY, body={"meters": [meter]})[0] == 200
    seen = []
    for _ in range(11):
        result = read(third, f"meters/{meter}")
        bills = read(third, f"bills?meters={meter}")["bills"]
        assert (result["is_activated"], len(bills)) == (True, result["bill_count"])
        seen.append((result["status"], result["bill_count"], result["interval_count"]))
        third.sandbox.write_alone(advance_clock, timedelta(seconds=3))
    assert [status for status, *_ in seen] == ["pending"] * 10 + ["updated"]
    assert seen[0][1:] == (0, 0)
    assert [bills for _, bills, _ in seen] == sorted(bills for _, bills, _ in seen)
    assert seen[0][2] < seen[3][2] < seen[6][2] < seen[10][2]
    assert seen[-1][1] in (11, 12)
    assert [one["type"] for one in read(third, f"meters/{meter}")["notes"]] == [
        "access_valid",
        "bills_full",
        "intervals_full",
    ]


@pytest.mark.parametrize("months", [1, 24, 36])
def test_a_collection_goes_as_far_back_as_requested(third: Third, months: int) -> None:
    [meter, *_] = meters_of(third)
    collected(third, [meter], months)
    bills = read(third, f"meters/{meter}")["bill_count"]
    assert months - 1 <= bills <= months


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "meters"),
        ({"meters": []}, "meters"),
        ({"meters": "7"}, "meters"),
        ({"meters": ["{meter}"], "collection_duration": 0}, "collection_duration"),
        ({"meters": ["{meter}"], "collection_duration": 37}, "collection_duration"),
        ({"meters": ["{meter}"], "collection_duration": "12"}, "collection_duration"),
        ({"meters": ["{meter}"], "months": 12}, "months"),
    ],
)
def test_a_collection_that_cannot_be_is_named(third: Third, body: dict[str, Any], named: str) -> None:
    [meter, *_] = meters_of(third)
    if isinstance(body.get("meters"), list):
        body = {**body, "meters": [one.format(meter=meter) for one in body["meters"]]}
    status, result = call(third, "POST", HISTORY, body=body)
    assert (status, result["error"]) == (400, "invalid_param")
    assert named in result["error_description"]


def test_ended_authorizations_are_left_out_and_alone_are_a_mistake(third: Third) -> None:
    ended, active = meters_of(third, "residential"), meters_of(third, "residential")
    owner = read(third, f"meters/{ended[0]}")["authorization_uid"]
    call(third, "POST", f"authorizations/{owner}/revoke")
    assert call(third, "POST", HISTORY, body={"meters": ended + active}) == (
        200,
        {"success": True, "meters": active},
    )
    status, result = call(third, "POST", HISTORY, body={"meters": ended})
    assert (status, result["error"]) == (400, "invalid_param")
    assert call(third, "POST", HISTORY, body={"meters": ["1"]})[0] == 404
    live = Third(third.sandbox, third.http, client_id="DEMOUTILITY_livelive1")
    assert call(live, "POST", HISTORY, body={"meters": active})[0] == 404


def test_a_client_that_owes_is_reported_402_until_it_pays(third: Third) -> None:
    meters = meters_of(third, "residential")
    assert third.http.post("/_mock/payments", json={"owes": True}).json()["owes"] is True
    status, result = call(third, "POST", HISTORY, body={"meters": meters})
    assert (status, result["error"]) == (402, "payment_required")
    third.http.post("/_mock/payments", json={"owes": False})
    assert call(third, "POST", HISTORY, body={"meters": meters})[0] == 200


@pytest.mark.parametrize(
    ("scenario", "status", "note"),
    [
        ("badlogin_after", "errored", "access_invalid"),
        ("websitedown_after", "pending", "retrying"),
        ("pending_manual_after", "pending", "pending_manual"),
        ("wait_to_login_after", "pending", "waiting"),
    ],
)
def test_trouble_later_keeps_the_collection_waiting(
    third: Third, scenario: str, status: str, note: str
) -> None:
    [meter] = meters_of(third, scenario)
    collected(third, [meter])
    result = read(third, f"meters/{meter}")
    assert (result["status"], result["notes"][-1]["type"], result["bill_count"]) == (status, note, 0)


def test_readings_may_be_missing_or_halved(third: Third) -> None:
    [none], [half], [complete] = (
        meters_of(third, name) for name in ("nointervals", "partialintervals", "residential")
    )
    collected(third, [none, half, complete])
    result = {uid: read(third, f"meters/{uid}") for uid in (none, half, complete)}
    assert result[none]["interval_count"] == 0 < result[none]["bill_count"]
    assert "intervals_empty" in [note["type"] for note in result[none]["notes"]]
    assert result[half]["bill_count"] == result[complete]["bill_count"]
    assert 0.45 < result[half]["interval_count"] / result[complete]["interval_count"] < 0.55


def test_monitoring_brings_new_bills_and_stopping_keeps_them(third: Third) -> None:
    [meter] = meters_of(third, "residential")
    collected(third, [meter])
    before = read(third, f"meters/{meter}")["bill_count"]
    third.sandbox.write_alone(advance_clock, timedelta(days=40))
    assert read(third, f"meters/{meter}")["bill_count"] == before, "nobody watched"
    body = {"meters": [meter], "frequency": "monthly", "fixed_refresh_day": 5}
    assert call(third, "POST", WATCH, body=body) == (200, {"success": True, **body})
    result = read(third, f"meters/{meter}")
    assert result["ongoing_monitoring"]["frequency"] == "monthly"
    assert result["ongoing_monitoring"]["next_refresh"].startswith("2026-05-05T")
    assert result["bill_count"] == before + 1
    third.sandbox.write_alone(advance_clock, timedelta(days=40))
    assert read(third, f"meters/{meter}")["bill_count"] == before + 2
    assert read(third, "meters?is_monitored=true")["meters"][0]["uid"] == meter
    call(third, "POST", WATCH, body={"meters": [meter], "frequency": "off"})
    assert read(third, f"meters/{meter}")["bill_count"] == before + 2
    third.sandbox.write_alone(advance_clock, timedelta(days=80))
    assert read(third, f"meters/{meter}")["bill_count"] == before + 2


def watched(third: Third, meter: str, frequency: str) -> tuple[int, int]:
    """How many bills and intervals are there right after an order to watch a meter so often."""
    assert call(third, "POST", WATCH, body={"meters": [meter], "frequency": frequency})[0] == 200
    seen = read(third, f"meters/{meter}")
    return seen["bill_count"], seen["interval_count"]


def test_monitoring_alone_keeps_what_it_brought_and_not_what_came_while_it_was_off(third: Third) -> None:
    [meter] = meters_of(third, "residential")
    third.sandbox.write_alone(advance_clock, timedelta(seconds=30))
    assert watched(third, meter, "off") == (0, 0)
    third.sandbox.write_alone(advance_clock, timedelta(days=40))
    assert watched(third, meter, "daily") == (0, 0), "it was off until now"
    third.sandbox.write_alone(advance_clock, timedelta(days=80))
    seen = read(third, f"meters/{meter}")
    assert (seen["bill_count"], seen["interval_count"] > 0) == (2, True), "those of the last 80 days"
    assert watched(third, meter, "off") == (seen["bill_count"], seen["interval_count"])


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "frequency"),
        ({"frequency": "hourly"}, "frequency"),
        ({"frequency": "weekly", "fixed_refresh_day": 3}, "fixed_refresh_day"),
        ({"frequency": "monthly", "fixed_refresh_day": 32}, "fixed_refresh_day"),
    ],
)
def test_monitoring_that_cannot_be_is_named(third: Third, body: dict[str, Any], named: str) -> None:
    [meter] = meters_of(third, "residential")
    status, result = call(third, "POST", WATCH, body={"meters": [meter], **body})
    assert (status, result["error"]) == (400, "invalid_param")
    assert named in result["error_description"]


def test_older_clients_send_prepay(third: Third) -> None:
    [meter] = meters_of(third, "residential")
    _, result = call(third, "POST", WATCH, body={"meters": [meter], "prepay": "month_to_month"})
    assert result["frequency"] == "monthly"


def test_a_meter_is_monitored_until_its_data_ends(third: Third) -> None:
    scope = "FB=4_16;AdditionalScope=ongoing-2026-03-20_auth-test-test_residential"
    uid = third.tokens(scope=scope).authorization.uid
    end = datetime(2026, 3, 21, 4, tzinfo=UTC)
    for now, count in ((end - timedelta(microseconds=1), 3), (end, 0)):
        third.sandbox.write_alone(set_clock, now=now, frozen=None)
        assert len(read(third, f"meters?is_monitored=true&authorizations={uid}")["meters"]) == count


def test_what_came_by_oauth_is_there_at_once_and_can_be_stopped(third: Third) -> None:
    uid, _ = authorize(third)
    [meter, *_] = read(third, f"meters?authorizations={uid}")["meters"]
    assert meter["is_activated"] is True
    assert meter["ongoing_monitoring"]["frequency"] == "daily"
    call(third, "POST", WATCH, body={"meters": [meter["uid"]], "frequency": "off"})
    third.sandbox.write_alone(advance_clock, timedelta(days=40))
    later = read(third, f"meters/{meter['uid']}")
    assert (later["bill_count"], later["interval_count"]) == (meter["bill_count"], meter["interval_count"])


def test_green_button_shows_what_was_collected_and_no_more(third: Third) -> None:
    found = submitted(third, "residential")
    batch = f"/DataCustodian/espi/1_1/resource/Batch/Subscription/{found['uid']}"
    api = third.client.api_token
    assert entries(parse(third.get(batch, api).content), "IntervalBlock") == []
    [meter] = found["meters"]["meters"]
    collected(third, [meter["uid"]], 2)
    summaries = entries(parse(third.get(batch, api).content), "UsageSummary")
    assert len(summaries) == read(third, f"meters/{meter['uid']}")["bill_count"] > 0
