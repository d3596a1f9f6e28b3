"""What bills and intervals share: named meters, time limits, and order."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from mock_server.actions.reading.shares import Share, SharedMeter
from mock_server.api.call import Call
from mock_server.api.lists import listed, paged
from mock_server.api.times import moment
from mock_server.api.visible_data import FoundMeter, walk_meters
from mock_server.domain.errors import InvalidParameter, NotFound
from mock_server.domain.text.parameters import Parameters
from mock_server.domain.time.periods import Span

Place = tuple[Span, Share, SharedMeter]
Item = TypeVar("Item")

DESCRIBED: dict[str, Any] = paged(
    meters="Of these meters; this or authorizations is required.",
    authorizations="Of the meters of these authorizations.",
    start="Beginning at this time or later: 2026-01-31, or 2026-01-31T12:00:00Z.",
    end="Ending at this time or earlier.",
    order="latest_first or earliest_first.",
)


def named_meters(call: Call) -> list[FoundMeter]:
    """The meters that `meters` and `authorizations` name. Raises InvalidParameter, NotFound."""
    meters, authorizations = listed(call.query, "meters"), listed(call.query, "authorizations")
    if meters is None and authorizations is None:
        raise InvalidParameter(
            "Name the meters or the authorizations: ?meters=uid,uid or ?authorizations=uid."
        )
    found = list(walk_meters(call, uids=meters, authorizations=authorizations))
    if not found:
        raise NotFound("No meters or authorizations found with these uids that this token may see.")
    return found


def bounded(found: Iterable[Item], query: Parameters, *, place: Callable[[Item], Place]) -> list[Item]:
    """The items within `start` and `end`, latest first unless `order` is earliest_first. Raises InvalidParameter."""
    order = query.one("order") or "latest_first"
    if order not in ("latest_first", "earliest_first"):
        raise InvalidParameter(f"order={order[:40]!r} is neither latest_first nor earliest_first.")
    within = [one for one in found if _is_within(place(one), query)]
    return sorted(within, key=lambda one: _in_time(place(one)), reverse=order == "latest_first")


def _is_within(place: Place, query: Parameters) -> bool:
    span, share, _ = place
    start, end = moment(query, "start", share.zone), moment(query, "end", share.zone)
    return (start is None or span.start >= start) and (end is None or span.end <= end)


def _in_time(place: Place) -> tuple[datetime, int]:
    span, _, shared = place
    return span.start, int(shared.meter.uid)
