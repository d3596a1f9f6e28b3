"""Strict mode: rejects a request at once if it alone violates an error rule."""

from mock_server.domain.errors import InvalidRedirectUri
from mock_server.domain.records import Client
from mock_server.review.request_facts import RequestFacts
from mock_server.review.rules import RULES
from mock_server.sandbox import Sandbox

# First those that forbid to answer at the redirect URI: all others are told there.
REFUSING = sorted(
    (rule for rule in RULES if rule.judges_request and rule.severity == "error"),
    key=lambda rule: rule.refusal is not InvalidRedirectUri,
)


def check_strictly(sandbox: Sandbox, client: Client, facts: RequestFacts) -> None:
    """Raises the first refusing rule's error with its sentence; in the other modes nothing is refused."""
    if sandbox.settings.review != "strict":
        return
    for rule in REFUSING:
        message = rule.judges_request(client, facts) if rule.judges_request else None
        if message is not None:
            raise rule.refusal(f"{message} {rule.remedy} (Refused by --review strict, rule {rule.id}.)")
