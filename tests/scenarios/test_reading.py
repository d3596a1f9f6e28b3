"""Reading on bad days: refusals, failures, half a document, 202 first, and a customer who ends it in the middle."""

import pytest

from tests.scenarios.client import SCOPE, Client, Connection, Disconnected, UnusableAnswer
from tests.scenarios.conftest import World

PENDING = SCOPE.replace("residential", "slow")


@pytest.fixture
def connection(world: World, client: Client) -> Connection:
    return world.connect(client)


def bare(world: World, connection: Connection, url: str | None = None) -> int:
    """A client that takes what comes."""
    displayed = {"Authorization": f"Bearer {connection.access_token}"}
    return world.http.get(url or connection.resource_uri, headers=displayed).status_code


@pytest.mark.parametrize(
    ("preset", "met"),
    [
        ("unauthorized", [401, 200]),
        ("rate-limited", [429, 429, 200]),
        ("server-errors", [500, 502, 503, 200]),
        ("cut-off", [200, 200]),
        ("slow-batch", [202, 202, 200]),
    ],
)
def test_what_passes_is_borne_and_the_data_is_complete(
    world: World, client: Client, connection: Connection, preset: str, met: list[int]
) -> None:
    true = client.read(connection).content
    world.control("DELETE", "exchanges")
    world.arm(preset)
    assert client.read(connection).content == true
    assert world.statuses("*/Batch/*") == met
    assert world.rules() == []


def test_a_token_that_was_refused_is_refreshed_once(
    world: World, client: Client, connection: Connection
) -> None:
    world.arm("unauthorized")
    client.read(connection)
    assert world.statuses("*/token") == [200, 200]


def test_a_403_is_not_requested_again_nor_refreshed(
    world: World, client: Client, connection: Connection
) -> None:
    world.arm("forbidden")
    with pytest.raises(Disconnected, match="insufficient_scope"):
        client.read(connection)
    assert (world.statuses("*/Batch/*"), world.statuses("*/token")) == ([403], [200])


@pytest.mark.parametrize(("preset", "first"), [("rate-limited", 429), ("slow-batch", 202)])
def test_who_does_not_wait_is_reported(
    world: World, client: Client, connection: Connection, preset: str, first: int
) -> None:
    world.arm(preset)
    assert bare(world, connection) == first
    world.wait(0.3)
    bare(world, connection)
    assert "retry-after-ignored" in world.rules()


def test_a_utility_that_stays_closed_is_left_alone_after_a_few_tries(
    world: World, client: Client, connection: Connection
) -> None:
    world.arm("maintenance")
    began = world.now()
    with pytest.raises(UnusableAnswer):
        client.read(connection)
    assert world.statuses("*/Batch/*") == [503] * 4
    assert (world.now() - began).total_seconds() == 4 * 120
    world.control("DELETE", "faults/maintenance")
    assert client.read(connection).status_code == 200


def test_a_batch_that_takes_its_time_is_fetched_when_it_is_ready(world: World, client: Client) -> None:
    connection = world.connect(client, PENDING)
    answer = client.read(connection)
    assert b"<entry" in answer.content
    assert world.statuses("*/Batch/*") == [202, 200]
    assert world.rules() == []


def test_revoked_while_reading_ends_the_job(world: World, client: Client, connection: Connection) -> None:
    """The customer ends it between two pages of a feed."""
    first = client.read(connection, **{"max-results": "5"})
    assert first.content.count(b"<entry") == 5
    uid = connection.resource_uri.rpartition("/")[2]
    world.control("POST", f"authorizations/{uid}/revoke")
    with pytest.raises(Disconnected):
        client.read(connection, **{"start-index": "6", "max-results": "5"})
    assert world.statuses("*/Batch/*") == [200, 403]
    assert world.rules() == []
    world.wait(1)
    assert bare(world, connection) == 403
    assert "ended-still-polled" in world.rules()
