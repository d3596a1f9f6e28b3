"""Tests of faults: matching, counting, probability, and agreement between workers."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mock_server.actions.sandboxes.faults import (
    arm_faults,
    arm_preset,
    disarm,
    disarm_all,
    list_faults,
    take_fault,
)
from mock_server.actions.sandboxes.load import reset
from mock_server.domain.errors import InvalidRequest, NotFound
from mock_server.domain.records import Drip, FaultEffect, FaultMatch, FaultPlan
from mock_server.sandbox import Sandbox
from mock_server.store import open_store

DOWN = FaultEffect(status=503)


def arm(sandbox: Sandbox, *, times: int | None = None, **match: Any) -> str:
    return sandbox.write_alone(arm_faults, FaultPlan(match=FaultMatch(**match), effect=DOWN, times=times))[
        0
    ].id


def affects(sandbox: Sandbox, **request: Any) -> bool:
    usual = {"surface": "api", "method": "GET", "path": "/api/v2/meters", "client_id": "me"}
    return take_fault(sandbox, **(usual | request)) is not None


@pytest.mark.parametrize(
    "match",
    [
        {},
        {"surface": "api"},
        {"method": "get"},
        {"path": "/api/*"},
        {"client_id": "me"},
        {"surface": "api", "method": "GET", "path": "*/meters", "client_id": "me"},
    ],
)
def test_a_matching_request_is_affected(sandbox: Sandbox, match: dict[str, Any]) -> None:
    arm(sandbox, **match)
    assert affects(sandbox)


@pytest.mark.parametrize(
    "match",
    [{"surface": "espi"}, {"method": "POST"}, {"path": "/api/v2/bills"}, {"client_id": "you"}],
)
def test_a_request_that_misses_one_condition_is_not_affected(sandbox: Sandbox, match: dict[str, Any]) -> None:
    arm(sandbox, **match)
    assert not affects(sandbox)


def test_a_client_matches_under_each_of_its_ids(sandbox: Sandbox) -> None:
    arm(sandbox, client_id="me")
    assert affects(sandbox, client_id="registration_me")


def test_a_fault_stops_after_its_number_of_times(sandbox: Sandbox) -> None:
    arm(sandbox, times=2)
    assert [affects(sandbox) for _ in range(4)] == [True, True, False, False]
    (fault,) = sandbox.read(list_faults)
    assert (fault.seen, fault.fired, fault.times_left) == (2, 2, 0)


def test_faults_queue_up(sandbox: Sandbox) -> None:
    """Two faults apply to a client's next two calls, in the order in which they were armed."""
    first, second = arm(sandbox, times=1), arm(sandbox, times=1)
    taken = [take_fault(sandbox, surface="api") for _ in range(3)]
    assert [fault.id if fault else None for fault in taken] == [first, second, None]


def test_the_nth_request_is_affected_once(sandbox: Sandbox) -> None:
    arm(sandbox, nth=3)
    assert [affects(sandbox) for _ in range(5)] == [False, False, True, False, False]


def test_requests_that_do_not_match_are_not_counted(sandbox: Sandbox) -> None:
    arm(sandbox, nth=2, surface="api")
    assert not affects(sandbox)
    assert not affects(sandbox, surface="espi")
    assert affects(sandbox)


def test_probability_depends_on_the_seed(sandbox: Sandbox) -> None:
    def drawn() -> list[bool]:
        reset(sandbox)
        arm(sandbox, probability=0.3)
        return [affects(sandbox) for _ in range(100)]

    first = drawn()
    assert first == drawn()
    assert 15 <= sum(first) <= 45


def test_the_state_records_whether_a_fault_is_armed(sandbox: Sandbox) -> None:
    def knows() -> bool:
        state = sandbox.store.find_state()
        return state is not None and state.has_faults

    assert not knows()
    name = arm(sandbox)
    assert knows()
    sandbox.write_alone(disarm, name)
    assert not knows()
    arm(sandbox, times=1)
    affects(sandbox)
    assert not knows()
    arm(sandbox)
    sandbox.write_alone(disarm_all)
    assert not knows()
    arm(sandbox)
    reset(sandbox)
    assert not knows()
    assert sandbox.read(list_faults) == []


def test_workers_share_the_count(sandbox: Sandbox) -> None:
    url = str(sandbox.store._engine.url)
    worker = replace(sandbox, store=open_store(url, sandbox="default"))
    arm(sandbox, times=2)
    assert [affects(one) for one in (worker, sandbox, worker)] == [True, True, False]
    worker.store.close()


