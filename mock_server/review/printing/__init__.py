"""Formats findings as text, JSON, SARIF and JUnit."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Final

from mock_server.review.findings import ReportedFinding, format_findings
from mock_server.review.printing.junit import as_junit
from mock_server.review.printing.sarif import as_sarif
from mock_server.review.rule import Severity


def as_text(findings: Sequence[ReportedFinding], _fail_on: Severity) -> str:
    """Some lines for each, and their number."""
    if not findings:
        return "Nothing to object to, as far as the journal goes back."
    count = f"{len(findings)} finding{'' if len(findings) == 1 else 's'}."
    return f"{format_findings(findings)}\n\n{count}"


def as_json(findings: Sequence[ReportedFinding], _fail_on: Severity) -> str:
    """As GET /_mock/review has it."""
    return json.dumps({"findings": [asdict(one) for one in findings]}, indent=2)


PRINTED: Final[Mapping[str, Callable[[Sequence[ReportedFinding], Severity], str]]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "junit": as_junit,
}
"""How findings are printed; `fail_on` is from which severity on they count as failures."""
