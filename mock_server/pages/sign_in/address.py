"""Signing in by the billing address."""

from mock_server.actions.connecting.sign_in import find_customer_by
from mock_server.domain.records import Customer
from mock_server.domain.signing_in.matching import normal_address
from mock_server.pages.sign_in.way import Answers, Field, Way
from mock_server.sandbox import Sandbox


def _find(sandbox: Sandbox, answers: Answers) -> Customer | None:
    return find_customer_by(sandbox, "address", normal_address(answers["address"]))


def _persona(customer: Customer) -> Answers | None:
    return {"address": str(customer.accounts[0].billing_address)} if customer.accounts else None


WAY = Way(
    name="address",
    title="Billing address",
    lead="Enter your billing address. We will then send you a one-time code.",
    fields=(
        Field(
            name="address",
            label="Billing address",
            hint="Street, town, state and ZIP code, as on your bill.",
            autocomplete="street-address",
        ),
    ),
    find=_find,
    persona=_persona,
    not_found="We found no account with this billing address.",
)
