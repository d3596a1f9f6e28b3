"""Redeems a code after it expired."""

from collections.abc import Iterator

from mock_server.review.case import Case
from mock_server.review.rule import Rule, Sign


def _look(case: Case) -> Iterator[Sign]:
    tried: set[str] = set()
    for step in case.token_steps("authorization_code"):
        mask = step.facts.value("code") or ""
        code = case.codes.get(mask)
        if code is None or mask in tried:
            continue
        if code.expires <= step.at and code.redeemed is None:
            late = int((step.at - code.issued).total_seconds())
            yield Sign(
                at=step, message=f"The code was redeemed {late} seconds after it was issued.", about=mask
            )
        tried.add(mask)  # whoever came in time and met a fault may come again


RULE = Rule(
    id="code-late",
    severity="error",
    clause="RFC 6749 §4.1.2",
    says="redeems a code after it expired",
    remedy="Redeem the code in the request that brings it: it lives five minutes, in the real system ten at most.",
    look=_look,
)
