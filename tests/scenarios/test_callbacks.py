"""What comes back from the customer's browser: a no, less than was asked, and answers that are not to be believed."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.pages.visitor import Visitor
from tests.scenarios.client import AUTHORIZE, CALLBACK, TOKEN, Client, Denied, Disconnected, NotOurs
from tests.scenarios.conftest import World


def result(callback: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(callback).query).items()}


def naive(world: World, callback: str) -> int:
    """A client that redeems whatever it finds as a code."""
    form = {"grant_type": "authorization_code", "code": result(callback).get("code", "None")}
    own = (world.third.client_id, world.third.client.secret)
    return world.http.post(TOKEN, data={**form, "redirect_uri": CALLBACK}, auth=own).status_code


def test_denial_is_reported_by_redirect_with_the_state_and_nothing_is_redeemed(
    world: World, client: Client
) -> None:
    world.arm("denial")
    query = client.authorize_query()
    callback = world.visit(query)
    assert result(callback)["error"] == "access_denied"
    assert callback.endswith(f"state={query['state']}")
    with pytest.raises(Denied, match="access_denied"):
        client.receive(callback)
    assert world.rules() == []
    assert world.connect(client).scope, "the next customer is asked as ever"


def test_a_client_that_is_deaf_to_denial_is_reported(world: World, client: Client) -> None:
    world.arm("denial")
    assert naive(world, world.visit(client.authorize_query())) == 400
    assert "denial-ignored" in world.rules()


def test_an_error_is_reported_by_redirect_only_where_the_address_proved_to_be_the_clients(
    world: World, client: Client
) -> None:
    world.arm("denial")
    stranger = client.authorize_query() | {"redirect_uri": "https://attacker.example.com/"}
    answer = world.http.get(AUTHORIZE, params=stranger)
    assert (answer.status_code, "location" in answer.headers) == (403, False)
    assert answer.text.startswith("<!doctype html>")


@pytest.mark.parametrize("error", ["server_error", "temporarily_unavailable", "invalid_scope"])
def test_every_error_of_the_protocol_travels_so(world: World, client: Client, error: str) -> None:
    world.control("POST", "faults", {"match": {"path": "*/authorize"}, "effect": {"error": error}})
    with pytest.raises(Denied, match=error):
        client.receive(world.visit(client.authorize_query()))


def test_a_posted_request_is_answered_so_as_well(world: World, client: Client) -> None:
    world.arm("denial")
    answer = world.http.post(AUTHORIZE, data=client.authorize_query())
    with pytest.raises(Denied):
        client.receive(answer.headers["location"])


def test_less_may_be_granted_than_was_requested_and_who_does_not_look_is_reported(
    world: World, client: Client
) -> None:
    visitor = Visitor.arrives(world.third.sandbox, **client.authorize_query())
    visitor.sends("decision", decision="approve", data=["4"])
    connection = client.receive(visitor.page.headers["location"])
    granted = set(connection.scope.partition(";")[0].removeprefix("FB=").split("_"))
    assert granted.isdisjoint({"16", "51"}), "a good client reads this before it asks for bills or papers"
    assert client.read(connection).status_code == 200
    assert world.rules() == []
    pdfs = connection.resource_uri.replace("Subscription", "RetailCustomer")
    with pytest.raises(Disconnected, match="insufficient_scope"):
        client.read(connection, pdfs)
    assert "scope-ignored" in world.rules()


CANNOT_BE = ("code-and-error", "no-code", "no-state", "foreign-state", "replayed-state")


@pytest.mark.parametrize("which", CANNOT_BE)
def test_a_callback_that_cannot_be_is_not_acted_on(world: World, client: Client, which: str) -> None:
    world.connect(client)  # so that there is a state to be replayed
    before = world.statuses("*/token")
    world.arm(f"callback-{which}")
    with pytest.raises(NotOurs):
        client.receive(world.visit(client.authorize_query()))
    assert world.spent()
    assert world.statuses("*/token") == before, "a good client sends nothing of it on"
    assert world.rules() == []
    assert world.connect(client).scope


def test_each_of_them_is_what_its_name_says(world: World, client: Client) -> None:
    earlier = client.authorize_query()
    client.receive(world.visit(earlier))
    seen = {}
    for which in (*CANNOT_BE, "foreign-code"):
        world.arm(f"callback-{which}")
        query = client.authorize_query()
        seen[which] = result(world.visit(query)), query["state"]
    assert seen["code-and-error"][0].keys() >= {"code", "error", "error_description", "state"}
    assert seen["no-code"][0] == {"state": seen["no-code"][1]}
    assert seen["no-state"][0].keys() == {"code"}
    assert seen["foreign-state"][0]["state"] not in {state for _, state in seen.values()}
    answer, state = seen["replayed-state"]
    assert answer["state"] != state
    assert answer["state"] in {earlier["state"], *(state for _, state in seen.values())}
    assert seen["foreign-code"][0]["state"] == seen["foreign-code"][1]


@pytest.mark.parametrize("which", ["no-state", "foreign-state", "replayed-state"])
def test_who_does_not_check_the_state_has_a_customer_it_did_not_send(
    world: World, client: Client, which: str
) -> None:
    """No server can see it: the code is good. That is why the tests of the client must."""
    client.authorize_query()
    world.arm(f"callback-{which}")
    query = client.authorize_query()
    for name in ("code_challenge", "code_challenge_method"):
        del query[name]
    callback = world.visit(query)
    assert naive(world, callback) == 200
    assert result(callback).get("state") != query["state"]


def test_who_takes_the_code_beside_an_error_is_reported(world: World, client: Client) -> None:
    world.arm("callback-code-and-error")
    query = client.authorize_query()
    del query["code_challenge"], query["code_challenge_method"]
    assert naive(world, world.visit(query)) == 200
    (exchange,) = world.control("GET", "exchanges?path=*/authorize")["exchanges"]
    assert exchange["fault"] == "callback-code-and-error", "the journal shows what it was given"


def test_who_redeems_nothing_is_refused(world: World, client: Client) -> None:
    world.arm("callback-no-code")
    assert naive(world, world.visit(client.authorize_query())) == 400


def test_a_foreign_code_is_refused_at_the_token_endpoint(world: World, client: Client) -> None:
    world.arm("callback-foreign-code")
    with pytest.raises(Disconnected, match="invalid_grant"):
        client.receive(world.visit(client.authorize_query()))


def test_who_consents_on_the_page_is_sent_back_so_too(world: World, client: Client) -> None:
    match = {"client_id": client.client_id, "path": "/callback"}
    world.control("POST", "faults", {"match": match, "effect": {"callback": "no_code"}, "times": 1})
    visitor = Visitor.arrives(world.third.sandbox, **client.authorize_query())
    assert not world.spent(), "pages on the way are none of its business"
    visitor.sends("decision", decision="approve")
    assert visitor.page.headers["x-simulated-fault"] == "1"
    with pytest.raises(NotOurs):
        client.receive(visitor.page.headers["location"])


def test_one_client_or_one_address_can_be_meant(world: World, client: Client) -> None:
    for match in ({"client_id": "DEMOUTILITY_livelive1"}, {"path": "/elsewhere"}):
        world.control("POST", "faults", {"match": match, "effect": {"callback": "no_code"}})
    assert world.connect(client).scope
    world.control(
        "POST",
        "faults",
        {"match": {"client_id": client.client_id, "path": "/call*"}, "effect": {"callback": "no_code"}},
    )
    with pytest.raises(NotOurs):
        world.connect(client)
