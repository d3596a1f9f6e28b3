"""Formats a report: as lines that editors can jump to, or as JSON."""

import json
from collections.abc import Callable, Mapping
from typing import Final

from mock_server.espi.check.findings import MOST_OF_A_RULE, SEVERITIES, Report


def as_text(source: str, report: Report) -> str:
    """One `source:line: severity rule place: message` per finding, then a summary line."""
    lines = [
        f"{source}:{finding.line}: {finding.rule.severity} "
        f"{' '.join(filter(None, (finding.rule.id, finding.place)))}: {finding.message}"
        for finding in report.in_order
    ]
    lines += [
        f"{source}: {count - MOST_OF_A_RULE} more findings of {rule}."
        for rule, count in report.counts.items()
        if count > MOST_OF_A_RULE
    ]
    return "\n".join([*lines, f"{source}: {_summary(report)}"])


def as_json(source: str, report: Report) -> str:
    """The report as JSON. `counts` includes findings that are not listed."""
    findings = [
        {
            "line": finding.line,
            "severity": finding.rule.severity,
            "rule": finding.rule.id,
            "says": finding.rule.says,
            "place": finding.place,
            "message": finding.message,
        }
        for finding in report.in_order
    ]
    content = {
        "source": source,
        "valid": report.is_valid,
        "contents": dict(report.contents),
        **{f"{severity}s": report.severities[severity] for severity in SEVERITIES},
        "counts": dict(report.counts),
        "findings": findings,
    }
    return json.dumps(content, indent=2)


PRINTED: Final[Mapping[str, Callable[[str, Report], str]]] = {"text": as_text, "json": as_json}


def _summary(report: Report) -> str:
    counted = [_times(report.severities[severity], severity) for severity in SEVERITIES]
    contents = ", ".join(f"{count} {kind}" for kind, count in report.contents.most_common())
    verdict = "valid" if report.is_valid else "not valid"
    return f"{verdict}; {', '.join(counted)}; contains {contents or 'nothing readable'}."


def _times(count: int, word: str) -> str:
    return f"{count or 'no'} {word}{'' if count == 1 else 's'}"
