"""Builds the request of a delivery: signed events, or a BatchList; a fault may corrupt both."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import parse_qsl, urlencode

from mock_server.actions.notifying.outbox import PendingDelivery
from mock_server.domain.records import Event, Fault, Notification
from mock_server.http.responses.event_json import event_json
from mock_server.http.responses.header_fields import simulated_fault
from mock_server.sandbox import Sandbox
from mock_server.urls import links_to
from mock_server.webhooks.signing import SIGNATURE_HEADER, signed

if TYPE_CHECKING:
    import httpx

WriteBatchList: TypeAlias = Callable[[Sequence[str]], bytes]
_INDENT = 4  # receivers that sign their own rendering of the JSON rely on it
_AHEAD = timedelta(days=1)
_BOUNDS = ("updated-min", "updated-max")


def request_for(
    http: "httpx.Client",
    delivery: PendingDelivery,
    sandbox: Sandbox,
    *,
    write_batch_list: WriteBatchList,
    fault: Fault | None,
) -> "httpx.Request":
    """The request of a delivery. Raises httpx.InvalidURL for an invalid target."""
    effect = fault.effect.webhook if fault else None
    if delivery.kind == "events":
        body = events_body([one for one in delivery.items if isinstance(one, Event)])
        headers = {
            "Content-Type": "application/json",
            **signed(delivery.client.webhook_secret, sandbox.random.secret()[:32], body),
        }
        if effect == "bad_signature":
            headers[SIGNATURE_HEADER] = sandbox.random.secret()
    else:
        base = links_to(delivery.client, sandbox.settings, prefix=sandbox.prefix).base
        paths = [path for one in delivery.items if isinstance(one, Notification) for path in one.resources]
        listed = [ahead(path) for path in paths] if effect == "before_data" else paths
        body = write_batch_list([base + path for path in listed])
        headers = {"Content-Type": "application/xml"}
    if fault is not None:
        name, value = simulated_fault(fault.name)
        headers[name] = value
    return http.build_request("POST", delivery.target, content=body, headers=headers)


def events_body(events: Sequence[Event]) -> bytes:
    """The body of a webhook request: events that are not delivered yet."""
    items = [event_json(event, is_delivered=False) for event in events]
    return json.dumps({"events": items, "next": None}, indent=_INDENT).encode()


def ahead(path: str) -> str:
    """The URL limited to the changes of the following day; a URL without limits is unchanged."""
    place, _, query = path.partition("?")
    items = [(name, _a_day_later(value) if name in _BOUNDS else value) for name, value in parse_qsl(query)]
    return f"{place}?{urlencode(items, safe=':')}" if items else path


def _a_day_later(instant: str) -> str:
    return f"{datetime.fromisoformat(instant) + _AHEAD:%Y-%m-%dT%H:%M:%SZ}"
