"""Delivery as one plain function of the clock; the background loop, the control API and tests call the same.

Each request goes out at its due instant, even where the clock jumped over many: a receiver that fails is tried again
an hour of the sandbox's clock later, up to now.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

import httpx

from mock_server.actions.telling.outbox import Outcome, Parcel, record_outcome, take_due
from mock_server.actions.telling.passage import let_time_pass, to_the_end
from mock_server.actions.world.faults import take_fault
from mock_server.core.events import Happening
from mock_server.core.records import Attempt, Fault
from mock_server.core.records.events import HELD_BACK, NO_ANSWER
from mock_server.sandbox import Sandbox
from mock_server.webhooks.requests import WriteBatchList, request_for


@dataclass(frozen=True, kw_only=True)
class CaughtUp:
    """What happened since the last time, in order, and what was sent because of it."""

    happened: tuple[Happening, ...]
    attempts: tuple[Attempt, ...]


def catch_up(
    sandbox: Sandbox, *, write_batch_list: WriteBatchList, goes_on: Callable[[], bool] = to_the_end
) -> CaughtUp:
    """Let the sandbox live up to its clock: announce what became due and deliver it.

    `goes_on` is asked between any two steps; what is left when it says no is done at the next call.
    """
    happened = let_time_pass(sandbox, goes_on=goes_on)
    return CaughtUp(
        happened=tuple(happened),
        attempts=tuple(deliver_due(sandbox, write_batch_list=write_batch_list, goes_on=goes_on)),
    )


def deliver_due(
    sandbox: Sandbox, *, write_batch_list: WriteBatchList, goes_on: Callable[[], bool] = to_the_end
) -> list[Attempt]:
    """Send all that is due by now, in order of time, each parcel by one worker alone.

    A target that did not answer in time is left alone until the next call, which would wait as long again.
    """
    attempts: list[Attempt] = []
    silent: set[str] = set()
    parcel = take_due(sandbox) if goes_on() else None
    if parcel is None:
        return attempts
    with sandbox.open_http() as http:
        while parcel is not None:
            made = _attempts(http, parcel, sandbox, write_batch_list)
            if made[-1].has_timed_out:
                silent.add(parcel.target)
            attempts += made
            parcel = take_due(sandbox, passing_over=silent) if goes_on() else None
    return attempts


def _attempts(
    http: httpx.Client, parcel: Parcel, sandbox: Sandbox, write_batch_list: WriteBatchList
) -> list[Attempt]:
    """One try; by a fault two, or none for now."""
    path = "/" + parcel.target.partition("://")[2].partition("/")[2].partition("?")[0]
    fault = take_fault(sandbox, surface="webhooks", method="POST", path=path, client_id=parcel.client.id)
    struck = fault.effect.webhook if fault else None
    if fault is not None and struck == "late":
        held_back = Outcome(status=None, problem=f"{HELD_BACK} {fault.name}")
        return [record_outcome(sandbox, parcel, held_back)]
    made = []
    for _ in range(2 if struck == "twice" else 1):
        outcome = _send(http, parcel, sandbox, write_batch_list, fault)
        made.append(record_outcome(sandbox, parcel, outcome))
    return made


def _send(
    http: httpx.Client,
    parcel: Parcel,
    sandbox: Sandbox,
    write_batch_list: WriteBatchList,
    fault: Fault | None,
) -> Outcome:
    try:
        request = request_for(http, parcel, sandbox, write_batch_list=write_batch_list, fault=fault)
    except (httpx.InvalidURL, ValueError) as error:  # what no address can be is told by several
        return Outcome(status=None, problem=f"{type(error).__name__}: {error}"[:400])
    outcome = send(http, request)
    is_forged = parcel.kind == "events" and fault is not None and fault.effect.webhook == "bad_signature"
    return replace(outcome, is_forged=is_forged)


def send(http: httpx.Client, request: httpx.Request) -> Outcome:
    """Send one request and tell how it ended; nothing is raised."""
    started = perf_counter()
    try:
        answer = http.send(request)
    except httpx.TimeoutException as error:
        return Outcome(status=None, problem=f"{NO_ANSWER}: {type(error).__name__}")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return Outcome(status=None, problem=f"{type(error).__name__}: {error}"[:400])
    return Outcome(status=answer.status_code, seconds=round(perf_counter() - started, 3))
