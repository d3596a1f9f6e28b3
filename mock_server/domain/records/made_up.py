"""What customers are made up from, where nobody wrote down who they are."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from mock_server.domain.records.tariffs import ServiceKind

CustomerKind: TypeAlias = Literal["residential", "commercial"]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A town and its ZIP code, neither of which exists."""

    city: str
    postal_code: str


@dataclass(frozen=True, kw_only=True)
class UsualService:
    """A service that customers of a kind usually have; `daily_usage` is the least and the most, in bill units."""

    customer: CustomerKind
    kind: ServiceKind
    service_class: str
    tariff: str
    profile: str
    daily_usage: tuple[Decimal, Decimal]


@dataclass(frozen=True, kw_only=True)
class Material:
    """Places, streets, telephone areas and services: for each kind of customer at least one of each kind."""

    state: str
    places: tuple[Place, ...]
    streets: tuple[str, ...]
    area_codes: tuple[str, ...]
    services: tuple[UsualService, ...]
