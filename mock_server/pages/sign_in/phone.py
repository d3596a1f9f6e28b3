"""Signing in by the phone number on file."""

from mock_server.actions.connecting.sign_in import find_customer_by
from mock_server.domain.records import Customer
from mock_server.domain.signing_in.matching import normal_phone
from mock_server.pages.sign_in.way import Answers, Field, Way
from mock_server.sandbox import Sandbox


def _find(sandbox: Sandbox, answers: Answers) -> Customer | None:
    return find_customer_by(sandbox, "phone", normal_phone(answers["phone"]))


def _persona(customer: Customer) -> Answers | None:
    return {"phone": customer.phone}


WAY = Way(
    name="phone",
    title="Phone number",
    lead="Enter the phone number that we have on file. We will then send you a one-time code.",
    fields=(
        Field(
            name="phone",
            label="Phone number",
            hint="With or without the country code.",
            type="tel",
            autocomplete="tel",
            inputmode="tel",
        ),
    ),
    find=_find,
    persona=_persona,
    not_found="We found no account for this phone number.",
)
