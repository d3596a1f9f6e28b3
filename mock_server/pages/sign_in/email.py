"""Signing in by the e-mail address on file."""

from mock_server.actions.connecting.sign_in import find_customer_by
from mock_server.domain.records import Customer
from mock_server.domain.signing_in.matching import normal_email
from mock_server.pages.sign_in.way import Answers, Field, Way
from mock_server.sandbox import Sandbox


def _find(sandbox: Sandbox, answers: Answers) -> Customer | None:
    return find_customer_by(sandbox, "email", normal_email(answers["email"]))


def _persona(customer: Customer) -> Answers | None:
    return {"email": customer.email}


WAY = Way(
    name="email",
    title="E-mail address",
    lead="Enter the e-mail address that we have on file. We will then send you a one-time code.",
    fields=(
        # Not type=email: browsers would refuse spellings that we forgive, before we can.
        Field(name="email", label="E-mail address", autocomplete="email", inputmode="email"),
    ),
    find=_find,
    persona=_persona,
    not_found="We found no account for this e-mail address.",
)
