"""Consent: proposed from the requested scope, narrowed by the customer, printed as the granted scope."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from mock_server.domain.errors import InvalidScope
from mock_server.domain.oauth.scopes import Scope, print_scope
from mock_server.domain.records import Customer, Service
from mock_server.domain.time.periods import local_midnight

USAGE_BLOCK = 4
DEMAND_BLOCK = 6
COST_BLOCK = 12
SUMMARY_BLOCK = 15
BILLS_BLOCK = 16
QUALITY_BLOCK = 17
PRESENT_USE_BLOCK = 27
PRESENT_COST_BLOCK = 28
PUSH_BLOCK = 39
ACCOUNT_BLOCKS = frozenset({46, 51})
SUPPLIER_BLOCK, DEVICE_BLOCK, PROGRAM_BLOCK = 59, 61, 62

PRESENT_BLOCKS = frozenset({PRESENT_USE_BLOCK, PRESENT_COST_BLOCK})
BILL_BLOCKS = frozenset({SUMMARY_BLOCK, BILLS_BLOCK}) | PRESENT_BLOCKS
# Blocks that only extend readings, or only extend customer information.
_NEED_READINGS = frozenset({DEMAND_BLOCK, COST_BLOCK})
_NEED_CUSTOMER = frozenset({SUPPLIER_BLOCK, DEVICE_BLOCK, PROGRAM_BLOCK})
_ELECTRICITY_ONLY = frozenset({DEMAND_BLOCK, QUALITY_BLOCK})
DATA_BLOCKS = (
    frozenset({USAGE_BLOCK, QUALITY_BLOCK}) | BILL_BLOCKS | ACCOUNT_BLOCKS | _NEED_READINGS | _NEED_CUSTOMER
)
# Ways to access data. The server supports all of them, so they are granted on request.
SERVICE_BLOCKS = frozenset({31, 32, 37, 38, 40, 41, 44})
REQUESTABLE_BLOCKS = DATA_BLOCKS | SERVICE_BLOCKS | {PUSH_BLOCK}

DEFAULT_HISTORY = timedelta(seconds=63_072_000)
LONGEST_HISTORY = timedelta(days=4 * 365 + 1)
DEFAULT_TERM = timedelta(days=3 * 365)
ALWAYS_GRANTED = frozenset({1, 3, 13, 14, 18, 19, 34, 35})


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What a customer shares: kinds of data, services and period.

    `history_start` None shares no history. `ongoing_end` is the end of new data, `expires` of the authorization; None
    is unlimited.
    """

    function_blocks: frozenset[int]
    history_start: datetime | None
    ongoing_end: datetime | None
    expires: datetime | None
    service_ids: tuple[str, ...]

    @property
    def shares_something(self) -> bool:
        """Whether it includes any data."""
        return bool(self.service_ids) and bool(self.function_blocks & DATA_BLOCKS)


def propose_consent(scope: Scope, customer: Customer, *, now: datetime) -> Consent:
    """Returns the requested scope as a consent, with the documented defaults. Raises InvalidScope."""
    zone = ZoneInfo(customer.time_zone)
    return Consent(
        function_blocks=possible_blocks(frozenset(scope.function_blocks) & REQUESTABLE_BLOCKS),
        history_start=_history_start(scope, now=now, zone=zone),
        ongoing_end=_ongoing_end(scope, now=now, zone=zone),
        expires=end_of_term(scope, now=now),
        service_ids=tuple(service.id for _, service in customer.services()),
    )


def check_asks_for_data(scope: Scope) -> None:
    """Raises InvalidScope if the scope requests no data at all."""
    requested = frozenset(scope.function_blocks)
    if not possible_blocks(requested & REQUESTABLE_BLOCKS) & DATA_BLOCKS:
        blocks = "_".join(map(str, sorted(requested)))
        raise InvalidScope(
            f"FB={blocks[:80]} requests no data that a customer can share. Request one or more of 4 (intervals), "
            "15 or 16 (bills), 46 or 51 (account)."
        )


