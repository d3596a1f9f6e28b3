"""Sends a token in a URL, which proxies log."""

from mock_server.domain.records import Client
from mock_server.review.request_facts import RequestFacts
from mock_server.review.rule import Rule, each_request


def _judge(_client: Client, facts: RequestFacts) -> str | None:
    if facts.kind != "read" or "access_token" not in facts.query.on_wire:
        return None
    return "A token was sent in the query, as access_token."


RULE = Rule(
    id="token-in-url",
    severity="warning",
    clause="RFC 6750 §5.3, RFC 9700 §4.3.2",
    says="sends its token in the address",
    remedy="Send the header Authorization: Bearer instead. Addresses are written into logs, histories and Referer "
    "headers.",
    look=each_request(_judge),
    judges_request=_judge,
)
