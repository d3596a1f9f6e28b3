"""The command as a process of its own: what it writes to its log, and the traces it sends."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue

import httpx
import pytest


@pytest.fixture
def collector() -> Iterator[tuple[str, Queue[tuple[str, bytes]]]]:
    """Takes what is posted: its address, and a queue of paths and bodies."""
    came: Queue[tuple[str, bytes]] = Queue()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            came.put((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", came
        server.shutdown()
        thread.join()


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A process, whose log is read; it does not outlive the block."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_a_process_writes_json_lines_and_sends_traces_where_it_is_requested_to(
    tmp_path: Path, collector: tuple[str, Queue[tuple[str, bytes]]]
) -> None:
    url, came = collector
    port, database = free_port(), f"sqlite:///{tmp_path}/test.db"
    requested = {"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_BSP_SCHEDULE_DELAY": "50"}
    command = [sys.executable, "-m", "mock_server", "--port", str(port), "--database-url", database]
    with running([*command, "--log-format", "json"], requested) as process:
        assert process.stderr is not None
        lines = [json.loads(process.stderr.readline())]
        while lines[-1]["message"] != "Application startup complete.":
            lines.append(json.loads(process.stderr.readline()))
        answer = httpx.get(f"http://127.0.0.1:{port}/api/v2/meters")
        path, body = came.get(timeout=60)
        process.terminate()
        lines += [json.loads(line) for line in process.stderr]
    assert path == "/v1/traces"
    assert b"mock-server" in body
    assert b"/api/v2/meters" in body
    (about,) = [line for line in lines if line.get("path") == "/api/v2/meters"]
    assert about["request_id"] == answer.headers["X-Request-Id"]
    assert (about["status"], about["error"]) == (401, "missing_token")
