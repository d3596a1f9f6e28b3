"""The commercial customer's Batch feed over HTTP, against the same bytes ready in memory, in turns."""

import http.client
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.processes import Download, Served, free_port, served

RUNS = 7
CLOCK = "2026-03-01T12:00:00Z"
SCOPE = "FB=4_16;AdditionalScope=auth-test-test_commercial"


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        mine, theirs = free_port(), free_port()
        options = ("--port", str(mine), "--clock", CLOCK, "--log-level", "error")
        database = ("--database-url", f"sqlite:///{folder}/bench.db")
        with served("mock_server", *options, *database, port=mine) as server:
            _measure(server, theirs, Path(folder) / "feed.xml")


def _measure(server: Served, port: int, file: Path) -> None:
    path, token = _authorize(server)
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", path, headers=token)
    file.write_bytes(connection.getresponse().read())
    with served("benchmarks.ready", str(port), str(file), port=port) as baseline:
        ready = lambda: baseline.download("/", {})  # noqa: E731  # four names in a row read best
        warm = lambda: server.download(path, token)  # noqa: E731
        packed = lambda: server.download(path, {**token, "Accept-Encoding": "gzip"})  # noqa: E731
        server.forget_peak()
        before = server.memory()
        _compare("cold, nothing kept", lambda: server.download(*_authorize(server)), ready)
        grown = server.peak() - before
        _compare("warm", warm, ready)
        _compare("cold, gzip", lambda: _cold_gzip(server), ready)
        _compare("warm, gzip", packed, ready)
        print(f"memory: {grown / 1e6:.1f} MB more at most while cold feeds were written, one after another")
        _others(server, lambda: server.download(*_authorize(server)), "cold")
        _others(server, warm, "warm")


def _cold_gzip(server: Served) -> Download:
    path, token = _authorize(server)
    return server.download(path, {**token, "Accept-Encoding": "gzip"})


def _authorize(server: Served) -> tuple[str, dict[str, str]]:
    """A new authorization, of which nothing was written yet: the path of its batch, and the token."""
    made = server.call("POST", "/_mock/authorizations", {"scope": SCOPE, "exchange": True})
    path = f"/DataCustodian/espi/1_1/resource/Batch/Subscription/{made['authorization']['uid']}"
    return path, {"Authorization": f"Bearer {made['tokens']['access_token']}"}


def _compare(name: str, subject: Callable[[], Download], ready: Callable[[], Download]) -> None:
    """Medians of both, in turns; the first turn does not count."""
    turns = [(subject(), ready()) for _ in range(RUNS + 1)][1:]
    total, base = (statistics.median(turn[side].total for turn in turns) for side in (0, 1))
    first = statistics.median(turn[0].first for turn in turns)
    print(
        f"{name:<20} {turns[0][0].size / 1e6:6.1f} MB  {total * 1000:7.1f} ms  {total / base:5.2f} x ready bytes"
        f" ({base * 1000:.1f} ms)   first byte {first * 1000:5.1f} ms"
    )


def _others(server: Served, download: Callable[[], Download], name: str) -> None:
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
    print(
        f"others while {name}: median {statistics.median(waits):.1f} ms, p99 {_p99(waits):.1f} ms"
        f" (alone {statistics.median(alone):.1f} and {_p99(alone):.1f}), {len(waits)} requests"
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


if __name__ == "__main__":
    main()
