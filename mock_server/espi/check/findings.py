"""Rules, findings, and a collector that limits repeated findings."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Severity = Literal["error", "warning", "note"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")
MOST_OF_A_RULE: Final = 20
"""So many findings of one rule are kept; the others are counted."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One thing that is checked. Ids are stable: people filter by them.

    Ids D001 to D147 are the certification suite's own. An error breaks the schema or certification, a warning
    breaks what the standard says in words, a note is worth knowing.
    """

    id: str
    severity: Severity
    says: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One violation of a rule; `line` 0 is the whole document."""

    rule: Rule
    line: int
    place: str
    message: str


@dataclass(kw_only=True)
class Report:
    """Everything that was found in one source, in the order of the document."""

    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    severities: Counter[Severity] = field(default_factory=Counter)
    contents: Counter[str] = field(default_factory=Counter)
    """How many of each kind of resource the document holds."""

    def add(self, found: Iterable[Finding]) -> None:
        """Count findings, and keep those that are not the many-th of their rule."""
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
        """Whether there is no error; warnings and notes do not count."""
        return self.severities["error"] == 0
