"""The answer key has the sums that a client computes from the published data."""

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.espi.documents import ESPI, entries, hrefs, parse, payload
from tests.support import Third

ZONE = ZoneInfo("America/New_York")
UNITS = {"kwh": 1_000_000, "therms": 1000, "gal": 1}


@pytest.mark.parametrize("customer", ["test_residential", "test_commercial", "test_solar", "test_gaps"])
def test_a_green_button_reader_computes_the_same_sums(third: Third, customer: str) -> None:
    scope = f"FB=4_16_51;AdditionalScope=historical-2025-10-01_auth-test-{customer}"
    issued = third.tokens(customer, scope)
    batch = parse(
        third.get(
            f"/DataCustodian/espi/1_1/resource/Batch/Subscription/{issued.authorization.uid}",
            issued.access_token,
        ).content
    )
    answer_key = third.http.get("/_mock/truth", params={"customer": customer, "from": "2025-10-01"}).json()
    meters = third.get("/api/v2/meters", issued.access_token).json()["meters"]
    service_of = {meter["uid"]: meter["base"]["service_identifier"] for meter in meters}
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for block in entries(batch, "IntervalBlock"):
        [up] = hrefs(block, "up")
        meter, flow = (
            up.split("/UsagePoint/")[1].split("/")[0],
            up.split("/IntervalBlock")[0].rsplit("_", 1)[-1],
        )
        for reading in payload(block).iter(f"{ESPI}IntervalReading"):
            start = int(reading.findtext(f".//{ESPI}start") or 0)
            day = datetime.fromtimestamp(start, ZONE).date().isoformat()
            found[service_of[meter], flow][day] += int(reading.findtext(f"{ESPI}value") or 0)
    assert answer_key["services"]
    for service in answer_key["services"]:
        unit = UNITS[service["unit"]]
        delivered = found[service["service"], "1"]
        sums = {day["date"]: round(day["delivered"] * unit) for day in service["days"] if day["readings"]}
        assert sums == delivered
        received = found[service["service"], "19"]
        assert round(service["total"]["received"] * unit) == sum(received.values())
        bills = [payload(entry) for entry in entries(batch, "UsageSummary")]
        totals = sorted(int(bill.findtext(f"{ESPI}billLastPeriod") or 0) for bill in bills)
        assert {round(bill["total"] * 100_000) for bill in service["bills"]} <= set(totals)
        for bill in service["bills"]:
            assert round(sum(line["cost"] for line in bill["line_items"]), 2) == bill["total"]
        if service["time_of_use"]:
            assert round(sum(service["time_of_use"].values()), 3) == service["total"]["delivered"]


def test_the_day_of_a_dst_change_has_fewer_readings(http: httpx.Client) -> None:
    query = {"customer": "test_residential", "from": "2026-03-07", "to": "2026-03-09"}
    answer_key = http.get("/_mock/truth", params=query).json()
    counts = {
        service["kind"]: [day["readings"] for day in service["days"]] for service in answer_key["services"]
    }
    assert counts["electric"] == [96, 92, 96]
    assert counts["gas"] == [24, 23, 24]


def test_unpublished_readings_are_left_out(http: httpx.Client) -> None:
    answer_key = http.get("/_mock/truth", params={"customer": "test_residential"}).json()
    assert answer_key["end"] == "2026-03-15T10:00:00Z", "six hours before the clock"
    future = http.get("/_mock/truth", params={"customer": "test_residential", "from": "2026-05-01"})
    assert future.status_code == 400
    query = {"customer": "test_residential", "from": "2026-05-01", "to": "2026-05-02"}
    later = http.get("/_mock/truth", params=query).json()
    assert all(service["total"]["net"] == 0 for service in later["services"])


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"customer": "nobody"}, 404),
        ({}, 400),
        ({"customer": "test_residential", "from": "soon"}, 400),
        ({"customer": "test_residential", "from": "2026-02-01", "to": "2026-01-01"}, 400),
        ({"customer": "test_residential", "from": "0001-01-01"}, 400),
        ({"customer": "test_residential", "from": "2026-01-01", "to": "9999-12-31"}, 400),
    ],
)
def test_an_invalid_query_is_refused_with_a_description(
    http: httpx.Client, query: dict[str, str], status: int
) -> None:
    answer = http.get("/_mock/truth", params=query)
    assert answer.status_code == status
    assert answer.json()["error_description"]


def test_a_customer_without_services_has_none(http: httpx.Client) -> None:
    assert http.get("/_mock/truth", params={"customer": "test_empty"}).json()["services"] == []


@pytest.mark.parametrize("day", ["0001-01-01", "1990-01-01", "2100-01-01", "9999-12-31"])
def test_a_day_out_of_range_is_refused(http: httpx.Client, day: str) -> None:
    for name in ("to", "from"):
        answer = http.get("/_mock/truth", params={"customer": "test_residential", name: day})
        assert answer.status_code == 400, (name, answer.text)
