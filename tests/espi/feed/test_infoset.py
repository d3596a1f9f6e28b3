"""Served blocks, which the fast path writes, equal elements built from the simulated readings."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from lxml import etree

from mock_server.actions.reading.shares import Share, SharedMeter, get_share, territory_of
from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.domain.records import Flow
from mock_server.domain.time.periods import Span
from mock_server.domain.usage.simulation import read_meter
from mock_server.espi.codes import COMMODITIES, FLOWS
from mock_server.espi.xml.spelling import USAGE, Spelling
from mock_server.espi.xml.usage import Written, interval_block
from mock_server.fixtures import bundled_folder, load_fixtures
from mock_server.sandbox import Sandbox
from tests.conftest import NOON
from tests.espi.documents import ATOM, ESPI, hrefs, parse
from tests.support import Third

R = "/DataCustodian/espi/1_1/resource"
DAY = timedelta(days=1)
BY_CODE: dict[str, Flow] = {str(code): flow for flow, code in FLOWS.items()}
CUSTOMERS = [
    customer.id
    for customer in load_fixtures(bundled_folder()).customers
    if customer.is_test_account and customer.accounts
]


def canonical(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True, with_tail=False)


@pytest.mark.parametrize("window", range(3))
@pytest.mark.parametrize("customer", CUSTOMERS)
def test_served_blocks_equal_elements_built_from_the_readings(
    sandbox: Sandbox, third: Third, customer: str, window: int
) -> None:
    drawn = Random(f"{customer} {window}")
    days_ago, days, which = drawn.randint(7, 700), drawn.randint(2, 5), drawn.randint(0, 99)
    approval = third.approval(customer, f"FB=4;AdditionalScope=auth-test-{customer}")
    share = sandbox.read(get_share, approval.authorization.uid)
    shared = share.meters[which % len(share.meters)]
    start = NOON - days_ago * DAY
    bounds = [f"{instant:%Y-%m-%dT%H:%M:%SZ}" for instant in (start, start + days * DAY)]
    query = dict(zip(("published-min", "published-max"), bounds, strict=True))
    path = f"{R}/Batch/Subscription/{share.authorization.uid}/UsagePoint/{shared.meter.uid}"
    while (response := third.get(path, third.client.api_token, params=query)).status_code == 202:
        sandbox.write_alone(advance_clock, timedelta(seconds=int(response.headers["Retry-After"])))
    seen = 0
    for entry in parse(response.content).iter(f"{ATOM}entry"):
        block = next(entry.iter(f"{ESPI}IntervalBlock"), None)
        if block is not None:
            flow = BY_CODE[hrefs(entry, "up")[0].split("/")[-2].rpartition("_")[2]]
            assert canonical(block) == canonical(_built(sandbox, share, shared, flow, block))
            seen += 1
    assert seen > 0


def _built(
    sandbox: Sandbox, share: Share, shared: SharedMeter, flow: Flow, block: etree._Element
) -> etree._Element:
    """The block of the same period, built as elements from the simulated readings."""
    seconds, first = (
        int(block.findtext(f"{ESPI}interval/{ESPI}{name}") or 0) for name in ("duration", "start")
    )
    start = datetime.fromtimestamp(first, UTC)
    span = Span(start=start, end=start + timedelta(seconds=seconds))
    read = read_meter(territory_of(sandbox, share), shared.service, span, flow=flow, as_of=share.now)
    scale = COMMODITIES[shared.service.kind].scale
    pairs = zip(read.starts.tolist(), read.values.tolist(), strict=True)
    return interval_block(
        Spelling(USAGE, is_prefixed=False),
        start=first,
        duration=seconds,
        interval=read.interval_seconds,
        quality=int(read.qualities[0]) or None,
        readings=[Written(at, value * scale) for at, value in pairs],
    )
