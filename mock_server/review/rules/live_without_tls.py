"""A live client whose codes are sent without TLS."""

from urllib.parse import urlsplit

from mock_server.domain.errors import InvalidRedirectUri
from mock_server.domain.records import Client
from mock_server.review.request_facts import RequestFacts
from mock_server.review.rule import Rule, each_request

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def _judge(client: Client, facts: RequestFacts) -> str | None:
    uri = facts.value("redirect_uri") if facts.kind == "authorize" else None
    if uri is None or client.mode != "live":
        return None
    try:
        parts = urlsplit(uri)
        in_the_clear = parts.scheme.casefold() == "http" and parts.hostname not in _LOOPBACK
    except ValueError:  # no address at all, which is refused as such
        return None
    return f"A live client's redirect_uri is not protected by TLS: {uri[:120]!r}." if in_the_clear else None


RULE = Rule(
    id="live-without-tls",
    severity="error",
    clause="RFC 6749 §3.1.2.1, RFC 9700 §2.6",
    says="is live and has a redirect URI without TLS",
    remedy="Serve the callback by https and register that; http is for loopback addresses alone.",
    look=each_request(_judge),
    judges_request=_judge,
    refusal=InvalidRedirectUri,
)
