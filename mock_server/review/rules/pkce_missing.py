"""A public client without PKCE, whose codes anyone could redeem."""

from mock_server.domain.records import Client
from mock_server.review.request_facts import RequestFacts
from mock_server.review.rule import Rule, each_request


def _judge(client: Client, facts: RequestFacts) -> str | None:
    if facts.kind != "authorize" or not client.is_public:
        return None
    if facts.value("code_challenge") is None:
        return "A client without a secret sent an authorize request without code_challenge."
    if facts.value("code_challenge_method") != "S256":
        return "A client without a secret sent its code_verifier itself as code_challenge (plain, not S256)."
    return None


RULE = Rule(
    id="pkce-missing",
    severity="error",
    clause="RFC 8252 §8.1, RFC 7636 §4.2, RFC 9700 §2.1.1",
    says="holds no secret and does not use PKCE with S256",
    remedy="Draw a code_verifier for every request, send its S256 code_challenge, and redeem the code with the "
    "verifier; libraries have it as one option.",
    look=each_request(_judge),
    judges_request=_judge,
)
