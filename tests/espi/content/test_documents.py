"""Every document of every customer is valid and linked, and has ids like the real system's."""

from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import httpx
import pytest
from lxml import etree

from mock_server.domain.records import Authorization
from mock_server.espi.check.schema import load_schema
from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.espi.documents import ATOM, CUST, ESPI, entries, hrefs, parse, payload
from tests.support import Third

R = "/DataCustodian/espi/1_1/resource"
SCOPE = "FB=4_16_51;HistoryLength=8000000;AdditionalScope=auth-test-{}"
CUSTOMERS = {"test_residential": (1, 3), "test_commercial": (2, 5), "test_solar": (1, 2), "test_gaps": (1, 2)}


@pytest.fixture(params=["utilityapi", "certification"])
def settings(request: pytest.FixtureRequest) -> Settings:
    return read_settings({"clock": NOON, "dialect": request.param})


@pytest.fixture(scope="session")
def schema(schema_dir: Path) -> etree.XMLSchema:
    return load_schema(schema_dir)


class Documents:
    """All documents that the tokens of one authorization can read."""

    def __init__(self, third: Third, customer: str) -> None:
        issued = third.tokens(customer, SCOPE.format(customer))
        self.authorization: Authorization = issued.authorization
        uid, self.token = issued.authorization.uid, issued.access_token
        own, registration = third.client_token(), third.client_token("FB=36_40")
        meter = entries(parse(self._get(third, f"{R}/Subscription/{uid}/UsagePoint")), "UsagePoint")[0]
        self.meter = hrefs(meter, "self")[0].rsplit("/", 1)[-1]
        self.bodies = {
            "batch": self._get(third, f"{R}/Batch/Subscription/{uid}"),
            "batch of a meter": self._get(third, f"{R}/Batch/Subscription/{uid}/UsagePoint/{self.meter}"),
            "usage points": self._get(third, f"{R}/Subscription/{uid}/UsagePoint"),
            "usage point": self._get(third, f"{R}/Subscription/{uid}/UsagePoint/{self.meter}"),
            "customer": self._get(third, f"{R}/Batch/RetailCustomer/{uid}"),
            "authorizations": self._get(third, f"{R}/Authorization", own),
            "authorization": self._get(third, f"{R}/Authorization/{uid}", own),
            "application": self._get(third, f"{R}/ApplicationInformation/{third.client_id}", registration),
            "status": self._get(third, f"{R}/ReadServiceStatus", own),
        }
        self.roots = {name: parse(body) for name, body in self.bodies.items()}

    def _get(self, third: Third, path: str, token: str | None = None) -> bytes:
        response = third.get(path, token or self.token)
        assert response.status_code == 200, response.text
        assert response.headers["content-type"].startswith("application/atom+xml")
        body: bytes = response.content
        return body


@pytest.fixture(params=CUSTOMERS)
def documents(request: pytest.FixtureRequest, third: Third) -> Documents:
    return Documents(third, request.param)


@pytest.mark.schemas
def test_every_document_validates(documents: Documents, schema: etree.XMLSchema) -> None:
    for name, root in documents.roots.items():
        assert schema.validate(root), (name, schema.error_log)


def test_each_document_has_one_certification_link(documents: Documents) -> None:
    for name, root in documents.roots.items():
        links = [link for link in root.iter(f"{ATOM}link") if link.get("type") == "text/html"]
        assert len(links) == (0 if name == "status" else 1), name


def test_payloads_have_the_prefix_of_the_dialect(documents: Documents, settings: Settings) -> None:
    prefix = "espi" if settings.dialect == "certification" else None
    for name in ("batch", "status", "authorization", "application"):
        elements = [element for element in documents.roots[name].iter() if str(element.tag).startswith(ESPI)]
        assert elements
        assert {element.prefix for element in elements} == {prefix}
    prefix = "cust" if settings.dialect == "certification" else None
    own = [element for element in documents.roots["customer"].iter() if str(element.tag).startswith(CUST)]
    assert {element.prefix for element in own} == {prefix}


