"""An endpoint that answers deliveries with a status other than 200."""

from collections.abc import Iterator

from mock_server.review.case import Case
from mock_server.review.deliveries import honest_attempts
from mock_server.review.rule import Rule, Sign


def _look(case: Case) -> Iterator[Sign]:
    for attempt in honest_attempts(case):
        if attempt.status == 200 or attempt.has_timed_out:
            continue
        answer = f"answered {attempt.status}" if attempt.status else f"did not answer ({attempt.problem})"
        message = (
            f"{attempt.delivery_target} {answer}, so the utility sends it again every hour for three days."
        )
        yield Sign(at=attempt, message=message, about=f"{attempt.delivery_target} {attempt.status}")


RULE = Rule(
    id="notify-not-200",
    severity="warning",
    clause="UtilityAPI documentation, webhooks; ESPI 4.0 §9.1",
    says="does not answer notifications and webhooks with 200",
    remedy="Answer exactly 200 as soon as the body is stored (201, 202, 204 and redirects count as failures), and do "
    "the work afterwards.",
    look=_look,
)
