"""Scenario names that act, for clients that call no control API: somebody's namesake, and an error on demand."""

import re
from dataclasses import replace

from mock_server.domain.errors import BY_CODE, MockServerError
from mock_server.domain.randomness import Randomness
from mock_server.domain.records import Account, Customer

_MARK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")
_ERROR = "test_error_"


def scenario_error(name: str | None) -> MockServerError | None:
    """The error that a scenario's name asks for, such as `test_error_access_denied`; None for any other name."""
    kind = BY_CODE.get((name or "").removeprefix(_ERROR)) if (name or "").startswith(_ERROR) else None
    return kind(f"The scenario {name} ends with this error.") if kind else None


def split_name(name: str) -> tuple[str, str] | None:
    """The original's id and the mark of a name such as `test_residential+mine`; None for a name that has none.

    A + that was not percent-encoded arrives as a space.
    """
    original, plus, mark = name.replace(" ", "+").partition("+")
    return (original, mark) if plus and _MARK.fullmatch(mark) else None


def namesake(original: Customer, mark: str, random: Randomness) -> Customer:
    """The same customer, with the same data, under an identity of their own: id, accounts, mailbox, telephone.

    The address stays, and finds the original alone.
    """
    numbers = {account.number: _number(account, mark, random) for account in original.accounts}
    local, _, domain = original.email.partition("@")
    area = 200 + random.stream("namesake area", original.id, mark).integer(800)
    line = random.stream("namesake line", original.id, mark).integer(100)
    bill = original.last_bill
    return replace(
        original,
        id=f"{original.id}+{mark}",
        email=f"{local}+{mark}@{domain}",
        phone=f"+1{area}55501{line:02d}",
        accounts=tuple(replace(account, number=numbers[account.number]) for account in original.accounts),
        last_bill=bill and replace(bill, account_number=numbers[bill.account_number]),
    )


def _number(account: Account, mark: str, random: Randomness) -> str:
    drawn = random.stream("namesake account", account.number, mark).integer(10**9)
    return f"{drawn:09d}-{account.number.rpartition('-')[2][-8:]}"
