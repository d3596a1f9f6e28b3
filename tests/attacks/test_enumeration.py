"""Finding out who is a customer or a user, by asking (hints off, as for a server that others reach)."""

import re

import pytest

from mock_server.actions.notifying.messages import list_messages
from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.pages.visitor import Visitor
from tests.portal.people import ANSWERS, Person

KNOWN = {
    "account": "111111111-1",
    "phone": "+11111111111",
    "email": "heather.homeowner@example.com",
    "address": "111 ANYWHERE ST, ANYTOWN, NY 12345",
}
UNKNOWN = {
    "account": "999999999-9",
    "phone": "+19999999999",
    "email": "nobody@example.com",
    "address": "9 NOWHERE ST, ANYTOWN, NY 12345",
}


@pytest.fixture
def settings() -> Settings:
    return read_settings({"clock": NOON, "hints": False})


def displayed(visitor: Visitor) -> tuple[int, str, str]:
    """The page but for what is another for each request."""
    page = visitor.page
    text = page.text.replace(visitor.request_id, "{request}")
    path = page.url.path.replace(visitor.request_id, "{request}")
    return page.status_code, path, re.sub(r"[0-9a-f]{64}", "{token}", text)


@pytest.mark.parametrize("way", KNOWN)
def test_the_same_pages_follow_whether_or_not_somebody_was_found(sandbox: Sandbox, way: str) -> None:
    scope = f"FB=4;AdditionalScope=auth-{way}"
    known, unknown = Visitor.arrives(sandbox, scope=scope), Visitor.arrives(sandbox, scope=scope)
    for step in ({way: ""}, {"channel": "email"}, *[{"code": "000000"}] * 4):
        known.sends(**(step if way not in step else {way: KNOWN[way]}))
        unknown.sends(**(step if way not in step else {way: UNKNOWN[way]}))
        assert displayed(known) == displayed(unknown)
        assert known.page.url.path.endswith("/code")
    for visitor in (known, unknown):
        location = visitor.sends(code="000000").page.headers["location"]
        assert "error=access_denied" in location


@pytest.mark.parametrize("way", KNOWN)
def test_a_value_in_the_scope_does_not_report_either(sandbox: Sandbox, way: str) -> None:
    scopes = [f"FB=4;AdditionalScope=auth-{way}-{value[way]}" for value in (KNOWN, UNKNOWN)]
    known, unknown = [Visitor.arrives(sandbox, scope=scope) for scope in scopes]
    assert displayed(known) == displayed(unknown)
    assert known.page.url.path.endswith("/code")


def test_an_account_of_a_bill_does_not_report(sandbox: Sandbox) -> None:
    numbers = (KNOWN["account"], UNKNOWN["account"])
    pages = []
    for number in numbers:
        visitor = Visitor.arrives(sandbox, scope=f"FB=4;AdditionalScope=auth-lastbill-{number}")
        pages.append([one.replace(number, "{number}") for one in map(str, displayed(visitor))])
        visitor.sends(account=number, amount="1", date="2022-01-01")
        pages[-1] += [one.replace(number, "{number}") for one in map(str, displayed(visitor))]
    assert pages[0] == pages[1]


def test_nobody_is_sent_nothing_and_somebody_is_sent_a_code(sandbox: Sandbox) -> None:
    for number, count in ((UNKNOWN["phone"], 0), (KNOWN["phone"], 1)):
        visitor = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-phone")
        visitor.sends(phone=number).sends(channel="text")
        assert len([one for one in sandbox.read(list_messages, limit=20) if one.code]) == count


def test_the_page_shows_no_part_of_a_phone_number_or_an_address(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-account")
    page = visitor.sends(account=KNOWN["account"]).page.text
    assert "1111" not in page.replace(visitor.request_id, "")
    assert "example.com" not in page


def test_a_wrong_password_does_not_report_who_is_a_customer(sandbox: Sandbox) -> None:
    visitors = [Visitor.arrives(sandbox, scope="FB=4") for _ in range(2)]
    names = ("test_residential", "test_nobody")
    for visitor, name in zip(visitors, names, strict=True):
        visitor.sends(username=name, password="wrong")
    texts = [one.page.text.replace(name, "{name}") for one, name in zip(visitors, names, strict=True)]
    assert len({re.sub(r"[0-9a-f]{64}", "", text) for text in texts}) == 1


def test_a_wrong_password_does_not_report_who_has_registered(sandbox: Sandbox) -> None:
    Person.registered(sandbox)
    texts = set()
    for email in (ANSWERS["email"], "bob@engines.example.com"):
        person = Person.opening(sandbox, "/third-party/log-in")
        person.sends("/log-in", email=email, password="wrong")
        texts.add(re.sub(r"[0-9a-f]{64}", "", person.page.text.replace(email, "{email}")))
    assert len(texts) == 1
