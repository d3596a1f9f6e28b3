"""Listing customers in the order in which people try them."""

from collections.abc import Iterable

from mock_server.core.records import Customer, Utility
from mock_server.sandbox import Sandbox


def in_order_of_use(customers: Iterable[Customer], utility: Utility) -> list[Customer]:
    """Those that the utility names first, then other test accounts, then the rest."""
    first = utility.first_customers

    def place(customer: Customer) -> tuple[int, bool, str]:
        named = first.index(customer.id) if customer.id in first else len(first)
        return named, not customer.is_test_account, customer.id

    return sorted(customers, key=place)


def list_customers(sandbox: Sandbox, *, only_test_accounts: bool = False) -> list[Customer]:
    """The sandbox's customers, in that order."""
    with sandbox.store.reading() as rows:
        found = rows.customers.list()
    kept = [one for one in found if one.is_test_account or not only_test_accounts]
    return in_order_of_use(kept, sandbox.fixtures.utility)
