"""The commercial customer's Batch feed of two years, against the same bytes ready in memory, over the same sockets."""

import http.client
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.peers import ours
from benchmarks.processes import PYTHON, Download, Served, free_port, served
from benchmarks.table import Row, Target
from benchmarks.turns import TURNS, median

CLOCK = "2026-03-01T12:00:00Z"
SCOPE = "FB=4_16;AdditionalScope=auth-test-test_commercial"
_READY = "ready bytes"


def measure() -> Iterable[Row]:
    """The rows of this part."""
    with ours("--clock", CLOCK) as server:
        path, token = authorize(server)
        with _ready(server.read(path, token)) as baseline:
            yield from _speeds(server, path, token, baseline)
        for name, download in _downloads(server, path, token).items():
            if "gzip" not in name:
                yield _others(server, download, name)


def _downloads(server: Served, path: str, token: dict[str, str]) -> dict[str, Callable[[], Download]]:
    gzip = {"Accept-Encoding": "gzip"}
    return {
        "cold": lambda: server.download(*authorize(server)),
        "warm": lambda: server.download(path, token),
        "cold, gzip": lambda: _with(server, gzip),
        "warm, gzip": lambda: server.download(path, token | gzip),
    }


def _speeds(server: Served, path: str, token: dict[str, str], baseline: Served) -> Iterable[Row]:
    server.forget_peak()
    before = server.memory()
    subjects = _downloads(server, path, token) | {_READY: lambda: baseline.download("/", {})}
    turns = [{name: take() for name, take in subjects.items()} for _ in range(TURNS + 1)][1:]
    times = {name: median([turn[name].total for turn in turns]) * 1000 for name in subjects}
    for name, bound in (("cold", 12), ("warm", 2.5)):
        yield _row(f"commercial feed, {name}", times[name], _READY, times[_READY], bound)
    for name in ("cold", "warm"):
        yield _row(
            f"commercial feed, {name}, gzip", times[f"{name}, gzip"], f"{name}, plain", times[name], 1.0
        )
    limit, first = Target("at most", 20, "figure"), median([turn["cold"].first for turn in turns]) * 1000
    size = f"of {turns[0]['cold'].size / 1e6:.1f} MB"
    yield Row(figure="commercial feed, cold, first byte", ours=first, unit="ms", target=limit, note=size)
    grown, limit = (server.peak() - before) / 1e6, Target("at most", 32, "figure")
    yield Row(figure="commercial feed, peak memory growth", ours=grown, unit="MB", target=limit)


def _row(figure: str, ours: float, beside: str, baseline: float, bound: float) -> Row:
    return Row(
        figure=figure,
        ours=ours,
        unit="ms",
        beside=beside,
        baseline=baseline,
        target=Target("at most", bound),
    )


@contextmanager
def _ready(body: bytes) -> Iterator[Served]:
    port = free_port()
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(body)
        with served(PYTHON, "-m", "benchmarks.ready", str(port), file.name, port=port) as server:
            yield server


def _with(server: Served, headers: dict[str, str]) -> Download:
    path, token = authorize(server)
    return server.download(path, token | headers)


def authorize(server: Served) -> tuple[str, dict[str, str]]:
    """A new authorization, of which nothing was written yet: the path of its batch, and the token."""
    made = server.call("POST", "/_mock/authorizations", {"scope": SCOPE, "exchange": True})
    path = f"/DataCustodian/espi/1_1/resource/Batch/Subscription/{made['authorization']['uid']}"
    return path, {"Authorization": f"Bearer {made['tokens']['access_token']}"}


def _others(server: Served, download: Callable[[], Download], name: str) -> Row:
    """How long other requests take while feeds stream, one after another."""
    alone = _waits(server, until=time.monotonic() + 2)
    ends = time.monotonic() + 8

    def stream() -> None:
        while time.monotonic() < ends:
            download()

    thread = threading.Thread(target=stream)
    thread.start()
    waits = _waits(server, until=ends)
    thread.join()
    return Row(
        figure=f"others while {name} feeds stream, p99",
        ours=_p99(waits),
        unit="ms",
        beside="alone",
        baseline=_p99(alone),
        target=Target("at most", 25, "figure"),
        note=f"median {median(waits):.1f} ms",
    )


def _waits(server: Served, *, until: float) -> list[float]:
    connection, found = http.client.HTTPConnection("127.0.0.1", server.port), []
    while time.monotonic() < until:
        start = time.perf_counter()
        connection.request("GET", "/_mock/health")
        connection.getresponse().read()
        found.append((time.perf_counter() - start) * 1000)
        time.sleep(0.002)
    return found


def _p99(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=100)[-1]
