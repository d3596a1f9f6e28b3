"""Gaps, estimates and corrections in Green Button documents and in the JSON API."""

from datetime import timedelta
from typing import Any

from lxml import etree

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.actions.tokens.refresh_token import refresh
from mock_server.sandbox import Sandbox
from tests.espi.documents import ATOM, ESPI, entries, hrefs, parse, payload
from tests.support import Third

SCOPE = "FB=4_16_51;HistoryLength=8000000;AdditionalScope=auth-test-test_gaps"
MARCH_17 = "1773720000"


def block_from(batch: etree._Element, start: str) -> etree._Element:
    [found] = [
        block
        for block in entries(batch, "IntervalBlock")
        if payload(block).findtext(f"{ESPI}interval/{ESPI}start") == start
        and "_kwh_" in hrefs(block, "up")[0]
    ]
    return found


def test_an_estimate_is_marked_until_it_is_corrected(third: Third, sandbox: Sandbox) -> None:
    issued = third.tokens("test_gaps", SCOPE)
    path = f"/DataCustodian/espi/1_1/resource/Batch/Subscription/{issued.authorization.uid}"

    def read(by: timedelta) -> etree._Element:
        sandbox.write_alone(advance_clock, by)
        token = sandbox.write(
            refresh, third.client, refresh_token=issued.refresh_token or "", scope=None
        ).access_token
        return parse(third.get(path, token).content)

    first = block_from(read(timedelta(days=3)), MARCH_17)
    later = block_from(read(timedelta(days=6)), MARCH_17)
    assert {element.text for element in payload(first).iter(f"{ESPI}quality")} == {"8"}
    assert list(payload(later).iter(f"{ESPI}quality")) == []
    values = [[element.text for element in payload(block).iter(f"{ESPI}value")] for block in (first, later)]
    assert values[0] != values[1]
    assert first.findtext(f"{ATOM}id") == later.findtext(f"{ATOM}id")
    assert first.findtext(f"{ATOM}updated") == first.findtext(f"{ATOM}published")
    assert str(later.findtext(f"{ATOM}updated")) > str(first.findtext(f"{ATOM}updated"))
    assert later.findtext(f"{ATOM}published") == first.findtext(f"{ATOM}published")


def test_a_cancelled_bill_keeps_its_uid_and_has_a_note(third: Third, sandbox: Sandbox) -> None:
    issued = third.tokens("test_gaps", SCOPE)
    path = f"/api/v2/bills?authorizations={issued.authorization.uid}&start=2026-03-01&end=2026-04-01"

    def electric(by: timedelta) -> dict[str, Any]:
        sandbox.write_alone(advance_clock, by)
        bills = third.get(path, third.client.api_token).json()["bills"]
        found: dict[str, Any] = next(bill for bill in bills if bill["base"]["bill_total_unit"] == "kwh")
        return found

    first, rebilled = electric(timedelta(days=22)), electric(timedelta(days=10))
    assert first["uid"] == rebilled["uid"]
    assert first["notes"] == []
    [note] = rebilled["notes"]
    assert note["type"] == "bills_strange"
    assert first["base"] != rebilled["base"]
    assert rebilled["updated"] > first["updated"]


def test_missing_days_are_gaps_in_the_coverage(third: Third) -> None:
    issued = third.tokens("test_gaps", SCOPE)
    meters = third.get("/api/v2/meters", issued.access_token).json()["meters"]
    [electric] = [meter for meter in meters if meter["base"]["service_class"] == "res-electric"]
    assert electric["base"]["meter_numbers"] == ["5510000002", "5510000001"]
    gaps = [period[1][:10] for period in electric["interval_coverage"][:-1]]
    assert gaps == ["2026-01-09", "2026-02-09", "2026-03-09"]
    read = third.get(f"/api/v2/intervals?meters={electric['uid']}", issued.access_token).json()["intervals"]
    assert sum(len(interval["readings"]) for interval in read) == electric["interval_count"]
