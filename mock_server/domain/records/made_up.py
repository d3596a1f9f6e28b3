"""The material from which fictional customers are generated."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from mock_server.domain.records.tariffs import ServiceKind

CustomerKind: TypeAlias = Literal["residential", "commercial"]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A fictional town and its unassigned ZIP code."""

    city: str
    postal_code: str


@dataclass(frozen=True, kw_only=True)
class UsualService:
    """A typical service of a kind of customer. `daily_usage` is its minimum and maximum, in the tariff's unit."""

    customer: CustomerKind
    kind: ServiceKind
    service_class: str
    tariff: str
    profile: str
    daily_usage: tuple[Decimal, Decimal]


@dataclass(frozen=True, kw_only=True)
class Material:
    """Places, streets, area codes and services, with a service of each kind for each kind of customer."""

    state: str
    places: tuple[Place, ...]
    streets: tuple[str, ...]
    area_codes: tuple[str, ...]
    services: tuple[UsualService, ...]
