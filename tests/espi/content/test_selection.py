"""Query parameters select entries of feeds (ESPI 4.0 function block 37), over HTTP and for every kind of feed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import pytest
from lxml import etree

from mock_server.app import compose
from mock_server.domain.randomness import Randomness, Stream
from mock_server.espi.check.schema import load_schema
from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.espi.documents import ATOM, ESPI, entries, hrefs, parse, payload
from tests.support import Third, browser

R = "/DataCustodian/espi/1_1/resource"
SCOPE = "FB=4_16_51;HistoryLength=8000000;AdditionalScope=auth-test-{}"
FEEDS = (
    "/Batch/Subscription/{uid}",
    "/Batch/Subscription/{uid}/UsagePoint/{meter}",
    "/Batch/RetailCustomer/{uid}",
    "/Subscription/{uid}/UsagePoint",
    "/Subscription/{uid}/UsagePoint/{meter}/MeterReading",
    "/Subscription/{uid}/UsagePoint/{meter}/MeterReading/x/IntervalBlock",
    "/Subscription/{uid}/UsagePoint/{meter}/UsageSummary",
    "/RetailCustomer/{uid}/Customer",
    "/Authorization",
    "/Authorization/",
)
Element: TypeAlias = etree._Element
Feed: TypeAlias = Callable[..., list[Element]]


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> Settings:
    return read_settings({"clock": NOON, "dialect": getattr(request, "param", "utilityapi")})


def moment(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def metered(entry: Element) -> tuple[datetime, datetime] | None:
    """The period of a block or a summary."""
    element = payload(entry)
    period = element.find(f"{ESPI}interval")
    period = element.find(f"{ESPI}billingPeriod") if period is None else period
    if period is None:
        return None
    start = int(period.findtext(f"{ESPI}start") or 0)
    end = start + int(period.findtext(f"{ESPI}duration") or 0)
    return datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)


def changed(entry: Element) -> datetime:
    return datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "")


def written(entries: list[Element]) -> list[bytes]:
    return [etree.tostring(entry) for entry in entries]


@pytest.fixture(params=["test_residential", "test_commercial", "test_solar", "test_gaps"])
def batch(request: pytest.FixtureRequest, third: Third) -> Feed:
    """Reads the entries of one customer's batch for a query."""
    issued = third.tokens(request.param, SCOPE.format(request.param))

    def read(**query: str) -> list[Element]:
        named = {name.replace("_", "-"): value for name, value in query.items()}
        response = third.get(
            f"{R}/Batch/Subscription/{issued.authorization.uid}", issued.access_token, params=named
        )
        assert response.status_code == 200, response.text
        return list(parse(response.content).iter(f"{ATOM}entry"))

    return read


def result(entries: list[Element]) -> list[Element]:
    """The entries without MeterReadings and ReadingTypes that have no blocks left."""
    sets = {
        hrefs(entry, "up")[0].split("/")[-2]
        for entry in entries
        if entry.findtext(f"{ATOM}title") == "IntervalBlock"
    }

    def is_selected(entry: Element) -> bool:
        kind, name = entry.findtext(f"{ATOM}title"), hrefs(entry, "self")[0].split("/")[-1]
        if kind == "ReadingType":
            return any(name.endswith(f"_{set_id}") for set_id in sets)
        return kind != "MeterReading" or name in sets

    return [entry for entry in entries if is_selected(entry)]


DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 2, 2, 5, tzinfo=UTC)
WINDOWS = [
    (MIDNIGHT, MIDNIGHT + DAY),
    (MIDNIGHT + timedelta(seconds=1), MIDNIGHT + 3 * DAY),
    (MIDNIGHT, MIDNIGHT + 3 * DAY - timedelta(seconds=1)),
    (MIDNIGHT - 40 * DAY, MIDNIGHT),
    (datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC)),
    (MIDNIGHT + timedelta(hours=1), MIDNIGHT + timedelta(hours=2)),
    (NOON - 2 * DAY, NOON + 400 * DAY),
    (datetime(1970, 1, 1, tzinfo=UTC), datetime(1971, 1, 1, tzinfo=UTC)),
]


def test_published_selects_blocks_and_bills_completely_within_the_window(batch: Feed) -> None:
    complete = batch()
    for start, end in WINDOWS:
        about = [(entry, metered(entry)) for entry in complete]
        expected = [entry for entry, when in about if when is None or (start <= when[0] and when[1] <= end)]
        found = batch(published_min=moment(start), published_max=moment(end))
        assert written(found) == written(result(expected)), (start, end)
        assert len(found) < len(complete)
    half = batch(published_min=moment(MIDNIGHT)), batch(published_max=moment(MIDNIGHT))
    blocks = [[entry for entry in found if metered(entry)] for found in (*half, complete)]
    assert len(blocks[0]) + len(blocks[1]) <= len(blocks[2])


def test_updated_selects_blocks_and_bills_by_their_last_change(batch: Feed) -> None:
    complete = batch()
    for start, end in [*WINDOWS, (MIDNIGHT + timedelta(hours=30), MIDNIGHT + timedelta(hours=30))]:
        expected = [entry for entry in complete if metered(entry) is None or start <= changed(entry) <= end]
        found = batch(updated_min=moment(start), updated_max=moment(end))
        assert written(found) == written(result(expected)), (start, end)


def test_the_pages_together_are_the_feed(batch: Feed) -> None:
    complete = batch(published_min=moment(MIDNIGHT))
    size, pages = 60, list[Element]()
    while page := batch(
        published_min=moment(MIDNIGHT), start_index=str(len(pages) + 1), max_results=str(size)
    ):
        assert len(page) <= size
        pages += page
    assert written(pages) == written(complete)
    assert written(batch(depth="7")) == written(batch()[:7])
    assert batch(max_results="0") == []


