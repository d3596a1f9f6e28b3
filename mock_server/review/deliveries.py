"""Our deliveries, seen as an endpoint's answers: what is left where faults of ours are set aside."""

from collections.abc import Iterator

from mock_server.core.records import Attempt
from mock_server.review.case import Case

NO_ANSWER = "no answer in time"


def honest_attempts(case: Case) -> Iterator[Attempt]:
    """Tries that were sent as they should be: whoever refuses a forged one is right."""
    return (one for one in case.attempts if not one.is_forged and not _was_never_sent(one))


def forged_attempts(case: Case) -> Iterator[Attempt]:
    """Tries with a wrong signature: probes, and those of the fault `bad_signature`."""
    return (one for one in case.attempts if one.is_forged)


def came_in_time(attempt: Attempt) -> bool:
    """Whether there was an answer, or at least a broken connection, before we gave up."""
    return not (attempt.problem or "").startswith(NO_ANSWER)


def _was_never_sent(attempt: Attempt) -> bool:
    return (attempt.problem or "").startswith("held back")
