"""Deliveries to an endpoint, without those that our own faults changed."""

from collections.abc import Iterator

from mock_server.domain.records import Attempt
from mock_server.review.case import Case


def honest_attempts(case: Case) -> Iterator[Attempt]:
    """Delivery attempts without forged ones, which a receiver is right to reject."""
    return (one for one in case.attempts if not one.is_forged and not one.was_held_back)


def forged_attempts(case: Case) -> Iterator[Attempt]:
    """Tries with a wrong signature: probes, and those of the fault `bad_signature`."""
    return (one for one in case.attempts if one.is_forged)
