"""Requests a URL that no response contained."""

from collections.abc import Iterator

from mock_server.review.case import Case, Step
from mock_server.review.rule import Rule, Sign

_DATA = "/DataCustodian/espi/1_1/resource/"


def _look(case: Case) -> Iterator[Sign]:
    for step in case.reads():
        message = _problem(case, step)
        if message is not None:
            yield Sign(at=step, message=message, about=step.exchange.path)


def _problem(case: Case, step: Step) -> str | None:
    token = case.token_of(step)
    authorization = case.authorization_of(token)
    if token is None or token.token_class != "access" or authorization is None or step.was_corrupted:
        return None
    if not step.exchange.path.startswith(_DATA) or authorization.status_at(step.at) != "active":
        return None
    named = step.authorization_named
    if named not in (None, authorization.uid) and step.exchange.status in (403, 404):
        return (
            f"{step.exchange.path} was read with a token of authorization {authorization.uid}, "
            f"which does not open {named}."
        )
    if step.exchange.error == "not_found":
        return f"There is nothing at {step.exchange.path}, and no answer names that address."
    return None


RULE = Rule(
    id="resource-guessed",
    severity="warning",
    clause="ESPI 4.0 §4.4 (resourceURI, authorizationURI)",
    says="guesses addresses where it should follow `resourceURI`",
    remedy="Store resourceURI and customerResourceURI of the token answer with the token they came with, read exactly "
    "these, and go on by the links inside the feeds.",
    look=_look,
)
