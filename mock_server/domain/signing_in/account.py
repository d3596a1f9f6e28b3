"""Signing in by account number."""

from mock_server.domain.records import Customer
from mock_server.domain.signing_in.matching import normal_account
from mock_server.domain.signing_in.way import Answers, Field, LookUpKey, Way

ACCOUNT_NUMBER = LookUpKey(
    name="account",
    normalize=normal_account,
    values=lambda customer: (account.number for account in customer.accounts),
)


def _example(customer: Customer) -> Answers | None:
    return {"account": customer.accounts[0].number} if customer.accounts else None


WAY = Way(
    name="account",
    label="Account number",
    title="Account number",
    lead="Enter the account number from your bill. We will then send you a one-time code.",
    fields=(Field(name="account", label="Account number", hint="As on your bill, including the dash."),),
    look_up_key=ACCOUNT_NUMBER,
    needs_code=True,
    example=_example,
    not_found="We found no account with this number.",
)
