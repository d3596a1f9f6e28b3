"""YAML files in, records out: the utility, its customers, clients and tariffs. Refuses what does not fit.

Every mistake names the file, the place in it and what was expected there.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from mock_server.core import matching, records
from mock_server.core.errors import InvalidScope
from mock_server.core.profiles import PROFILES
from mock_server.core.scopes import parse_scope

_PACKAGED = Path(__file__).parent / "fixture_files"
_CHECKOUT = Path(__file__).parent.parent / "fixtures"
_LARGEST_FILE = 1_000_000
_REGISTERED = datetime(2022, 1, 1, tzinfo=UTC)

Shape = TypeVar("Shape", bound=BaseModel)


class FixtureMistake(Exception):
    """A fixture file cannot be used; the message names file, place and expectation."""


@dataclass(frozen=True, kw_only=True)
class Fixtures:
    """Everything a sandbox starts with. `digest` changes whenever any of it does."""

    utility: records.Utility
    tariffs: tuple[records.Tariff, ...]
    customers: tuple[records.Customer, ...]
    clients: tuple[records.Client, ...]
    digest: str


def bundled_folder() -> Path:
    """The fixtures that came with the program: in the wheel, or beside the package in a checkout."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


def load_fixtures(folder: Path) -> Fixtures:
    """Read a folder with utility.yaml, tariffs/, customers/ and clients/. Raises FixtureMistake."""
    if not folder.is_dir():
        raise FixtureMistake(
            f"{folder}: there is no such folder; it should hold utility.yaml and customers/."
        )
    utility = _read_utility(folder / "utility.yaml")
    tariffs = tuple(_read_all(folder / "tariffs", _Tariff))
    customers = tuple(_read_all(folder / "customers", _Customer))
    clients = tuple(_read_all(folder / "clients", _Client))
    _check_unique("customers", customers, lambda customer: customer.id)
    _check_unique("clients", clients, lambda client: client.id)
    _check_unique("tariffs", tariffs, lambda tariff: tariff.id)
    if utility.default_client not in {client.id for client in clients}:
        raise FixtureMistake(
            f"{folder}/utility.yaml: default_client: expected the id of a client in {folder}/clients, "
            f"found {utility.default_client!r}."
        )
    _check_services(customers, {tariff.id: tariff.kind for tariff in tariffs}, folder)
    return Fixtures(
        utility=utility,
        tariffs=tuple(tariff.record() for tariff in tariffs),
        customers=tuple(customer.record() for customer in customers),
        clients=tuple(client.record() for client in clients),
        digest=_digest(folder),
    )


def _check_scope(text: str) -> str:
    try:
        parse_scope(text)
    except InvalidScope as error:
        raise ValueError(error.message) from error
    return text


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is no time zone; write one like America/New_York.") from error
    return name


def _check_profile(name: str) -> str:
    if name not in PROFILES:
        raise ValueError(f"{name!r} is no profile; known are {', '.join(PROFILES)}.")
    return name


def _check_phone(text: str) -> str:
    if matching.normal_phone(text) != text:
        raise ValueError("a phone number is written as + and 11 to 15 digits, in quotes.")
    return text


