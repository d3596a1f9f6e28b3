"""The settings: secrets, URLs, scopes of use, webhooks."""

import pytest

from mock_server.sandbox import Sandbox
from tests.portal.people import Person
from tests.support import SCOPE, Third
from tests.webhooks.receiver import Receiver

CLIENT = "DEMOUTILITY_ccccccccc"


@pytest.fixture
def person(sandbox: Sandbox) -> Person:
    """A browser at the settings of Test Company; with hints on, it needs no login."""
    return Person.opening(sandbox, "/settings")


def client_of(person: Person) -> dict:
    (found,) = [
        client
        for client in person.http.get("/_mock/clients").json()["clients"]
        if client["client_id"] == CLIENT
    ]
    return dict(found)


def opens(person: Person, client: dict, kind: str) -> bool:
    """Whether the client's secret of this kind works."""
    if kind == "client_secret":
        data = {"grant_type": "client_credentials", "scope": "FB=36_40"}
        answer = person.http.post(
            "/DataCustodian/oauth/token", data=data, auth=(CLIENT, client["client_secret"])
        )
        return answer.status_code == 200
    path = {
        "api_token": "/api/v2/authorizations",
        "registration_access_token": f"/DataCustodian/espi/1_1/resource/ApplicationInformation/{CLIENT}",
    }[kind]
    return person.http.get(path, headers={"Authorization": f"Bearer {client[kind]}"}).status_code == 200


@pytest.mark.parametrize("kind", ["client_secret", "api_token", "registration_access_token"])
def test_only_the_new_secret_works_after_replacing(person: Person, kind: str) -> None:
    before = client_of(person)
    assert opens(person, before, kind)
    name = "secret" if kind == "client_secret" else kind
    person.sends("settings/secrets", kind=name)
    after = client_of(person)
    assert after[kind] != before[kind]
    assert after[kind] in person.page.text
    assert {**after, kind: None} == {**before, kind: None}
    assert opens(person, after, kind)
    assert not opens(person, before, kind)
    assert after[kind] not in person.opens("/settings").page.text


def test_a_client_token_still_works_after_the_registration_token_is_replaced(
    person: Person, sandbox: Sandbox
) -> None:
    before = client_of(person)
    fetched = Third(sandbox, person.http).client_token("FB=36_40")
    person.sends("settings/secrets", kind="registration_access_token")
    assert not opens(person, before, "registration_access_token")
    assert opens(person, {"registration_access_token": fetched}, "registration_access_token")


def test_redirect_uris_and_notify_uri_are_stored(person: Person) -> None:
    uris = ["http://localhost:8000/DataCustodian/thirdparty-demo/redirect", "https://app.example.com/cb?a=1"]
    person.sends("addresses", redirect_uris="\r\n".join([*uris, uris[0]]), notify_uri="https://x.example/n")
    assert "The URLs are saved." in person.page.text
    client = client_of(person)
    assert client["redirect_uris"] == uris
    assert client["notify_uri"] == "https://x.example/n"
    elsewhere = person.http.get("/_mock/clients", headers={"Host": "127.0.0.1:8000"}).json()["clients"][0]
    assert elsewhere["redirect_uris"][0].startswith("http://127.0.0.1:8000/")


@pytest.mark.parametrize(
    ("typed", "notify"),
    [("", ""), ("nothing", ""), ("https://a.example/#part", ""), ("https://a.example/", "ftp://a.example")],
)
def test_invalid_urls_are_reported_and_stay_in_the_form(person: Person, typed: str, notify: str) -> None:
    before = client_of(person)
    person.sends("addresses", redirect_uris=typed, notify_uri=notify)
    assert person.page.status_code == 422
    assert 'class="notice error"' in person.page.text
    assert typed in person.page.text
    assert client_of(person) == before


