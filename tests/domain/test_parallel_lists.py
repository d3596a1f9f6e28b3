"""Lists that must agree with each other, where neither can be derived from the other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

from mock_server.domain.consent.consent import ALWAYS_GRANTED, REQUESTABLE_BLOCKS
from mock_server.domain.consent.frequencies import is_turn
from mock_server.domain.consent.function_blocks import FUNCTION_BLOCKS
from mock_server.domain.consent.scenarios import SCENARIOS, Trouble
from mock_server.domain.errors import BY_CODE, KINDS, MockServerError
from mock_server.domain.oauth.scopes.parse import FREQUENCIES
from mock_server.domain.records import AuthMethod, ServiceKind
from mock_server.domain.usage.profiles import PROFILES
from mock_server.domain.usage.readings import INTERVAL_SECONDS, UNITS_PER_BILL_UNIT
from mock_server.fixtures import Fixtures
from mock_server.oauth.client_auth import METHODS
from mock_server.oauth.grants import GRANTS


def subclasses_of(kind: type[MockServerError]) -> Iterator[type[MockServerError]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from subclasses_of(subclass)


def test_every_error_code_has_one_kind() -> None:
    kinds = [kind for kind in subclasses_of(MockServerError) if kind.__module__ == MockServerError.__module__]
    codes = {MockServerError.code, *(kind.code for kind in kinds)}
    assert set(BY_CODE) == codes
    assert len(BY_CODE) == len(KINDS)


def test_every_granted_function_block_has_a_name() -> None:
    assert set(FUNCTION_BLOCKS) >= REQUESTABLE_BLOCKS | ALWAYS_GRANTED


def test_every_named_frequency_but_the_billing_period_is_due_within_a_year() -> None:
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    due = {frequency for frequency in FREQUENCIES if any(is_turn(frequency, day) for day in year)}
    assert due == set(FREQUENCIES) - {"billingPeriod"}


def test_every_trouble_occurs_in_a_scenario() -> None:
    troubles = {scenario.at_once for scenario in SCENARIOS} | {scenario.later for scenario in SCENARIOS}
    assert troubles == {None, *get_args(Trouble)}


def test_clients_may_use_every_grant_of_the_token_endpoint(fixtures: Fixtures) -> None:
    confidential = replace(fixtures.clients[0], auth_method="client_secret_basic")
    public = replace(confidential, auth_method="none")
    grants = {grant.name for grant in GRANTS}
    assert set(confidential.grant_types) == grants
    assert set(public.grant_types) == grants - {"client_credentials"}


def test_the_token_endpoint_has_every_client_authentication_method() -> None:
    assert {method.name for method in METHODS} == set(get_args(AuthMethod))


def test_every_kind_of_service_has_units_and_intervals() -> None:
    kinds = set(get_args(ServiceKind))
    assert set(INTERVAL_SECONDS) == kinds
    assert set(UNITS_PER_BILL_UNIT) == kinds


def test_every_profile_is_used_by_a_usual_service(fixtures: Fixtures) -> None:
    assert {service.profile for service in fixtures.utility.made_up.services} == set(PROFILES)
