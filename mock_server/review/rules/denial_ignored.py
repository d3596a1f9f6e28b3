"""Treats an error at the callback as a code."""

from collections.abc import Iterator

from mock_server.review.case import Case, Step
from mock_server.review.rule import Rule, Sign


def _look(case: Case) -> Iterator[Sign]:
    denied: Step | None = None
    for step in case.steps:
        if "error" in step.callback:
            denied = step
        elif "code" in step.callback:
            denied = None
        elif denied is not None and _redeems_nothing(case, step):
            code = denied.callback["error"]
            yield Sign(
                at=step,
                message=f"The callback said error={code} at {denied.at:%H:%M:%S}, and the client asked for tokens all "
                "the same, without a code.",
                about=denied.exchange.id,
            )


def _redeems_nothing(case: Case, step: Step) -> bool:
    facts = step.facts
    if facts.kind != "token" or facts.value("grant_type") != "authorization_code":
        return False
    code = facts.value("code")
    return code is None or code in case.masks_of_nothing


RULE = Rule(
    id="denial-ignored",
    severity="error",
    clause="RFC 6749 §4.1.2.1",
    says="does not notice in the callback that the customer declined",
    remedy="Look for error before code in the callback, tell the customer that nothing was connected, and offer to try "
    "again.",
    look=_look,
)
