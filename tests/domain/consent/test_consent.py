"""Consent: from the requested to the granted scope."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mock_server.domain.consent.consent import Consent, granted_scope, propose_consent
from mock_server.domain.errors import InvalidScope
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import Customer
from mock_server.fixtures import bundled_folder, load_fixtures

NOW = datetime(2026, 3, 15, 16, tzinfo=UTC)
FOUR_YEARS = timedelta(days=1461)
[RESIDENTIAL] = [
    customer for customer in load_fixtures(bundled_folder()).customers if customer.id == "test_residential"
]


def proposed(scope: str, customer: Customer = RESIDENTIAL) -> Consent:
    return propose_consent(parse_scope(scope), customer, now=NOW)


def granted(scope: str, consent: Consent | None = None) -> str:
    agreed = consent or proposed(scope)
    services = tuple(service for _, service in RESIDENTIAL.services() if service.id in agreed.service_ids)
    return granted_scope(parse_scope(scope), scope, agreed, services, now=NOW)


def test_the_default_is_two_years_of_history_and_a_term_of_three_years_for_all_services() -> None:
    consent = proposed("FB=4_16_51")
    assert consent.history_start == NOW - timedelta(seconds=63_072_000)
    assert consent.expires == NOW + timedelta(days=1095)
    assert consent.ongoing_end is None
    assert consent.function_blocks == {4, 16, 51}
    assert len(consent.service_ids) == 3


@pytest.mark.parametrize(
    ("option", "start"),
    [
        ("historical-2025-12-01", datetime(2025, 12, 1, 5, tzinfo=UTC)),
        ("historical-2025-07-01", datetime(2025, 7, 1, 4, tzinfo=UTC)),
        ("historical-none", None),
        ("historical-0001-01-01", NOW - FOUR_YEARS),
    ],
)
def test_history_may_start_at_a_local_date(option: str, start: datetime | None) -> None:
    assert proposed(f"FB=4;AdditionalScope={option}").history_start == start


@pytest.mark.parametrize(
    ("length", "expected"), [("0", None), ("86400", timedelta(days=1)), ("9999999999", FOUR_YEARS)]
)
def test_history_may_be_a_number_of_seconds(length: str, expected: timedelta | None) -> None:
    start = proposed(f"FB=4;HistoryLength={length}").history_start
    assert start == (None if expected is None else NOW - expected)


def test_a_small_history_length_is_in_months() -> None:
    start = proposed("FB=4;HistoryLength=13").history_start
    assert start is not None
    assert timedelta(days=365) < NOW - start < timedelta(days=430)


def test_ongoing_data_ends_after_its_last_local_day() -> None:
    assert proposed("FB=4;AdditionalScope=ongoing-2026-06-30").ongoing_end == datetime(
        2026, 7, 1, 4, tzinfo=UTC
    )
    assert proposed("FB=4;AdditionalScope=ongoing-none").ongoing_end == NOW


def test_the_authorization_may_have_an_end_or_none() -> None:
    assert proposed("FB=4;PreferredAuthEndDate=0").expires is None
    assert proposed("FB=4;PreferredAuthEndDate=1800000000").expires == datetime.fromtimestamp(
        1_800_000_000, UTC
    )
    with pytest.raises(InvalidScope, match="past"):
        proposed("FB=4;PreferredAuthEndDate=1700000000")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize(
    "options",
    [
        "AdditionalScope=historical-0001-01-01",
        "AdditionalScope=historical-9999-12-31",
        "AdditionalScope=ongoing-0001-01-01",
        "AdditionalScope=ongoing-9999-12-31",
        "AdditionalScope=ongoing-9999-12-30",
        "PreferredAuthEndDate=9999999999",
        "HistoryLength=9999999999",
    ],
)
def test_no_date_overflows_in_any_zone(zone: str, options: str) -> None:
    consent = proposed(f"FB=4;{options}", replace(RESIDENTIAL, time_zone=zone))
    for instant in (consent.history_start, consent.ongoing_end, consent.expires):
        assert instant is None or instant.tzinfo is UTC


def test_only_requestable_blocks_are_shared() -> None:
    assert proposed("FB=1_3_4_5_39_46_99").function_blocks == {4, 39, 46}
    assert not proposed("FB=39").shares_something
    assert not proposed("FB=1").shares_something
    assert not replace(proposed("FB=4"), service_ids=()).shares_something


def test_the_granted_scope_states_the_result() -> None:
    scope = parse_scope(granted("FB=4_16_51;HistoryLength=86400"))
    assert set(scope.function_blocks) == {1, 3, 4, 5, 10, 11, 13, 14, 15, 16, 18, 19, 34, 35, 51}
    assert scope.history_length == 86_400
    assert scope.account_collection == 3
    assert scope.interval_durations == ("900", "3600")


def test_the_granted_scope_follows_the_customers_choice() -> None:
    chosen = replace(proposed("FB=4_16_51"), function_blocks=frozenset({4}), service_ids=("11200-00000",))
    scope = parse_scope(granted("FB=4_16_51", replace(chosen, history_start=None)))
    assert not {5, 11, 15, 16, 51} & set(scope.function_blocks)
    assert {4, 10} <= set(scope.function_blocks)
    assert (scope.history_length, scope.account_collection) == (0, 1)


def test_under_noedit_the_granted_scope_is_the_requested_one() -> None:
    options = "historical-2024-05-09_ongoing-2026-05-23_sou-default_noedit"
    requested = f"FB=4_16_51;IntervalDuration=900;AdditionalScope={options}"
    assert granted(requested) == requested
