"""The review for tests: `mock_server.review.assert_clean()`."""

from collections.abc import Callable, Collection
from typing import Any

from mock_server.review import RULES, Severity
from mock_server.review.findings import ReportedFinding, format_findings, parse_findings


class Review:
    """What clients of one server did wrong so far. Each call queries the server."""

    def __init__(self, control: Callable[..., Any]) -> None:
        self._control = control

    def findings(self, client_id: str | None = None) -> list[ReportedFinding]:
        """Every finding, of all clients or of one, in chronological order."""
        query = {"client_id": client_id} if client_id is not None else {}
        return parse_findings(self._control("GET", "review", query=query))

    def assert_clean(
        self,
        ignore: Collection[str] = (),
        *,
        client_id: str | None = None,
        at_least: Severity = "warning",
    ) -> None:
        """Raises AssertionError that lists the findings of at least this severity, except those of ignored rules.

        `ignore` holds rule ids. Raises ValueError for an unknown id.
        """
        unknown = set(ignore) - {rule.id for rule in RULES}
        if isinstance(ignore, str) or unknown:
            known = ", ".join(rule.id for rule in RULES)
            raise ValueError(f"ignore takes a list of rule ids, not {ignore!r}. Known ids: {known}.")
        found = [finding for finding in self.findings(client_id) if finding.is_at_least(at_least)]
        left = [finding for finding in found if finding.rule not in ignore]
        if left:
            raise AssertionError(f"The review of the client found:\n\n{format_findings(left)}")

    def probe(self, client_id: str | None = None) -> list[dict[str, Any]]:
        """Send the client's webhooks events with a wrong signature; returns the attempts with their responses."""
        probed: list[dict[str, Any]] = self._control("POST", "review/probe", {"client_id": client_id})[
            "attempts"
        ]
        return probed
