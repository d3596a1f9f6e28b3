"""Keeps requesting an authorization that has ended."""

from collections.abc import Iterator

from mock_server.domain.records import Token
from mock_server.review.case import Case, Step
from mock_server.review.rule import Rule, Sign

_REFUSALS = {"active": (), "revoked": (403,), "expired": (400, 401)}


def _look(case: Case) -> Iterator[Sign]:
    refused: dict[tuple[str, str], Step] = {}
    for step in case.steps:
        token = _token(case, step)
        authorization = case.authorization_of(token)
        if token is None or authorization is None or step.was_corrupted:
            continue
        status = authorization.status_at(step.at)
        if step.exchange.status not in _REFUSALS[status]:
            continue
        first = refused.setdefault((step.exchange.path, authorization.uid), step)
        if first is not step and first.is_known_to(step):
            yield Sign(
                at=step,
                message=f"{step.exchange.path} was asked again for authorization {authorization.uid}, which is "
                f"{status}: it had been refused at {first.at:%Y-%m-%d %H:%M:%S} UTC.",
                about=authorization.uid,
            )


def _token(case: Case, step: Step) -> Token | None:
    """The token of a read, or of a refresh."""
    if step.facts.kind == "read":
        return case.token_of(step)
    if step.facts.kind == "token" and step.facts.value("grant_type") == "refresh_token":
        return case.tokens.get(step.facts.value("refresh_token") or "")
    return None


RULE = Rule(
    id="ended-still-polled",
    severity="error",
    clause="RFC 6750 §3.1, RFC 6749 §5.2",
    says="goes on asking after an authorization was revoked or expired",
    remedy="Take the 403 (or the event authorization_revoked) for final: stop the job, forget the tokens, and offer "
    "the customer to connect again.",
    look=_look,
)
