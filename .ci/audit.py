#!/usr/bin/env python3
"""Asks pip-audit, at the path given, whether a pinned dependency has a known vulnerability, and says what nobody knows.

pip-audit ends with 0 where its service does not know a single package, as behind some mirrors. Here a package is
audited only if the service knew it. Without an answer nothing is claimed: the exit code is 0, so that a laptop in a
train can run `make check`, and the last line says SKIPPED, which `.ci/run` repeats. Exit code 1: a vulnerability.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PINS = Path(__file__).parent.parent / "constraints.txt"
SKIPPED = "audit: SKIPPED"


def main() -> int:
    """Ask, and tell."""
    command = [sys.argv[1], "--requirement", str(PINS), "--disable-pip", "--no-deps"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        answer, complaint = done.stdout, done.stderr
    except FileNotFoundError:
        answer, complaint = "", "pip-audit could not be installed"
    except subprocess.TimeoutExpired:
        answer, complaint = "", "no answer within a minute"
    code, lines = verdict(answer, complaint)
    print("\n".join(lines))
    return code


def verdict(answer: str, complaint: str) -> tuple[int, list[str]]:
    """The exit code and what to say, by what pip-audit wrote to its two outputs."""
    try:
        packages: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        reason = (complaint.strip().splitlines() or ["pip-audit said nothing"])[-1]
        return 0, [f"{SKIPPED}. The service could not be asked, so nothing is known: {reason[:300]}"]
    known = [one for one in packages if "vulns" in one]
    found = [
        f"audit: {one['name']} {one['version']}: {each['id']}, mended in "
        f"{', '.join(each.get('fix_versions') or ['no version yet'])}"
        for one in known
        for each in one["vulns"]
    ]
    unknown = sorted(one["name"] for one in packages if "vulns" not in one)
    if not known:
        return 0, [f"{SKIPPED}. The service knows none of the {len(packages)} packages, so nothing is known."]
    lines = [
        *found,
        f"audit: {len(known)} of {len(packages)} packages audited, {len(found)} known vulnerabilities.",
    ]
    if unknown:
        lines.append(f"{SKIPPED} for {', '.join(unknown)}: the service does not know them.")
    return (1 if found else 0), lines


if __name__ == "__main__":
    sys.exit(main())
