"""Checks the references between the records of an imported state."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mock_server.domain.errors import InvalidParameter, MockServerError
from mock_server.domain.network.client_urls import redirect_uri_problem
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import Customer, Utility
from mock_server.domain.signing_in.account_numbers import EXPECTATION, is_account_number
from mock_server.domain.usage.profiles import PROFILES

# A kind and its field, and the kind and key that the field references. Null references nothing. References from codes,
# grants and tokens to authorizations are not checked: they outlive a deleted test authorization, but no longer work.
_REFERENCES = (
    ("look_ups", "customer_id", "customers", "id"),
    ("authorizations", "client_id", "clients", "id"),
    ("authorizations", "customer_id", "customers", "id"),
    ("meters", "authorization_uid", "authorizations", "uid"),
    ("collections", "meter_uid", "meters", "uid"),
    ("collections", "authorization_uid", "authorizations", "uid"),
    ("codes", "client_id", "clients", "id"),
    ("tokens", "client_id", "clients", "id"),
    ("grants", "client_id", "clients", "id"),
    ("templates", "client_id", "clients", "id"),
    ("forms", "client_id", "clients", "id"),
    ("forms", "template_uid", "templates", "uid"),
    ("referrals", "client_id", "clients", "id"),
    ("referrals", "authorization_uid", "authorizations", "uid"),
    ("requests", "client_id", "clients", "id"),
    ("pushed_requests", "client_id", "clients", "id"),
    ("used_assertions", "client_id", "clients", "id"),
    ("webhooks", "client_id", "clients", "id"),
    ("events", "client_id", "clients", "id"),
    ("notifications", "client_id", "clients", "id"),
    ("bulks", "client_id", "clients", "id"),
    ("people", "client_id", "clients", "id"),
)
_SCOPES = ("authorizations", "requests", "clients")


def check_records(records: Mapping[str, Sequence[Any]], *, utility: Utility) -> None:
    """Raises InvalidParameter, naming the first invalid record."""
    for problem in _problems(records, utility):
        raise InvalidParameter(f"The state cannot be used: {problem}.")


def _problems(records: Mapping[str, Sequence[Any]], utility: Utility) -> Iterator[str]:
    if utility.default_client not in {client.id for client in records.get("clients", ())}:
        yield f"records.clients lacks the utility's default client {utility.default_client!r}"
    for kind, field, target, key in _REFERENCES:
        known = {getattr(one, key) for one in records.get(target, ())}
        if target == "clients":
            known.add(utility.single_sign_on_client_id)  # it has tokens but no registration
        for place, one in enumerate(records.get(kind, ())):
            value = getattr(one, field)
            if value is not None and value not in known:
                yield f"records.{kind}.{place}.{field} names {str(value)[:64]!r}, which is not in records.{target}"
    yield from _redirect_problems(records)
    yield from _customer_problems(records)
    yield from _meter_problems(records)
    for kind in _SCOPES:
        for place, one in enumerate(records.get(kind, ())):
            try:
                parse_scope(one.scope)
            except MockServerError as error:
                yield f"records.{kind}.{place}.scope: {error.message.rstrip('.')}"


def _redirect_problems(records: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """Redirect URIs must be valid, because browsers are redirected to them."""
    for place, client in enumerate(records.get("clients", ())):
        for uri in client.redirect_uris:
            if (problem := redirect_uri_problem(uri)) is not None:
                yield f"records.clients.{place}.redirect_uris has {uri[:80]!r}. {problem.rstrip('.')}"
    for place, request in enumerate(records.get("requests", ())):
        uri = request.redirect_uri
        if uri is not None and (problem := redirect_uri_problem(uri)) is not None:
            yield f"records.requests.{place}.redirect_uri is {uri[:80]!r}. {problem.rstrip('.')}"


def _customer_problems(records: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    kinds = {tariff.id: tariff.kind for tariff in records.get("tariffs", ())}
    for place, customer in enumerate(records.get("customers", ())):
        if not _is_zone(customer.time_zone):
            yield f"records.customers.{place}.time_zone is not a time zone"
        bill = customer.last_bill
        numbers = [
            *(account.number for account in customer.accounts),
            *([bill.account_number] if bill else []),
        ]
        for number in numbers:
            if not is_account_number(number):
                yield f"records.customers.{place} has the account number {number[:64]!r}; it must have {EXPECTATION}"
        for account in customer.accounts:
            if not 1 <= account.read_day <= 28:
                yield f"records.customers.{place}: the read_day of account {account.number} is not from 1 to 28"
        for _, service in customer.services():
            if kinds.get(service.tariff) != service.kind:
                yield f"records.customers.{place}: {service.id} has a tariff that is not in records.tariffs"
            if service.profile not in PROFILES:
                yield f"records.customers.{place}: {service.id} has a profile that does not exist"


def _meter_problems(records: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """A meter's service must belong to the customer, and its account number must be valid."""
    customers: dict[str, Customer] = {one.id: one for one in records.get("customers", ())}
    owners = {one.uid: one.customer_id for one in records.get("authorizations", ())}
    for place, meter in enumerate(records.get("meters", ())):
        if not is_account_number(meter.account_number):
            yield f"records.meters.{place}.account_number must have {EXPECTATION}"
        owner = customers.get(owners.get(meter.authorization_uid) or "")
        services = {service.id for _, service in owner.services()} if owner else set()
        if meter.service_id not in services:
            yield f"records.meters.{place}.service_id is not a service of the authorization's customer"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
