"""The token endpoint on its bad days: malformed answers, time-outs, refusals, refreshes that are lost or collide."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.scenarios.client import CALLBACK, TOKEN, Client, Connection, Disconnected, UnusableAnswer
from tests.scenarios.conftest import World

HOUR = 3_600


def naive_refresh(world: World, connection: Connection) -> int:
    """A client that asks once, come what may."""
    form = {"grant_type": "refresh_token", "refresh_token": str(connection.refresh_token)}
    own = (world.third.client_id, world.third.client.secret)
    return world.http.post(TOKEN, data=form, auth=own).status_code


def opens(world: World, token: str, path: str = "/api/v2/authorizations") -> int:
    return world.http.get(path, headers={"Authorization": f"Bearer {token}"}).status_code


def test_twelve_malformed_answers_are_refused_and_the_thirteenth_is_taken(
    world: World, client: Client
) -> None:
    connection = world.connect(client)
    world.arm("malformed-tokens")
    for _ in range(12):
        with pytest.raises(UnusableAnswer):
            client.refresh(connection)
    assert world.spent()
    assert world.statuses("*/token") == [200] * 13
    assert client.read(client.refresh(connection), "/api/v2/authorizations").status_code == 200
    assert world.rules() == []


def test_who_takes_what_looks_like_a_token_holds_one_that_opens_nothing(world: World) -> None:
    world.arm("malformed-tokens")
    taken = []
    for _ in range(12):
        text = world.http.post(TOKEN).text
        if '"access_token": "0123456789abcdef"' in text:
            taken.append("0123456789abcdef")
    assert len(taken) == 4  # cut off, no type, a strange type, a strange lifetime
    assert {opens(world, token) for token in taken} == {401}


def test_a_token_endpoint_that_is_down_is_requested_again_with_the_same_code(
    world: World, client: Client
) -> None:
    world.arm("token-endpoint-down")
    began = world.now()
    assert world.connect(client).refresh_token
    assert world.statuses("*/token") == [None, 503, 500, 200]
    assert (world.now() - began).total_seconds() >= 30, "as Retry-After said"
    assert world.rules() == []


def test_who_gives_up_at_once_has_lost_the_customer_though_the_code_still_works(
    world: World, client: Client
) -> None:
    query = client.authorize_query()
    for name in ("code_challenge", "code_challenge_method"):
        del query[name]
    code = world.visit(query).partition("code=")[2].partition("&")[0]
    world.control("POST", "faults", {"match": {"path": "*/token"}, "effect": {"status": 500}, "times": 1})
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    own = (world.third.client_id, world.third.client.secret)
    assert world.http.post(TOKEN, data=form, auth=own).status_code == 500
    assert world.http.post(TOKEN, data=form, auth=own).status_code == 200


@pytest.mark.parametrize(
    ("preset", "used"), [("basic-only", "client_secret_post"), ("form-only", "client_secret_basic")]
)
def test_the_wrong_way_to_authenticate_is_reported_and_the_other_one_works(
    world: World, preset: str, used: str
) -> None:
    world.arm(preset)
    other = "client_secret_basic" if preset == "basic-only" else "client_secret_post"
    assert world.connect(world.client(proves_by=(used, other))).refresh_token
    with pytest.raises(Disconnected, match="invalid_client"):
        world.connect(world.client(proves_by=(used,)))
    assert world.statuses("*/token") == [401, 200, 401]


def test_without_a_refresh_token_the_customer_is_needed_after_an_hour(world: World, client: Client) -> None:
    world.arm("no-refresh-token")
    connection = world.connect(client)
    assert connection.refresh_token is None
    assert client.read(connection, "/api/v2/authorizations").status_code == 200
    world.wait(HOUR)
    with pytest.raises(Disconnected, match="no refresh token"):
        client.read(connection)
    assert world.rules() == []
    assert naive_refresh(world, connection) == 400, "str(None) is no token"


def test_an_expired_token_is_refreshed_before_it_is_used(world: World, client: Client) -> None:
    connection = world.connect(client)
    world.wait(HOUR)
    old = connection.access_token
    assert client.read(connection, "/api/v2/authorizations").status_code == 200
    assert world.statuses("/api/v2/*") == [200]
    assert world.rules() == []
    assert [opens(world, old), opens(world, old)] == [401, 401]
    assert "access-token-expired" in world.rules()


def test_a_dead_token_is_refreshed_once_and_no_storm_follows(world: World, client: Client) -> None:
    world.arm("refresh-storm")
    connection = world.connect(client)
    with pytest.raises(Disconnected, match="invalid_token"):
        client.read(connection, "/api/v2/authorizations")
    assert world.statuses("*/token") == [200, 200]


def test_a_token_of_something_else_is_not_requested_again(world: World, client: Client) -> None:
    world.arm("token-unknown")
    connection = world.connect(client)
    with pytest.raises(Disconnected, match="insufficient_scope"):
        client.read(connection)
    assert world.statuses("*/Batch/*") == [403]


def test_a_refused_refresh_is_final(world: World, client: Client) -> None:
    connection = world.connect(client)
    world.arm("refresh-refused")
    world.wait(HOUR)
    with pytest.raises(Disconnected, match="invalid_grant"):
        client.read(connection)
    assert world.statuses("*/token") == [200, 400]
    assert world.statuses("*/Batch/*") == []


def test_a_lost_refresh_is_requested_again_and_who_does_not_is_left_with_a_dead_token(
    world: World, client: Client
) -> None:
    connection = world.connect(client)
    old = connection.access_token
    world.arm("refresh-lost")
    newer = client.refresh(connection)
    assert world.statuses("*/token") == [200, None, 200]
    assert (opens(world, old), opens(world, newer.access_token)) == (401, 200)
    assert world.rules() == []


class TestRotation:
    """The utility replaces refresh tokens, and takes one that comes again for stolen."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "refresh_rotation": "on"})

    def test_the_newest_refresh_token_goes_on_working(self, world: World, client: Client) -> None:
        connection = world.connect(client)
        for _ in range(3):
            world.wait(HOUR)
            assert client.read(connection, "/api/v2/authorizations").status_code == 200
        assert world.rules() == []

    def test_who_keeps_the_first_one_loses_all_and_is_reported(self, world: World, client: Client) -> None:
        connection = world.connect(client)
        first = client.refresh(connection)
        assert naive_refresh(world, connection) == 400
        assert opens(world, first.access_token) == 401, "nobody knows who the thief is"
        assert "refresh-dead-token" in world.rules()

    def test_threads_that_share_a_connection_refresh_once(self, world: World, client: Client) -> None:
        connection = world.connect(client)
        world.wait(HOUR)
        with ThreadPoolExecutor(4) as pool:
            read = pool.map(lambda _: client.read(connection, "/api/v2/authorizations"), range(4))
        assert [answer.status_code for answer in read] == [200] * 4
        assert world.statuses("*/token") == [200, 200]

    def test_a_lost_answer_takes_the_connection_with_it(self, world: World, client: Client) -> None:
        connection = world.connect(client)
        world.arm("refresh-lost")
        with pytest.raises(Disconnected, match="invalid_grant"):
            client.refresh(connection)
        assert world.rules() == [], "the client could not know"


class TestRotationWithGrace:
    """A utility that knows that answers are lost."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "refresh_rotation": "on", "refresh_grace_seconds": 60})

    def test_a_lost_answer_can_be_requested_again(self, world: World, client: Client) -> None:
        connection = world.connect(client)
        world.arm("refresh-lost")
        newer = client.refresh(connection)
        assert newer.refresh_token != connection.refresh_token
        assert opens(world, newer.access_token) == 200
