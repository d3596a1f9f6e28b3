"""Lists customers in their order of use, and generates new ones for tests."""

from collections.abc import Iterable

from mock_server.domain.errors import Conflict, InvalidParameter
from mock_server.domain.records import Customer, Utility
from mock_server.domain.signing_in import look_ups_of
from mock_server.fixtures.made_up import MadeUpCustomer, make_up
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_MOST_ATTEMPTS = 20


def in_order_of_use(customers: Iterable[Customer], utility: Utility) -> list[Customer]:
    """Customers sorted for use: first the utility's `first_customers`, then other test accounts, then the rest."""
    first = utility.first_customers

    def place(customer: Customer) -> tuple[int, bool, str]:
        named = first.index(customer.id) if customer.id in first else len(first)
        return named, not customer.is_test_account, customer.id

    return sorted(customers, key=place)


def list_customers(
    sandbox: Sandbox, transaction: Transaction, *, only_test_accounts: bool = False
) -> list[Customer]:
    """The sandbox's customers, in that order."""
    found = transaction.customers.list()
    chosen = [one for one in found if one.is_test_account or not only_test_accounts]
    return in_order_of_use(chosen, sandbox.fixtures.utility)


def create_customer(sandbox: Sandbox, transaction: Transaction, wish: MadeUpCustomer) -> Customer:
    """Add a customer and generate the values that were not given. Every way to sign in works at once.

    A missing id is generated from a number. Raises Conflict if the id or a fact used to sign in is taken,
    InvalidParameter for an unsuitable tariff.
    """
    _check_tariffs(transaction, wish)
    customer_id = wish.id or _free_id(transaction)
    if transaction.customers.find(id=customer_id) is not None:
        raise Conflict(f"The customer {customer_id!r} already exists. Choose another id, or omit it.")
    customer = _with_unused_facts(sandbox, transaction, wish, customer_id)
    transaction.customers.add(customer)
    transaction.look_ups.add(*look_ups_of(customer))
    return customer


def _check_tariffs(transaction: Transaction, wish: MadeUpCustomer) -> None:
    kinds = {tariff.id: tariff.kind for tariff in transaction.tariffs.list()}
    for number, account in enumerate(wish.all_accounts):
        for place, service in enumerate(account.services):
            if service.tariff is not None and kinds.get(service.tariff) != service.kind:
                known = ", ".join(sorted(name for name, kind in kinds.items() if kind == service.kind))
                where = (
                    f"services.{place}" if wish.accounts is None else f"accounts.{number}.services.{place}"
                )
                raise InvalidParameter(
                    f"The parameter {where}.tariff is not a {service.kind} tariff. Send one of {known}."
                )


def _free_id(transaction: Transaction) -> str:
    while True:
        found = f"made_up_{transaction.next_number('made_up_customers', first=1)}"
        if transaction.customers.find(id=found) is None:
            return found


def _with_unused_facts(
    sandbox: Sandbox, transaction: Transaction, wish: MadeUpCustomer, customer_id: str
) -> Customer:
    """Draw again until account number, phone, email and address are unused. Raises Conflict."""
    taken: str | None = None
    for attempt in range(_MOST_ATTEMPTS):
        utility, random = sandbox.fixtures.utility, sandbox.random
        customer = make_up(wish, customer_id, utility=utility, random=random, attempt=attempt)
        taken = _taken(transaction, customer)
        if taken is None:
            return customer
    raise Conflict(
        f"Another customer already has the {taken}, so neither could sign in with it. Choose another one."
    )


def _taken(transaction: Transaction, customer: Customer) -> str | None:
    for one in look_ups_of(customer):
        if transaction.look_ups.find(kind=one.kind, value=one.value) is not None:
            return f"{one.kind} {one.value}"
    return None