def test_matching_links_are_identical_strings(documents: Documents) -> None:
    """The equalities that certification checks (ESPI 4.0 §6.4)."""
    batch = documents.roots["batch"]
    points, times = entries(batch, "UsagePoint"), entries(batch, "LocalTimeParameters")
    readings, types = entries(batch, "MeterReading"), entries(batch, "ReadingType")
    blocks, bills = entries(batch, "IntervalBlock"), entries(batch, "UsageSummary")
    assert points
    assert blocks
    assert bills
    time_selves = {hrefs(entry, "self")[0] for entry in times}
    type_selves = {hrefs(entry, "self")[0] for entry in types}
    for point in points:
        assert len(time_selves & set(hrefs(point, "related"))) == 1
    for reading in readings:
        assert len(type_selves & set(hrefs(reading, "related"))) == 1
    for children, parents in ((readings, points), (blocks, readings), (bills, points)):
        for child in children:
            [up] = hrefs(child, "up")
            assert [up in hrefs(parent, "related") for parent in parents].count(True) == 1
    selves = [hrefs(entry, "self")[0] for entry in batch.iter(f"{ATOM}entry")]
    assert len(selves) == len(set(selves))
    ids = [entry.findtext(f"{ATOM}id") for entry in batch.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))


def test_customer_entries_link_to_each_other_and_to_the_usage(documents: Documents) -> None:
    root, batch = documents.roots["customer"], documents.roots["batch"]
    accounts, services = CUSTOMERS[documents.authorization.customer_id or ""]
    for kind, parent, count in (
        ("CustomerAccount", "Customer", accounts),
        ("CustomerAgreement", "CustomerAccount", services),
        ("ServiceLocation", "CustomerAgreement", services),
        ("Meter", "ServiceLocation", services),
    ):
        children, candidates = entries(root, kind), entries(root, parent)
        assert len(children) == count
        for child in children:
            [up] = hrefs(child, "up")
            parents = [candidate for candidate in candidates if up in hrefs(candidate, "related")]
            assert len(parents) == 1
            assert hrefs(parents[0], "self")[0] in hrefs(child, "related")
    used = {hrefs(point, "self")[0] for point in entries(batch, "UsagePoint")}
    result = {str(found.text) for found in root.iter(f"{CUST}UsagePoint")}
    assert result == used


def test_ids_are_hashed_like_captured_ones(documents: Documents, sandbox: Sandbox) -> None:
    """Ids of feeds and customer entries hash the canonical URL, and ids of usage entries hash its path."""
    base = sandbox.fixtures.utility.canonical_base
    for name in ("batch", "customer", "authorizations", "usage points"):
        root = documents.roots[name]
        path = hrefs(root, "self")[0].removeprefix("http://localhost:8000")
        assert root.findtext(f"{ATOM}id") == f"urn:uuid:{uuid5(NAMESPACE_URL, base + path)}"
        for entry in root.iter(f"{ATOM}entry"):
            path = hrefs(entry, "self")[0].removeprefix("http://localhost:8000")
            complete = name == "customer" and entry.findtext(f"{ATOM}title") != "LocalTimeParameters"
            expected = uuid5(NAMESPACE_URL, (base if complete else "") + path)
            assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{expected}"


def test_ids_of_customer_resources_are_hashes(documents: Documents) -> None:
    uid = documents.authorization.uid
    root = documents.roots["customer"]
    numbers = {str(found.text) for found in root.iter(f"{CUST}accountId")}
    for kind, infix in (("Customer", "cust"), ("CustomerAccount", "acct")):
        expected = {str(uuid5(NAMESPACE_URL, f"{uid}-{infix}-{number}")) for number in numbers}
        assert {hrefs(entry, "self")[0].rsplit("/", 1)[-1] for entry in entries(root, kind)} == expected
    for location in entries(root, "ServiceLocation"):
        meter = hrefs(location, "self")[0].split("/CustomerAgreement/")[1].split("/")[0]
        assert hrefs(location, "self")[0].endswith(f"/{uuid5(NAMESPACE_URL, meter + '-loc')}")


def test_reading_ids_contain_meter_end_start_unit_and_direction(documents: Documents) -> None:
    batch = documents.roots["batch"]
    names = [hrefs(entry, "self")[0].rsplit("/", 1)[-1] for entry in entries(batch, "MeterReading")]
    kinds = {
        "test_solar": {"kwh_1", "kwh_4", "kwh_19", "gal_1"},
        "test_gaps": {"kwh_1", "therms_1"},
    }.get(documents.authorization.customer_id or "", {"kwh_1", "therms_1", "gal_1"})
    assert {name.split("_", 1)[1] for name in names} == kinds
    for name in names:
        meter, end, start = name.split("_")[0].split("-")
        assert meter.isdigit()
        assert int(end) > int(start)
    types = {hrefs(entry, "self")[0].rsplit("/", 1)[-1] for entry in entries(batch, "ReadingType")}
    uid = documents.authorization.uid
    assert types == {f"{uid}_{name.split('-')[0]}_{name}" for name in names}


