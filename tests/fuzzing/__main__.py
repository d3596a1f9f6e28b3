"""`make fuzz`: for as long as you like what the suite does for a minute, with other examples in each round."""

import argparse
import json
import os
import subprocess
import sys
import time
from typing import Any

_TESTS = (
    "tests/fuzzing/test_anything_goes.py",
    "tests/fuzzing/test_anything_inside.py",
    "tests/http/test_headers.py",
)
_SETTINGS: tuple[dict[str, Any], ...] = (  # of a round each
    {},
    {"dialect": "certification", "review": "strict", "refresh_rotation": "on"},
    {"access_token_format": "jwt", "access_tokens": "several", "issuer_in_response": True},
    {"journal": "database", "refresh_rotation": "on", "log_level": "error"},
)


def main() -> None:
    """Ask anything at random until the time is up. The first failure ends it; its seed repeats that round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--examples", type=int, default=200, help="per test and round")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000, help="of the first round")
    result = parser.parse_args()
    began = time.monotonic()
    seed = result.seed
    while time.monotonic() - began < result.minutes * 60:
        options = ["-q", "-x", "--color=no", "-p", "no:cacheprovider", f"--hypothesis-seed={seed}"]
        command = [sys.executable, "-m", "pytest", *_TESTS, *options, "-o", "timeout=0"]
        environment = {**os.environ, "FUZZ_EXAMPLES": str(result.examples)}
        environment["FUZZ_SETTINGS"] = json.dumps(_SETTINGS[seed % len(_SETTINGS)])
        print(f"after {(time.monotonic() - began) / 60:.1f} minutes: seed {seed}", flush=True)
        status = subprocess.run(command, env=environment, check=False).returncode
        if status != 0:
            sys.exit(
                f"Seed {seed} found something: make fuzz ARGS='--seed {seed} --examples {result.examples}'"
            )
        seed += 1


if __name__ == "__main__":
    main()
