"""The JSON API: who sees what, filters, pages, and every mistake told in one envelope."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from mock_server.actions.authorizations.authorizations import expire, revoke
from mock_server.sandbox import Sandbox
from tests.espi.documents import ESPI, entries, hrefs, parse, payload
from tests.support import Third

BLOCKS = ("base", "sources", "line_items", "tiers", "tou", "demand")
SHORT = "FB={};HistoryLength=8000000;AdditionalScope=auth-test-{}"
AUTHORIZATION_FIELDS = {
    "uid",
    "created",
    "customer_email",
    "customer_signature",
    "declined",
    "is_declined",
    "expires",
    "is_expired",
    "exports",
    "exports_list",
    "form_uid",
    "template_uid",
    "referrals",
    "is_archived",
    "is_test",
    "notes",
    "nickname",
    "revoked",
    "is_revoked",
    "scope",
    "status",
    "status_message",
    "status_ts",
    "user_email",
    "user_uid",
    "user_status",
    "utility",
}
METER_FIELDS = {
    "uid",
    "authorization_uid",
    "created",
    "user_email",
    "user_uid",
    "is_archived",
    "is_activated",
    "is_expanded",
    "notes",
    "status",
    "status_message",
    "status_ts",
    "ongoing_monitoring",
    "utility",
    "bill_count",
    "bill_coverage",
    "bill_sources",
    "interval_count",
    "interval_coverage",
    "interval_sources",
    "exports",
    "exports_list",
    "blocks",
    "base",
}


def authorize(third: Third, customer: str = "test_residential", blocks: str = "4_16_51") -> tuple[str, str]:
    issued = third.tokens(customer, SHORT.format(blocks, customer))
    return issued.authorization.uid, issued.access_token


def api(third: Third, path: str, token: str | None = None) -> Any:
    answer = third.get(f"/api/v2/{path}", token or third.client.api_token)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(third: Third, path: str, token: str | None = None) -> Any:
    answer = third.get(f"/api/v2/{path}", token or third.client.api_token)
    assert answer.status_code >= 400
    assert answer.json()["status_code"] == answer.status_code
    assert answer.json()["url"].endswith(f"/errors/{answer.json()['error']}")
    return answer.json()


def test_objects_have_the_fields_of_the_real_system(third: Third) -> None:
    uid, token = authorize(third)
    authorization = api(third, f"authorizations/{uid}", token)
    assert set(authorization) == AUTHORIZATION_FIELDS
    assert authorization["customer_email"] == "heather.homeowner@example.com"
    assert authorization["is_test"] is True
    [meter, *_] = api(third, "meters", token)["meters"]
    assert set(meter) == METER_FIELDS
    assert meter == api(third, f"meters/{meter['uid']}", token)


def test_times_are_utc_for_the_system_and_local_for_data(third: Third) -> None:
    uid, token = authorize(third)
    assert api(third, f"authorizations/{uid}", token)["created"] == "2026-03-15T16:00:00.000000+00:00"
    [meter, *_] = api(third, "meters", token)["meters"]
    [[start, end]] = meter["bill_coverage"]
    assert start == "2026-01-01T00:00:00.000000-05:00"
    assert end == "2026-03-01T00:00:00.000000-05:00"
    [[_, end]] = meter["interval_coverage"]
    assert end == "2026-03-15T06:00:00.000000-04:00", "six hours before noon"


def test_an_access_token_sees_its_own_authorization_and_an_api_token_all(third: Third) -> None:
    first, token = authorize(third)
    second, _ = authorize(third, "test_commercial")
    assert [one["uid"] for one in api(third, "authorizations", token)["authorizations"]] == [first]
    assert [one["uid"] for one in api(third, "authorizations")["authorizations"]] == [second, first]
    assert len(api(third, "meters", token)["meters"]) == 3
    assert len(api(third, "meters")["meters"]) == 8
    assert refused(third, f"authorizations/{second}", token)["error"] == "not_found"


def test_another_client_sees_nothing(third: Third, sandbox: Sandbox) -> None:
    uid, _ = authorize(third)
    [meter, *_] = api(third, "meters")["meters"]
    other = Third(sandbox, third.http, client_id="DEMOUTILITY_livelive1")
    assert api(other, "authorizations") == {"authorizations": [], "next": None}
    assert api(other, "meters") == {"meters": [], "next": None}
    paths = (f"authorizations/{uid}", f"meters/{meter['uid']}", f"intervals?meters={meter['uid']}")
    for path in paths:
        assert refused(other, path)["error"] == "not_found"


def test_the_token_may_come_as_a_parameter(third: Third) -> None:
    uid, token = authorize(third)
    found = third.http.get("/api/v2/authorizations", params={"access_token": token, "limit": 1}).json()
    assert found["authorizations"][0]["uid"] == uid


@pytest.mark.parametrize("path", ["authorizations", "meters", "intervals", "authorizations/1", "meters/1"])
def test_without_a_token_or_with_a_wrong_one_there_is_401(third: Third, path: str) -> None:
    missing = third.http.get(f"/api/v2/{path}")
    assert (missing.status_code, missing.json()["error"]) == (401, "missing_token")
    assert missing.headers["www-authenticate"] == 'Bearer realm="DEMOUTILITY"'
    assert refused(third, path, "wrong")["status_code"] == 401
    assert refused(third, path, third.client_token())["error"] == "insufficient_scope"


def pages(third: Third, path: str, plural: str) -> Iterator[list[dict[str, Any]]]:
    """Every page of a list, as `next` leads."""
    url: str | None = f"/api/v2/{path}"
    while url is not None:
        answer = third.get(url, third.client.api_token).json()
        yield answer[plural]
        url = answer["next"]


@pytest.mark.parametrize("plural", ["authorizations", "meters"])
@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_show_everything_once_newest_first(third: Third, plural: str, limit: int) -> None:
    for customer in ("test_residential", "test_commercial", "test_residential"):
        authorize(third, customer)
    complete = [one["uid"] for one in api(third, plural)[plural]]
    assert complete == sorted(complete, reverse=True)
    displayed = list(pages(third, f"{plural}?limit={limit}&utility=DEMOUTILITY", plural))
    assert [one["uid"] for page in displayed for one in page] == complete
    assert all(len(page) == limit for page in displayed[:-1])


def test_filters_are_combined_by_and(third: Third, sandbox: Sandbox) -> None:
    first, _ = authorize(third)
    second, _ = authorize(third, "test_commercial")
    third_uid, _ = authorize(third)
    sandbox.write(revoke, first)
    sandbox.write(expire, second)

    def uids(query: str) -> set[str]:
        return {one["uid"] for one in api(third, f"authorizations?{query}")["authorizations"]}

    assert uids("is_revoked=true") == {first}
    assert uids("is_expired=true") == {second}
    assert uids("is_revoked=false&is_expired=false") == {third_uid}
    assert uids(f"uids={first},{second}") == {first, second}
    assert uids(f"uids={first},{second}&is_revoked=true") == {first}
    assert uids("is_test=false") == uids("forms=1") == uids("utility=OTHER") == set()
    [owner] = {one["user_uid"] for one in api(third, "authorizations")["authorizations"]}
    assert uids(f"users={owner}") == {first, second, third_uid}
    meters = api(third, f"meters?authorizations={third_uid}&is_activated=true&is_archived=false")["meters"]
    assert [meter["authorization_uid"] for meter in meters] == [third_uid] * 3


@pytest.mark.parametrize(
    "path",
    [
        "authorizations?is_test=maybe",
        "authorizations?limit=0",
        "authorizations?limit=-1",
        "authorizations?limit=1e3",
        "authorizations?after=404",
        "meters?is_activated=2",
        "intervals",
        "intervals?meters={meter}&start=yesterday",
        "intervals?meters={meter}&end=2026-02-30",
        "intervals?meters={meter}&start=0001-01-01T00:00:00%2B23:00",
        "intervals?meters={meter}&order=random",
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(third: Third, path: str) -> None:
    authorize(third)
    [meter, *_] = api(third, "meters")["meters"]
    result = refused(third, path.format(meter=meter["uid"]))
    assert result["error"] == "invalid_param"
    name = path.partition("?")[2].rpartition("&")[2].partition("=")[0]
    assert name in result["error_description"]


def test_a_repeated_parameter_is_refused(third: Third) -> None:
    assert refused(third, "authorizations?limit=1&limit=2")["error"] == "invalid_request"


def test_meters_can_be_included(third: Third) -> None:
    uid, token = authorize(third)
    found = api(third, f"authorizations/{uid}?include=meters", token)["meters"]
    assert found == api(third, "meters", token)
    assert "meters" not in api(third, f"authorizations/{uid}", token)


def test_revoking_is_for_good_and_takes_the_meters(third: Third) -> None:
    uid, token = authorize(third)
    [meter, *_] = api(third, "meters")["meters"]
    path, headers = (
        f"/api/v2/authorizations/{uid}/revoke",
        {"Authorization": f"Bearer {third.client.api_token}"},
    )
    assert third.http.post(path).status_code == 401
    assert third.http.post(path, headers={"Authorization": f"Bearer {token}"}).status_code == 403
    first, second = (third.http.post(path, headers=headers) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.json()["is_revoked"] is True
    assert first.json()["revoked"] == second.json()["revoked"] == "2026-03-15T16:00:00.000000+00:00"
    assert api(third, "meters")["meters"] == []
    assert refused(third, f"meters/{meter['uid']}")["error"] == "not_found"
    assert refused(third, f"intervals?authorizations={uid}")["error"] == "not_found"
    assert third.http.post("/api/v2/authorizations/599999/revoke", headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("blocks", "bills", "readings"), [("4", False, True), ("16", True, False), ("51", False, False)]
)
def test_a_meter_reports_what_the_scope_gives(third: Third, blocks: str, bills: bool, readings: bool) -> None:
    authorize(third, blocks=blocks)
    for meter in api(third, "meters")["meters"]:
        assert bool(meter["bill_count"]) is bool(meter["bill_coverage"]) is bills
        assert bool(meter["interval_count"]) is bool(meter["interval_coverage"]) is readings
        assert meter["is_activated"] is (bills or readings)


def test_readings_come_latest_first_in_the_units_of_the_service(third: Third) -> None:
    uid, token = authorize(third)
    found = api(third, f"intervals?authorizations={uid}", token)["intervals"]
    meters = {meter["uid"]: meter for meter in api(third, "meters", token)["meters"]}
    units = {"electric": "kwh", "gas": "therms", "water": "gal"}
    counts = dict.fromkeys(meters, 0)
    for interval in found:
        meter = meters[interval["meter_uid"]]
        unit = units[meter["base"]["service_class"].rpartition("-")[2]]
        starts = [reading["start"] for reading in interval["readings"]]
        assert starts == sorted(starts, key=datetime.fromisoformat, reverse=True)
        for reading in interval["readings"]:
            [point] = reading["datapoints"]
            assert point["unit"] == unit
            assert reading["kwh"] == (point["value"] if unit == "kwh" else None)
        counts[meter["uid"]] += len(starts)
    assert counts == {uid: meter["interval_count"] for uid, meter in meters.items()}


def test_intervals_can_be_bounded_and_paged(third: Third) -> None:
    authorize(third)
    meter = api(third, "meters")["meters"][0]["uid"]
    complete = api(third, f"intervals?meters={meter}")["intervals"]
    assert [one["uid"] for one in complete] == sorted((one["uid"] for one in complete), reverse=True)
    assert complete[0]["uid"].split("-")[0] == meter
    paged = [one for page in pages(third, f"intervals?meters={meter}&limit=1", "intervals") for one in page]
    assert paged == complete
    earliest = api(third, f"intervals?meters={meter}&order=earliest_first")["intervals"]
    assert earliest == complete[::-1]
    window = "start=2026-01-01&end=2026-03-01T05:00:00Z"
    inside = api(third, f"intervals?meters={meter}&{window}")["intervals"]
    assert [one["readings"][-1]["start"][:7] for one in inside] == ["2026-02", "2026-01"]


def test_readings_are_those_of_green_button(third: Third) -> None:
    uid, token = authorize(third)
    batch = third.get(f"/DataCustodian/espi/1_1/resource/Batch/Subscription/{uid}", token)
    milliwatts = sum(
        int(block.findtext(f"{ESPI}value") or 0)
        for entry in parse(batch.content)
        for block in entry.iter(f"{ESPI}IntervalReading")
        if any("_kwh_" in str(link.get("href")) for link in entry)
    )
    read = api(third, f"intervals?authorizations={uid}", token)["intervals"]
    kwh = sum(reading["kwh"] or 0 for interval in read for reading in interval["readings"])
    assert round(kwh * 1_000_000) == milliwatts > 0


def test_what_is_not_there_is_reported_in_the_envelope(third: Third) -> None:
    assert refused(third, "nothing")["error"] == "not_found"
    answer = third.http.post("/api/v2/meters")
    assert answer.status_code == 405
    assert answer.json()["error"] == "method_not_allowed"


@pytest.mark.parametrize("customer", ["test_residential", "test_commercial", "test_solar"])
def test_bills_are_those_of_green_button(third: Third, customer: str) -> None:
    uid, token = authorize(third, customer)
    batch = parse(third.get(f"/DataCustodian/espi/1_1/resource/Batch/Subscription/{uid}", token).content)
    summaries = {
        hrefs(one, "self")[0].rsplit("/", 1)[-1]: payload(one) for one in entries(batch, "UsageSummary")
    }
    bills = api(third, f"bills?authorizations={uid}", token)["bills"]
    assert {bill["uid"] for bill in bills} == set(summaries) != set()
    for bill in bills:
        summary, base = summaries[bill["uid"]], bill["base"]
        assert round(base["bill_total_cost"] * 100_000) == int(summary.findtext(f"{ESPI}billLastPeriod") or 0)
        assert round(sum(item["cost"] for item in bill["line_items"]), 2) == base["bill_total_cost"]
        scale = {"kwh": 1_000_000, "therms": 1000, "gal": 1}[base["bill_total_unit"]]
        used = int(summary.findtext(f"{ESPI}overallConsumptionLastPeriod/{ESPI}value") or 0)
        assert round(base["bill_total_volume"] * scale) == used
        assert bill["blocks"] == [name for name in bill if name in BLOCKS]


def test_a_bill_shows_what_its_tariff_counts(third: Third) -> None:
    uid, token = authorize(third, "test_commercial")
    bills = api(third, f"bills?authorizations={uid}&order=earliest_first", token)["bills"]
    shop = [bill for bill in bills if bill["base"]["service_tariff"] == "COM-GENERAL"]
    assert shop
    for bill in shop:
        assert {one["bucket"] for one in bill["tou"]} == {"on-peak", "off-peak"}
        [demand] = bill["demand"]
        assert demand["demand"] > 1
        assert "tiers" not in bill
    gas = [bill for bill in bills if bill["base"]["service_tariff"] == "COM-GAS"]
    assert {tier["level"] for bill in gas for tier in bill["tiers"]} == {1, 2}
    assert all(bill["base"]["bill_total_kwh"] is None for bill in gas)


def test_bills_can_be_bounded_and_paged(third: Third) -> None:
    uid, _ = authorize(third)
    complete = api(third, f"bills?authorizations={uid}")["bills"]
    starts = [bill["base"]["bill_start_date"] for bill in complete]
    assert starts == sorted(starts, reverse=True)
    paged = [one for page in pages(third, f"bills?authorizations={uid}&limit=2", "bills") for one in page]
    assert paged == complete
    january = api(third, f"bills?authorizations={uid}&start=2026-01-01&end=2026-02-01")["bills"]
    assert {bill["base"]["bill_start_date"][:7] for bill in january} == {"2026-01"}
    assert refused(third, "bills")["error"] == "invalid_param"
    assert refused(third, "bills?meters=1")["error"] == "not_found"


def test_without_bills_in_the_scope_there_are_none(third: Third) -> None:
    uid, token = authorize(third, blocks="4_51")
    assert api(third, f"bills?authorizations={uid}", token)["bills"] == []
