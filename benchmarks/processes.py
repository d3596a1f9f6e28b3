"""Servers in processes of their own, read over sockets as a client reads them, their memory watched from outside."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TIMEOUT = 60.0  # seconds
_PASS_SECONDS = 0.002
_READ_AT_ONCE = 1 << 20
PYTHON = sys.executable


@dataclass(frozen=True)
class Download:
    """One answer: seconds to the first byte of its body and to its last, and how many bytes came over the socket."""

    first: float
    total: float
    size: int


@dataclass(frozen=True)
class Served:
    """A server that runs on this machine. `started` is how many seconds it took until it answered."""

    port: int
    pid: int
    started: float

    def call(self, method: str, path: str, body: Any = None) -> Any:  # any JSON
        """A call of a JSON address."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT)
        sent = None if body is None else json.dumps(body)
        connection.request(method, path, sent, {"Content-Type": "application/json"})
        answer = connection.getresponse().read()
        connection.close()
        return json.loads(answer) if answer else None

    def read(self, path: str, headers: Mapping[str, str]) -> bytes:
        """The body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TIMEOUT)
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body[:300]
        connection.close()
        return body

    def download(self, path: str, headers: Mapping[str, str]) -> Download:
        """Take an answer off the socket and throw it away; nothing of it is parsed but the first line."""
        all_headers = {**headers, "Host": f"127.0.0.1:{self.port}", "Connection": "close"}
        head = "".join(f"{name}: {value}\r\n" for name, value in all_headers.items())
        request = f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()
        buffer = bytearray(_READ_AT_ONCE)
        with socket.create_connection(("127.0.0.1", self.port), timeout=_TIMEOUT) as connection:
            start = time.perf_counter()
            connection.sendall(request)
            size = _read_head(connection, buffer)
            first = time.perf_counter() - start
            while count := connection.recv_into(buffer):
                size += count
            return Download(first, time.perf_counter() - start, size)

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


def _read_head(connection: socket.socket, buffer: bytearray) -> int:
    """Read until something of the body is there."""
    seen = b""
    while not seen.partition(b"\r\n\r\n")[2]:
        count = connection.recv_into(buffer)
        assert count, seen
        seen += buffer[:count]
    assert seen.startswith(b"HTTP/1.1 200"), seen[:500]
    return len(seen)


@contextmanager
def served(*command: str, port: int, path: str = "/", **environment: str) -> Iterator[Served]:
    """A command until the end of the block, which begins when it answers at the path, whatever it says."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **environment}
    )
    try:
        while not _answers(port, path):
            if time.perf_counter() - start > _TIMEOUT or process.poll() is not None:
                raise RuntimeError(f"{' '.join(command)} did not answer; it ended with {process.poll()}.")
            time.sleep(_PASS_SECONDS)
        yield Served(port, process.pid, time.perf_counter() - start)
    finally:
        process.terminate()
        process.wait(timeout=_TIMEOUT)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
    try:
        connection.request("GET", path)
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
