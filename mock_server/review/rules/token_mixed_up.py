"""Uses a token where another class of token is needed."""

from collections.abc import Iterator

from mock_server.domain.records import Token
from mock_server.review.case import Case, Step
from mock_server.review.rule import Rule, Sign

_CLASSES = {
    "access": "an access token of a customer's authorization",
    "client": "a client token",
    "registration": "a registration token",
    "refresh": "a refresh token",
}


def _look(case: Case) -> Iterator[Sign]:
    for step in case.reads():
        token = case.token_of(step)
        if token is not None and not step.was_corrupted and _is_of_another_class(case, token, step):
            message = (
                f"{step.exchange.method} {step.exchange.path} was called with {_CLASSES[token.token_class]}."
            )
            yield Sign(at=step, message=message, about=f"{token.token_class} {step.exchange.path}")


def _is_of_another_class(case: Case, token: Token, step: Step) -> bool:
    if token.token_class == "refresh":
        return True
    authorization = case.authorization_of(token)
    if token.token_class not in _CLASSES or authorization is None:
        return False
    if authorization.status_at(step.at) != "active" or step.exchange.error != "insufficient_scope":
        return False
    opens_data = token.token_class == "access" and not step.exchange.path.startswith("/api/")
    return not opens_data or "/Authorization" in step.exchange.path


RULE = Rule(
    id="token-mixed-up",
    severity="error",
    clause="ESPI 4.0 §4.4, RFC 6750 §3.1",
    says="shows a token where another class of token is needed",
    remedy="Read data with the access_token of the customer's authorization; Authorization and Bulk resources with a "
    "client token (client_credentials); send a refresh_token to the token endpoint only.",
    look=_look,
)
