"""Two servers on one database, SQLite's or PostgreSQL's, are one utility: what one is told the other knows."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from mock_server.actions.notifying.outbox import take_due
from mock_server.actions.notifying.webhooks import add_webhook, ping_webhook
from mock_server.actions.sandboxes.load import reset
from mock_server.app import compose, open_sandbox
from mock_server.journal import Wanted
from mock_server.sandbox import Sandbox
from mock_server.settings import read_settings
from mock_server.store import StoreMistake, open_store
from tests.databases import postgres_database
from tests.support import BASE, CALLBACK, SCOPE, browser

METERS = "/api/v2/meters"


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('shared')}/test.db"
    else:
        with postgres_database() as made:
            yield made.render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def opened(url: str) -> Iterator[tuple[Sandbox, Sandbox]]:
    settings = read_settings({"database_url": url, "journal": "database"}, environment={})
    one, other = open_sandbox(settings), open_sandbox(settings)
    yield one, other
    one.store.close()
    other.store.close()


@pytest.fixture(scope="module")
def composed(opened: tuple[Sandbox, Sandbox]) -> tuple[FastAPI, FastAPI]:
    """Every route that is called at once was called before: what its first call builds is built once."""
    apps = compose(opened[0]), compose(opened[1])
    for app in apps:
        with browser(app) as http:
            for path in ("/oauth/token", "/_mock/authorizations", "/_mock/faults"):
                http.post(path, json={})
            for path in ("/oauth/authorize", METERS):
                http.get(path)
    return apps


@pytest.fixture
def sandboxes(opened: tuple[Sandbox, Sandbox]) -> tuple[Sandbox, Sandbox]:
    """The sandbox `default` as two servers have it, as good as new."""
    reset(opened[0])
    return opened


@pytest.fixture
def apps(composed: tuple[FastAPI, FastAPI], sandboxes: tuple[Sandbox, Sandbox]) -> tuple[FastAPI, FastAPI]:
    return composed


@pytest.fixture
def servers(apps: tuple[FastAPI, FastAPI]) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    with browser(apps[0]) as one, browser(apps[1]) as other:
        yield one, other


def at_once(apps: tuple[FastAPI, FastAPI], call: Callable[[httpx.Client], Any], count: int = 8) -> list[Any]:
    """The same call of both servers at the same time, `count` times each."""

    def of(app: FastAPI) -> Any:
        with browser(app) as http:
            return call(http)

    with ThreadPoolExecutor(2 * count) as threads:
        return list(threads.map(of, apps * count))


def approve(http: httpx.Client, **wish: Any) -> dict[str, Any]:
    body = {"scope": SCOPE, "redirect_uri": CALLBACK, **wish}
    made: dict[str, Any] = http.post("/_mock/authorizations", json=body).json()
    return made


def credentials(http: httpx.Client) -> tuple[str, str]:
    first = http.get("/_mock/clients").json()["clients"][0]
    return first["client_id"], first["client_secret"]


def test_what_one_issues_the_other_redeems_and_both_accept(
    servers: tuple[httpx.Client, httpx.Client],
) -> None:
    one, other = servers
    form = {"grant_type": "authorization_code", "code": approve(one)["code"], "redirect_uri": CALLBACK}
    tokens = other.post("/oauth/token", data=form, auth=credentials(one)).json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert {http.get(METERS, headers=bearer).status_code for http in servers} == {200}
    assert one.post("/oauth/token", data=form, auth=credentials(one)).json()["error"] == "invalid_grant"


def test_of_sixteen_redemptions_of_one_code_one_succeeds(apps: tuple[FastAPI, FastAPI]) -> None:
    with browser(apps[0]) as http:
        code, known = approve(http)["code"], credentials(http)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    answers = at_once(apps, lambda http: http.post("/oauth/token", data=form, auth=known).status_code)
    assert sorted(answers) == [200] + [400] * 15


def test_a_fault_of_one_time_affects_once(apps: tuple[FastAPI, FastAPI]) -> None:
    with browser(apps[0]) as http:
        http.post("/_mock/faults", json={"match": {"path": METERS}, "effect": {"status": 503}, "times": 1})
    answers = at_once(apps, lambda http: http.get(METERS).status_code)
    assert sorted(answers) == [401] * 15 + [503]


def authorize(http: httpx.Client) -> bool:
    """Whether an authorize request is answered at once."""
    query = {
        "response_type": "code",
        "client_id": "DEMOUTILITY_ccccccccc",
        "redirect_uri": CALLBACK,
        "scope": SCOPE,
    }
    return str(http.get("/oauth/authorize", params=query).headers.get("location")).startswith(CALLBACK)


def guess(http: httpx.Client) -> None:
    for _ in range(20):
        http.post("/oauth/token", data={"grant_type": "x"}, auth=(credentials(http)[0], "wrong"))


def has_account(http: httpx.Client) -> bool:
    scope = "FB=4;AdditionalScope=auth-account-99-1"
    return http.post("/_mock/authorizations", json={"scope": scope}).status_code == 201


Seen = Callable[[httpx.Client], object]
REMEMBERED: dict[str, tuple[Seen, Seen]] = {
    "clock": (
        lambda http: http.put("/_mock/clock", json={"now": "2027-01-01T00:00:00Z", "frozen": True}),
        lambda http: http.get("/_mock/clock").json()["now"][:4],
    ),
    "faults": (
        lambda http: http.post("/_mock/faults", json={"effect": {"status": 503}}),
        lambda http: http.get(METERS).status_code,
    ),
    "automatic approval": (lambda http: http.post("/_mock/auto-approve", json={"enabled": True}), authorize),
    "clients": (
        lambda http: http.post("/_mock/clients", json={"company_name": "New Company"}),
        lambda http: len(http.get("/_mock/clients").json()["clients"]),
    ),
    "customers": (
        lambda http: http.post("/_mock/customers", json={}),
        lambda http: len(http.get("/_mock/customers").json()["customers"]),
    ),
    "look-ups": (
        lambda http: http.post("/_mock/customers/test_residential/renumber", json={"number": "99-1"}),
        has_account,
    ),
    "webhooks": (
        lambda http: http.post("/_mock/webhooks", json={"url": "https://hooks.example/a"}),
        lambda http: len(http.get("/_mock/webhooks").json()["webhooks"]),
    ),
    "guesses": (
        guess,
        lambda http: (
            http.post(
                "/oauth/token", data={"grant_type": "client_credentials"}, auth=credentials(http)
            ).status_code
        ),
    ),
}
"""How something that a process remembers is changed, and how it is seen."""


@pytest.mark.parametrize(("change", "see"), REMEMBERED.values(), ids=REMEMBERED.keys())
def test_what_one_changes_the_other_sees_at_its_next_request(
    servers: tuple[httpx.Client, httpx.Client], change: Seen, see: Seen
) -> None:
    one, other = servers
    before = see(other), see(other)
    assert before[0] == before[1]
    change(one)
    assert see(other) != before[0]
    assert see(other) == see(one)


def test_an_approval_for_one_request_answers_one(apps: tuple[FastAPI, FastAPI]) -> None:
    query = {
        "response_type": "code",
        "client_id": "DEMOUTILITY_ccccccccc",
        "redirect_uri": CALLBACK,
        "scope": SCOPE,
        "state": "x",
    }
    with browser(apps[1]) as http:
        http.post("/_mock/auto-approve", json={"enabled": True, "times": 1})
    places = at_once(
        apps, lambda http: http.get("/oauth/authorize", params=query).headers.get("location", "")
    )
    assert len([place for place in places if place.startswith(f"{CALLBACK}?code=")]) == 1


def test_no_two_authorizations_get_the_same_number(apps: tuple[FastAPI, FastAPI]) -> None:
    uids = at_once(apps, lambda http: approve(http)["authorization"]["uid"], count=4)
    assert len(set(uids)) == 8


def test_a_parcel_is_sent_by_one_server(sandboxes: tuple[Sandbox, Sandbox]) -> None:
    hook = sandboxes[0].write(add_webhook, "DEMOUTILITY_ccccccccc", "http://127.0.0.1:9/")
    sandboxes[1].write(ping_webhook, hook.id)
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(take_due, sandboxes * 4))
    assert len([delivery for delivery in taken if delivery is not None]) == 1


def test_a_clock_that_one_moves_is_moved_for_both(servers: tuple[httpx.Client, httpx.Client]) -> None:
    one, other = servers
    one.put("/_mock/clock", json={"now": "2031-01-01T00:00:00Z", "frozen": True})
    assert other.get("/_mock/clock").json() == {"now": "2031-01-01T00:00:00Z", "frozen": True}


def test_the_journal_of_both_reports_what_either_answered(servers: tuple[httpx.Client, httpx.Client]) -> None:
    ids = [http.get(METERS).headers["X-Request-Id"] for http in servers * 3]
    for http in servers:
        assert [one["id"] for one in http.get("/_mock/exchanges").json()["exchanges"]] == ids
        assert http.get(f"/_mock/exchanges/{ids[1]}").json()["response"]["body"]
        assert http.get("/_mock/exchanges/wait", params={"after": ids[4]}).json()["id"] == ids[5]


def test_who_waits_at_one_server_hears_of_the_other(
    sandboxes: tuple[Sandbox, Sandbox], apps: tuple[FastAPI, FastAPI]
) -> None:
    async def story() -> tuple[str, str]:
        waiting = asyncio.create_task(sandboxes[0].journal.wait(Wanted(path=METERS), seconds=60))
        await asyncio.sleep(0)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=apps[1]), base_url=BASE) as http:
            answer = await http.get(METERS)
        found = await waiting
        assert found is not None
        return found.id, answer.headers["X-Request-Id"]

    received, result = asyncio.run(story())
    assert received == result


def test_a_secret_has_one_mask_in_all_sandboxes_of_both(servers: tuple[httpx.Client, httpx.Client]) -> None:
    def mask(http: httpx.Client, prefix: str) -> str:
        http.get(f"{prefix}{METERS}", headers={"Authorization": "Bearer secret"})
        last = http.get(f"{prefix}/_mock/exchanges").json()["exchanges"][-1]["id"]
        headers = dict(http.get(f"{prefix}/_mock/exchanges/{last}").json()["request"]["headers"])
        return str(headers["authorization"])

    masks = {mask(http, prefix) for http in servers for prefix in ("", "/~other")}
    assert len(masks) == 1
    assert "secret" not in masks.pop()


def test_a_reset_is_one_for_both_and_what_began_before_is_forgotten(
    sandboxes: tuple[Sandbox, Sandbox], servers: tuple[httpx.Client, httpx.Client]
) -> None:
    one, other = servers
    uid = approve(one, exchange=True)["authorization"]["uid"]
    other.get(METERS)
    (before,) = sandboxes[0].journal.list(Wanted())
    page = sandboxes[1].journal.page()  # an exchange that begins now, and ends after the reset
    late = next(iter(sandboxes[1].journal._after(None)))
    one.post("/_mock/reset")
    page.add(late)
    assert other.get("/_mock/exchanges").json() == {"exchanges": []}
    assert other.post(f"/_mock/authorizations/{uid}/revoke").status_code == 404
    assert before.path == METERS
    again = one.get(METERS).headers["X-Request-Id"]
    assert [found["id"] for found in other.get("/_mock/exchanges").json()["exchanges"]] == [again]


@pytest.mark.postgres
def test_a_postgresql_database_of_another_version_is_refused() -> None:
    with postgres_database() as made:
        url = made.render_as_string(hide_password=False)
        open_store(url, sandbox="default").close()
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("UPDATE mock_server_layout SET digest = 'x'")
        with pytest.raises(StoreMistake, match=r"another version.*--database-url"):
            open_store(url, sandbox="default")