def test_of_twenty_simultaneous_requests_exactly_five_are_affected(sandbox: Sandbox) -> None:
    arm(sandbox, times=5)
    with ThreadPoolExecutor(8) as pool:
        fault_applied = list(pool.map(lambda _: affects(sandbox), range(20)))
    assert sum(fault_applied) == 5


def test_a_preset_is_armed_and_disarmed_by_name(sandbox: Sandbox) -> None:
    armed = sandbox.write_alone(arm_preset, "maintenance")
    assert {fault.name for fault in armed} == {"maintenance"}
    assert affects(sandbox, surface="espi")
    sandbox.write_alone(disarm, "maintenance")
    assert not affects(sandbox, surface="espi")


@pytest.mark.parametrize("name", ["flaky", "maintenance", "slow-batch", "refresh-storm"])
def test_the_presets_exist(sandbox: Sandbox, name: str) -> None:
    assert sandbox.write_alone(arm_preset, name)


def test_unknown_names_are_rejected(sandbox: Sandbox) -> None:
    with pytest.raises(NotFound, match="flaky"):
        sandbox.write_alone(arm_preset, "flakey")
    with pytest.raises(NotFound, match="/_mock/faults"):
        sandbox.write_alone(disarm, "7")
    with pytest.raises(InvalidRequest, match="invalid_grant"):
        sandbox.write_alone(arm_faults, FaultPlan(effect=FaultEffect(error="invalid_grand")))


def test_a_fault_is_used_only_where_it_has_an_effect(sandbox: Sandbox) -> None:
    """A response's fault is not used up by a delivery, and vice versa."""
    arm(sandbox, times=1)
    for effect in (FaultEffect(webhook="twice"), FaultEffect(callback="no_code")):
        sandbox.write_alone(arm_faults, FaultPlan(effect=effect, times=1))
    for surface in ("webhooks", "callback", "api"):
        fault_applied = take_fault(sandbox, surface=surface)
        assert fault_applied is not None
        assert fault_applied.effect.place in (surface, "answers")
    assert [fault.times_left for fault in sandbox.read(list_faults)] == [0, 0, 0]


def test_a_webhook_delivery_can_be_affected(sandbox: Sandbox) -> None:
    plan = FaultPlan(match=FaultMatch(surface="webhooks"), effect=FaultEffect(webhook="twice"), times=1)
    sandbox.write_alone(arm_faults, plan)
    fault_applied = take_fault(sandbox, surface="webhooks", client_id="me")
    assert fault_applied is not None
    assert fault_applied.effect.webhook == "twice"


LONGEST = timedelta(days=3660)


@pytest.mark.parametrize(
    ("made", "name", "least", "most", "step"),
    [
        (FaultMatch, "nth", 1, None, 1),
        (FaultMatch, "probability", 0.01, 1, 0.01),
        (Drip, "bytes", 1, None, 1),
        (Drip, "every_ms", 0, 300_000, 1),
        (FaultEffect, "status", 200, 599, 1),
        (FaultEffect, "latency_ms", 0, 300_000, 1),
        (FaultEffect, "truncate", 0, None, 1),
        (FaultEffect, "stale", timedelta(seconds=1), LONGEST, timedelta(seconds=1)),
        (FaultEffect, "clock_skew", -LONGEST, LONGEST, timedelta(seconds=1)),
        (FaultPlan, "times", 1, 1_000_000, 1),
    ],
)
def test_a_number_has_its_limits(made: Any, name: str, least: Any, most: Any, step: Any) -> None:
    others = {"effect": DOWN} if made is FaultPlan else {}
    for value in (least, *([most] if most is not None else [])):
        assert getattr(made(**others, **{name: value}), name) == value
    for value in (least - step, *([most + step] if most is not None else [])):
        with pytest.raises(ValueError, match=name):
            made(**others, **{name: value})


@pytest.mark.parametrize("effect", [{"latency_ms": 0}, {"hang": 0.0}, {"truncate": 0}])
def test_zero_is_stored_as_a_number(sandbox: Sandbox, effect: dict[str, Any]) -> None:
    sandbox.write_alone(arm_faults, FaultPlan(effect=FaultEffect(**effect)))
    (armed,) = sandbox.read(list_faults)
    for name, zero in effect.items():
        value = getattr(armed.effect, name)
        assert (type(value), value) == (type(zero), zero)


@pytest.mark.parametrize("other", [{"hang": 0.0}, {"truncate": 0}, {"reset": True}, {"drip": Drip()}])
def test_zero_counts_as_an_ending(other: dict[str, Any]) -> None:
    for name in {"hang", "truncate"} - set(other):
        with pytest.raises(ValueError, match="exclude each other"):
            FaultEffect(**{**other, name: 0})
