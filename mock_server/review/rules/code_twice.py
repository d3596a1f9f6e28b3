"""Redeems a code again after its tokens arrived."""

from collections.abc import Iterator

from mock_server.review.case import Case, Step
from mock_server.review.rule import Rule, Sign


def _look(case: Case) -> Iterator[Sign]:
    redeemed: dict[str, Step] = {}
    for step in case.token_steps("authorization_code"):
        mask = step.facts.value("code") or ""
        first = redeemed.get(mask)
        if first is not None:
            yield Sign(
                at=step,
                message=f"A code was redeemed again; it had been redeemed at {first.at:%Y-%m-%d %H:%M:%S} UTC.",
                about=mask,
            )
        elif mask in case.codes and step.exchange.status == 200 and not step.was_corrupted:
            redeemed[mask] = step


RULE = Rule(
    id="code-twice",
    severity="error",
    clause="RFC 6749 §4.1.2 and §10.5",
    says="redeems a code twice",
    remedy="Redeem each code once, also when the customer reloads your callback: remember its state as done. A second "
    "use ends the tokens of the first.",
    look=_look,
)
