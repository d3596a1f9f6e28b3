"""Listing customers in the order in which people try them."""

from mock_server.core.records import Customer
from mock_server.store import Transaction


def by_use(customer: Customer) -> tuple[object, ...]:
    """A sorting key: test accounts first, small ones first, those with nothing to share last."""
    return not customer.is_test_account, not customer.accounts, len(list(customer.services())), customer.id


def list_customers(rows: Transaction, *, only_test_accounts: bool = False) -> list[Customer]:
    """The sandbox's customers, in that order."""
    found = rows.customers.list()
    return sorted((one for one in found if one.is_test_account or not only_test_accounts), key=by_use)
