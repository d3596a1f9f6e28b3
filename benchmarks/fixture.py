"""What a test author waits for: the fixture at first and later, and the sandbox as a whole over HTTP.

The baseline of each line is `GET /_mock/health`, the cheapest call there is.
"""

import subprocess
import sys
import time

from benchmarks.measure import in_turns, report
from mock_server.server import MockServer

_SCOPES = [f"FB=4_16_51;AdditionalScope=auth-test-test_{kind}" for kind in ("residential", "commercial")]
_AUTHORIZATIONS = 20
_FIRST = """
import time
start = time.perf_counter()
from mock_server.server import MockServer
with MockServer():
    print(time.perf_counter() - start)
"""


def main() -> None:
    """Print a line for each."""
    first = subprocess.run([sys.executable, "-c", _FIRST], capture_output=True, text=True, check=True)
    print(f"{'fixture, first (import, start)':<48} {float(first.stdout) * 1000:9.2f} ms")
    with MockServer() as server:
        print(f"{'fixture, another server':<48} {_another_start() * 1000:9.2f} ms")
        for number in range(_AUTHORIZATIONS):
            server.tokens(scope=_SCOPES[number % 2])
        _measure(server)


def _another_start() -> float:
    start = time.perf_counter()
    with MockServer():
        return time.perf_counter() - start


def _measure(server: MockServer) -> None:
    """Of a usual state: the fixtures and twenty authorizations."""
    document = server.export_state()
    server.snapshot("usual")
    for name, work in (
        ("snapshot", lambda: server.snapshot("again")),
        ("restore", lambda: server.restore("usual")),
        ("export", server.export_state),
        ("import", lambda: server.import_state(document)),
        ("fork", lambda: server.control("POST", "sandboxes")),
        ("reset (fixture, later)", server.reset),
    ):
        report(name, in_turns(work, lambda: server.control("GET", "health")))


if __name__ == "__main__":
    main()