ScopeText = Annotated[str, AfterValidator(_check_scope)]
Zone = Annotated[str, AfterValidator(_check_zone)]
Phone = Annotated[str, AfterValidator(_check_phone)]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.\-]{1,64}$")]
Secret = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-]{16,128}$")]
Url = Annotated[str, Field(pattern=r"^(https?://|\{base\}/)[^\s#]*$", max_length=2000)]
RedirectUri = Annotated[
    str, Field(pattern=r"^([A-Za-z][A-Za-z0-9+.\-]*:|\{base\}/)[^\s#]*$", max_length=2000)
]
Dollars = Annotated[Decimal, Field(ge=0, decimal_places=2)]
Price = Annotated[Decimal, Field(ge=0, decimal_places=5)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _SingleSignOn(_Shape):
    client_id: Id
    client_secret: Secret


Months = Annotated[tuple[float, ...], Field(min_length=12, max_length=12)]


class _Climate(_Shape):
    mean_f: Months
    daily_range_f: Months
    sunrise: Months
    sunset: Months


class _Utility(_Shape):
    id: Id
    name: Name
    page_title: Name
    website: Url
    canonical_base: Url
    certificate_id: Id
    puc_number: str
    time_zone: Zone
    climate: _Climate
    default_client: Id
    first_customers: tuple[Id, ...] = ()
    default_scope: ScopeText
    single_sign_on: _SingleSignOn

    def record(self) -> records.Utility:
        fields = self.model_dump(exclude={"single_sign_on", "climate"})
        return records.Utility(
            **fields,
            climate=records.Climate(**self.climate.model_dump()),
            single_sign_on_client_id=self.single_sign_on.client_id,
            single_sign_on_client_secret=self.single_sign_on.client_secret,
        )


class _Tier(_Shape):
    price: Price
    up_to: Annotated[Decimal, Field(gt=0)] | None = None


Month = Annotated[int, Field(ge=1, le=12)]
HourOfDay = Annotated[int, Field(ge=0, le=24)]


class _Window(_Shape):
    name: Name
    price: Price
    months: Annotated[tuple[Month, ...], Field(min_length=1)] = tuple(range(1, 13))
    days: Literal["all", "workdays", "offdays"] = "all"
    hours: tuple[HourOfDay, HourOfDay] = (0, 24)

    @property
    def fits_always(self) -> bool:
        return len(set(self.months)) == 12 and self.days == "all" and self.hours == (0, 24)


class _Price(_Shape):
    effective: date
    fixed_charge: Dollars
    unit_price: Price | None = None
    tiers: list[_Tier] = []
    time_of_use: list[_Window] = []
    demand_price: Price | None = None
    credit_price: Price | None = None

    @model_validator(mode="after")
    def _one_way_to_charge(self) -> Self:
        given = [self.unit_price is not None, bool(self.tiers), bool(self.time_of_use)]
        if sum(given) != 1:
            raise ValueError("energy has one of unit_price, tiers, time_of_use.")
        limits = [tier.up_to for tier in self.tiers]
        ascending = [limit for limit in limits[:-1] if limit is not None]
        if limits and (limits[-1] is not None or [*sorted(set(ascending)), None] != limits):
            raise ValueError("each tier but the last has an up_to, and they ascend.")
        if self.time_of_use and not self.time_of_use[-1].fits_always:
            raise ValueError("the last time_of_use fits always: it has a name and a price alone.")
        return self

    def record(self) -> records.TariffPrice:
        tiers = self.tiers or ([_Tier(price=self.unit_price)] if self.unit_price is not None else [])
        return records.TariffPrice(
            **self.model_dump(exclude={"unit_price", "tiers", "time_of_use"}),
            tiers=tuple(records.Tier(**tier.model_dump()) for tier in tiers),
            windows=tuple(records.Window(**window.model_dump()) for window in self.time_of_use),
        )


class _Tax(_Shape):
    name: Name
    rate: Annotated[Decimal, Field(ge=0, lt=1)]


class _Tariff(_Shape):
    id: Id
    name: Name
    kind: Literal["electric", "gas", "water"]
    unit: Literal["kwh", "therms", "gal"]
    taxes: list[_Tax] = []
    prices: Annotated[list[_Price], Field(min_length=1)]

    def record(self) -> records.Tariff:
        prices = sorted(self.prices, key=lambda price: price.effective)
        return records.Tariff(
            id=self.id,
            name=self.name,
            kind=self.kind,
            unit=self.unit,
            taxes=tuple(records.Tax(**tax.model_dump()) for tax in self.taxes),
            prices=tuple(price.record() for price in prices),
        )


class _Address(_Shape):
    street: Name
    city: Name
    state: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    postal_code: Annotated[str, Field(pattern=r"^[0-9]{5}(-[0-9]{4})?$")]

    def record(self) -> records.Address:
        return records.Address(**self.model_dump())


class _Service(_Shape):
    id: Id
    kind: Literal["electric", "gas", "water"]
    service_class: Name
    tariff: Id
    address: _Address
    meter_serial: Id
    profile: Annotated[str, AfterValidator(_check_profile)]
    daily_usage: Annotated[Decimal, Field(ge=0)]
    generation_kw: Annotated[Decimal, Field(gt=0)] | None = None

    def record(self) -> records.Service:
        return records.Service(**self.model_dump(exclude={"address"}), address=self.address.record())


class _Account(_Shape):
    number: Id
    billing_contact: Name
    billing_address: _Address
    read_day: Annotated[int, Field(ge=1, le=28)] = 1
    services: list[_Service]

    def record(self) -> records.Account:
        return records.Account(
            number=self.number,
            billing_contact=self.billing_contact,
            billing_address=self.billing_address.record(),
            read_day=self.read_day,
            services=tuple(service.record() for service in self.services),
        )


class _LastBill(_Shape):
    account_number: Id
    amount: Dollars
    statement_date: date


class _Customer(_Shape):
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,64}$")]
    password: Name
    name: Name
    kind: Literal["residential", "commercial"]
    about: Name
    is_test_account: bool
    phone: Phone
    email: Email
    time_zone: Zone
    accounts: list[_Account]
    last_bill: _LastBill | None

    def record(self) -> records.Customer:
        return records.Customer(
            **self.model_dump(exclude={"accounts", "last_bill"}),
            accounts=tuple(account.record() for account in self.accounts),
            last_bill=records.LastBill(**self.last_bill.model_dump()) if self.last_bill else None,
        )


