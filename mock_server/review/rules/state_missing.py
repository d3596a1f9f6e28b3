"""An authorize request without `state`."""

from mock_server.domain.records import Client
from mock_server.review.request_facts import RequestFacts
from mock_server.review.rule import Rule, each_request


def _judge(_client: Client, facts: RequestFacts) -> str | None:
    if facts.kind != "authorize" or facts.value("state") or facts.value("code_challenge"):
        return None
    if facts.value("client_id") is None:  # somebody looks at the bare address
        return None
    return "The authorize request has no state (and no PKCE challenge, which would do as well)."


RULE = Rule(
    id="state-missing",
    severity="error",
    clause="RFC 6749 §10.12, RFC 9700 §2.1",
    says="sends customers off without `state`",
    remedy="Send a random state, keep it in the customer's session, and take no callback whose state is another: "
    "else anybody can slip a customer of yours somebody else's code.",
    look=each_request(_judge),
    judges_request=_judge,
)