def test_scopes_of_use_are_added_changed_and_removed(person: Person, sandbox: Sandbox) -> None:
    text = "We compare you with your street, and forget you after that."
    person.sends("uses", decision="keep", title="Comparison", text=text, terms_url="", use_id=[])
    assert "The scope of use is saved." in person.page.text
    with sandbox.store.reading() as transaction:
        (client,) = [found for found in transaction.clients.list() if found.id == CLIENT]
    assert [use.id for use in client.scopes_of_use] == ["default", "comparison"]
    requested = (
        f"/oauth/authorize?response_type=code&client_id={CLIENT}&scope=FB%3D4%3BAdditionalScope%3Dsou-"
    )
    consent = Person.opening(sandbox, f"{requested}comparison_auth-test-test_solar")
    assert text in consent.page.text
    person.sends("uses", decision="keep", title="Other", text=f"{text} Really.", use_id="comparison")
    assert (
        f"{text} Really." in Person.opening(sandbox, f"{requested}comparison_auth-test-test_solar").page.text
    )
    for use in ("comparison", "default"):
        person.sends("uses", decision="remove", use_id=use)
    assert "The last scope of use cannot be removed" in person.page.text


def test_a_scope_of_use_stores_the_entered_values(person: Person, sandbox: Sandbox) -> None:
    entered = {
        "title": "Comparison",
        "text": "We compare you with your street.",
        "terms_url": "https://x.example/t",
    }
    person.sends("uses", decision="keep", use_id=[], **entered)
    with sandbox.store.reading() as transaction:
        use = transaction.clients.get(id=CLIENT).scopes_of_use[-1]
    assert {name: getattr(use, name) for name in entered} == entered


def test_scopes_of_use_with_the_same_title_have_different_ids(person: Person, sandbox: Sandbox) -> None:
    for text in (
        "We compare you with your street.",
        "We compare you with your town.",
        "We compare you with all.",
    ):
        person.sends("uses", decision="keep", title="Default", text=text, terms_url="", use_id=[])
    person.sends(
        "uses", decision="keep", title="!!!", text="We compare you with nobody.", terms_url="", use_id=[]
    )
    with sandbox.store.reading() as transaction:
        client = transaction.clients.get(id=CLIENT)
    assert [use.id for use in client.scopes_of_use] == [
        "default",
        "default-2",
        "default-3",
        "default-4",
        "use",
    ]


def test_a_scope_of_use_with_a_short_text_is_rejected(person: Person) -> None:
    person.sends("uses", decision="keep", title="Short", text="For fun.", use_id=[])
    assert person.page.status_code == 422
    assert "at least 20 characters" in person.page.text
    assert ">For fun.</textarea>" in person.page.text


@pytest.fixture
def receiver() -> Receiver:
    """The receiver of webhook calls."""
    return Receiver()


@pytest.fixture
def listened(sandbox: Sandbox, receiver: Receiver) -> Person:
    """The same browser, at a server that sends webhooks to the receiver."""
    return Person.opening(receiver.in_front_of(sandbox), "/settings")


def test_a_webhook_gets_its_chosen_events_and_a_ping(listened: Person, receiver: Receiver) -> None:
    url = "https://hooks.example.com/in"
    listened.sends("settings/webhooks", url=url, events=["authorization_revoked"])
    assert url in listened.page.text
    listened.sends("settings/webhooks/1", decision="ping")
    assert "A ping was sent" in listened.page.text
    secret = client_of(listened)["webhook_secret"]
    assert [event["type"] for event in receiver.events(secret)] == ["ping"]
    uid = listened.http.post("/_mock/authorizations", json={"scope": SCOPE}).json()["authorization"]["uid"]
    listened.http.post(f"/_mock/authorizations/{uid}/revoke")
    listened.http.post("/_mock/deliveries")
    assert [event["type"] for event in receiver.events(secret)] == ["ping", "authorization_revoked"]
    listened.sends("settings/webhooks/1", decision="remove")
    assert url not in listened.page.text.partition("Latest attempts")[0]


def test_a_webhook_of_another_client_is_not_found(person: Person) -> None:
    body = {"url": "https://x.example/", "client_id": "DEMOUTILITY_livelive1"}
    person.http.post("/_mock/webhooks", json=body)
    csrf = person.page.text.partition('name="csrf" value="')[2][:64]
    answer = person.http.post("/settings/webhooks/1", data={"csrf": csrf, "decision": "remove"})
    assert answer.status_code == 404
    assert len(person.http.get("/_mock/webhooks").json()["webhooks"]) == 1


def test_a_webhook_needs_an_http_url(person: Person) -> None:
    person.sends("settings/webhooks", url="hooks.example.com")
    assert person.page.status_code == 422
    assert 'value="hooks.example.com"' in person.page.text
