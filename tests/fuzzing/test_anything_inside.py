"""Every operation is called by somebody whom it lets in, with ids that exist, and with anything else as well."""

import json
import logging
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.core import given

from tests.fuzzing.addresses import operations
from tests.fuzzing.calls import JSON, Call
from tests.fuzzing.drawn import calls, changed, documented_in, faults, reading_calls, usual_call
from tests.fuzzing.reached import NEVER_OPENED, Explorer, Site
from tests.fuzzing.shapes import check_answer
from tests.fuzzing.world import World, made_world

# `make fuzz` asks for more, for others each time, and with other settings.
AT_LENGTH = "FUZZ_EXAMPLES" in os.environ
EXAMPLES = settings(  # of each of some hundreds of operations
    max_examples=max(int(os.environ.get("FUZZ_EXAMPLES", "0")) // 5, 6),
    deadline=None,
    derandomize=not AT_LENGTH,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
CLOSED_TO_ALL = settings(EXAMPLES, max_examples=max(EXAMPLES.max_examples // 8, 2))
PATIENT = pytest.mark.timeout(0 if AT_LENGTH else 600)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A server of its own, with everything in it once."""
    with made_world(**json.loads(os.environ.get("FUZZ_SETTINGS", "{}"))) as made:
        yield made


@pytest.fixture(scope="module")
def documented(world: World) -> dict[str, Any]:
    """What both documents describe, by method and path: the second is about a part of the first."""
    complete = documented_in(f"{world.server.url}/openapi.json")
    control = documented_in(f"{world.server.url}/_mock/openapi.json")
    return {**complete, **control}


@pytest.fixture(scope="module")
def sites(world: World, documented: dict[str, Any]) -> dict[str, Site]:
    """Every operation, with what opens it."""
    return Explorer(world, operations(), documented).explore()


@pytest.fixture
def errors() -> Iterator[list[logging.LogRecord]]:
    """What the server logs as a mistake of its own."""
    found: list[logging.LogRecord] = []

    class Collecting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record)

    handler = Collecting(logging.ERROR)
    loggers = [logging.getLogger(name) for name in ("mock_server", "uvicorn")]  # which do not propagate
    for logger in loggers:
        logger.addHandler(handler)
    yield found
    for logger in loggers:
        logger.removeHandler(handler)


@PATIENT
def test_every_operation_is_answered_from_the_inside(sites: dict[str, Site]) -> None:
    """A call that gets 401, 403 or 404 meets the guard at the door and nothing behind it."""
    closed = {label for label, site in sites.items() if not site.is_reached}
    meant = {label for label, site in sites.items() if site.operation.handler in NEVER_OPENED}
    assert closed == meant
    assert {site.operation.handler for site in sites.values()} >= {*NEVER_OPENED}


def test_every_described_operation_has_a_route(sites: dict[str, Site], documented: dict[str, Any]) -> None:
    assert {*documented} <= {*sites}


@PATIENT
def test_no_call_from_the_inside_ends_in_a_500(
    world: World,
    sites: dict[str, Site],
    errors: list[logging.LogRecord],
    subtests: pytest.Subtests,
) -> None:
    readings = reading_calls(world, sites)
    for label, site in sites.items():
        with subtests.test(label):
            _call_often(world, site, readings, errors)


def _call_often(
    world: World, site: Site, readings: st.SearchStrategy[list[Call]], errors: list[logging.LogRecord]
) -> None:
    @(CLOSED_TO_ALL if site.operation.handler in NEVER_OPENED else EXAMPLES)
    @given(call=calls(world, site), reading=readings)
    def send(call: Call, reading: list[Call]) -> None:
        world.restore()
        world.remake(site.operation.path)
        answer = call.send(world.http)
        check_answer(answer, call.decoded_path)
        if answer.request.method not in ("GET", "HEAD") and answer.status_code < 400:
            _read(world, reading)
        assert not errors, errors.pop().getMessage()

    send()


def _read(world: World, reading: list[Call]) -> None:
    """What was accepted can be read again."""
    world.server.disarm()
    for call in reading:
        check_answer(call.send(world.http), call.decoded_path)


@PATIENT
def test_nothing_that_is_put_back_changed_ends_in_a_500(
    world: World, sites: dict[str, Site], errors: list[logging.LogRecord], subtests: pytest.Subtests
) -> None:
    """A registration, an entry, a whole state: it is refused, or everything can be read afterwards."""
    readings = reading_calls(world, sites)
    pairs = [(site, sites.get(f"GET {site.operation.path}")) for site in sites.values()]
    for site, displayed in pairs:
        if (
            site.operation.method == "PUT"
            and site.is_reached
            and displayed is not None
            and displayed.is_reached
        ):
            with subtests.test(site.operation.label):
                _put_back_often(world, site, readings, errors)


def _put_back_often(
    world: World, site: Site, readings: st.SearchStrategy[list[Call]], errors: list[logging.LogRecord]
) -> None:
    world.restore()
    call = usual_call(world, site)
    call.method = "GET"
    answer = call.send(world.http)
    assert answer.status_code == 200, answer.text

    @settings(EXAMPLES, max_examples=EXAMPLES.max_examples * 4)
    @given(body=changed(answer), reading=readings)
    def put(body: Any, reading: list[Call]) -> None:
        world.restore()
        call = usual_call(world, site)
        call.kind, call.body = answer.headers["content-type"], body
        result = call.send(world.http)
        check_answer(result, call.decoded_path)
        if result.status_code < 400:
            _read(world, reading)
        assert not errors, errors.pop().getMessage()

    put()


@PATIENT
def test_no_fault_ends_in_a_mistake_of_ours(
    world: World, sites: dict[str, Site], errors: list[logging.LogRecord]
) -> None:
    """It is refused, or it does what it says; what it does to a connection is for the client to see."""
    victims = [site for site in sites.values() if site.is_reached and site.operation.surface != "control"]

    @settings(EXAMPLES, max_examples=EXAMPLES.max_examples * 5)
    @given(fault=faults(), site=st.sampled_from(victims), data=st.data())
    def arm(fault: dict[str, Any], site: Site, data: st.DataObject) -> None:
        world.restore()
        armed = Call(method="POST", path="/_mock/faults", values={}, body=fault, kind=JSON).send(world.http)
        check_answer(armed, "/_mock/faults")
        call = data.draw(calls(world, site))
        with suppress(httpx.HTTPError), httpx.Client(base_url=world.server.url, timeout=60) as target:
            check_answer(call.send(target), call.decoded_path)
        assert not errors, errors.pop().getMessage()

    arm()


@PATIENT
def test_no_sequence_of_calls_ends_in_a_500(
    world: World, sites: dict[str, Site], errors: list[logging.LogRecord]
) -> None:
    """What one call changed or took away meets the next; faults have a test of their own."""
    reached = [site for site in sites.values() if site.is_reached]
    writing = [
        site
        for site in reached
        if site.operation.method != "GET" and not re.search("fault|/begin", site.operation.path)
    ]
    steps = st.sampled_from(writing).flatmap(lambda site: calls(world, site))
    reads = st.sampled_from([site for site in reached if site.operation.method == "GET"])

    @settings(EXAMPLES, max_examples=EXAMPLES.max_examples * 5)
    @given(
        sequence=st.lists(steps, min_size=2, max_size=4),
        then=st.lists(reads.flatmap(lambda site: calls(world, site)), min_size=2, max_size=4),
    )
    def send(sequence: list[Call], then: list[Call]) -> None:
        world.restore()
        for call in (*sequence, *then):
            check_answer(call.send(world.http), call.decoded_path)
        assert not errors, errors.pop().getMessage()

    send()
