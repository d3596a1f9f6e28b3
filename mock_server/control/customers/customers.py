"""Calls that list customers, and generate them from what a test specifies."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import Body
from pydantic import BaseModel

from mock_server.actions.sandboxes.customers import create_customer, list_customers
from mock_server.control.calls import calls
from mock_server.domain.records import Account, Customer, CustomerKind, LastBill, ServiceKind
from mock_server.fixtures.made_up import MadeUpCustomer
from mock_server.http.context import Context

router = calls()


class ServiceShape(BaseModel):
    """A service and its meter."""

    id: str
    kind: ServiceKind
    service_class: str
    tariff: str
    address: str
    meter_serial: str
    has_generation: bool


class AccountShape(BaseModel):
    """An account; its meters are read on `read_day` of each month."""

    number: str
    billing_address: str
    read_day: int
    services: list[ServiceShape]


class LastBillShape(BaseModel):
    """The last bill, whose facts `auth-lastbill` requires; the amount is in dollars, as text."""

    account_number: str
    amount: Decimal
    statement_date: date


class CustomerShape(BaseModel):
    """A customer with all sign-in values. `id` is also the user name and the name of the test scenario."""

    id: str
    password: str
    name: str
    kind: CustomerKind
    about: str
    is_test_account: bool
    phone: str
    email: str
    address: str | None
    time_zone: str
    last_bill: LastBillShape | None
    accounts: list[AccountShape]
    moved_out: datetime | None


class Changed(BaseModel):
    """The customer after the call."""

    customer: CustomerShape


class Created(BaseModel):
    """The new customer."""

    customer: CustomerShape


class CustomerList(BaseModel):
    """All customers."""

    customers: list[CustomerShape]


@router.get("/customers")
async def read_customers(context: Context) -> CustomerList:
    """All customers, in the order of the home page."""
    sandbox = context.sandbox
    found = await sandbox.run(sandbox.read, list_customers)
    return CustomerList(customers=[customer_shape(customer) for customer in found])


@router.post("/customers", status_code=201)
async def create(context: Context, wish: Annotated[MadeUpCustomer | None, Body()] = None) -> Created:
    """Create a customer. Absent fields are generated from the seed and the id."""
    sandbox = context.sandbox
    customer = await sandbox.run(sandbox.write_alone, create_customer, wish or MadeUpCustomer())
    return Created(customer=customer_shape(customer))


def customer_shape(customer: Customer) -> CustomerShape:
    """A customer, as the control API returns it."""
    return CustomerShape(
        id=customer.id,
        password=customer.password,
        name=customer.name,
        kind=customer.kind,
        about=customer.about,
        is_test_account=customer.is_test_account,
        phone=customer.phone,
        email=customer.email,
        address=str(customer.accounts[0].billing_address) if customer.accounts else None,
        time_zone=customer.time_zone,
        last_bill=_last_bill(customer.last_bill) if customer.last_bill else None,
        accounts=[_account(account) for account in customer.accounts],
        moved_out=customer.moved_out,
    )


def _last_bill(bill: LastBill) -> LastBillShape:
    return LastBillShape(
        account_number=bill.account_number, amount=bill.amount, statement_date=bill.statement_date
    )


def _account(account: Account) -> AccountShape:
    return AccountShape(
        number=account.number,
        billing_address=str(account.billing_address),
        read_day=account.read_day,
        services=[
            ServiceShape(
                id=service.id,
                kind=service.kind,
                service_class=service.service_class,
                tariff=service.tariff,
                address=str(service.address),
                meter_serial=service.meter_serial,
                has_generation=service.generation_kw is not None,
            )
            for service in account.services
        ],
    )
