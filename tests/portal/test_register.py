"""Registration: its form, the client that it creates, and the login of its person."""

import re

import pytest

from mock_server.domain.oauth.passwords import hash_password, password_fits
from mock_server.domain.oauth.registration import RULES, mistake_in, mistakes_in
from mock_server.sandbox import Sandbox
from tests.portal.people import ANSWERS, Person
from tests.support import BASE


def test_registering_creates_a_client_in_sandbox_mode(sandbox: Sandbox) -> None:
    person = Person.registered(sandbox)
    assert person.page.status_code == 201
    facts = person.facts()
    assert re.fullmatch(r"DEMOUTILITY_[0-9a-z]{9}", facts["Client id"])
    answer = person.http.post(
        "/DataCustodian/oauth/token",
        data={"grant_type": "client_credentials", "scope": "FB=36_40"},
        auth=(facts["Client id"], facts["Client secret"]),
    )
    assert answer.status_code == 200, answer.text
    resource = answer.json()["resourceURI"].removeprefix(BASE)
    for token in (answer.json()["access_token"], facts["Registration access token"]):
        read = person.http.get(resource, headers={"Authorization": f"Bearer {token}"})
        assert "Analytical Engines" in read.text
    headers = {"Authorization": f"Bearer {facts['JSON API token']}"}
    assert person.http.get("/api/v2/authorizations", headers=headers).json()["authorizations"] == []
    (template,) = person.http.get("/api/v2/templates", headers=headers).json()["templates"]
    assert "analytical_engines" in str(template)
    (mail,) = person.http.get("/_mock/messages", params={"to": ANSWERS["email"]}).json()["messages"]
    assert facts["Client id"] in mail["body"]


def test_the_secrets_are_displayed_once(sandbox: Sandbox) -> None:
    person = Person.registered(sandbox)
    secrets = [value for label, value in person.facts().items() if "ecret" in label or "token" in label]
    assert len(secrets) == 4
    assert person.page.headers["cache-control"] == "no-store"
    for path in ("/settings", "/dashboard", "/", "/third-party/register"):
        assert [secret for secret in secrets if secret in person.opens(path).page.text] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", " "),
        ("last_name", ""),
        ("email", "ada"),
        ("email", "ada@engines"),
        ("company_name", "x" * 201),
        ("company_name", "a\x07b"),
        ("website", "engines.example.com"),
        ("website", "javascript:alert(1)"),
        ("scope_of_use", "To use it."),
        ("terms_url", "terms"),
        ("password", "short"),
        ("password_again", "correct horse"),
        ("agreed", "no"),
    ],
)
def test_a_mistake_is_reported_at_its_field_and_other_values_stay(
    sandbox: Sandbox, field: str, value: str
) -> None:
    person = Person.registered(sandbox, **{field: value})
    assert person.page.status_code == 422
    assert person.mistakes == [field]
    assert "correct horse" not in person.page.text
    stored = "last_name" if field != "last_name" else "first_name"
    assert f'value="{ANSWERS[stored]}"' in person.page.text
    assert person.http.get("/_mock/messages").json()["messages"] == []


def test_the_form_has_every_field_and_checks_the_required_ones(sandbox: Sandbox) -> None:
    assert {*mistakes_in({})} == {*ANSWERS} - {"terms_url", "password_again"}
    assert mistakes_in(ANSWERS) == {}
    form = Person.opening(sandbox, "/third-party/register").page.text
    for name in ANSWERS:
        assert f'name="{name}"' in form
        assert f'id="mistake-{name}"' in form


LONGEST = {
    "first_name": 100,
    "last_name": 100,
    "email": 254,
    "company_name": 200,
    "website": 2000,
    "title": 200,
    "scope_of_use": 4000,
    "terms_url": 2000,
    "password": 200,
}


@pytest.mark.parametrize("name", [rule.name for rule in RULES])
def test_a_value_has_a_maximum_length(name: str) -> None:
    complete = {
        "email": "ada@engines.example.com",
        "website": "https://a.example/",
        "terms_url": "https://a.example/",
    }
    longest = complete.get(name, "").ljust(LONGEST[name], "x")
    assert mistake_in(name, longest) is None
    assert mistake_in(name, f"{longest}x") == f"Enter at most {LONGEST[name]:,} characters."


def test_an_email_address_registers_once_regardless_of_case(sandbox: Sandbox) -> None:
    Person.registered(sandbox)
    again = Person.registered(sandbox, email="ADA@engines.example.com")
    assert again.page.status_code == 422
    assert again.mistakes == ["email"]


def test_two_companies_with_the_same_name_have_different_forms(sandbox: Sandbox) -> None:
    for email in ("one@example.com", "two@example.com"):
        assert Person.registered(sandbox, email=email).page.status_code == 201
    with sandbox.store.reading() as transaction:
        portals = [template.portal for template in transaction.templates.list()]
    assert len(portals) == len(set(portals))


def test_a_person_logs_in_with_the_right_password_and_logs_out(sandbox: Sandbox) -> None:
    Person.registered(sandbox)
    person = Person.opening(sandbox, "/third-party/log-in")
    for email, password in ((ANSWERS["email"], "wrong"), ("who@example.com", ANSWERS["password"])):
        person.sends("log-in", email=email, password=password)
        assert person.page.status_code == 422
        assert "is wrong" in person.page.text
    person.sends("log-in", email=" ADA@engines.example.com ", password=ANSWERS["password"])
    assert person.page.url.path == "/dashboard"
    assert "Analytical Engines" in person.page.text
    cookie = person.http.cookies["mock_server_portal"]
    person.sends("log-out")
    assert person.page.url.path == "/third-party/log-in"
    person.http.cookies.set("mock_server_portal", cookie, domain="localhost.local")
    assert "Ada" not in person.opens("/dashboard").page.text


def test_a_session_ends_after_eight_hours(sandbox: Sandbox) -> None:
    person = Person.registered(sandbox)
    assert "Log out" in person.opens("/settings").page.text
    person.http.post("/_mock/clock/advance", json={"by": "PT8H"})
    assert person.opens("/settings").page.status_code == 200
    assert "Analytical Engines" not in person.page.text


def test_passwords_are_stored_as_salted_hashes(sandbox: Sandbox) -> None:
    Person.registered(sandbox)
    with sandbox.store.reading() as transaction:
        (stored,) = transaction.people.list()
    assert ANSWERS["password"] not in stored.password_hash
    assert password_fits(ANSWERS["password"], stored.password_hash)
    assert not password_fits(ANSWERS["password"] + " ", stored.password_hash)
    assert hash_password("x", salt="a") != hash_password("x", salt="b")


def test_the_journal_has_no_password(sandbox: Sandbox) -> None:
    person = Person.registered(sandbox)
    listed = person.http.get("/_mock/exchanges", params={"path": "/third-party/register"}).json()["exchanges"]
    exchanges = [person.http.get(f"/_mock/exchanges/{entry['id']}").text for entry in listed]
    assert any("first_name=Ada" in exchange for exchange in exchanges)
    for secret in (
        ANSWERS["password"],
        ANSWERS["password"].replace(" ", "+"),
        person.facts()["Client secret"],
    ):
        assert [exchange for exchange in exchanges if secret in exchange] == []
