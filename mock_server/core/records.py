"""What a sandbox consists of: the utility, its customers, its third parties, and what they agreed on.

All instants are aware datetimes in UTC; secrets that a client shows again (codes, tokens, cookies) appear
only as hashes. No behaviour beyond look-ups inside a record.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

ServiceKind: TypeAlias = Literal["electric", "gas", "water"]
Mode: TypeAlias = Literal["sandbox", "live"]
Flow: TypeAlias = Literal["forward", "reverse", "net"]
TokenClass: TypeAlias = Literal["access", "refresh", "client", "registration", "api", "single_sign_on"]
Channel: TypeAlias = Literal["text", "call", "email"]
Outcome: TypeAlias = Literal["approved", "declined", "refused"]


@dataclass(frozen=True, kw_only=True)
class Address:
    """A postal address in the United States; `street` holds number, name and unit."""

    street: str
    city: str
    state: str
    postal_code: str

    def __str__(self) -> str:
        return f"{self.street}, {self.city}, {self.state} {self.postal_code}"


@dataclass(frozen=True, kw_only=True)
class Climate:
    """The weather of a usual year, twelve mid-month values each: Fahrenheit, and hours of standard time."""

    mean_f: tuple[float, ...]
    daily_range_f: tuple[float, ...]
    sunrise: tuple[float, ...]
    sunset: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Utility:
    """The utility that this server plays. `canonical_base` is what persistent ids are hashed over."""

    id: str
    name: str
    page_title: str
    website: str
    canonical_base: str
    certificate_id: str
    puc_number: str
    time_zone: str
    climate: Climate
    default_client: str
    first_customers: tuple[str, ...]
    default_scope: str
    single_sign_on_client_id: str
    single_sign_on_client_secret: str


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A price per unit in dollars for use up to a volume per billing period; None is without limit."""

    price: Decimal
    up_to: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Window:
    """A price per unit in dollars at some times: in these months, on these days, from hour to hour.

    Of several windows the first that fits counts; the last one fits always.
    """

    name: str
    price: Decimal
    months: tuple[int, ...] = tuple(range(1, 13))
    days: Literal["all", "workdays", "offdays"] = "all"
    hours: tuple[int, int] = (0, 24)


@dataclass(frozen=True, kw_only=True)
class TariffPrice:
    """Prices from a local date on. Energy is charged by tiers, or by windows where there are any.

    `fixed_charge` is in dollars per billing period, `demand_price` per kW of the highest quarter of an hour,
    `credit_price` per unit received from the customer.
    """

    effective: date
    fixed_charge: Decimal
    tiers: tuple[Tier, ...]
    windows: tuple[Window, ...] = ()
    demand_price: Decimal | None = None
    credit_price: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Tax:
    """A share of everything else on the bill."""

    name: str
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class Tariff:
    """What a service costs. `unit` is what bills count in: kwh, therms or gal. `prices` ascend in time."""

    id: str
    name: str
    kind: ServiceKind
    unit: Literal["kwh", "therms", "gal"]
    taxes: tuple[Tax, ...]
    prices: tuple[TariffPrice, ...]


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
    """Somebody who has accounts with the utility. `id` is also the scenario's and the log-in's name."""

    id: str
    name: str
    kind: Literal["residential", "commercial"]
    about: str
    is_test_account: bool
    password: str
    phone: str
    email: str
    time_zone: str
    accounts: tuple[Account, ...]
    last_bill: LastBill | None

    def services(self) -> Iterator[tuple[Account, Service]]:
        """Every service with the account that it is billed on, in the order of the fixture."""
        for account in self.accounts:
            for service in account.services:
                yield account, service


@dataclass(frozen=True, kw_only=True)
class LookUp:
    """One normalised value (see `core.matching`) by which a customer is found."""

    kind: Literal["account", "phone", "email", "address"]
    value: str
    customer_id: str


@dataclass(frozen=True, kw_only=True)
class ScopeOfUse:
    """What a third party says it does with the data; customers read it before they consent."""

    id: str
    title: str
    text: str
    terms_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Client:
    """A third party's registration (RFC 7591 §2). `is_public`: it holds no secret and must use PKCE."""

    id: str
    secret: str
    company_name: str
    website: str
    contact_email: str
    mode: Mode
    is_public: bool
    redirect_uris: tuple[str, ...]
    allows_loopback: bool
    scope: str
    scopes_of_use: tuple[ScopeOfUse, ...]
    api_token: str
    registration_access_token: str
    webhook_secret: str
    notify_uri: str | None
    created: datetime


