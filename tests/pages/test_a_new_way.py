"""A new way to sign in needs only its description and its place in the tuple."""

import pytest

from mock_server.actions.sandboxes.load import prepare
from mock_server.domain import signing_in
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import Customer
from mock_server.domain.signing_in.way import Field, LookUpKey, Way
from mock_server.sandbox import Sandbox
from tests.pages.visitor import Visitor, answer_of
from tests.portal.people import Person
from tests.support import Third, app_around, browser

OFFERED = "FB=4_16_51;AdditionalScope=auth-serial"


def serials(customer: Customer) -> list[str]:
    return [service.meter_serial for _, service in customer.services()]


SERIAL = Way(
    name="serial",
    label="Serial number",
    title="Serial number of your meter",
    lead="Read the serial number on the front of your meter.",
    not_found="We found no meter with this serial number.",
    fields=(Field(name="serial", label="Serial number", hint="Below the bar code."),),
    look_up_key=LookUpKey(name="serial", normalize=lambda text: text.strip().upper() or None, values=serials),
    needs_code=True,
    example=lambda customer: {"serial": serials(customer)[0]} if serials(customer) else None,
)


@pytest.fixture
def serial_of(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> str:
    """The residential customer's serial number, in a sandbox that was filled with the new way."""
    monkeypatch.setattr(signing_in, "WAYS", (*signing_in.WAYS, SERIAL))
    with sandbox.writing() as transaction:
        transaction.states.change({}, fixtures_digest="of a version without this way")
    prepare(sandbox)
    with sandbox.reading() as transaction:
        customer = transaction.customers.find(id="test_residential")
    assert customer
    return serials(customer)[0]


def test_a_customer_signs_in_with_it_and_a_one_time_code(sandbox: Sandbox, serial_of: str) -> None:
    visitor = Visitor.arrives(sandbox, scope=OFFERED)
    assert "Read the serial number on the front" in visitor.page.text
    visitor.sends(serial="no such meter")
    assert "We found no meter with this serial number." in visitor.page.text
    visitor.sends(serial=f" {serial_of.lower()} ").sends(channel="text")
    with sandbox.reading() as transaction:
        code = next(message.code for message in transaction.messages.list(order="-at") if message.code)
    visitor.sends(code=code).sends("decision", decision="approve")
    assert "code" in answer_of(visitor.page)


def test_a_scope_can_prefill_its_value(sandbox: Sandbox, serial_of: str) -> None:
    authentication = parse_scope(f"{OFFERED}-{serial_of}").authentication
    assert authentication
    assert (authentication.way, authentication.value) == ("serial", serial_of)
    visitor = Visitor.arrives(sandbox, scope=f"{OFFERED}-{serial_of}")
    assert "channel" in visitor.page.text


def test_it_is_offered_on_the_sign_in_page_and_in_the_help(sandbox: Sandbox, serial_of: str) -> None:
    visitor = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-account")
    assert f"/connect/{visitor.request_id}/sign-in/serial" in visitor.page.text
    assert "Serial number of your meter" in browser(app_around(sandbox)).get("/auth-help").text


def test_the_portal_builds_urls_with_it(sandbox: Sandbox, serial_of: str) -> None:
    person = Person.opening(sandbox, "/dashboard/request?way=serial&customer=test_residential")
    assert '<option value="serial" selected>Serial number</option>' in person.page.text
    assert f"Sign-in: Serial number, prefilled with {serial_of}" in person.page.text


def test_the_control_api_authorizes_with_it(third: Third, serial_of: str) -> None:
    body = {"scope": f"{OFFERED}-{serial_of}"}
    answer = third.http.post("/_mock/authorizations", json=body)
    assert answer.status_code == 201, answer.text
