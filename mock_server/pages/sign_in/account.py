"""Signing in by account number."""

from mock_server.actions.connecting.sign_in import find_customer_by
from mock_server.domain.records import Customer
from mock_server.domain.signing_in.matching import normal_account
from mock_server.pages.sign_in.way import Answers, Field, Way
from mock_server.sandbox import Sandbox


def _find(sandbox: Sandbox, answers: Answers) -> Customer | None:
    return find_customer_by(sandbox, "account", normal_account(answers["account"]))


def _persona(customer: Customer) -> Answers | None:
    return {"account": customer.accounts[0].number} if customer.accounts else None


WAY = Way(
    name="account",
    title="Account number",
    lead="Enter the account number from your bill. We will then send you a one-time code.",
    fields=(Field(name="account", label="Account number", hint="As on your bill, with its dash."),),
    find=_find,
    persona=_persona,
    not_found="We found no account with this number.",
)
