"""Signing in by the latest bill: account number, amount and date. No one-time code follows."""

from mock_server.actions.clients.guess_limits import check_guesses, count_guess
from mock_server.actions.connecting.sign_in import find_customer_by
from mock_server.domain.records import Customer
from mock_server.domain.signing_in.matching import normal_account, normal_amount, normal_date
from mock_server.pages.sign_in.way import Answers, Field, Way
from mock_server.sandbox import Sandbox


def _find(sandbox: Sandbox, answers: Answers) -> Customer | None:
    number = normal_account(answers["account"])
    check_guesses(sandbox, "bill", number or "")
    customer = find_customer_by(sandbox, "account", number)
    bill = customer.last_bill if customer else None
    told = (number, normal_amount(answers["amount"]), normal_date(answers["date"]))
    if bill is None or told != (bill.account_number, bill.amount, bill.statement_date):
        count_guess(sandbox, "bill", number or "")
        return None
    return customer


def _knows(sandbox: Sandbox, value: str) -> bool:
    return find_customer_by(sandbox, "account", normal_account(value)) is not None


def _persona(customer: Customer) -> Answers | None:
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
    title="Last bill",
    lead="Take your latest bill and enter three things from it.",
    fields=(
        Field(name="account", label="Account number", hint="As on your bill, with its dash."),
        Field(
            name="amount", label="Amount of the bill", hint="In dollars, such as 84.20", inputmode="decimal"
        ),
        Field(name="date", label="Date of the bill", hint="Such as 2022-01-31 or 1/31/2022"),
    ),
    find=_find,
    persona=_persona,
    not_found="These three do not belong to one bill. Please check them.",
    prefill_is_enough=False,
    knows=_knows,
)
