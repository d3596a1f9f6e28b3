"""`make bench`: every figure of the targets, side by side in one run. `make bench ARGS=feed` takes one part."""

import os
import sys
import time
from collections.abc import Callable, Iterable

from benchmarks import feed, fixture, lists, readings, size, start, tokens, validate, workers
from benchmarks.table import Row, print_table
from benchmarks.turns import TURNS

PARTS: dict[str, Callable[[], Iterable[Row]]] = {
    "tokens": tokens.measure,
    "feed": feed.measure,
    "readings": readings.measure,
    "lists": lists.measure,
    "validate": validate.measure,
    "start": start.measure,
    "fixture": fixture.measure,
    "size": size.measure,
    "workers": workers.measure,
}


def main(names: list[str]) -> None:
    """Print the table of these parts, or of all."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"There is no part {unknown[0]}. The parts are {', '.join(PARTS)}.")
    # Users have compiled modules after the first start; a shell that forbids them would compile ours at every one.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    began, rows = time.monotonic(), list[Row]()
    for name in names or PARTS:
        print(f"measuring {name} ...", file=sys.stderr)
        rows += PARTS[name]()
    print_table(rows)
    print(
        f"\nMedians of {TURNS} turns or more; {time.monotonic() - began:.0f} s in all. Compare ratios: machines differ."
    )


if __name__ == "__main__":
    main(sys.argv[1:])
