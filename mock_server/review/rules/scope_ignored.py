"""Requests data that the customer did not grant."""

from collections.abc import Iterator

from mock_server.review.case import Case, Step
from mock_server.review.rule import Rule, Sign

_DATA = "/DataCustodian/espi/1_1/resource/"


def _look(case: Case) -> Iterator[Sign]:
    for step in case.reads():
        if _is_refused_for_scope(case, step):
            authorization = case.authorization_of(case.token_of(step))
            granted = authorization.scope if authorization else ""
            message = (
                f"{step.exchange.path} was asked for, which the granted scope does not open: {granted[:120]}"
            )
            yield Sign(at=step, message=message, about=step.exchange.path)
    for step in case.token_steps("refresh_token"):
        authorization = case.authorization_of(case.tokens.get(step.facts.value("refresh_token") or ""))
        scope = step.facts.value("scope")
        if authorization is not None and scope is not None and step.exchange.error == "invalid_scope":
            message = (
                f"The refresh requests the scope {scope[:120]!r}; granted was {authorization.scope[:120]!r}."
            )
            yield Sign(at=step, message=message, about=scope)


def _is_refused_for_scope(case: Case, step: Step) -> bool:
    token = case.token_of(step)
    authorization = case.authorization_of(token)
    return (
        token is not None
        and token.token_class == "access"
        and authorization is not None
        and authorization.status_at(step.at) == "active"
        and not step.was_corrupted
        and step.exchange.error == "insufficient_scope"
        and step.exchange.path.startswith(_DATA)
        and "/Authorization" not in step.exchange.path
        and step.authorization_named in (None, authorization.uid)
    )


RULE = Rule(
    id="scope-ignored",
    severity="warning",
    clause="RFC 6749 §3.3 and §5.1, ESPI 4.0 §4.4",
    says="does not look at the scope that was granted",
    remedy="Read scope in the token answer: the customer may have granted less than you asked for. Without FB=51 there "
    "is no customerResourceURI; on a refresh leave scope out.",
    look=_look,
)
