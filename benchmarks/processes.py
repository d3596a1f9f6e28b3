"""Servers in processes of their own, read as a client reads them, their memory watched from outside."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PATIENCE = 30.0  # seconds
_READ_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Download:
    """One answer: seconds to its first byte and to its last, and how many bytes came."""

    first: float
    total: float
    size: int


@dataclass(frozen=True)
class Served:
    """A server that runs on this machine."""

    port: int
    pid: int

    def call(self, method: str, path: str, body: Any = None) -> Any:  # any JSON
        """A call of a JSON address."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        sent = None if body is None else json.dumps(body)
        connection.request(method, path, sent, {"Content-Type": "application/json"})
        answer = connection.getresponse().read()
        connection.close()
        return json.loads(answer) if answer else None

    def download(self, path: str, headers: dict[str, str]) -> Download:
        """Read an answer and throw it away, as fast as it comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        start = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()[:300]
        size = len(answer.read(1))
        first = time.perf_counter() - start
        while piece := answer.read1(_READ_AT_ONCE):
            size += len(piece)
        total = time.perf_counter() - start
        connection.close()
        return Download(first, total, size)

    def memory(self) -> int:
        """Bytes of memory it holds just now."""
        return self._memory("VmRSS")

    def peak(self) -> int:
        """The most it ever held."""
        return self._memory("VmHWM")

    def forget_peak(self) -> None:
        """Let the peak begin anew (Linux)."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def _memory(self, field: str) -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) * 1024
        raise LookupError(field)


@contextmanager
def served(*module: str, port: int) -> Iterator[Served]:
    """`python -m …` until the end of the block; begins when the port answers."""
    process = subprocess.Popen([sys.executable, "-m", *module], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise
                time.sleep(0.05)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
