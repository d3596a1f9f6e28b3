"""Prints a report: lines that editors can jump to, or JSON."""

import json
from collections.abc import Callable, Mapping
from typing import Final

from mock_server.espi.check.findings import MOST_OF_A_RULE, SEVERITIES, Report


def as_text(source: str, report: Report) -> str:
    """`source:line: severity rule place: message` per finding, and a line that sums up."""
    lines = [
        f"{source}:{one.line}: {one.rule.severity} {' '.join(filter(None, (one.rule.id, one.place)))}: {one.message}"
        for one in report.in_order
    ]
    lines += [
        f"{source}: and {count - MOST_OF_A_RULE} more of {rule}."
        for rule, count in report.counts.items()
        if count > MOST_OF_A_RULE
    ]
    return "\n".join([*lines, f"{source}: {_summary(report)}"])


def as_json(source: str, report: Report) -> str:
    """The same; `counts` counts also what is not listed."""
    findings = [
        {
            "line": one.line,
            "severity": one.rule.severity,
            "rule": one.rule.id,
            "says": one.rule.says,
            "place": one.place,
            "message": one.message,
        }
        for one in report.in_order
    ]
    said = {
        "source": source,
        "valid": report.is_valid,
        "contents": dict(report.contents),
        **{f"{severity}s": report.severities[severity] for severity in SEVERITIES},
        "counts": dict(report.counts),
        "findings": findings,
    }
    return json.dumps(said, indent=2)


PRINTED: Final[Mapping[str, Callable[[str, Report], str]]] = {"text": as_text, "json": as_json}


def _summary(report: Report) -> str:
    counted = [_times(report.severities[severity], severity) for severity in SEVERITIES]
    held = ", ".join(f"{count} {kind}" for kind, count in report.contents.most_common())
    verdict = "valid" if report.is_valid else "not valid"
    return f"{verdict}; {', '.join(counted)}; holds {held or 'nothing that could be read'}."


def _times(count: int, word: str) -> str:
    return f"{count or 'no'} {word}{'' if count == 1 else 's'}"
