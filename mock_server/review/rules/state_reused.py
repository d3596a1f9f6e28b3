"""Sends a `state` again after it came back, or for another request."""

from collections.abc import Iterator

from mock_server.review.case import Case, Step
from mock_server.review.rule import Rule, Sign


def _look(case: Case) -> Iterator[Sign]:
    came_back: dict[str, Step] = {}
    sent: dict[str, Step] = {}
    for step in case.steps:
        state = step.facts.raw("state") if step.facts.kind == "authorize" else None
        if state:
            former = _former(step, came_back.get(state), sent.get(state))
            if former is not None:
                yield Sign(
                    at=step,
                    message=f"The state {state[:40]!r} was sent before, with the request of {former.at:%H:%M:%S}.",
                    about=state,
                )
            sent.setdefault(state, step)
        # The demo's own redirect to the authorize endpoint tells a state as well, on its way there.
        if step.callback.get("state") and "response_type" not in step.callback and not step.was_corrupted:
            came_back.setdefault(step.callback["state"], step)


def _former(step: Step, answer: Step | None, request: Step | None) -> Step | None:
    """The earlier flow with the same state. A reloaded page repeats its request, which is not a mistake."""
    if answer is not None and answer.is_known_to(step):
        return request or answer
    if request is not None and request.exchange.query != step.exchange.query:
        return request
    return None


RULE = Rule(
    id="state-reused",
    severity="warning",
    clause="RFC 6749 §10.12, RFC 9700 §2.1",
    says="sends the same `state` again",
    remedy="Draw a new random state for every authorize request, and forget it when it came back.",
    look=_look,
)
