"""FB_37 Query parameters."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from tests.certification.suite import Suite, path_of, valid
from tests.espi.documents import entries, hrefs, payload


def written(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def interval(block: etree._Element) -> tuple[int, int]:
    """Start and end of a block, read as the suite reads it: by the literal prefix, duration first."""
    duration, start = payload(block)[0]
    assert duration.prefix == start.prefix == "espi"
    return int(str(start.text)), int(str(start.text)) + int(str(duration.text))


def test_qry001_a_window_leaves_out_the_first_and_the_last_block(suite: Suite) -> None:
    """The suite counts the blocks of all readings together, so it is asked of one meter and one direction."""
    batch = path_of(suite.answer("access")["resourceURI"])
    point = entries(valid(suite.get(f"{batch.replace('/Batch', '')}/UsagePoint", "access")), "UsagePoint")[-1]
    one = f"{batch}/UsagePoint/{hrefs(point, 'self')[0].rsplit('/', 1)[-1]}"
    blocks = [interval(block) for block in entries(valid(suite.get(one, "access")), "IntervalBlock")]
    assert len(blocks) > 2
    assert blocks == sorted(blocks)
    window = {"published-min": written(blocks[1][0]), "published-max": written(blocks[-2][1])}
    answer = suite.third.http.get(one, params=window, headers=suite.bearer("access"))
    assert [interval(block) for block in entries(valid(answer), "IntervalBlock")] == blocks[1:-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            (name, value)
            for name in ("published-min", "published-max", "updated-min", "updated-max")
            for value in ("All", "03/01/2016")
        ),
        *((name, "All") for name in ("max-results", "start-index", "depth")),
    ],
)
def test_qry002_a_value_that_is_none_gives_400(suite: Suite, name: str, value: str) -> None:
    address = path_of(suite.answer("access")["resourceURI"])
    answer = suite.third.http.get(f"{address}?{name}={value}", headers=suite.bearer("access"))
    assert answer.status_code == 400
    assert name in answer.json()["error_description"]
