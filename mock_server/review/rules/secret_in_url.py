"""Sends token endpoint parameters in a URL."""

from mock_server.domain.records import Client
from mock_server.review.request_facts import RequestFacts
from mock_server.review.rule import Rule, each_request

_SECRETS = ("client_secret", "refresh_token", "code_verifier", "client_assertion")


def _judge(_client: Client, facts: RequestFacts) -> str | None:
    if facts.kind not in ("authorize", "token"):
        return None
    found = [name for name in _SECRETS if name in facts.query.on_wire]
    return f"The query of the request has {' and '.join(found)}." if found else None


RULE = Rule(
    id="secret-in-url",
    severity="error",
    clause="RFC 6749 §2.3.1 and §3.2",
    says="sends its secret or a refresh token in the address",
    remedy="Send them in the body of the POST, the client's secret better with HTTP Basic, and replace what was sent: "
    "it stands in logs now.",
    look=each_request(_judge),
    judges_request=_judge,
)
