"""Applies every rule to every case, and merges repeated findings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from mock_server.domain.records import Attempt
from mock_server.review.case import Case, Step
from mock_server.review.gather_cases import gather_cases
from mock_server.review.rule import Rule, Severity, Sign
from mock_server.review.rules import RULES
from mock_server.sandbox import Sandbox


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a client did wrong: which rule says so, what happened, how to mend it, and where it shows first.

    `exchange_id` is None where a delivery of ours shows it, `times` how often it happened.
    """

    rule: Rule
    client_id: str
    message: str
    at: datetime
    exchange_id: str | None
    request: str
    times: int

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.rule.severity


def review(sandbox: Sandbox, *, client_id: str | None = None) -> list[Finding]:
    """Everything that clients did wrong as far as the journal goes back, in the order in which it happened.

    With `--review lenient` errors only. Raises NotFound for a client that does not exist.
    """
    cases = gather_cases(sandbox, client_id=client_id)
    found = [finding for case in cases for finding in judge(case)]
    if sandbox.settings.review == "lenient":
        return [one for one in found if one.severity == "error"]
    return found


def judge(case: Case, rules: Iterable[Rule] = RULES) -> list[Finding]:
    """What the rules find in one case, by time."""
    found = [finding for rule in rules for finding in _findings(rule, case)]
    return sorted(found, key=lambda one: one.at)


def _findings(rule: Rule, case: Case) -> Iterator[Finding]:
    signs: dict[str, list[Sign]] = {}
    for sign in rule.look(case):
        signs.setdefault(sign.about, []).append(sign)
    for same in signs.values():
        first = same[0]
        yield Finding(
            rule=rule,
            client_id=case.client.id,
            message=first.message,
            at=first.at.at,
            exchange_id=first.at.exchange.id if isinstance(first.at, Step) else None,
            request=_request(first.at),
            times=len(same),
        )


def _request(place: Step | Attempt) -> str:
    """Where it shows, in a few words."""
    if isinstance(place, Step):
        return f"{place.exchange.method} {place.exchange.path}"
    return f"POST {place.delivery_target}"
