"""The utility, its climate, and postal addresses."""

from dataclasses import dataclass

from mock_server.domain.records.made_up import Material


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
    """The weather of a usual year, as 12 mid-month values each: degrees Fahrenheit, and hours of standard time."""

    mean_f: tuple[float, ...]
    daily_range_f: tuple[float, ...]
    sunrise: tuple[float, ...]
    sunset: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Utility:
    """The utility that this server mocks. `canonical_base` is the base URL that persistent ids are hashed from."""

    id: str
    name: str
    page_title: str
    website: str
    canonical_base: str
    certificate_id: str
    puc_number: str
    time_zone: str
    climate: Climate
    made_up: Material
    default_client: str
    first_customers: tuple[str, ...]
    default_scope: str
    single_sign_on_client_id: str
    single_sign_on_client_secret: str
