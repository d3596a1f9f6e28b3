"""What a test author waits for: the fixture at first and later, and the sandbox as a whole over HTTP.

`GET /_mock/health` stands beside, the cheapest call there is.
"""

import subprocess
import time
from collections.abc import Iterable

from benchmarks.processes import PYTHON
from benchmarks.table import Row, Target
from benchmarks.turns import TURNS, in_turns, median, timed
from mock_server.testing.server import MockServer

_SCOPES = [f"FB=4_16_51;AdditionalScope=auth-test-test_{kind}" for kind in ("residential", "commercial")]
_AUTHORIZATIONS = 20
_RESET = "pytest fixture, later (reset)"
_FIRST = """
import time
start = time.perf_counter()
from mock_server import MockServer
with MockServer():
    print(time.perf_counter() - start)
"""


def measure() -> Iterable[Row]:
    """The rows of this part."""
    firsts = [_first() for _ in range(TURNS + 1)][1:]  # the very first compiles modules
    limit = Target("at most", 750, "figure")
    yield Row(figure="pytest fixture, first (import, start)", ours=median(firsts), unit="ms", target=limit)
    with MockServer() as server:
        yield Row(figure="another server in the process", ours=_another_start(), unit="ms")
        for number in range(_AUTHORIZATIONS):
            server.tokens(scope=_SCOPES[number % 2])
        yield from _of_a_usual_state(server)


def _first() -> float:
    output = subprocess.run([PYTHON, "-c", _FIRST], capture_output=True, text=True, check=True).stdout
    return float(output) * 1000


def _another_start() -> float:
    start = time.perf_counter()
    with MockServer():
        return (time.perf_counter() - start) * 1000


def _of_a_usual_state(server: MockServer) -> Iterable[Row]:
    """The fixtures and twenty authorizations."""
    document = server.export_state()
    server.snapshot("usual")
    works = {
        "snapshot": lambda: server.snapshot("again"),
        "restore": lambda: server.restore("usual"),
        "export": server.export_state,
        "import": lambda: server.import_state(document),
        "fork": lambda: server.control("POST", "sandboxes"),
        _RESET: server.reset,
        "health": lambda: server.control("GET", "health"),
    }
    medians = in_turns({name: timed(work) for name, work in works.items()})
    limit = Target("at most", 3.5, "figure")
    for name, figure in medians.items():
        yield Row(
            figure=name,
            ours=figure,
            unit="ms",
            beside="health",
            baseline=medians["health"],
            target=limit if name == _RESET else None,
        )
