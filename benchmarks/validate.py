"""`mock-server validate` of the commercial customer's feed of two years, beside lxml's own reading, in process."""

import os
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from lxml import etree
from typer.testing import CliRunner

from benchmarks.feed import CLOCK, authorize
from benchmarks.peers import ours
from benchmarks.table import Row, Target
from benchmarks.turns import in_turns
from mock_server.espi.check.schema import load_schema
from mock_server.run.cli import cli

_SCHEMAS = "ESPI_SCHEMA_DIR"


def measure() -> Iterable[Row]:
    """The rows of this part; that of the schema only where the schemas are."""
    folder = os.environ.pop(_SCHEMAS, None)
    with tempfile.TemporaryDirectory() as place, ours("--clock", CLOCK) as server:
        file = Path(place) / "feed.xml"
        file.write_bytes(server.read(*authorize(server)))
        yield _row("mock-server validate", file, (), "lxml's iterparse", lambda: _iterate(file), 4)
        if folder is None:
            yield Row(
                figure="mock-server validate --schema", ours=None, unit="s", note=f"not there: {_SCHEMAS}"
            )
            return
        schema, options = load_schema(Path(folder)), ("--schema", folder)
        name = "mock-server validate --schema"
        yield _row(name, file, options, "lxml's own", lambda: schema.validate(etree.parse(file)), 1.5)


def _row(
    figure: str,
    file: Path,
    options: tuple[str, ...],
    beside: str,
    baseline: Callable[[], object],
    bound: float,
) -> Row:
    command = ["validate", *options, str(file)]
    found = in_turns(
        {"ours": lambda: _cpu(lambda: CliRunner().invoke(cli, command)), beside: lambda: _cpu(baseline)}
    )
    return Row(
        figure=figure,
        ours=found["ours"],
        unit="s",
        beside=beside,
        baseline=found[beside],
        target=Target("at most", bound),
    )


def _iterate(file: Path) -> None:
    for _, element in etree.iterparse(file):
        element.clear()


def _cpu(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
