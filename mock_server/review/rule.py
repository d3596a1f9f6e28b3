"""A rule and what it reports."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from mock_server.domain.errors import InvalidRequest, MockServerError
from mock_server.domain.records import Attempt, Client
from mock_server.review.case import Case, Step
from mock_server.review.request_facts import RequestFacts

Severity: TypeAlias = Literal["note", "warning", "error"]
SEVERITIES: Final[tuple[Severity, ...]] = ("note", "warning", "error")


@dataclass(frozen=True, kw_only=True)
class Sign:
    """One place that shows it: an exchange, or a delivery of ours. `message` says what the client did there.

    Signs of one rule with the same `about` are the same mistake again.
    """

    at: Step | Attempt
    message: str
    about: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One mistake of clients. Ids are stable, because people ignore findings by id.

    An error violates the standard or loses data, a warning will break in production, a note is worth knowing.
    `judges_request` is for rules that can tell from the request alone: in strict mode those that are errors refuse it.
    """

    id: str
    severity: Severity
    clause: str
    says: str
    remedy: str
    look: Callable[[Case], Iterable[Sign]]
    judges_request: "Judge | None" = None
    refusal: type[MockServerError] = InvalidRequest


Judge: TypeAlias = Callable[[Client, RequestFacts], str | None]
"""What is wrong with a request of a client, by itself; None for nothing."""


def each_request(judge: Judge) -> Callable[[Case], Iterator[Sign]]:
    """Looks at every recorded request as `judge` looks at one."""

    def look(case: Case) -> Iterator[Sign]:
        for step in case.steps:
            message = judge(case.client, step.facts)
            if message is not None:
                yield Sign(at=step, message=message, about=message)

    return look
