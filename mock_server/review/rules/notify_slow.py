"""An endpoint that answers deliveries slowly."""

from collections.abc import Iterator

from mock_server.domain.events import HTTP_TIMEOUT
from mock_server.review.case import Case
from mock_server.review.deliveries import honest_attempts
from mock_server.review.rule import Rule, Sign

SLOW = HTTP_TIMEOUT / 2
"""In seconds."""


def _look(case: Case) -> Iterator[Sign]:
    for attempt in honest_attempts(case):
        if attempt.has_timed_out:
            message = f"{attempt.delivery_target} did not respond within {HTTP_TIMEOUT:.0f} seconds."
        elif (attempt.seconds or 0.0) >= SLOW:
            message = f"{attempt.delivery_target} took {attempt.seconds:.1f} seconds to answer."
        else:
            continue
        yield Sign(at=attempt, message=message, about=attempt.delivery_target)


RULE = Rule(
    id="notify-slow",
    severity="warning",
    clause="UtilityAPI documentation, webhooks; ESPI 4.0 §9.1",
    says="takes long to answer notifications and webhooks",
    remedy="Store the body, answer 200 at once, and fetch the data in a job of your own.",
    look=_look,
)