def test_blocks_are_daily_and_contiguous_and_add_up_to_the_bill(documents: Documents) -> None:
    batch = documents.roots["batch"]
    by_set: dict[str, list[etree._Element]] = {}
    for block in entries(batch, "IntervalBlock"):
        by_set.setdefault(hrefs(block, "up")[0], []).append(block)
    sums: dict[tuple[str, str, int, int], int] = {}
    for collection, blocks in by_set.items():
        numbers = [hrefs(block, "self")[0].rsplit("/", 1)[-1] for block in blocks]
        assert numbers == [f"{position:06d}" for position in range(1, len(blocks) + 1)]
        total, at = 0, 0
        for block in blocks:
            start, duration = (int(x.text or 0) for x in reversed(payload(block)[0]))
            has_gaps = documents.authorization.customer_id == "test_gaps"
            assert at in (0, start) or has_gaps, "a block begins when the previous one ends"
            assert duration <= 25 * 3600
            readings = payload(block).findall(f"{ESPI}IntervalReading")
            assert sum(int(reading.findtext(f".//{ESPI}duration") or 0) for reading in readings) == duration
            is_net = "_kwh_4/" in collection
            assert all(is_net or int(reading.findtext(f"{ESPI}value") or 0) >= 0 for reading in readings)
            total += sum(int(reading.findtext(f"{ESPI}value") or 0) for reading in readings)
            at = start + duration
        meter = collection.split("/UsagePoint/")[1].split("/")[0]
        first = int(payload(blocks[0]).findtext(f"{ESPI}interval/{ESPI}start") or 0)
        flow = collection.split("/IntervalBlock")[0].rsplit("_", 1)[-1]
        sums[meter, flow, first, at] = total
    bills = entries(batch, "UsageSummary")
    assert bills
    for bill in bills:
        element = payload(bill)
        start = int(element.findtext(f"{ESPI}billingPeriod/{ESPI}start") or 0)
        end = start + int(element.findtext(f"{ESPI}billingPeriod/{ESPI}duration") or 0)
        meter = hrefs(bill, "up")[0].split("/UsagePoint/")[1].split("/")[0]
        used = int(element.findtext(f"{ESPI}overallConsumptionLastPeriod/{ESPI}value") or 0)
        net = sums.get((meter, "4", start, end), sums[meter, "1", start, end])
        assert used == net
        if (meter, "19", start, end) in sums:
            assert net == sums[meter, "1", start, end] - sums[meter, "19", start, end]
        lines = [
            int(line.findtext(f"{ESPI}amount") or 0)
            for line in element.findall(f"{ESPI}costAdditionalDetailLastPeriod")
        ]
        assert sum(lines) == int(element.findtext(f"{ESPI}billLastPeriod") or 0) != 0


def test_the_newest_reading_is_one_publication_lag_old(documents: Documents, settings: Settings) -> None:
    limit = NOON.timestamp() - settings.publication_lag_hours * 3600
    starts = [
        int(found.findtext(f"{ESPI}start") or 0)
        for found in documents.roots["batch"].iter(f"{ESPI}timePeriod")
    ]
    assert limit - 3600 <= max(starts) < limit


def test_an_authorization_matches_the_token_response(documents: Documents, third: Third) -> None:
    element = payload(parse(documents.bodies["authorizations"]).find(f"{ATOM}entry"))  # type: ignore[arg-type]
    uid = documents.authorization.uid
    assert element.findtext(f"{ESPI}status") == "1"
    assert element.findtext(f"{ESPI}scope") == documents.authorization.scope
    assert element.findtext(f"{ESPI}token_type") == "Bearer"
    assert str(element.findtext(f"{ESPI}resourceURI")).endswith(f"/Batch/Subscription/{uid}")
    assert str(element.findtext(f"{ESPI}customerResourceURI")).endswith(f"/Batch/RetailCustomer/{uid}")
    assert int(element.findtext(f"{ESPI}expires_at") or 0) == NOON.timestamp() + 3600


def test_the_same_request_gets_the_same_response(documents: Documents, http: httpx.Client) -> None:
    path = f"{R}/Batch/Subscription/{documents.authorization.uid}"
    again = http.get(path, headers={"Authorization": f"Bearer {documents.token}"})
    assert again.content == documents.bodies["batch"]
