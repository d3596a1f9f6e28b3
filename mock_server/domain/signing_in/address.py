"""Signing in by the billing address."""

from mock_server.domain.records import Customer
from mock_server.domain.signing_in.matching import normal_address
from mock_server.domain.signing_in.way import Answers, Field, LookUpKey, Way

BILLING_ADDRESS = LookUpKey(
    name="address",
    normalize=normal_address,
    values=lambda customer: (str(account.billing_address) for account in customer.accounts),
)


def _example(customer: Customer) -> Answers | None:
    return {"address": str(customer.accounts[0].billing_address)} if customer.accounts else None


WAY = Way(
    name="address",
    label="Billing address",
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
    look_up_key=BILLING_ADDRESS,
    needs_code=True,
    example=_example,
    not_found="We found no account with this billing address.",
)
