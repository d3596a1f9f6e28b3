"""`mock-server --workers`: several processes that are one utility, and end as one."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.databases import postgres_database

COUNT = 4
METERS = "/api/v2/meters"


class Running:
    """The command with its workers; its log is read by a thread, so that nobody has to wait for anybody."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-m", "mock_server", "--port", "0", "--database-url", url]
        self.process = subprocess.Popen(
            [*command, "--workers", str(COUNT), "--log-format", "json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        opened = self.process.stdout.readline()
        assert "is open: " in opened, opened
        self.url = opened.rpartition("is open: ")[2].strip().rstrip("/")
        self._lines: list[dict[str, object]] = []
        self._came = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.worker_ids()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._came:
                self._lines.append(json.loads(line))
                self._came.notify_all()

    def wait_for(self, text: str, count: int = 1) -> list[str]:
        """The messages with that text, once there are so many."""

        def found() -> list[str]:
            return [str(line["message"]) for line in self._lines if text in str(line["message"])]

        with self._came:
            assert self._came.wait_for(lambda: len(found()) >= count, timeout=100), self._lines
            return found()

    def worker_ids(self, count: int = COUNT) -> list[int]:
        """The processes that have begun to serve, in order of their beginning."""
        self.wait_for("Application startup complete", count)
        begun = self.wait_for("Started server process", count)
        return [int(line.rpartition("[")[2].rstrip("]")) for line in begun]

    def stop(self) -> int:
        """End it, and tell its exit code."""
        self.process.terminate()
        code = self.process.wait(timeout=100)
        self._reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return code


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    if request.param == "sqlite":
        made = Running(f"sqlite:///{tmp_path_factory.mktemp('workers')}/test.db")
        yield made
        assert made.stop() == 0
    else:
        with postgres_database() as url:
            made = Running(url.render_as_string(hide_password=False))
            yield made
            assert made.stop() == 0


@pytest.fixture
def http(running: Running) -> Iterator[httpx.Client]:
    """A connection of its own for each request, so that any worker may get it."""
    limits = httpx.Limits(max_keepalive_connections=0)
    with httpx.Client(base_url=running.url, limits=limits, timeout=100) as client:
        client.post("/_mock/reset").raise_for_status()
        yield client


def test_forty_requests_at_once_meet_one_utility(http: httpx.Client) -> None:
    wish = {"match": {"path": METERS}, "effect": {"status": 503}, "times": 1}
    http.post("/_mock/faults", json=wish).raise_for_status()
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: http.get(METERS), range(40)))
    assert sorted(answer.status_code for answer in answers) == [401] * 39 + [503]
    listed = http.get("/_mock/exchanges").json()["exchanges"]
    assert {one["id"] for one in listed} == {answer.headers["X-Request-Id"] for answer in answers}
    assert len(listed) == 40


def test_the_counts_are_those_of_all_workers(http: httpx.Client) -> None:
    def counted() -> float:
        lines = http.get("/_mock/metrics").text.splitlines()
        name = 'mock_server_requests_total{method="GET",status="404",surface="sso"}'
        return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(name)), 0)

    before = counted()
    with ThreadPoolExecutor(10) as threads:
        list(threads.map(lambda _: http.get("/sso/nothing"), range(20)))
    assert counted() - before == 20


def test_where_a_worker_dies_another_begins(running: Running, http: httpx.Client) -> None:
    known = len(running.worker_ids())
    os.kill(running.worker_ids()[-1], signal.SIGKILL)
    running.wait_for("starting another one", known - COUNT + 1)
    assert len(running.worker_ids(known + 1)) == known + 1
    assert http.get("/_mock/health").json()["status"] == "ok"


def test_what_is_being_answered_at_the_end_is_answered(tmp_path: Path) -> None:
    running = Running(f"sqlite:///{tmp_path}/test.db")
    wish = {"match": {"path": METERS}, "effect": {"latency_ms": 1000, "status": 429}}
    httpx.post(f"{running.url}/_mock/faults", json=wish).raise_for_status()
    with ThreadPoolExecutor(8) as threads:
        slow = [threads.submit(httpx.get, f"{running.url}{METERS}", timeout=100) for _ in range(8)]
        seen = 0
        while seen < 8:
            seen = httpx.get(f"{running.url}/_mock/faults").json()["faults"][0]["seen"]
        assert running.stop() == 0
    assert {one.result().status_code for one in slow} == {429}
