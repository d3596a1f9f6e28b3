"""What a server counts, for Prometheus. The client library is loaded after the first answer, not before.

Several workers count into shared files, as the library's multiprocess mode has it: whichever is asked tells the sum.
"""

import os
from collections import deque
from collections.abc import Mapping

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable that names the folder of the shared files; read when the library is loaded."""

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_COUNTERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "requests": ("Requests that were answered or cut off.", ("surface", "method", "status")),
    "tokens_issued": ("Access tokens, by the grant that gave them.", ("grant",)),
    "deliveries": ("Tries to send to a third party.", ("kind", "outcome")),
    "faults_struck": ("Simulated faults that had their effect.", ("surface", "fault")),
}
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class _Loaded:
    """The library's own objects."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self.registry = CollectorRegistry()
        self.counters: dict[str, Counter] = {
            name: Counter(f"mock_server_{name}", told, labels, registry=self.registry)
            for name, (told, labels) in _COUNTERS.items()
        }
        self.durations = Histogram(
            "mock_server_request_duration_seconds",
            "From a request's first line to its answer's last byte.",
            ("surface",),
            buckets=_BUCKETS,
            registry=self.registry,
        )


class Metrics:
    """The counts of one server. Its methods may be called from any thread."""

    def __init__(self) -> None:
        self._loaded: _Loaded | None = None
        self._early: deque[tuple[str, tuple[str, ...], float]] = deque()

    def count_request(self, *, surface: str, method: str, status: int | None, seconds: float) -> None:
        """A request that has ended; `status` is None where no answer was begun."""
        told = "none" if status is None else str(status)
        self._note("requests", (surface, method if method in _METHODS else "other", told), 1)
        self._note("durations", (surface,), seconds)

    def count_tokens(self, grant: str) -> None:
        """An access token that was issued."""
        self._note("tokens_issued", (grant,), 1)

    def count_delivery(self, kind: str, *, status: int | None) -> None:
        """A try to deliver; `status` is None where no answer came."""
        outcome = "no answer" if status is None else "delivered" if status == 200 else "refused"
        self._note("deliveries", (kind, outcome), 1)

    def count_fault(self, *, surface: str, preset: str | None) -> None:
        """A simulated fault that struck; those of no preset are counted as `own`."""
        self._note("faults_struck", (surface, preset or "own"), 1)

    def load(self) -> _Loaded:
        """Load the library and count what was noted so far; nothing where that was done."""
        if self._loaded is None:
            self._loaded = _Loaded()
        while self._early:
            _count(self._loaded, *self._early.popleft())
        return self._loaded

    def text(self, *, sandboxes: int) -> bytes:
        """Everything in the format of Prometheus, of all workers together."""
        loaded = self.load()
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.core import GaugeMetricFamily
        from prometheus_client.multiprocess import MultiProcessCollector
        from prometheus_client.registry import Collector

        class Sandboxes(Collector):
            def collect(self) -> list[GaugeMetricFamily]:
                told = "Sandboxes in the database."
                return [GaugeMetricFamily("mock_server_sandboxes", told, value=sandboxes)]

        registry = loaded.registry
        if MULTIPROCESS in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library types it in part
        beside = CollectorRegistry()
        beside.register(Sandboxes())
        return generate_latest(registry) + generate_latest(beside)

    def _note(self, name: str, labels: tuple[str, ...], amount: float) -> None:
        if self._loaded is None:
            self._early.append((name, labels, amount))
        else:
            _count(self._loaded, name, labels, amount)


def _count(loaded: _Loaded, name: str, labels: tuple[str, ...], amount: float) -> None:
    if name == "durations":
        loaded.durations.labels(*labels).observe(amount)
    else:
        loaded.counters[name].labels(*labels).inc(amount)
