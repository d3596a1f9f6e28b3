"""Who the customers are, and what is delivered to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from mock_server.domain.records.made_up import CustomerKind
from mock_server.domain.records.places import Address
from mock_server.domain.records.tariffs import ServiceKind

Flow: TypeAlias = Literal["forward", "reverse", "net"]


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """What is wrong with a meter's readings on one day of each month.

    `missing`: there are none. `estimated`: they are estimates until the true ones come in, so many days after
    the day. `edited`: somebody at the utility entered them, for good.
    """

    kind: Literal["missing", "estimated", "edited"]
    day_of_month: int
    corrected_after_days: int = 0


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A meter that took another one's place at the beginning of a local day."""

    former_serial: str
    since: date


@dataclass(frozen=True, kw_only=True)
class Service:
    """One delivery of one commodity at one place, measured by one meter.

    `profile` names how it is used (see `core.profiles`), `daily_usage` a usual year's mean in bill units,
    `generation_kw` what solar panels behind the meter give at their best.
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
        """The meter's serial number, then that of the one before it."""
        return (self.meter_serial, *([self.exchange.former_serial] if self.exchange else []))

    @property
    def flows(self) -> tuple[Flow, ...]:
        """What the meter publishes: with generation all three directions, else what was delivered."""
        return ("forward", "net", "reverse") if self.generation_kw else ("forward",)


@dataclass(frozen=True, kw_only=True)
class Account:
    """What the utility bills: a number and the services on it. Meters are read on the `read_day` of each month."""

    number: str
    billing_contact: str
    billing_address: Address
    read_day: int
    services: tuple[Service, ...]


@dataclass(frozen=True, kw_only=True)
class LastBill:
    """The facts that always authenticate somebody by their last bill. `amount` is in dollars."""

    account_number: str
    amount: Decimal
    statement_date: date


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Somebody who has accounts with the utility. `id` is also the scenario's and the log-in's name.

    `batch_delay_seconds` is how long a Batch of this customer's data takes to prepare; 0 is at once.
    `moved_out` is when they left: nothing is measured for them since.
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
        """Every service with the account that it is billed on, in the order of the fixture."""
        for account in self.accounts:
            for service in account.services:
                yield account, service


@dataclass(frozen=True, kw_only=True)
class LookUp:
    """One normalised value by which a customer is found; `kind` is the name of a LookUpKey of `domain.signing_in`."""

    kind: str
    value: str
    customer_id: str
