"""Events, with or without a webhook: list, read, mark as delivered."""

from typing import Any

from starlette.responses import Response

from mock_server.actions.notifying.mark_event import mark_delivered
from mock_server.api.bodies import answer, calls, json_body, takes
from mock_server.api.call import WRITERS, Call, reading, writing
from mock_server.api.lists import cut_page, flag, limit_of, page_start, paged
from mock_server.api.objects.event import Event, EventChange, EventListing
from mock_server.domain import records
from mock_server.domain.errors import NotFound
from mock_server.http.context import Context
from mock_server.http.responses.event_json import event_json

router = calls("/api/v2")


@router.get("/events", response_model=EventListing, openapi_extra=paged(is_delivered="true or false."))
async def list_events(context: Context) -> Response:
    """List events, newest first."""
    return answer(await reading(context, _listing, allowed=WRITERS))


@router.get("/events/{uid}", response_model=Event)
async def read_event(context: Context, uid: str) -> Response:
    """One of them."""
    return answer(await reading(context, lambda call: _event(call, uid), allowed=WRITERS))


@router.patch("/events/{uid}", response_model=Event, openapi_extra=takes(EventChange))
async def patch_event(context: Context, uid: str) -> Response:
    """Mark it as delivered, so that it is not sent again, or as not delivered, so that it is listed as missed."""
    body = await json_body(context, EventChange)

    def work(call: Call) -> Event:
        change = body.value()
        _event(call, uid)
        mark_delivered(call.sandbox, call.transaction, uid, is_delivered=change.is_delivered)
        return _event(call, uid)

    return answer(await writing(context, work))


def _event(call: Call, uid: str) -> Event:
    transaction = call.transaction
    found = transaction.events.find(uid=uid, client_id=call.caller.client_id)
    if found is None:
        raise NotFound(f"There is no event {uid[:40]!r} that this token may see.")
    return _serialize(found)


def _listing(call: Call) -> EventListing:
    where: dict[str, Any] = {"client_id": call.caller.client_id}
    if (wish := flag(call.query, "is_delivered")) is not None:
        where["is_delivered"] = wish
    limit = limit_of(call.query)
    transaction = call.transaction
    below = page_start(call.query, transaction.events, client_id=call.caller.client_id)
    found = transaction.events.list(order="-uid", below=below, limit=limit + 1, **where)
    page = cut_page(found, call.query, limit, uid_of=lambda one: one.uid)
    items = [_serialize(one) for one in page.items]
    return EventListing(events=items, next=page.next_url(call.links.api("events")))


def _serialize(event: records.Event) -> Event:
    """The Event object of utilityapi.md §6, which only names its subject."""
    return Event(**event_json(event))
