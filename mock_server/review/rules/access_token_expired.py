"""Keeps using an access token after it was rejected as expired."""

from collections.abc import Iterator

from mock_server.domain.records import Token
from mock_server.review.case import Case, Step
from mock_server.review.rule import Rule, Sign


def _look(case: Case) -> Iterator[Sign]:
    refused: dict[str, Step] = {}
    for step in case.reads():
        token = case.token_of(step)
        if token is None or step.bearer is None or not _is_dead(case, token, step):
            continue
        first = refused.get(step.bearer)
        if first is None:
            refused[step.bearer] = step  # that it expired may be learnt from the refusal (RFC 6749 §1.5)
        elif first.is_known_to(step) and not _could_not_refresh(case, first, step):
            yield Sign(
                at=step,
                message=f"An access token was used again after it was refused at {first.at:%H:%M:%S}: "
                f"{_why(token)}.",
                about=step.bearer,
            )


def _is_dead(case: Case, token: Token, step: Step) -> bool:
    """Whether the token was refused for its age; with its authorization it ends for another rule to see."""
    authorization = case.authorization_of(token)
    is_active = authorization is None or authorization.status_at(step.at) == "active"
    return token.token_class in ("access", "client") and is_active and step.exchange.error == "invalid_token"


def _could_not_refresh(case: Case, first: Step, step: Step) -> bool:
    """Whether it tried in between, and a fault or failure of ours was in its way."""
    started = (first.exchange.started, step.exchange.started)
    return any(
        one.was_corrupted and started[0] <= one.exchange.started <= started[1]
        for one in case.token_steps("refresh_token")
    )


def _why(token: Token) -> str:
    if token.ended_because is not None:
        return token.ended_because
    return f"it expired at {token.expires:%Y-%m-%d %H:%M:%S} UTC" if token.expires else "it had ended"


RULE = Rule(
    id="access-token-expired",
    severity="warning",
    clause="RFC 6750 §3.1, RFC 6749 §1.5",
    says="goes on using an access token that expired",
    remedy="Refresh when expires_in is nearly over, or at the first 401 invalid_token, and use the newest token from "
    "then on, in every worker.",
    look=_look,
)
