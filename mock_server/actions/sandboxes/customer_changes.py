"""Changes a customer's account number, meter or home.

As at a real utility, ids do not change: a client that uses the account number or the serial as an id will break.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from mock_server.actions.notifying.notifications import notify_of_authorization
from mock_server.domain.errors import Conflict, InvalidParameter, NotFound
from mock_server.domain.made_up import draw_account_number
from mock_server.domain.records import Account, Customer, Exchange, Service
from mock_server.domain.signing_in import look_ups_of
from mock_server.domain.signing_in.account import ACCOUNT_NUMBER
from mock_server.domain.signing_in.account_numbers import EXPECTATION, is_account_number
from mock_server.domain.text.quoting import quoted
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def renumber_account(
    sandbox: Sandbox,
    transaction: Transaction,
    customer_id: str,
    *,
    account: str | None = None,
    number: str | None = None,
) -> Customer:
    """Change the number of an account (by default the customer's first). Everything else stays, including its history.

    Raises NotFound, Conflict for a number in use, InvalidParameter for an invalid one.
    """
    # Exclusive, so that of two simultaneous requests for one number only one succeeds.
    customer = _get(transaction, customer_id)
    old = _account_of(customer, account).number
    new = number or draw_account_number(partial(sandbox.random.stream, "renumbered", customer_id, old))
    if not is_account_number(new):
        raise InvalidParameter(f"The number {quoted(new)} is not an account number. Send {EXPECTATION}.")
    if transaction.look_ups.find(kind=ACCOUNT_NUMBER.name, value=new) is not None:
        raise Conflict(f"The account number {quoted(new)} is already in use. Choose another one.")
    bill = customer.last_bill
    changed = replace(
        customer,
        accounts=tuple(replace(one, number=new) if one.number == old else one for one in customer.accounts),
        last_bill=replace(bill, account_number=new) if bill and bill.account_number == old else bill,
    )
    transaction.look_ups.remove(customer_id=customer_id, kind=ACCOUNT_NUMBER.name)
    transaction.look_ups.add(*(one for one in look_ups_of(changed) if one.kind == ACCOUNT_NUMBER.name))
    return _store(transaction, changed)


def exchange_meter(
    sandbox: Sandbox,
    transaction: Transaction,
    customer_id: str,
    *,
    service: str | None = None,
    serial: str | None = None,
) -> Customer:
    """Exchange the meter of a service (by default the customer's first) at the next local midnight.

    Later readings come from the new meter, which has its own measurement error; published readings stay.
    Raises NotFound, Conflict if the meter was exchanged before or the serial is taken.
    """
    tomorrow = transaction.now + timedelta(days=1)
    customer = _get(transaction, customer_id)
    old = _service_of(customer, service)
    new = serial or f"{old.meter_serial}-{sandbox.random.stream('exchanged', old.id).integer(90) + 10}"
    if old.exchange is not None:
        raise Conflict(
            f"The meter of service {old.id} was exchanged on {old.exchange.since}, and a service can have only "
            "one exchange. Choose another service, or reset."
        )
    if any(new in one.meter_serials for _, one in customer.services()):
        raise Conflict(f"Another meter of this customer has the serial {quoted(new)}. Choose another one.")
    since = tomorrow.astimezone(ZoneInfo(customer.time_zone)).date()
    exchange = Exchange(former_serial=old.meter_serial, since=since)
    changed = replace(old, meter_serial=new, exchange=exchange)
    return _store(transaction, _with_services(customer, lambda one: changed if one.id == old.id else one))


def move_out(sandbox: Sandbox, transaction: Transaction, customer_id: str) -> Customer:
    """Move the customer out now: metering stops and their authorizations end.

    They can still sign in, but cannot authorize clients. Repeating the call is no error. Raises NotFound.
    """
    now = transaction.now
    customer = _get(transaction, customer_id)
    if customer.moved_out is not None:
        return customer
    shared = transaction.authorizations.list(customer_id=customer_id, kind="customer", order="uid")
    for one in shared:
        if one.status_at(now) == "active":
            # `due_events` announces it, as it does for every expiry.
            transaction.authorizations.change(
                {"uid": one.uid},
                ongoing_end=min(one.ongoing_end or now, now),
                expires=now,
                wakes=min(one.wakes or now, now),
            )
            notify_of_authorization(transaction, one, at=now)
    return _store(transaction, replace(customer, moved_out=now))


def _get(transaction: Transaction, customer_id: str) -> Customer:
    """The customer, locked, because changes depend on the current values. Raises NotFound."""
    found = transaction.customers.hold(id=customer_id)
    if found is None:
        raise NotFound(f"There is no customer {quoted(customer_id)}. GET /_mock/customers lists them.")
    return found


def _account_of(customer: Customer, number: str | None) -> Account:
    for one in customer.accounts:
        if number in (None, one.number):
            return one
    known = ", ".join(one.number for one in customer.accounts) or "none"
    raise NotFound(f"{customer.id} has no account {quoted(number or '')}. Its accounts: {known}.")


def _service_of(customer: Customer, service_id: str | None) -> Service:
    for _, one in customer.services():
        if service_id in (None, one.id):
            return one
    known = ", ".join(one.id for _, one in customer.services()) or "none"
    raise NotFound(f"{customer.id} has no service {quoted(service_id or '')}. Its services: {known}.")


def _with_services(customer: Customer, change: Callable[[Service], Service]) -> Customer:
    accounts = (
        replace(account, services=tuple(change(one) for one in account.services))
        for account in customer.accounts
    )
    return replace(customer, accounts=tuple(accounts))


def _store(transaction: Transaction, customer: Customer) -> Customer:
    transaction.customers.change(
        {"id": customer.id},
        accounts=customer.accounts,
        last_bill=customer.last_bill,
        moved_out=customer.moved_out,
    )
    return customer
