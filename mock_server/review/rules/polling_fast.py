"""Requests the same data more often than documented."""

import re
from collections.abc import Iterator
from datetime import timedelta

from mock_server.review.case import Case, Step
from mock_server.review.rule import Rule, Sign

_DOWNLOAD = re.compile(r"/resource/Batch/|/api/v2/(?:intervals|bills|files)(?:/|\Z)")
_DOWNLOADS, _OTHERS = (3, timedelta(minutes=1)), (5, timedelta(seconds=1))


def _look(case: Case) -> Iterator[Sign]:
    runs: dict[tuple[str, str | None], list[Step]] = {}
    for step in case.reads():
        if step.exchange.method != "GET" or step.exchange.status != 200 or step.exchange.fault is not None:
            continue
        times, apart = _DOWNLOADS if _DOWNLOAD.search(step.exchange.path) else _OTHERS
        run = runs.setdefault((step.address, step.bearer), [])
        passed = step.since(run[-1]) if run else None
        if passed is None or passed >= apart:
            run.clear()
        run.append(step)
        if len(run) >= times:
            message = (
                f"{step.exchange.path} was read {times} times in a row, each less than {apart.total_seconds():.0f} "
                "seconds after the one before."
            )
            yield Sign(at=step, message=message, about=step.address)


RULE = Rule(
    id="polling-fast",
    severity="note",
    clause="UtilityAPI documentation, availability (downloads once a minute, all else once a second)",
    says="asks for the same more often than documented",
    remedy="Read bills and intervals at most once a minute and anything else once a second, or better: wait for a "
    "webhook or notification, and read then.",
    look=_look,
)
