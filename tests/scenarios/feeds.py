"""What a client keeps of a Green Button feed: the readings of each usage point, by when they begin."""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.espi.documents import ESPI, entries, hrefs, parse

HOME = ZoneInfo("America/New_York")
Readings = Mapping[int, int]  # seconds since 1970, thousandths of a Wh (powerOfTenMultiplier -3)


def kwh(readings: Readings) -> float:
    """What they add up to."""
    return sum(readings.values()) / 1_000_000


def usage_points(feed: bytes) -> set[str]:
    """The ids of the usage points."""
    return {hrefs(one, "self")[0].rpartition("/")[2] for one in entries(parse(feed), "UsagePoint")}


def electricity(feed: bytes) -> dict[str, Readings]:
    """By usage point, what was delivered. Whatever comes again takes the former's place."""
    root = parse(feed)
    kinds = {
        hrefs(one, "self")[0].rpartition("/")[2]: one.findtext(f".//{ESPI}ServiceCategory/{ESPI}kind")
        for one in entries(root, "UsagePoint")
    }
    stored: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for block in entries(root, "IntervalBlock"):
        found = re.search(r"/UsagePoint/([^/]+)/", hrefs(block, "self")[0])
        assert found
        if kinds[found[1]] == "0":
            for reading in block.iter(f"{ESPI}IntervalReading"):
                start = int(str(reading.findtext(f"{ESPI}timePeriod/{ESPI}start")))
                stored[found[1]][start] = int(str(reading.findtext(f"{ESPI}value")))
    return dict(stored)


def of_day(day: str) -> dict[str, str]:
    """The query that asks for one local day, of 23, 24 or 25 hours."""
    first = date.fromisoformat(day)
    return {"published-min": _midnight(first), "published-max": _midnight(first + timedelta(days=1))}


def _midnight(day: date) -> str:
    return (
        datetime.combine(day, time(), tzinfo=HOME).astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")
    )
