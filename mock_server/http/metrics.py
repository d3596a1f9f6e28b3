"""The counters of a server, for Prometheus. The client library is loaded after the first response, not before.

Several workers count into shared files (the library's multiprocess mode), so that each of them can report the sums.
"""

import os
from collections import deque
from collections.abc import Callable, Mapping

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable that names the folder of the shared files; read when the library is loaded."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_COUNTERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "requests": ("Requests that were answered or cut off.", ("surface", "method", "status")),
    "tokens_issued": ("Issued access tokens, by grant.", ("grant",)),
    "deliveries": ("Delivery attempts to third parties.", ("kind", "outcome")),
    "faults_struck": ("Simulated faults that were applied.", ("surface", "fault")),
}
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class _Loaded:
    """The library's own objects."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self.registry = CollectorRegistry()
        self.counters: dict[str, Counter] = {
            name: Counter(f"mock_server_{name}", description, labels, registry=self.registry)
            for name, (description, labels) in _COUNTERS.items()
        }
        self.durations = Histogram(
            "mock_server_request_duration_seconds",
            "From the first line of a request to the last byte of its response.",
            ("surface",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.add: dict[tuple[str, tuple[str, ...]], Callable[[float], object]] = {}
        """By metric and labels the method that adds to it. Labels have few values, so there are few of them."""


class Metrics:
    """The counters of one server. Methods may be called from any thread."""

    def __init__(self) -> None:
        self._loaded: _Loaded | None = None
        self._early: deque[tuple[str, tuple[str, ...], float]] = deque()

    def count_request(self, *, surface: str, method: str, status: int | None, seconds: float) -> None:
        """Count a request that has ended; `status` is None if no response began."""
        label = "none" if status is None else str(status)
        self._note("requests", (surface, method if method in _METHODS else "other", label), 1)
        self._note("durations", (surface,), seconds)

    def count_tokens(self, grant: str) -> None:
        """Count an issued access token."""
        self._note("tokens_issued", (grant,), 1)

    def count_delivery(self, kind: str, *, status: int | None) -> None:
        """Count a delivery attempt; `status` is None if no response came."""
        outcome = "no answer" if status is None else "delivered" if status == 200 else "refused"
        self._note("deliveries", (kind, outcome), 1)

    def count_fault(self, *, surface: str, preset: str | None) -> None:
        """Count a simulated fault that was applied; faults of no preset are counted as `own`."""
        self._note("faults_struck", (surface, preset or "own"), 1)

    def load(self) -> _Loaded:
        """Load the library, unless it is loaded, and count what was noted before."""
        if self._loaded is None:
            self._loaded = _Loaded()
        while self._early:
            _count(self._loaded, *self._early.popleft())
        return self._loaded

    def text(self, *, sandboxes: int) -> bytes:
        """All metrics of all workers, in Prometheus' text format."""
        loaded = self.load()
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.core import GaugeMetricFamily
        from prometheus_client.multiprocess import MultiProcessCollector
        from prometheus_client.registry import Collector

        class Sandboxes(Collector):
            def collect(self) -> list[GaugeMetricFamily]:
                description = "Sandboxes in the database."
                return [GaugeMetricFamily("mock_server_sandboxes", description, value=sandboxes)]

        registry = loaded.registry
        if MULTIPROCESS in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library types it in part
        gauges = CollectorRegistry()
        gauges.register(Sandboxes())
        return generate_latest(registry) + generate_latest(gauges)

    def _note(self, name: str, labels: tuple[str, ...], amount: float) -> None:
        if self._loaded is None:
            self._early.append((name, labels, amount))
        else:
            _count(self._loaded, name, labels, amount)


def _count(loaded: _Loaded, name: str, labels: tuple[str, ...], amount: float) -> None:
    add = loaded.add.get((name, labels))
    if add is None:
        if name == "durations":
            add = loaded.durations.labels(*labels).observe
        else:
            add = loaded.counters[name].labels(*labels).inc
        loaded.add[name, labels] = add
    add(amount)
