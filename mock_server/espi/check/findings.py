"""Rules, findings, and a collector that limits repeated findings."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
MOST_OF_A_RULE: Final = 20
"""How many findings per rule are stored. Further ones are only counted."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One check. Ids are stable, because users filter by them.

    Ids D000 to D147 are those of the certification suite. Errors violate the schema or fail certification, warnings
    violate the text of the standard, and notes are for information.
    """

    id: str
    severity: Severity
    says: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One violation of a rule. `line` 0 means the complete document."""

    rule: Rule
    line: int
    place: str
    message: str


@dataclass(kw_only=True)
class Report:
    """All findings about one source."""

    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    severities: Counter[Severity] = field(default_factory=Counter)
    contents: Counter[str] = field(default_factory=Counter)
    """The number of resources of each kind."""

    def add(self, found: Iterable[Finding]) -> None:
        """Count all findings, and store the first MOST_OF_A_RULE of each rule."""
        for finding in found:
            self.counts[finding.rule.id] += 1
            self.severities[finding.rule.severity] += 1
            if self.counts[finding.rule.id] <= MOST_OF_A_RULE:
                self.findings.append(finding)

    @property
    def in_order(self) -> Sequence[Finding]:
        """The stored findings, by line."""
        return sorted(self.findings, key=lambda finding: finding.line)

    @property
    def is_valid(self) -> bool:
        """Whether there are no errors. Warnings and notes are allowed."""
        return self.severities["error"] == 0
