"""@cityssm/green-button-parser, the Node library, finds the engine's sums in the feed of every customer."""

import json
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from tests.readers.published import CUSTOMERS, in_bill_units, publish
from tests.support import Third

NODE = Path(__file__).parent / "node"


@pytest.fixture(scope="session")
def node() -> str:
    """The node program, with the library installed beside the script."""
    program = shutil.which("node")
    if program is None or not (NODE / "node_modules/@cityssm/green-button-parser").is_dir():
        pytest.skip("needs node packages: install Node.js 18 or newer, then `make readers`")
    return program


@pytest.mark.parametrize("customer", CUSTOMERS)
def test_its_sums_are_the_engines(third: Third, node: str, customer: str) -> None:
    published = publish(third, customer)
    done = subprocess.run(
        [node, str(NODE / "sums.mjs")], input=published.feed, capture_output=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    found: dict[tuple[str, int], Decimal] = {}
    for one in json.loads(done.stdout):
        key = one["meter"], one["flow"]
        value = Decimal(one["total"]) * Decimal(10) ** one["multiplier"]
        found[key] = found.get(key, Decimal(0)) + in_bill_units(value, one["unit"])
    assert {meter for meter, _ in found} == {meter for meter, _ in published.sums}
    assert found == {key: published.sums[key] for key in found}
