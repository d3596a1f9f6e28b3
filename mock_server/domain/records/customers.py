"""Customers, their accounts and their services."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from mock_server.domain.records.made_up import CustomerKind
from mock_server.domain.records.places import Address
from mock_server.domain.records.tariffs import ServiceKind

Flow: TypeAlias = Literal["forward", "reverse", "net"]
FlawKind: TypeAlias = Literal["missing", "estimated", "edited"]


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """A defect in a meter's readings on one day of each month.

    `missing`: the day has no readings. `estimated`: the readings are estimates until the true ones arrive
    `corrected_after_days` days after the end of the day. `edited`: the utility entered the readings by hand.
    """

    kind: FlawKind
    day_of_month: int
    corrected_after_days: int = 0


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """The replacement of a meter by another one at the start of a local day."""

    former_serial: str
    since: date


@dataclass(frozen=True, kw_only=True)
class Service:
    """One delivery of one commodity at one place, measured by one meter.

    `profile` names a usage profile (see `domain.usage.profiles`). `daily_usage` is the mean of a usual year in the
    tariff's unit. `generation_kw` is the peak power of solar panels behind the meter.
    """

    id: str
    kind: ServiceKind
    service_class: str
    tariff: str
    address: Address
    meter_serial: str
    profile: str
    daily_usage: Decimal
    generation_kw: Decimal | None = None
    flaws: tuple[Flaw, ...] = ()
    exchange: Exchange | None = None

    @property
    def meter_serials(self) -> tuple[str, ...]:
        """Returns the meter's serial number, followed by that of the meter it replaced."""
        return (self.meter_serial, *([self.exchange.former_serial] if self.exchange else []))

    @property
    def flows(self) -> tuple[Flow, ...]:
        """Returns the flows that the meter publishes: all three with generation, otherwise delivered energy only."""
        return ("forward", "net", "reverse") if self.generation_kw else ("forward",)


@dataclass(frozen=True, kw_only=True)
class Account:
    """A billing account and its services. Its meters are read on the `read_day` of each month."""

    number: str
    billing_contact: str
    billing_address: Address
    read_day: int
    services: tuple[Service, ...]


@dataclass(frozen=True, kw_only=True)
class LastBill:
    """The facts of the last bill that a customer can always sign in with. `amount` is in dollars."""

    account_number: str
    amount: Decimal
    statement_date: date


@dataclass(frozen=True, kw_only=True)
class Customer:
    """A customer of the utility. `id` is also the user name and the name in `auth-test`.

    `batch_delay_seconds` is how long a Batch of this customer's data takes to prepare.
    `moved_out` is when they left; nothing is measured after that.
    """

    id: str
    name: str
    kind: CustomerKind
    about: str
    is_test_account: bool
    password: str
    phone: str
    email: str
    time_zone: str
    accounts: tuple[Account, ...]
    last_bill: LastBill | None
    batch_delay_seconds: int = 0
    moved_out: datetime | None = None

    def services(self) -> Iterator[tuple[Account, Service]]:
        """Yields every service with the account it is billed on, in the order of the fixture."""
        for account in self.accounts:
            for service in account.services:
                yield account, service


@dataclass(frozen=True, kw_only=True)
class LookUp:
    """One normalised value by which a customer is found; `kind` is the name of a LookUpKey of `domain.signing_in`."""

    kind: str
    value: str
    customer_id: str
