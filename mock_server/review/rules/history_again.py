"""Downloads the whole history repeatedly."""

import re
from collections.abc import Iterator

from mock_server.review.case import Case, Step
from mock_server.review.rule import Rule, Sign

COMPLETE_DOWNLOADS = 3
_FEED = re.compile(r"/resource/Batch/(?:Subscription/[^/]+(?:/UsagePoint/[^/]+)?|Bulk/[^/]+)/?\Z")
_LIST = re.compile(r"/api/v2/(?:intervals|bills)/?\Z")
_BOUNDS = ("published-min", "updated-min", "published-max", "start", "end", "after", "limit", "max-results")
_CONDITIONS = ("if-none-match", "if-modified-since")


def _look(case: Case) -> Iterator[Sign]:
    seen: dict[str, list[Step]] = {}
    for step in case.reads():
        if _is_complete(step):
            seen.setdefault(f"{step.address} {case.client.id}", []).append(step)
    for downloads in seen.values():
        for step in downloads[COMPLETE_DOWNLOADS - 1 :]:
            times = len(downloads)
            message = f"{step.exchange.path} was downloaded {times} times as a whole, never only what is new."
            yield Sign(at=step, message=message, about=step.exchange.path)


def _is_complete(step: Step) -> bool:
    exchange = step.exchange
    return (
        exchange.method == "GET"
        and exchange.status == 200
        and exchange.fault is None
        and bool(_FEED.search(exchange.path) or _LIST.search(exchange.path))
        and not any(name in step.facts.query.on_wire for name in _BOUNDS)
        and not any(exchange.request.header(name) for name in _CONDITIONS)
    )


RULE = Rule(
    id="history-again",
    severity="warning",
    clause="ESPI 4.0 function block 37 (published-min, updated-min), RFC 9110 §13.1",
    says="downloads the whole history each time instead of asking with `published-min`",
    remedy="Remember how far your data goes and add published-min (in the JSON API: start), or send If-None-Match with "
    "the ETag of the last answer and take the empty 304.",
    look=_look,
)