def test_the_block_count_is_what_certification_expects(third: Third) -> None:
    """QRY001: from the start of the second block to the end of the second-to-last, there are n - 2 blocks."""
    issued = third.tokens(scope=SCOPE.format("test_residential"))
    meters = parse(
        third.get(
            f"{R}/Subscription/{issued.authorization.uid}/UsagePoint/1500001/MeterReading",
            issued.access_token,
        ).content
    )
    path = hrefs(entries(meters, "MeterReading")[0], "self")[0] + "/IntervalBlock"
    blocks = entries(parse(third.get(path, issued.access_token).content), "IntervalBlock")
    times = [metered(block) or (NOON, NOON) for block in blocks]
    query = {"published-min": moment(times[1][0]), "published-max": moment(times[-2][1])}
    found = entries(parse(third.get(path, issued.access_token, params=query).content), "IntervalBlock")
    assert len(blocks) > 2
    assert written(found) == written(blocks[1:-1])


@pytest.mark.schemas
@pytest.mark.parametrize("settings", ["utilityapi", "certification"], indirect=True)
@pytest.mark.parametrize("path", FEEDS)
def test_a_selected_part_of_a_feed_is_valid(
    third: Third, path: str, request: pytest.FixtureRequest, settings: Settings
) -> None:
    schema = load_schema(request.getfixturevalue("schema_dir"))
    issued = third.tokens(scope=SCOPE.format("test_residential"))
    names = {"uid": issued.authorization.uid, "meter": "1500001"}
    for query in ({"max-results": "0"}, {"published-min": moment(NOON - 3 * DAY)}, {"start-index": "2"}):
        root = parse(third.get(R + path.format(**names), third.client.api_token, params=query).content)
        assert schema.validate(root), schema.error_log


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize(
    ("name", "values"),
    [
        (name, ("All", "03/01/2016", ""))
        for name in ("published-min", "published-max", "updated-min", "updated-max")
    ]
    + [(name, ("All", "", "-1")) for name in ("max-results", "start-index", "depth")],
)
def test_a_bad_value_gives_400_and_names_the_parameter(
    third: Third, path: str, name: str, values: tuple[str, ...]
) -> None:
    """QRY002 of the certification suite, on every feed."""
    issued = third.tokens(scope=SCOPE.format("test_residential"))
    url = R + path.format(uid=issued.authorization.uid, meter="1500001")
    for value in (*values, ["1", "1"]):
        response = third.get(url, third.client.api_token, params={name: value})
        assert response.status_code == 400, value
        assert response.json()["error"] == "invalid_param"
        assert response.json()["error_description"].startswith(f"{name} ")


def test_a_bad_value_is_reported_before_data_is_read(third: Third) -> None:
    for path in ("/Batch/Subscription/599999", "/Batch/RetailCustomer/599999"):
        response = third.get(R + path, third.client.api_token, params={"depth": "All"})
        assert response.status_code == 400
    assert third.http.get(f"{R}/Batch/Subscription/1?depth=All").status_code == 401


def test_a_query_does_not_affect_single_resources(third: Third) -> None:
    issued = third.tokens(scope=SCOPE.format("test_residential"))
    batch = parse(
        third.get(f"{R}/Batch/Subscription/{issued.authorization.uid}", issued.access_token).content
    )
    for kind in ("UsagePoint", "IntervalBlock", "UsageSummary"):
        url = hrefs(entries(batch, kind)[0], "self")[0]
        query = {"published-max": "1999-01-01T00:00:00Z", "max-results": "0"}
        assert third.get(url, issued.access_token, params=query).status_code == 200


def test_authorizations_are_selected_by_creation_time(third: Third) -> None:
    third.tokens(scope=SCOPE.format("test_residential"))
    path, token = f"{R}/Authorization", third.client_token()

    def count(name: str, instant: datetime) -> int:
        query = {name: moment(instant)}
        return len(entries(parse(third.get(path, token, params=query).content), "Authorization"))

    for kind in ("published", "updated"):
        everything = count(f"{kind}-max", NOON)
        assert everything >= 1
        assert count(f"{kind}-min", NOON) >= 1
        assert count(f"{kind}-min", NOON + timedelta(seconds=1)) == 0


@dataclass(frozen=True)
class CountingRandomness(Randomness):
    """Records the names of all drawn streams."""

    drawn: list[tuple[object, ...]] = field(default_factory=list, compare=False)

    def stream(self, *name: object) -> Stream:
        self.drawn.append(name)
        return super().stream(*name)


def test_excluded_data_is_not_computed(sandbox: Sandbox) -> None:
    random = CountingRandomness("uncached")  # a different seed, so no feed is cached
    counted = replace(sandbox, random=random)
    with browser(compose(counted)) as http:
        third = Third(counted, http)
        issued = third.tokens("test_commercial", "FB=4_16;AdditionalScope=auth-test-test_commercial")
        day = {"published-min": moment(MIDNIGHT), "published-max": moment(MIDNIGHT + DAY)}
        blocks, drawn = [], []
        for query in ({}, day, day | {"updated-max": moment(MIDNIGHT)}, {"max-results": "3"}):
            random.drawn.clear()
            path = f"{R}/Batch/Subscription/{issued.authorization.uid}"
            root = parse(third.get(path, issued.access_token, params=query).content)
            blocks.append(len(entries(root, "IntervalBlock")))
            drawn.append(len({name for name in random.drawn if name[0] == "usage"}))
    assert blocks[0] > 3000
    assert drawn[0] > 3000
    assert blocks[1:] == [5, 0, 0]
    assert drawn[1] == 5 * 2, "a local day overlaps two UTC days"
    assert drawn[2:] == [0, 0]
