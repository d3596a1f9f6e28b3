"""Refreshes with a token that is no valid refresh token."""

from collections.abc import Iterator

from mock_server.domain.records import Token
from mock_server.review.case import Case, Step
from mock_server.review.rule import Rule, Sign


def _look(case: Case) -> Iterator[Sign]:
    lost: set[str] = set()
    known_to_have_expired: set[str] = set()
    for step in case.token_steps("refresh_token"):
        mask = step.facts.value("refresh_token") or ""
        token = case.tokens.get(mask)
        if step.was_corrupted:
            lost.add(mask)  # its successor, where there is one, never arrived
        elif token is not None and mask not in lost:
            message = _problem(case, step, token)
            if message is None and _has_expired(token, step):
                if mask in known_to_have_expired:
                    message = "The refresh token had expired, which a refusal had told before."
                known_to_have_expired.add(mask)
            if message is not None:
                yield Sign(at=step, message=message, about=mask)


def _has_expired(token: Token, step: Step) -> bool:
    """Whether it was refused for its age, which no token answer foretells."""
    return token.expires is not None and token.expires <= step.at and step.exchange.error == "invalid_grant"


def _problem(case: Case, step: Step, token: Token) -> str | None:
    if token.token_class != "refresh":
        return f"The refresh_token sent is a token of class {token.token_class}, not a refresh token."
    authorization = case.authorization_of(token)
    if authorization is None or authorization.status_at(step.at) != "active":
        return None  # the end of an authorization comes unforeseen; another rule sees who goes on after it
    if step.exchange.error == "invalid_grant" and token.ended is not None and token.ended <= step.at:
        return f"The refresh token had ended: {token.ended_because}."
    return None


RULE = Rule(
    id="refresh-dead-token",
    severity="error",
    clause="RFC 6749 §6, RFC 9700 §4.14.2",
    says="refreshes with an old token, or with one that is no refresh token",
    remedy="Store the refresh_token of every token answer, in the same transaction as the access token, and let one "
    "process at a time refresh an authorization.",
    look=_look,
)
