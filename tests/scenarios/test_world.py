"""A utility that changes under its readers: other people, other meters, other numbers, days that are not alike."""

from typing import Any

import pytest

from tests.scenarios.client import SCOPE, Client, Connection, Denied, Disconnected
from tests.scenarios.conftest import World
from tests.scenarios.feeds import electricity, kwh, of_day, usage_points

HOME = "111111111-1"
GAPS = SCOPE.replace("residential", "gaps")


def meters(client: Client, connection: Connection) -> list[dict[str, Any]]:
    """What the JSON API says of the meters, by service."""
    found = client.read(connection, "/api/v2/meters").json()["meters"]
    return sorted(found, key=lambda one: str(one["base"]["service_identifier"]))


def accounts(client: Client, connection: Connection) -> set[str]:
    return {one["base"]["billing_account"] for one in meters(client, connection)}


def truth(world: World, customer: str, first: str, last: str) -> dict[str, Any]:
    """The sums of the electric service, from the engine."""
    result = world.control("GET", f"truth?customer={customer}&from={first}&to={last}")
    return next(one for one in result["services"] if one["kind"] == "electric")


def used(client: Client, connection: Connection, **query: str) -> float:
    """What the one electric usage point used, as a reader sums it up."""
    (readings,) = electricity(client.read(connection, **query).content).values()
    return kwh(readings)


def events(world: World) -> list[str]:
    return [one["type"] for one in world.control("GET", "events")["events"]]


def test_somebody_else_may_sign_in_the_second_time(world: World, client: Client) -> None:
    """Whoever overwrites the first connection with the second has mixed up two households."""
    first = world.connect(client)
    second = world.connect(client, SCOPE.replace("residential", "commercial"))
    assert accounts(client, first) == {HOME}
    assert accounts(client, second).isdisjoint(accounts(client, first)), "so a good client keeps both apart"
    assert first.resource_uri != second.resource_uri
    assert world.rules() == []


def test_one_customer_may_authorize_twice_and_each_ends_by_itself(world: World, client: Client) -> None:
    first, second = world.connect(client), world.connect(client)
    assert accounts(client, first) == accounts(client, second) == {HOME}
    assert {one["uid"] for one in meters(client, first)}.isdisjoint(
        one["uid"] for one in meters(client, second)
    ), "so who counts meters by uid counts the household twice"
    uid = first.resource_uri.rpartition("/")[2]
    world.control("POST", f"authorizations/{uid}/revoke")
    assert accounts(client, second) == {HOME}
    with pytest.raises(Disconnected):
        client.read(first)


def test_history_may_be_shorter_than_a_client_wants(world: World, client: Client) -> None:
    connection = world.connect(client, SCOPE.replace("86400", str(3 * 86_400)))
    requested = {"published-min": "2026-01-01T00:00:00Z"}
    (readings,) = electricity(client.read(connection, **requested).content).values()
    shared_from = min(readings)
    assert shared_from >= (world.now().timestamp() - 3 * 86_400)
    complete = truth(world, "test_residential", "2026-01-01", "2026-03-15")["total"]["net"]
    assert kwh(readings) < complete, "a sum over what came is no sum over the quarter"


@pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 23), ("2026-03-09", 24), ("2025-11-02", 25)])
def test_days_are_not_alike(world: World, client: Client, day: str, hours: int) -> None:
    connection = world.connect(client, SCOPE.replace("86400", str(200 * 86_400)))
    (readings,) = electricity(client.read(connection, **of_day(day)).content).values()
    assert len(readings) == 4 * hours
    true = truth(world, "test_residential", day, day)["total"]
    assert (true["readings"], true["net"]) == (4 * hours, kwh(readings))


def test_a_month_may_be_empty(world: World, client: Client) -> None:
    connection = world.connect(client)
    month = {"published-min": "2025-07-01T00:00:00Z", "published-max": "2025-08-01T00:00:00Z"}
    answer = client.read(connection, **month)
    assert answer.status_code == 200
    assert electricity(answer.content) == {}
    assert len(usage_points(answer.content)) == 3, "nothing was used, and nothing is gone"


