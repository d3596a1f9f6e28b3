"""Accepts a webhook with a wrong signature."""

from collections.abc import Iterator

from mock_server.review.case import Case
from mock_server.review.deliveries import forged_attempts
from mock_server.review.rule import Rule, Sign


def _look(case: Case) -> Iterator[Sign]:
    for attempt in forged_attempts(case):
        if attempt.status is not None and 200 <= attempt.status < 300:
            message = f"{attempt.delivery_target} answered {attempt.status} to events with a wrong signature."
            yield Sign(at=attempt, message=message, about=attempt.delivery_target)


RULE = Rule(
    id="signature-unchecked",
    severity="error",
    clause="UtilityAPI documentation, webhooks (X-UtilityAPI-Webhook-Signature)",
    says="takes webhooks without checking their signature (seen by a probe, or the fault `bad_signature`)",
    remedy="Compute SHA-256 over secret, salt and raw body with dots between, compare in constant time, and answer 401 "
    "where it differs, before the body is read as JSON.",
    look=_look,
)
