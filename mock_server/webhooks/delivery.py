"""Sends what is due, as a plain function of the clock; for the background task, the control API and tests.

Each request goes out at its due instant, even where the clock jumped over many: a receiver that fails is tried again
an hour of the sandbox's clock later, up to now.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from time import perf_counter
from typing import TYPE_CHECKING, Final

from mock_server.actions.leases import renewing
from mock_server.actions.notifying.due_events import let_time_pass, to_the_end
from mock_server.actions.notifying.outbox import (
    Outcome,
    PendingDelivery,
    find_claim,
    keep_claim,
    record_outcome,
    take_due,
)
from mock_server.actions.sandboxes.faults import take_fault
from mock_server.domain.events import Happening
from mock_server.domain.records import Attempt, Fault
from mock_server.domain.records.events import HELD_BACK, NO_ANSWER
from mock_server.sandbox import Sandbox
from mock_server.webhooks.requests import WriteBatchList, request_for

if TYPE_CHECKING:
    import httpx

_A_LITTLE: Final = 0.05  # seconds, after which a lease that was not renewed is over


@dataclass(frozen=True, kw_only=True)
class CaughtUp:
    """The events since the last call, in order, and the attempts to deliver them."""

    happened: tuple[Happening, ...]
    attempts: tuple[Attempt, ...]


def catch_up(
    sandbox: Sandbox,
    *,
    write_batch_list: WriteBatchList,
    goes_on: Callable[[], bool] = to_the_end,
    takes_over: bool = False,
) -> CaughtUp:
    """Announce everything that became due by the sandbox's clock, and deliver it.

    `goes_on` is called between steps; what is left when it returns False is done at the next call. `takes_over` is as
    in `deliver_due`.
    """
    happened = let_time_pass(sandbox, goes_on=goes_on)
    attempts = deliver_due(sandbox, write_batch_list=write_batch_list, goes_on=goes_on, takes_over=takes_over)
    return CaughtUp(happened=tuple(happened), attempts=tuple(attempts))


def deliver_due(
    sandbox: Sandbox,
    *,
    write_batch_list: WriteBatchList,
    goes_on: Callable[[], bool] = to_the_end,
    takes_over: bool = False,
    wait: Callable[[float], object] = time.sleep,
) -> list[Attempt]:
    """Send everything that is due, in order of time. Only one sender sends each delivery.

    A target that did not answer in time is left alone until the next call, which would wait as long again. Who
    `takes_over` waits once for what another sender holds: if that one died, the parcel is free then.
    """
    silent: set[str] = set()
    parcels = _pending_deliveries(sandbox, silent, goes_on=goes_on, takes_over=takes_over, wait=wait)
    first = next(parcels, None)
    if first is None:
        return []
    attempts: list[Attempt] = []
    with sandbox.open_http() as http:
        for delivery in chain([first], parcels):
            with renewing(partial(sandbox.write, keep_claim, delivery)):
                made = _attempts(http, delivery, sandbox, write_batch_list)
            attempts += made
            if made[-1].has_timed_out:
                silent.add(delivery.target)
    return attempts


def _pending_deliveries(
    sandbox: Sandbox,
    silent: set[str],
    *,
    goes_on: Callable[[], bool],
    takes_over: bool,
    wait: Callable[[float], object],
) -> Iterator[PendingDelivery]:
    """The due deliveries, each claimed when it is reached. Targets in `silent` are skipped."""
    alive: set[str] = set()
    while goes_on():
        delivery = sandbox.attempt(take_due, sandbox, passing_over=silent)
        if delivery is not None:
            yield delivery
        elif takes_over and (claim := sandbox.read(find_claim, passing_over=silent, but=alive)) is not None:
            wait(max(0.0, claim.seconds) + _A_LITTLE)
            alive.add(claim.id)  # whoever holds it still has renewed it
        else:
            return


def _attempts(
    http: "httpx.Client", delivery: PendingDelivery, sandbox: Sandbox, write_batch_list: WriteBatchList
) -> list[Attempt]:
    """Make one attempt, or two or none if a fault says so."""
    path = "/" + delivery.target.partition("://")[2].partition("/")[2].partition("?")[0]
    fault = take_fault(sandbox, surface="webhooks", method="POST", path=path, client_id=delivery.client.id)
    effect = fault.effect.webhook if fault else None
    if fault is not None and effect == "late":
        held_back = Outcome(status=None, problem=f"{HELD_BACK} {fault.name}")
        return [sandbox.attempt(sandbox.write, record_outcome, delivery, held_back)]
    made = []
    for is_last in (False, True) if effect == "twice" else (True,):
        outcome = _send(http, delivery, sandbox, write_batch_list, fault)
        made.append(sandbox.attempt(sandbox.write, record_outcome, delivery, outcome, is_last=is_last))
    return made


def _send(
    http: "httpx.Client",
    delivery: PendingDelivery,
    sandbox: Sandbox,
    write_batch_list: WriteBatchList,
    fault: Fault | None,
) -> Outcome:
    from httpx import InvalidURL

    try:
        request = request_for(http, delivery, sandbox, write_batch_list=write_batch_list, fault=fault)
    except (InvalidURL, ValueError) as error:  # what no address can be is told by several
        return Outcome(status=None, problem=f"{type(error).__name__}: {error}"[:400])
    outcome = send(http, request)
    is_forged = delivery.kind == "events" and fault is not None and fault.effect.webhook == "bad_signature"
    return replace(outcome, is_forged=is_forged)


def send(http: "httpx.Client", request: "httpx.Request") -> Outcome:
    """Send one request and return the outcome. Raises nothing."""
    from httpx import HTTPError, InvalidURL, TimeoutException

    started = perf_counter()
    try:
        answer = http.send(request)
    except TimeoutException as error:
        return Outcome(status=None, problem=f"{NO_ANSWER}: {type(error).__name__}")
    except (HTTPError, InvalidURL, ValueError) as error:
        return Outcome(status=None, problem=f"{type(error).__name__}: {error}"[:400])
    return Outcome(status=answer.status_code, seconds=round(perf_counter() - started, 3))
