"""Signing in by the latest bill: account number, amount and date. No one-time code follows."""

from mock_server.domain.records import Customer
from mock_server.domain.signing_in.account import ACCOUNT_NUMBER
from mock_server.domain.signing_in.matching import normal_account, normal_amount, normal_date
from mock_server.domain.signing_in.way import Answers, Field, Way


def _verify(customer: Customer, answers: Answers) -> bool:
    bill = customer.last_bill
    entered = (
        normal_account(answers["account"]),
        normal_amount(answers["amount"]),
        normal_date(answers["date"]),
    )
    return bill is not None and entered == (bill.account_number, bill.amount, bill.statement_date)


def _example(customer: Customer) -> Answers | None:
    bill = customer.last_bill
    if bill is None:
        return None
    return {
        "account": bill.account_number,
        "amount": str(bill.amount),
        "date": bill.statement_date.isoformat(),
    }


WAY = Way(
    name="lastbill",
    label="Last bill",
    title="Last bill",
    lead="Take your latest bill and enter three things from it.",
    fields=(
        Field(name="account", label="Account number", hint="As on your bill, including the dash."),
        Field(
            name="amount", label="Amount of the bill", hint="In dollars, such as 84.20", inputmode="decimal"
        ),
        Field(name="date", label="Date of the bill", hint="Such as 2022-01-31 or 1/31/2022"),
    ),
    look_up_key=ACCOUNT_NUMBER,
    verify=_verify,
    example=_example,
    not_found="These three do not belong to one bill. Please check them.",
)
