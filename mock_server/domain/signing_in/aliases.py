"""Special scenario names, for clients that call no control API: aliases of a customer, and errors on demand."""

import re
from dataclasses import replace

from mock_server.domain.errors import BY_CODE, MockServerError
from mock_server.domain.randomness import Randomness
from mock_server.domain.records import Account, Customer

_SUFFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")
_ERROR = "test_error_"


def scenario_error(name: str | None) -> MockServerError | None:
    """The error that a scenario's name asks for, such as `test_error_access_denied`; None for any other name."""
    kind = BY_CODE.get((name or "").removeprefix(_ERROR)) if (name or "").startswith(_ERROR) else None
    return kind(f"The scenario {name} ends with this error.") if kind else None


def split_name(name: str) -> tuple[str, str] | None:
    """The original's id and the suffix of a name such as `test_residential+mine`; None for a name without suffix.

    A + that was not percent-encoded arrives as a space.
    """
    original, plus, suffix = name.replace(" ", "+").partition("+")
    return (original, suffix) if plus and _SUFFIX.fullmatch(suffix) else None


def make_alias(original: Customer, suffix: str, random: Randomness) -> Customer:
    """A customer with the same data under another identity: id, account numbers, email address and phone number.

    The billing address stays the same, and finds only the original.
    """
    numbers = {account.number: _number(account, suffix, random) for account in original.accounts}
    local, _, domain = original.email.partition("@")
    # The streams' names stay as they are: they decide which numbers are drawn.
    area = 200 + random.stream("namesake area", original.id, suffix).integer(800)
    line = random.stream("namesake line", original.id, suffix).integer(100)
    bill = original.last_bill
    return replace(
        original,
        id=f"{original.id}+{suffix}",
        email=f"{local}+{suffix}@{domain}",
        phone=f"+1{area}55501{line:02d}",
        accounts=tuple(replace(account, number=numbers[account.number]) for account in original.accounts),
        last_bill=bill and replace(bill, account_number=numbers[bill.account_number]),
    )


def _number(account: Account, suffix: str, random: Randomness) -> str:
    drawn = random.stream("namesake account", account.number, suffix).integer(10**9)
    return f"{drawn:09d}-{account.number.rpartition('-')[2][-8:]}"
