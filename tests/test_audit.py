"""The audit of dependencies: a vulnerability fails it, and nobody takes silence for an answer."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

AUDIT = runpy.run_path(str(Path(__file__).parent.parent / ".ci" / "audit.py"))
CLEAN = {"name": "lxml", "version": "6.1.3", "vulns": []}
HOLE = {"id": "PYSEC-2026-1", "fix_versions": ["3.6"], "aliases": [], "description": ""}
BAD = {"name": "python-jose", "version": "3.5.0", "vulns": [HOLE]}
UNKNOWN = {
    "name": "isal",
    "skip_reason": "Dependency not found on PyPI and could not be audited: isal (1.9.1)",
}


def verdict(*result: dict[str, Any]) -> tuple[int, str]:
    code, lines = AUDIT["verdict"](json.dumps({"dependencies": result, "fixes": []}), "")
    return code, "\n".join(lines)


def test_what_is_clean_passes() -> None:
    assert verdict(CLEAN) == (0, "audit: 1 of 1 packages audited, 0 known vulnerabilities.")


def test_a_known_vulnerability_fails_and_says_what_mends_it() -> None:
    code, result = verdict(CLEAN, BAD, UNKNOWN)
    assert code == 1
    assert "python-jose 3.5.0: PYSEC-2026-1, mended in 3.6" in result
    assert "SKIPPED for isal" in result


def test_a_service_that_knows_no_package_has_not_answered() -> None:
    """pip-audit itself says then that there are no known vulnerabilities."""
    code, result = verdict(UNKNOWN, UNKNOWN)
    assert code == 0
    assert result.startswith("audit: SKIPPED. The service knows none of the 2 packages")


@pytest.mark.parametrize("answer", ["", "nonsense", "[]", "{}"])
def test_no_answer_is_reported_with_its_reason(answer: str) -> None:
    code, [line] = AUDIT["verdict"](answer, "WARNING: x\nConnectionError: no route to host\n")
    assert code == 0
    assert line.startswith("audit: SKIPPED. The service could not be asked")
    assert line.endswith("ConnectionError: no route to host")


def test_make_check_asks_and_the_runner_repeats_what_was_skipped() -> None:
    root = Path(__file__).parent.parent
    makefile, runner = (root / "Makefile").read_text(), (root / ".ci" / "run").read_text()
    assert "audit" in makefile[makefile.index("\ncheck:") : makefile.index("\naudit:")]
    assert "grep 'audit: SKIPPED'" in runner
