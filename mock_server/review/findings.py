"""Findings as a server reports them, for commands and test fixtures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from mock_server.review.rule import SEVERITIES, Severity


@dataclass(frozen=True, kw_only=True)
class ReportedFinding:
    """One mistake of a client; the fields are those of GET /_mock/review."""

    rule: str
    severity: Severity
    message: str
    remedy: str
    clause: str
    client_id: str
    exchange_id: str | None
    request: str
    at: str
    times: int

    def is_at_least(self, severity: Severity) -> bool:
        """Whether it is as bad as that, or worse."""
        return SEVERITIES.index(self.severity) >= SEVERITIES.index(severity)

    def __str__(self) -> str:
        """Some lines for people: what happened, where, and how to mend it."""
        often = f" ({self.times} times)" if self.times > 1 else ""
        evidence = f", exchange {self.exchange_id}" if self.exchange_id else ""
        return (
            f"{self.severity} {self.rule}: {self.message}{often}\n"
            f"  at:      {self.at} {self.request}{evidence}, by {self.client_id}\n"
            f"  rule:    {self.clause}\n"
            f"  to mend: {self.remedy}"
        )


def parse_findings(answer: Mapping[str, Any]) -> list[ReportedFinding]:
    """The findings of an answer of GET /_mock/review; keys of newer servers are passed over."""
    names = [field.name for field in fields(ReportedFinding)]
    return [ReportedFinding(**{name: one[name] for name in names}) for one in answer["findings"]]


def format_findings(findings: Iterable[ReportedFinding]) -> str:
    """All of them, for people."""
    return "\n\n".join(map(str, findings))
