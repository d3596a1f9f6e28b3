"""The ways to sign in, one per file. A way says what it asks for and finds a customer by the answers."""

from mock_server.pages.sign_in import account, address, email, last_bill, phone, single_sign_on, test_scenario
from mock_server.pages.sign_in.way import Way

WAYS: tuple[Way, ...] = (
    single_sign_on.WAY,
    account.WAY,
    phone.WAY,
    email.WAY,
    address.WAY,
    last_bill.WAY,
    test_scenario.WAY,
)


def way_named(name: str) -> Way | None:
    """The way of that name in a scope's `auth-…` option."""
    return next((way for way in WAYS if way.name == name), None)
