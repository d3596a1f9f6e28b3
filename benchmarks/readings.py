"""How long readings take, against filling arrays of the same size."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.table import Row
from benchmarks.turns import in_turns, timed
from mock_server.domain.randomness import Randomness
from mock_server.domain.time.periods import Span
from mock_server.domain.usage.readings import Territory
from mock_server.domain.usage.simulation import read_meter
from mock_server.fixtures import bundled_folder, load_fixtures

END = datetime(2026, 3, 1, tzinfo=UTC)


def measure() -> Iterable[Row]:
    """The rows of this part."""
    fixtures = load_fixtures(bundled_folder())
    [customer] = [one for one in fixtures.customers if one.id == "test_commercial"]
    territory = Territory(
        random=Randomness("demo"), climate=fixtures.utility.climate, zone=ZoneInfo(customer.time_zone)
    )
    services = [service for _, service in customer.services()]

    def read(days: int, count: int) -> int:
        span = Span(start=END - timedelta(days=days), end=END)
        return sum(len(read_meter(territory, service, span).values) for service in services[:count])

    total = read(730, 5)

    def fill(count: int) -> None:
        starts = np.arange(count, dtype=np.int64)
        np.floor(np.random.default_rng(1).random(count) * 1000.0).astype(np.int64) + starts

    yield _row(f"{total:,} readings, in process", lambda: read(730, 5), lambda: fill(total))
    yield _row("96 readings, in process", lambda: read(1, 1), lambda: fill(96))


def _row(figure: str, subject: Callable[[], object], baseline: Callable[[], object]) -> Row:
    medians = in_turns({"subject": timed(subject), "baseline": timed(baseline)})
    return Row(
        figure=figure,
        ours=medians["subject"],
        unit="ms",
        beside="filling arrays",
        baseline=medians["baseline"],
    )
