"""The review for tests: `mock_server.review.assert_clean()`."""

from collections.abc import Callable, Collection
from typing import Any

from mock_server.review import RULES, Severity
from mock_server.review.findings import ReportedFinding, format_findings, parse_findings


class Review:
    """What clients of one server did wrong so far. Asks the server each time."""

    def __init__(self, control: Callable[..., Any]) -> None:
        self._control = control

    def findings(self, client_id: str | None = None) -> list[ReportedFinding]:
        """Every finding, of all clients or of one, in the order in which it happened."""
        query = {"client_id": client_id} if client_id is not None else {}
        return parse_findings(self._control("GET", "review", query=query))

    def assert_clean(
        self,
        ignore: Collection[str] = (),
        *,
        client_id: str | None = None,
        at_least: Severity = "warning",
    ) -> None:
        """Raises AssertionError that lists the findings, unless there are none but notes and ignored rules.

        `ignore` holds ids of rules; an id that does not exist is a ValueError.
        """
        unknown = set(ignore) - {rule.id for rule in RULES}
        if isinstance(ignore, str) or unknown:
            known = ", ".join(rule.id for rule in RULES)
            raise ValueError(f"ignore takes a list of ids of rules, out of {known}; not {ignore!r}.")
        found = [one for one in self.findings(client_id) if one.is_at_least(at_least)]
        left = [one for one in found if one.rule not in ignore]
        if left:
            raise AssertionError(f"The review of the client found:\n\n{format_findings(left)}")

    def probe(self, client_id: str | None = None) -> list[dict[str, Any]]:
        """Send the client's webhooks events with a wrong signature; returns the attempts with their responses."""
        probed: list[dict[str, Any]] = self._control("POST", "review/probe", {"client_id": client_id})[
            "attempts"
        ]
        return probed
