"""Snapshots: a restore brings back the complete sandbox, and its ids and tokens work again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from mock_server.app import compose
from mock_server.domain.time.clock import Clock
from mock_server.sandbox import Sandbox
from tests.conftest import NOON
from tests.support import SCOPE, Third, browser


def names(http: httpx.Client) -> list[str]:
    return [one["name"] for one in http.get("/_mock/snapshots").json()["snapshots"]]


def export_state(http: httpx.Client) -> dict[str, Any]:
    document = http.get("/_mock/state").json()
    assert document["records"]["authorizations"]
    return document


def test_a_restore_brings_back_everything(third: Third) -> None:
    issued = third.tokens()
    third.http.post("/_mock/faults", json={"match": {"path": "/api/v2/meters"}, "effect": {"status": 503}})
    before = export_state(third.http)
    taken = third.http.post("/_mock/snapshots", json={"name": "connected"})
    assert (taken.status_code, taken.json()) == (
        201,
        {"name": "connected", "taken": "2026-03-15T16:00:00Z"},
    )
    third.tokens("test_commercial")
    third.http.delete("/_mock/faults")
    third.http.post(f"/_mock/authorizations/{issued.authorization.uid}/revoke")
    third.http.post("/_mock/clock/advance", json={"by": "P40D"})
    third.http.post("/_mock/customers", json={"id": "another"})
    assert export_state(third.http) != before
    assert third.http.post("/_mock/snapshots/connected/restore").json() == taken.json()
    assert export_state(third.http) == before
    assert third.get("/api/v2/meters", issued.access_token).status_code == 503
    assert third.get("/api/v2/authorizations", issued.access_token).status_code == 200
    assert third.http.get("/_mock/clock").json()["now"] == "2026-03-15T16:00:00Z"
    assert [one["status"] for one in third.http.get("/_mock/exchanges").json()["exchanges"]] == [503, 200]


def test_ids_continue_from_the_snapshot(third: Third) -> None:
    third.http.post("/_mock/snapshots", json={"name": "a"})
    first = third.tokens().authorization.uid
    third.http.post("/_mock/snapshots/a/restore")
    assert third.tokens().authorization.uid == first


def test_a_snapshot_survives_a_reset_and_a_second_restore(third: Third) -> None:
    issued = third.tokens()
    third.http.post("/_mock/snapshots", json={"name": "a"})
    for _ in range(2):
        third.http.post("/_mock/reset")
        assert third.get("/api/v2/meters", issued.access_token).status_code == 401
        third.http.post("/_mock/snapshots/a/restore")
        assert third.get("/api/v2/meters", issued.access_token).status_code == 200


def test_the_default_name_is_a_number_and_a_known_name_is_replaced(third: Third) -> None:
    assert [third.http.post("/_mock/snapshots").json()["name"] for _ in range(2)] == ["1", "2"]
    issued = third.tokens()
    third.http.post("/_mock/snapshots", json={"name": "1"})
    assert names(third.http) == ["1", "2"]
    third.http.post("/_mock/reset")
    third.http.post("/_mock/snapshots/1/restore")
    assert third.get("/api/v2/meters", issued.access_token).status_code == 200


def test_a_snapshot_is_deleted(http: httpx.Client) -> None:
    http.post("/_mock/snapshots", json={"name": "a"})
    assert http.delete("/_mock/snapshots/a").status_code == 204
    assert names(http) == []
    for answer in (http.delete("/_mock/snapshots/a"), http.post("/_mock/snapshots/a/restore")):
        assert answer.status_code == 404
        assert "Known snapshots: none." in answer.json()["error_description"]


def test_a_sandbox_has_at_most_100_snapshots(http: httpx.Client, sandbox: Sandbox) -> None:
    for _ in range(100):
        assert http.post("/_mock/snapshots").status_code == 201
    assert http.post("/_mock/snapshots").status_code == 409
    assert http.post("/_mock/snapshots", json={"name": "100"}).status_code == 201


@pytest.mark.parametrize("name", ["", "a b", "a/b", "x" * 41, 7])
def test_an_invalid_name_is_refused(http: httpx.Client, name: Any) -> None:
    assert http.post("/_mock/snapshots", json={"name": name}).status_code == 400


def test_snapshots_belong_to_their_sandbox_and_are_deleted_with_it(http: httpx.Client) -> None:
    http.post("/~one/_mock/snapshots", json={"name": "a"})
    assert names(http) == []
    assert http.get("/~one/_mock/snapshots").json()["snapshots"]
    http.delete("/_mock/sandboxes/one")
    assert http.get("/~one/_mock/snapshots").json() == {"snapshots": []}
    assert http.post("/~one/_mock/snapshots/a/restore").status_code == 404


class TestRunning:
    """A running clock, with the machine's time set by the test."""

    @pytest.fixture
    def machine(self) -> list[datetime]:
        return [NOON]

    @pytest.fixture
    def http(self, sandbox: Sandbox, machine: list[datetime]) -> Iterator[httpx.Client]:
        moved = replace(sandbox, clock=Clock(sandbox.clock.read_state, machine_now=lambda: machine[0]))
        with browser(compose(moved)) as client:
            yield client

    def test_the_clock_continues_from_the_time_of_the_snapshot(
        self, http: httpx.Client, machine: list[datetime]
    ) -> None:
        """A token that was valid at the snapshot is valid again, however old the snapshot is."""
        body = {"scope": SCOPE, "exchange": True}
        token = http.post("/_mock/authorizations", json=body).json()["tokens"]["access_token"]
        http.post("/_mock/snapshots", json={"name": "a"})
        machine[0] += timedelta(days=30)
        http.post("/_mock/snapshots/a/restore")
        assert http.get("/_mock/clock").json()["now"] == "2026-03-15T16:00:00Z"
        headers = {"Authorization": f"Bearer {token}"}
        assert http.get("/api/v2/meters", headers=headers).status_code == 200
        machine[0] += timedelta(minutes=5)
        assert http.get("/_mock/clock").json()["now"] == "2026-03-15T16:05:00Z"