@dataclass(frozen=True, kw_only=True)
class Authorization:
    """What a customer allowed a client to read, or (`kind` client, registration) a client's own standing.

    `history_start` is where shared history begins, None for no history; `ongoing_end` is where new data
    ends, None for no limit but `expires`; `expires` None lasts until somebody revokes it.
    """

    uid: str
    kind: Literal["customer", "client", "registration"]
    client_id: str
    customer_id: str | None
    scope: str
    requested_scope: str
    scope_of_use: str | None
    created: datetime
    history_start: datetime | None
    ongoing_end: datetime | None
    expires: datetime | None
    revoked: datetime | None

    def status_at(self, instant: datetime) -> Literal["active", "revoked", "expired"]:
        """Whether it opens anything at that instant."""
        if self.revoked is not None and self.revoked <= instant:
            return "revoked"
        if self.expires is not None and self.expires <= instant:
            return "expired"
        return "active"


@dataclass(frozen=True, kw_only=True)
class Meter:
    """A service as one authorization shares it; its uid belongs to that authorization alone."""

    uid: str
    authorization_uid: str
    account_number: str
    service_id: str
    created: datetime


@dataclass(frozen=True, kw_only=True)
class AuthorizationRequest:
    """One visit of one browser to the authorize endpoint, and the answers given so far.

    `state` is kept as it came on the wire, so that it goes back byte for byte. `way` is the way to sign in
    that is being tried; `customer_id` is set once somebody was found, `is_confirmed` once they proved it.
    """

    id: str
    client_id: str
    redirect_uri: str | None
    state: str | None
    scope: str
    code_challenge: str | None
    code_challenge_method: Literal["S256", "plain"] | None
    prompts: bool
    browser_hash: str
    created: datetime
    way: str
    customer_id: str | None = None
    is_confirmed: bool = False
    notice: str | None = None
    otp_hash: str | None = None
    otp_channel: Channel | None = None
    otp_sent: datetime | None = None
    otp_attempts: int = 0
    sso_state: str | None = None
    sso_nonce: str | None = None
    outcome: Outcome | None = None
    authorization_uid: str | None = None


@dataclass(frozen=True, kw_only=True)
class Code:
    """An authorization code (RFC 6749 §4.1.2): single use, bound to client, redirect URI and challenge."""

    hash: str
    client_id: str
    authorization_uid: str
    redirect_uri: str | None
    code_challenge: str | None
    code_challenge_method: Literal["S256", "plain"] | None
    issued: datetime
    expires: datetime
    redeemed: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Token:
    """A bearer token. `code_hash` names the code it came from, so that a replay can end it."""

    hash: str
    token_class: TokenClass
    client_id: str
    authorization_uid: str | None
    customer_id: str | None
    scope: str
    issued: datetime
    expires: datetime | None
    ended: datetime | None = None
    ended_because: str | None = None
    code_hash: str | None = None


@dataclass(frozen=True, kw_only=True)
class SignOnSession:
    """A browser that is logged in at the utility's OpenID provider."""

    hash: str
    customer_id: str
    started: datetime
    expires: datetime


@dataclass(frozen=True, kw_only=True)
class SignOnCode:
    """A code of the utility's OpenID provider (OpenID Connect Core §3.1.2.5)."""

    hash: str
    customer_id: str
    redirect_uri: str
    nonce: str | None
    authenticated: datetime
    expires: datetime
    redeemed: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Message:
    """A mail, text or call that the utility "sent": it stays in the outbox for tests and people to read."""

    id: str
    to: str
    channel: Channel
    subject: str
    body: str
    code: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """The provider's private key in PEM (PKCS #8)."""

    id: str
    pem: str
    created: datetime


@dataclass(frozen=True, kw_only=True)
class AutoApproval:
    """Answers to authorize requests given without a browser. `times` None: until switched off."""

    enabled: bool = False
    times: int | None = None
    decision: Literal["approve", "decline"] = "approve"


@dataclass(frozen=True, kw_only=True)
class SandboxState:
    """What a sandbox remembers about itself: where its clock stands and which fixtures it holds."""

    created: datetime
    fixtures_digest: str
    clock_offset_seconds: float
    clock_frozen: datetime | None
    auto_approval: AutoApproval
