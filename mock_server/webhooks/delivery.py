"""Delivery as one plain function of the clock; the background loop, the control API and tests call the same.

Each request goes out at its due instant, even where the clock jumped over many: a receiver that fails is tried again
an hour of the sandbox's clock later, up to now.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import httpx

from mock_server.actions.outbox import Outcome, Parcel, record_outcome, take_due
from mock_server.actions.passage import let_time_pass
from mock_server.core.events import Happening
from mock_server.core.records import Attempt, Event, Notification
from mock_server.event_answer import event_answer
from mock_server.paths import links_to
from mock_server.sandbox import Sandbox
from mock_server.webhooks.signing import signed

WriteBatchList: TypeAlias = Callable[[Sequence[str]], bytes]
_INDENT = 4  # receivers that sign their own rendering of the JSON rely on it


@dataclass(frozen=True, kw_only=True)
class CaughtUp:
    """What happened since the last time, in order, and what was sent because of it."""

    happened: tuple[Happening, ...]
    attempts: tuple[Attempt, ...]


def catch_up(sandbox: Sandbox, *, write_batch_list: WriteBatchList) -> CaughtUp:
    """Let the sandbox live up to its clock: announce what became due and deliver it."""
    happened = let_time_pass(sandbox)
    return CaughtUp(
        happened=tuple(happened),
        attempts=tuple(deliver_due(sandbox, write_batch_list=write_batch_list)),
    )


def deliver_due(sandbox: Sandbox, *, write_batch_list: WriteBatchList) -> list[Attempt]:
    """Send all that is due by now, in order of time, each parcel by one worker alone.

    A target that did not answer in time is left alone until the next call, which would wait as long again.
    """
    attempts: list[Attempt] = []
    silent: set[str] = set()
    parcel = take_due(sandbox)
    if parcel is None:
        return attempts
    with sandbox.open_http() as http:
        while parcel is not None:
            outcome = _post(http, parcel, sandbox, write_batch_list)
            if outcome.problem is not None and outcome.problem.startswith(_NO_ANSWER):
                silent.add(parcel.target)
            attempts.append(record_outcome(sandbox, parcel, outcome))
            parcel = take_due(sandbox, passing_over=silent)
    return attempts


_NO_ANSWER = "no answer in time"


def _post(http: httpx.Client, parcel: Parcel, sandbox: Sandbox, write_batch_list: WriteBatchList) -> Outcome:
    try:
        answer = http.send(_request(http, parcel, sandbox, write_batch_list))
    except httpx.TimeoutException as error:
        return Outcome(status=None, problem=f"{_NO_ANSWER}: {type(error).__name__}")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Outcome(status=None, problem=f"{type(error).__name__}: {error}"[:400])
    return Outcome(status=answer.status_code)


def _request(
    http: httpx.Client, parcel: Parcel, sandbox: Sandbox, write_batch_list: WriteBatchList
) -> httpx.Request:
    if parcel.kind == "events":
        body = events_body([one for one in parcel.items if isinstance(one, Event)])
        headers = {
            "Content-Type": "application/json",
            **signed(parcel.client.webhook_secret, sandbox.chance.secret()[:32], body),
        }
        return http.build_request("POST", parcel.target, content=body, headers=headers)
    base = links_to(parcel.client, sandbox.settings, prefix=sandbox.prefix).base
    paths = [path for one in parcel.items if isinstance(one, Notification) for path in one.resources]
    content = write_batch_list([base + path for path in paths])
    return http.build_request(
        "POST", parcel.target, content=content, headers={"Content-Type": "application/xml"}
    )


def events_body(events: Sequence[Event]) -> bytes:
    """The body of a webhook request: some events, none of which is delivered yet."""
    told = [event_answer(event, is_delivered=False) for event in events]
    return json.dumps({"events": told, "next": None}, indent=_INDENT).encode()
