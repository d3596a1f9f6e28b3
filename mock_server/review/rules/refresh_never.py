"""Sends a customer through consent again where a refresh would do."""

from collections.abc import Iterator

from mock_server.domain.records import Authorization, Token
from mock_server.review.case import Case, Step
from mock_server.review.rule import Rule, Sign


def _look(case: Case) -> Iterator[Sign]:
    agreements = [one for one in case.authorizations.values() if one.kind == "customer"]
    agreements.sort(key=lambda one: (one.created, int(one.uid)))
    for place, former in enumerate(agreements):
        for later in agreements[place + 1 :]:
            step = _request_for(case, later) if _was_needless(case, former, later) else None
            if step is not None:
                yield Sign(
                    at=step,
                    message=f"The customer authorized again ({later.uid}) after the access token of {former.uid} had "
                    "expired; its refresh token was never used.",
                    about=former.uid,
                )


def _was_needless(case: Case, former: Authorization, later: Authorization) -> bool:
    tokens = [one for one in case.tokens.values() if one.authorization_uid == former.uid]
    access = [one for one in tokens if one.token_class == "access"]
    return (
        later.customer_id == former.customer_id
        and later.requested_scope == former.requested_scope
        and former.status_at(later.created) == "active"
        and any(one.token_class == "refresh" and one.ended is None for one in tokens)
        and len(access) == 1  # another one would come of a refresh
        and _had_expired(access[0], later)
        and not _tried_to_refresh(case, former)
    )


def _had_expired(token: Token, later: Authorization) -> bool:
    return token.expires is not None and token.expires <= later.created


def _tried_to_refresh(case: Case, former: Authorization) -> bool:
    sent = (step.facts.value("refresh_token") or "" for step in case.token_steps("refresh_token"))
    return any(case.tokens[mask].authorization_uid == former.uid for mask in sent if mask in case.tokens)


def _request_for(case: Case, later: Authorization) -> Step | None:
    """The authorize request that led there; None where the control API did, or the journal goes back less far."""
    found = [step for step in case.authorize_steps() if step.at <= later.created]
    redeemed = {
        code.authorization_uid
        for step in case.token_steps("authorization_code")
        if (code := case.codes.get(step.facts.value("code") or ""))
    }
    return found[-1] if found and later.uid in redeemed else None


RULE = Rule(
    id="refresh-never",
    severity="warning",
    clause="RFC 6749 §1.5 and §6",
    says="never refreshes, but sends the customer through the consent again",
    remedy="Keep the refresh_token; when the access token expired, send it to the token endpoint. It works as long as "
    "the authorization, and the customer need not be there.",
    look=_look,
)
