"""The data of each function block, which appears only if it was granted (ESPI 4.0 §3.2, §10.5)."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from mock_server.domain.consent.consent import REQUESTABLE_BLOCKS
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.espi.check.schema import load_schema
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.espi.documents import ATOM, CUST, ESPI, entries, hrefs, parse, payload
from tests.support import Third

R = "/DataCustodian/espi/1_1/resource"
CERTIFIED = "1_3_4_5_6_7_8_9_10_11_12_13_14_15_16_17_27_28_35_37_39_40_51"
EVERYTHING = "_".join(map(str, sorted({*map(int, CERTIFIED.split("_")), *REQUESTABLE_BLOCKS})))
CUSTOMERS = ("test_residential", "test_commercial", "test_solar", "test_gaps")


@pytest.fixture(params=["utilityapi", "certification"])
def settings(request: pytest.FixtureRequest) -> Settings:
    return read_settings({"clock": NOON, "dialect": request.param})


class Feed:
    """A batch of usage data under a scope."""

    def __init__(self, third: Third, blocks: str, customer: str = "test_residential") -> None:
        scope = f"FB={blocks};HistoryLength=7000000;AdditionalScope=auth-test-{customer}"
        self.issued = third.tokens(customer, scope)
        self.third, self.uid = third, self.issued.authorization.uid
        self.root = self.read(f"/Batch/Subscription/{self.uid}")

    def read(self, path: str) -> etree._Element:
        response = self.third.get(R + path, self.issued.access_token)
        assert response.status_code == 200, response.text
        return parse(response.content)

    @property
    def granted(self) -> set[int]:
        return set(parse_scope(self.issued.authorization.scope).function_blocks)

    def payloads(self, kind: str) -> list[etree._Element]:
        return [payload(entry) for entry in entries(self.root, kind)]

    def kinds(self) -> set[tuple[str | None, ...]]:
        """accumulation, commodity, flow, kind, unit of each ReadingType."""
        names = ("accumulationBehaviour", "commodity", "flowDirection", "kind", "uom")
        return {
            tuple(element.findtext(ESPI + name) for name in names) for element in self.payloads("ReadingType")
        }


@pytest.mark.schemas
@pytest.mark.parametrize("customer", CUSTOMERS)
def test_every_block_of_every_customer_validates(third: Third, customer: str, schema_dir: Path) -> None:
    schema = load_schema(schema_dir)
    feed = Feed(third, EVERYTHING, customer)
    assert schema.validate(feed.root), schema.error_log
    for name in ("UsageSummary", "ElectricPowerUsageSummary", "ElectricPowerQualitySummary", "MeterReading"):
        point = hrefs(entries(feed.root, "UsagePoint")[0], "self")[0].partition(R)[2]
        root = feed.read(f"{point}/{name}")
        assert schema.validate(root), (name, schema.error_log)
    assert schema.validate(feed.read(f"/Batch/RetailCustomer/{feed.uid}")), schema.error_log


def test_the_granted_scope_lists_the_granted_blocks_of_the_certified_set(third: Third) -> None:
    always = {1, 3, 13, 14, 18, 19, 34, 35}
    requested = {4, 6, 12, 15, 16, 17, 27, 28, 37, 39, 40, 51}
    assert Feed(third, CERTIFIED).granted == always | requested | {5, 10, 11}
    assert Feed(third, CERTIFIED, "test_solar").granted == always | requested | {5, 7, 8, 11}
    assert Feed(third, "4_16_51").granted == always | {4, 5, 10, 11, 15, 16, 51}
    assert Feed(third, "6_12_16").granted == always | {15, 16}, "demand and cost need readings"


def test_the_usual_scope_gives_no_further_data(third: Third) -> None:
    feed = Feed(third, "4_16_51", "test_commercial")
    titles = {entry.findtext(f"{ATOM}title") for entry in feed.root.iter(f"{ATOM}entry")}
    assert titles == {
        *("UsagePoint", "LocalTimeParameters", "MeterReading", "ReadingType", "IntervalBlock"),
        "UsageSummary",
    }
    assert len(feed.kinds()) == 3
    for name in ("cost", "consumptionTier", "tou", "ReadingQuality"):
        assert list(feed.root.iter(ESPI + name)) == []
    for bill in feed.payloads("UsageSummary"):
        assert bill.findtext(f"{ESPI}billToDate") == bill.findtext(f"{ESPI}billLastPeriod")
        assert bill.find(f"{ESPI}ratchetDemand/{ESPI}value") is None


def test_demand_has_three_series_and_real_power_is_four_times_the_energy(third: Third) -> None:
    """D071 to D073."""
    feed = Feed(third, "4_6")
    electric = {kind for kind in feed.kinds() if kind[1] == "1"}
    assert electric == {
        ("4", "1", "1", "12", "72"),
        ("12", "1", "1", "37", "38"),
        ("12", "1", "1", "12", "61"),
        ("12", "1", "1", "12", "63"),
    }
    values: dict[str, list[int]] = {}
    for block in entries(feed.root, "IntervalBlock"):
        suffix = hrefs(block, "up")[0].split("/")[-2].split("_")[-2]
        values.setdefault(suffix, []).extend(
            int(value.text or 0) for value in payload(block).iter(f"{ESPI}value")
        )
    assert values["w"] == [energy * 4 // 1000 for energy in values["kwh"]]
    assert all(va >= w for va, w in zip(values["va"], values["w"], strict=True))
    assert len(values["var"]) == len(values["w"])


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_every_reading_has_a_cost(third: Third, customer: str) -> None:
    """D043, D058. Exporting meters may have credits; intervals of demand cost 0."""
    feed = Feed(third, "4_6_12", customer)
    for block in feed.payloads("IntervalBlock"):
        readings = block.findall(f"{ESPI}IntervalReading")
        assert all(reading.find(f"{ESPI}cost") is not None for reading in readings)
        assert block.find(f"{ESPI}IntervalReading")[0].tag == f"{ESPI}cost"  # type: ignore[index]  # every block has a reading
    assert all(element.find(f"{ESPI}currency") is not None for element in feed.payloads("ReadingType"))
    for block in entries(feed.root, "IntervalBlock"):
        if hrefs(block, "up")[0].split("/")[-2].endswith(("_w_1", "_va_1", "_var_1")):
            assert {cost.text for cost in payload(block).iter(f"{ESPI}cost")} == {"0"}


def test_costs_do_not_depend_on_the_requested_part(third: Third) -> None:
    feed = Feed(third, "4_12", "test_commercial")
    complete = {
        hrefs(entry, "self")[0]: etree.tostring(payload(entry))
        for entry in entries(feed.root, "IntervalBlock")
    }
    root = feed.read(f"/Batch/Subscription/{feed.uid}?published-min=2026-03-03T00:00:00Z")
    part = {
        hrefs(entry, "self")[0]: etree.tostring(payload(entry)) for entry in entries(root, "IntervalBlock")
    }
    assert 10 < len(part) < len(complete)
    assert part.items() <= complete.items()
    url = next(iter(part))
    assert etree.tostring(payload(feed.read(url.partition(R)[2]))) == part[url]


def test_a_summary_without_costs_has_no_amounts(third: Third) -> None:
    feed = Feed(third, "15")
    bills = feed.payloads("UsageSummary")
    assert bills
    money = {"billLastPeriod", "billToDate", "costAdditionalLastPeriod", "currency"}
    for bill in bills:
        named = {str(element.tag).removeprefix(ESPI) for element in bill}
        assert not named & {*money, "costAdditionalDetailLastPeriod"}
        assert {"billingPeriod", "overallConsumptionLastPeriod", "qualityOfReading"} <= named
    for block, expected in ((27, False), (28, True)):
        for bill in Feed(third, f"15_{block}").payloads("UsageSummary"):
            assert (bill.find(f"{ESPI}billToDate") is not None) is expected
            assert bill.find(f"{ESPI}billLastPeriod") is None


def _number(bill: etree._Element, path: str) -> int:
    return int(bill.findtext("/".join(ESPI + part for part in path.split("/"))) or 0)


def test_the_newest_summary_includes_the_present_period(third: Third) -> None:
    """FB 27 and 28: from the start of the period to the newest reading, whose time is statusTimeStamp."""
    feed = Feed(third, "4_16_27_28")
    truth: dict[str, Any] = third.http.get(
        "/_mock/truth", params={"customer": "test_residential", "from": "2026-03-01", "to": "2026-03-15"}
    ).json()
    point = hrefs(entries(feed.root, "UsagePoint")[-1], "self")[0]
    *older, newest = [
        payload(entry)
        for entry in entries(feed.root, "UsageSummary")
        if hrefs(entry, "up")[0].startswith(f"{point}/")
    ]
    service = next(candidate for candidate in truth["services"] if candidate["unit"] == "kwh")
    days = [round(float(day["net"]) * 1_000_000) for day in service["days"]]
    assert _number(newest, "currentBillingPeriodOverAllConsumption/value") == sum(days)
    assert _number(newest, "currentDayOverallConsumption/value") == days[-1]
    assert _number(newest, "previousDayOverallConsumption/value") == days[-2]
    assert _number(newest, "statusTimeStamp") == NOON.timestamp() - 6 * 3600
    assert 0 < _number(newest, "billToDate") < _number(newest, "billLastPeriod")
    for bill in older:
        assert _number(bill, "billToDate") == _number(bill, "billLastPeriod")
        assert _number(bill, "currentDayOverallConsumption/value") > 0
    for bill in (*older, newest):
        assert _number(bill, "ratchetDemand/value") >= _number(bill, "peakDemand/value") > 0
        period = _number(bill, "ratchetDemandPeriod/duration")
        assert 364 * 86_400 <= period <= 367 * 86_400


def test_each_billed_period_of_electricity_has_a_power_quality_summary(third: Third) -> None:
    """FB 17 requires 13 elements, and D134 requires the duration and start of the interval."""
    feed = Feed(third, "4_16_17", "test_commercial")
    found = entries(feed.root, "ElectricPowerQualitySummary")
    bills = {
        hrefs(entry, "self")[0].replace("UsageSummary", "ElectricPowerQualitySummary")
        for entry in entries(feed.root, "UsageSummary")
    }
    selves = {hrefs(entry, "self")[0] for entry in found}
    assert selves < bills
    points = entries(feed.root, "UsagePoint")
    for entry in found:
        assert len(payload(entry)) == 13
        assert [child.tag for child in payload(entry).find(f"{ESPI}summaryInterval")] == [  # type: ignore[union-attr]
            f"{ESPI}duration",
            f"{ESPI}start",
        ]
        assert [hrefs(entry, "up")[0] in hrefs(point, "related") for point in points].count(True) == 1
        assert etree.tostring(payload(feed.read(hrefs(entry, "self")[0].partition(R)[2]))) == etree.tostring(
            payload(entry)
        )
    kinds = [payload(point).findtext(f".//{ESPI}kind") for point in points]
    assert len({hrefs(entry, "up")[0] for entry in found}) == kinds.count("0")


def test_summaries_under_their_former_name_have_the_same_content(third: Third) -> None:
    feed = Feed(third, "16")
    point = hrefs(entries(feed.root, "UsagePoint")[0], "self")[0]
    former = feed.read(f"{point.partition(R)[2]}/ElectricPowerUsageSummary")
    named = entries(former, "ElectricPowerUsageSummary")
    present = [
        entry for entry in entries(feed.root, "UsageSummary") if hrefs(entry, "up")[0].startswith(f"{point}/")
    ]
    assert len(named) == len(present) > 0
    for old, new in zip(named, present, strict=True):
        expected = [
            (str(child.tag), etree.tostring(child))
            for child in payload(new)
            if not str(child.tag).endswith("tariffProfile")
        ]
        assert [(str(child.tag), etree.tostring(child)) for child in payload(old)] == expected
        assert hrefs(old, "self")[0] == hrefs(new, "self")[0].replace(
            "/UsageSummary/", "/ElectricPowerUsageSummary/"
        )


def customers_entries(third: Third, blocks: str, customer: str) -> dict[str, list[etree._Element]]:
    feed = Feed(third, blocks, customer)
    root = feed.read(f"/Batch/RetailCustomer/{feed.uid}")
    found: dict[str, list[etree._Element]] = {}
    for entry in root.iter(f"{ATOM}entry"):
        found.setdefault(str(entry.findtext(f"{ATOM}title")), []).append(entry)
    return found


def test_shared_bills_have_statements_last_that_link_to_the_pdf(third: Third) -> None:
    usual = [
        "Customer",
        "CustomerAccount",
        "CustomerAgreement",
        "ServiceLocation",
        "Meter",
        "LocalTimeParameters",
    ]
    assert list(customers_entries(third, "4_51", "test_residential")) == usual
    assert list(customers_entries(third, "15_51", "test_residential")) == usual
    found = customers_entries(third, "4_16_51", "test_residential")
    assert list(found) == [*usual, "Statement"]
    feed = Feed(third, "4_16_51")
    pdfs = {
        href
        for bill in entries(feed.root, "UsageSummary")
        for href in hrefs(bill, "related")
        if ".pdf" in href
    }
    root = feed.read("/Statement")
    result = {str(element.text) for element in root.iter(f"{CUST}statementURL")}
    assert result == pdfs
    for url in pdfs:
        assert third.get(url, feed.issued.access_token).headers["content-type"] == "application/pdf"


def test_supplier_program_and_inverter_are_linked_and_in_the_batch_if_requested(
    third: Third,
) -> None:
    for customer, kinds in (
        ("test_solar", {"ServiceSupplier": 2, "EndDevice": 1}),
        ("test_commercial", {"ServiceSupplier": 5, "ProgramDateIdMappings": 2}),
    ):
        usual = customers_entries(third, "51", customer)
        requested = customers_entries(third, "51_59_61_62", customer)
        assert {kind: len(found) for kind, found in requested.items() if kind not in usual} == kinds
        for kind in kinds:
            parents = [*usual["CustomerAgreement"], *usual["ServiceLocation"]]
            assert any(href.endswith(f"/{kind}") for parent in parents for href in hrefs(parent, "related"))


def test_the_summary_of_the_present_period_changes_with_its_readings(third: Third) -> None:
    feed = Feed(third, CERTIFIED)
    updated = {
        kind: max(entry.findtext(f"{ATOM}updated") or "" for entry in entries(feed.root, kind))
        for kind in ("UsageSummary", "IntervalBlock")
    }
    assert updated["UsageSummary"] == updated["IntervalBlock"] == "2026-03-15T16:00:00Z"
