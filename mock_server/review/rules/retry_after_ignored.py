"""Returns before Retry-After allows it."""

from collections.abc import Iterator
from datetime import timedelta

from mock_server.review.case import Case, Step
from mock_server.review.rule import Rule, Sign

_WITH_RETRY_AFTER = (202, 429)
_TOLERANCE = timedelta(seconds=0.5)  # a wait as it was told, measured by two clocks


def _look(case: Case) -> Iterator[Sign]:
    waits: dict[tuple[str, str | None], Step] = {}
    for step in case.steps:
        if step.facts.kind not in ("read", "token"):
            continue
        key = (step.address, step.bearer)
        former = waits.pop(key, None)
        if former is not None and former.is_known_to(step):
            sign = _sign(former, step)
            if sign is not None:
                yield sign
        if step.exchange.status in _WITH_RETRY_AFTER and _seconds(step) is not None:
            waits[key] = step


def _sign(former: Step, step: Step) -> Sign | None:
    wait, passed = _seconds(former) or 0, step.since(former)
    if passed is None or passed + _TOLERANCE >= timedelta(seconds=wait):
        return None
    message = (
        f"{step.exchange.path} answered {former.exchange.status} with Retry-After: {wait}, and was asked again "
        f"{passed.total_seconds():.1f} seconds later."
    )
    return Sign(at=step, message=message, about=step.address)


def _seconds(step: Step) -> int | None:
    """The wait in seconds; None where there is none, or a date, which is of no clock that we know."""
    value = step.exchange.response.header("retry-after") or ""
    return int(value) if value.isdecimal() and len(value) < 8 else None


RULE = Rule(
    id="retry-after-ignored",
    severity="warning",
    clause="RFC 9110 §10.2.3 and §15.3.3, RFC 6585 §4",
    says="does not wait as long as `Retry-After` says after 202 or 429",
    remedy="Read Retry-After (seconds) and come back after that; with FB=39 the utility notifies you when a batch is "
    "ready, and you need not ask at all.",
    look=_look,
)
