"""Whoever adds up what was published gets what was billed, in every format, for every bill of every customer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from lxml import etree

from mock_server.fixtures import bundled_folder, load_fixtures
from mock_server.sandbox import Sandbox
from tests.conftest import NOON
from tests.espi.documents import ESPI, entries, hrefs, parse, payload

R = "/DataCustodian/espi/1_1/resource"
CUSTOMERS = [one.id for one in load_fixtures(bundled_folder()).customers if any(one.services())]
# Green Button's units in one of the bill's: milliwatt-hours, thousandths of a therm, gallons.
UNITS = {"kwh": 1_000_000, "therms": 1000, "gal": 1}
# Of the hundred services of test_large every eleventh is added up, so of each account one, and of each kind several.
MOST_METERS = 10
LAG = timedelta(hours=6)


@dataclass(frozen=True)
class Reader:
    """A third party with one authorization, which knows nothing but HTTP."""

    http: httpx.Client
    uid: str
    token: str

    @classmethod
    def of(cls, http: httpx.Client, customer: str, *, days: int) -> "Reader":
        wish = {
            "customer": customer,
            "client_id": "DEMOUTILITY_livelive1",
            "scope": f"FB=4_16_51;HistoryLength={days * 86_400}",
        }
        made = http.post("/_mock/authorizations", json={**wish, "exchange": True}).json()
        return cls(http, made["authorization"]["uid"], made["tokens"]["access_token"])

    def get(self, path: str) -> httpx.Response:
        answer = self.http.get(path, headers={"Authorization": f"Bearer {self.token}"})
        if answer.status_code == 202:
            self.http.post("/_mock/clock/advance", json={"by": f"PT{answer.headers['Retry-After']}S"})
            return self.get(path)
        assert answer.status_code == 200, answer.text
        return answer

    def meters(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("/api/v2/meters").json()["meters"]
        return found[:: max(1, -(-len(found) // MOST_METERS))]

    def batch(self, meter: str) -> etree._Element:
        return parse(self.get(f"{R}/Batch/Subscription/{self.uid}/UsagePoint/{meter}").content)


def flows_of(batch: etree._Element) -> dict[str, dict[int, int]]:
    """By flow direction (1 delivered, 19 received, 4 net) the value of each interval by its start."""
    found: dict[str, dict[int, int]] = {"1": {}, "19": {}, "4": {}}
    for block in entries(batch, "IntervalBlock"):
        flow = hrefs(block, "up")[0].split("/IntervalBlock")[0].rsplit("_", 1)[-1]
        for reading in payload(block).iter(f"{ESPI}IntervalReading"):
            start = int(reading.findtext(f".//{ESPI}start") or 0)
            assert start not in found[flow], "each interval once"
            found[flow][start] = int(reading.findtext(f"{ESPI}value") or 0)
    return found


def net_of(batch: etree._Element) -> dict[int, int]:
    flows = flows_of(batch)
    net = {start: value - flows["19"].get(start, 0) for start, value in flows["1"].items()}
    assert flows["4"] in ({}, net), "energy is conserved in every interval"
    return net


def number(element: etree._Element, *path: str) -> int:
    return int(element.findtext("/".join(f"{ESPI}{name}" for name in path)) or 0)


def summaries_of(batch: etree._Element) -> Iterator[tuple[int, int, etree._Element]]:
    for summary in map(payload, entries(batch, "UsageSummary")):
        start = number(summary, "billingPeriod", "start")
        yield start, start + number(summary, "billingPeriod", "duration"), summary


@pytest.mark.parametrize("customer", [*CUSTOMERS, "made_up_1"])
def test_readings_summaries_json_and_truth_report_the_same_bills(http: httpx.Client, customer: str) -> None:
    panels = {"services": [{"kind": "electric", "generation_kw": "6"}, {"kind": "gas"}]}
    assert http.post("/_mock/customers", json=panels).status_code == 201
    reader = Reader.of(http, customer, days=100)
    query = {"customer": customer, "from": f"{NOON - timedelta(days=100):%Y-%m-%d}"}
    truth = {one["service"]: one for one in http.get("/_mock/truth", params=query).json()["services"]}
    meters = reader.meters()
    assert 1 <= len(meters) <= MOST_METERS
    for meter in meters:
        batch = reader.batch(meter["uid"])
        net, summaries = net_of(batch), list(summaries_of(batch))
        bills = reader.get(f"/api/v2/bills?meters={meter['uid']}&order=earliest_first").json()["bills"]
        result = truth[meter["base"]["service_identifier"]]["bills"]
        assert len(bills) == len(summaries) >= 2
        by_start = {datetime.fromisoformat(one["start"]).timestamp(): one for one in result}
        for bill, (start, end, summary) in zip(bills, sorted(summaries, key=lambda one: one[0]), strict=True):
            _check_bill(bill, summary, sum(value for at, value in net.items() if start <= at < end))
            assert datetime.fromisoformat(bill["base"]["bill_start_date"]).timestamp() == start
            assert datetime.fromisoformat(bill["base"]["bill_end_date"]).timestamp() == end
            assert by_start[start]["usage"] == bill["base"]["bill_total_volume"]
            assert by_start[start]["total"] == bill["base"]["bill_total_cost"]


def _check_bill(bill: dict[str, Any], summary: etree._Element, used: int) -> None:
    base = bill["base"]
    for name in ("overallConsumptionLastPeriod", "currentBillingPeriodOverAllConsumption"):
        assert number(summary, name, "value") == used
    assert round(base["bill_total_volume"] * UNITS[base["bill_total_unit"]]) == used
    lines = summary.findall(f"{ESPI}costAdditionalDetailLastPeriod")
    total = sum(number(line, "amount") for line in lines)
    assert number(summary, "billLastPeriod") == total == round(base["bill_total_cost"] * 100_000)
    assert [number(line, "amount") for line in lines] == [
        round(line["cost"] * 100_000) for line in bill["line_items"]
    ]


@pytest.mark.parametrize(
    "clock",
    [
        "2024-02-29T23:59:59-05:00",
        "2025-12-31T23:30:00-05:00",
        "2026-01-01T05:59:00-05:00",
        "2026-03-08T01:59:00-05:00",
        "2026-03-08T09:15:00-04:00",
        "2026-11-01T01:30:00-04:00",
        "2026-11-01T01:30:00-05:00",
        "2026-11-01T07:00:00-05:00",
    ],
)
def test_no_reading_is_later_than_the_clock_less_the_lag_and_none_is_held_back(
    sandbox: Sandbox, http: httpx.Client, clock: str
) -> None:
    """A leap day, the turn of a year, and both changes of the clock."""
    now = datetime.fromisoformat(clock)
    assert http.put("/_mock/clock", json={"now": clock, "frozen": True}).status_code == 200
    reader = Reader.of(http, "test_solar", days=4)
    for meter in reader.meters():
        flows = flows_of(reader.batch(meter["uid"]))
        interval = 900 if flows["4"] else 3600
        for values in (found for found in flows.values() if found):
            ended = max(values) + interval
            assert 0 <= (now - LAG).timestamp() - ended < 3600
            assert sorted(values) == list(range(min(values), ended, interval)), "no interval is left out"
    intervals = reader.get(f"/api/v2/intervals?authorizations={reader.uid}").json()["intervals"]
    newest = {one["meter_uid"]: one["readings"][0]["end"] for one in reversed(intervals)}
    assert len(newest) == 2
    for end in newest.values():
        assert timedelta() <= now - LAG - datetime.fromisoformat(end) < timedelta(hours=1)