def test_an_estimate_is_replaced_by_what_was_read(world: World, client: Client) -> None:
    connection = world.connect(client, GAPS)
    day = "2026-03-17"
    world.wait(4 * 86_400)
    estimated = used(client, connection, **of_day(day))
    assert estimated == truth(world, "test_gaps", day, day)["total"]["net"]
    world.wait(4 * 86_400)
    read = used(client, connection, **of_day(day))
    assert read == truth(world, "test_gaps", day, day)["total"]["net"]
    assert read != estimated, "who keeps the first value, or adds both, is wrong"
    news = electricity(client.read(connection, **{"updated-min": "2026-03-20T00:00:00Z"}).content)
    assert sum(map(len, news.values())) >= 96, "and who asks for what changed gets it"


def test_a_meter_is_exchanged_and_the_usage_point_stays(world: World, client: Client) -> None:
    connection = world.connect(client)
    before = client.read(connection)
    yesterday = used(client, connection, **of_day("2026-03-15"))
    (old,) = meters(client, connection)[0]["base"]["meter_numbers"]
    world.control("POST", "customers/test_residential/exchange-meter", {"serial": "NEW-1"})
    assert used(client, connection, **of_day("2026-03-15")) == yesterday, "what was published stays"
    world.wait(3 * 86_400)
    after = client.read(connection)
    assert usage_points(after.content) == usage_points(before.content)
    assert meters(client, connection)[0]["base"]["meter_numbers"] == ["NEW-1", old]
    for day in ("2026-03-15", "2026-03-16", "2026-03-17"):
        true = truth(world, "test_residential", day, day)["total"]["net"]
        assert used(client, connection, **of_day(day)) == true
    assert old != "NEW-1", "who knows a meter by its serial has lost this one"


def test_an_account_number_changes_and_its_addresses_stay(world: World, client: Client) -> None:
    connection = world.connect(client)
    before = client.read(connection)
    world.control("POST", "customers/test_residential/renumber", {"number": "999999999-9"})
    assert accounts(client, connection) == {"999999999-9"}, (
        "who knows a household by its number has a new one"
    )
    after = client.read(connection)
    assert usage_points(after.content) == usage_points(before.content)
    assert electricity(after.content) == electricity(before.content)
    pdfs = client.read(connection, connection.resource_uri.replace("Subscription", "RetailCustomer"))
    assert b"999999999-9" in pdfs.content
    assert HOME.encode() not in pdfs.content
    assert world.rules() == []


def test_consent_is_shortened_and_ends_earlier(world: World, client: Client) -> None:
    connection = world.connect(client)
    uid = connection.resource_uri.rpartition("/")[2]
    world.control("POST", f"authorizations/{uid}/shorten", {"expires": "2026-03-17T00:00:00Z"})
    assert client.read(connection).status_code == 200
    world.wait(2 * 86_400)
    with pytest.raises(Disconnected):
        client.read(connection)
    assert {"authorization_renewed", "authorization_expired"} <= set(events(world))
    assert world.rules() == []


def test_a_customer_who_moved_out_shares_nothing_new_and_connects_no_more(
    world: World, client: Client
) -> None:
    connection = world.connect(client)
    moved = world.control("POST", "customers/test_residential/move-out")["customer"]["moved_out"]
    assert moved == world.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    with pytest.raises(Disconnected):
        client.read(connection)
    assert "authorization_expired" in events(world)
    world.wait(60 * 86_400)
    with pytest.raises(Denied, match="access_denied"):
        world.connect(client)
    last = truth(world, "test_residential", "2026-03-15", "2026-05-01")
    assert last["days"][-1]["date"] == "2026-03-15", "nothing is measured where nobody lives"
    assert last["bills"] == []
    assert world.rules() == []