class _ScopeOfUse(_Shape):
    id: Id
    title: Name
    text: Annotated[str, Field(min_length=1, max_length=4000)]
    terms_url: Url | None = None


class _Client(_Shape):
    id: Id
    secret: Secret | None
    company_name: Name
    website: Url
    contact_email: Email
    mode: Literal["sandbox", "live"]
    is_public: bool = False
    redirect_uris: list[RedirectUri]
    allows_loopback: bool = False
    scope: ScopeText
    scopes_of_use: Annotated[list[_ScopeOfUse], Field(min_length=1)]
    api_token: Secret | None
    registration_access_token: Secret
    webhook_secret: Secret
    notify_uri: Url | None = None

    def record(self) -> records.Client:
        return records.Client(
            **self.model_dump(exclude={"secret", "api_token", "redirect_uris", "scopes_of_use"}),
            secret=self.secret or "",
            api_token=self.api_token or "",
            redirect_uris=tuple(self.redirect_uris),
            scopes_of_use=tuple(records.ScopeOfUse(**use.model_dump()) for use in self.scopes_of_use),
            created=_REGISTERED,
        )


def _read_utility(path: Path) -> records.Utility:
    if not path.is_file():
        raise FixtureMistake(f"{path}: the file is missing; it says which utility the server plays.")
    return _validate(path, _Utility, _parse(path), place="").record()


def _read_all(folder: Path, shape: type[Shape]) -> Iterator[Shape]:
    """Every *.yaml of a folder in order of name; a file holds one document or a list of them."""
    for path in sorted(folder.glob("*.yaml")):
        content = _parse(path)
        if isinstance(content, list):
            for position, item in enumerate(content):
                yield _validate(path, shape, item, place=f"{position}.")
        else:
            yield _validate(path, shape, content, place="")


class _Loader(yaml.SafeLoader):
    """YAML without dates: pydantic reads them, and knows in which field an impossible one stands."""

    yaml_implicit_resolvers = {  # noqa: RUF012  the base class declares it so
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _parse(path: Path) -> Any:  # whatever YAML can say; pydantic narrows it next
    if path.stat().st_size > _LARGEST_FILE:
        raise FixtureMistake(
            f"{path}: larger than {_LARGEST_FILE:,} bytes; a fixture should be a page or two."
        )
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise FixtureMistake(f"{path}: not readable as YAML: {error}") from error


def _validate(path: Path, shape: type[Shape], content: object, *, place: str) -> Shape:
    try:
        return shape.model_validate(content)
    except ValidationError as error:
        found = [f"{path}: {place}{_place(e['loc'])}: {e['msg']}" for e in error.errors()]
        raise FixtureMistake("\n".join(found)) from error


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the document"


def _check_unique(what: str, items: tuple[Shape, ...], key: Callable[[Any], str]) -> None:
    seen: set[str] = set()
    for item in items:
        if key(item) in seen:
            raise FixtureMistake(f"{what}: the id {key(item)!r} is used twice; ids must be unique.")
        seen.add(key(item))


def _check_services(customers: tuple[_Customer, ...], tariffs: dict[str, str], folder: Path) -> None:
    """Every service names a tariff of its own kind; service ids and account numbers are unique."""
    seen: set[str] = set()
    for customer in customers:
        for number, account in enumerate(customer.accounts):
            place = f"{folder}/customers: {customer.id}: accounts.{number}"
            _claim(account.number, seen, place)
            for position, service in enumerate(account.services):
                _claim(service.id, seen, f"{place}.services.{position}")
                if tariffs.get(service.tariff) != service.kind:
                    raise FixtureMistake(
                        f"{place}.services.{position}.tariff: expected one of the {service.kind} tariffs in "
                        f"{folder}/tariffs, found {service.tariff!r}."
                    )


def _claim(name: str, seen: set[str], place: str) -> None:
    if name in seen:
        raise FixtureMistake(f"{place}: {name!r} is used twice; account numbers and service ids are unique.")
    seen.add(name)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        digest.update(f"{path.relative_to(folder)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