def possible_blocks(requested: frozenset[int]) -> frozenset[int]:
    """Returns the blocks without those that need a missing one: demand and cost need readings, for example."""
    excluded = frozenset() if USAGE_BLOCK in requested else _NEED_READINGS
    excluded |= frozenset() if ACCOUNT_BLOCKS & requested else _NEED_CUSTOMER
    return requested - excluded


def end_of_term(scope: Scope, *, now: datetime) -> datetime | None:
    """Returns when the authorization expires; None for never. Raises InvalidScope for a past date."""
    if scope.preferred_end is None:
        return now + DEFAULT_TERM
    if scope.preferred_end == 0:
        return None
    end = datetime.fromtimestamp(scope.preferred_end, UTC)
    if end <= now:
        raise InvalidScope(
            f"PreferredAuthEndDate={scope.preferred_end} is in the past ({end:%Y-%m-%d %H:%M} UTC; it is now "
            f"{now:%Y-%m-%d %H:%M}). Send a later time in seconds since 1970, or 0 for no end."
        )
    return end


def _history_start(scope: Scope, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    if scope.no_historical:
        return None
    earliest = now - LONGEST_HISTORY
    if scope.historical_from is not None:
        is_early = scope.historical_from <= earliest.astimezone(zone).date()
        return earliest if is_early else local_midnight(scope.historical_from, zone)
    seconds = scope.history_seconds
    if seconds == 0:
        return None
    length = DEFAULT_HISTORY if seconds is None else timedelta(seconds=min(seconds, 10**9))
    return max(now - length, earliest)


def _ongoing_end(scope: Scope, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    if scope.no_ongoing:
        return now
    if scope.ongoing_until is None:
        return None
    if scope.ongoing_until >= date.max - timedelta(days=1):
        return None
    return local_midnight(scope.ongoing_until + timedelta(days=1), zone)


def granted_scope(
    scope: Scope,
    requested: str,
    consent: Consent,
    services: tuple[Service, ...],
    *,
    bulk_id: str | None = None,
    now: datetime,
) -> str:
    """Returns the `scope` of the token response (RFC 6749 §5.1): as requested under `noedit`, else the full result.

    Clients of the real system compare the two strings after requesting `noedit`. `bulk_id` is the bulk id for
    notifications, unless the client requested others.
    """
    if scope.no_edit:
        return requested
    history = 0 if consent.history_start is None else round((now - consent.history_start).total_seconds())
    final = Scope(
        function_blocks=tuple(sorted(_final_blocks(consent, services))),
        interval_durations=_interval_durations(services),
        block_durations=("daily",),
        history_length=history,
        subscription_frequency=scope.subscription_frequency or "billingPeriod",
        account_collection=len(services),
        bulk_ids=scope.bulk_ids or ((bulk_id,) if bulk_id and PUSH_BLOCK in consent.function_blocks else ()),
    )
    return print_scope(final)


def _final_blocks(consent: Consent, services: tuple[Service, ...]) -> frozenset[int]:
    kinds = {service.kind for service in services}
    blocks = set(ALWAYS_GRANTED | consent.function_blocks)
    if USAGE_BLOCK in blocks:
        blocks |= {5} if "electric" in kinds else set()
        blocks |= {10} if "gas" in kinds else set()
        blocks |= {11} if "water" in kinds else set()
        blocks |= {7, 8} if any(service.generation_kw for service in services) else set()
    if BILL_BLOCKS & blocks:
        blocks.add(SUMMARY_BLOCK)
    return frozenset(blocks if "electric" in kinds else blocks - _ELECTRICITY_ONLY)


def _interval_durations(services: tuple[Service, ...]) -> tuple[str, ...]:
    kinds = {service.kind for service in services}
    durations = (("900",) if "electric" in kinds else ()) + (("3600",) if kinds & {"gas", "water"} else ())
    return durations
