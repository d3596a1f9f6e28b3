"""Creates an authorization with its meters, renews an older one, or records that the customer declined."""

from dataclasses import dataclass, replace
from datetime import datetime

from mock_server.actions.notifying.events import announce, announce_in_order
from mock_server.domain.consent.consent import Consent, granted_scope
from mock_server.domain.events import EventType, Happening
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import Account, Authorization, AuthorizationRequest, Customer, Meter, Service
from mock_server.domain.time.clock import MOMENT
from mock_server.store import Transaction

FIRST_AUTHORIZATION = 500_001
FIRST_METER = 1_500_001


@dataclass(frozen=True, kw_only=True)
class Made:
    """An authorization with its meters, in the order of the customer's services."""

    authorization: Authorization
    meters: tuple[Meter, ...]


def authorize_services(
    transaction: Transaction,
    request: AuthorizationRequest,
    *,
    customer: Customer,
    consent: Consent,
    now: datetime,
    bulk_id: str | None = None,
    scenario: str | None = None,
) -> Made:
    """Store the authorization and announce it. A form's meters are not monitored or collected yet.

    `bulk_id` is the bulk whose files its notifications name, if they name bulk files.
    """
    shared = [
        (account, service) for account, service in customer.services() if service.id in consent.service_ids
    ]
    [[uid], meter_uids] = transaction.next_numbers_of(
        ("authorization", 1, FIRST_AUTHORIZATION), ("meter", len(shared), FIRST_METER)
    )
    authorization = _authorization(
        request,
        uid=uid,
        customer=customer,
        consent=consent,
        services=tuple(service for _, service in shared),
        bulk_id=bulk_id,
        now=now,
    )
    authorization = replace(authorization, scenario=scenario)
    meters = tuple(
        _meter(meter_uid, authorization, account, service)
        for meter_uid, (account, service) in zip(meter_uids, shared, strict=True)
    )
    transaction.authorizations.add(authorization)
    transaction.meters.add(*meters)
    _announce(transaction, authorization, meters)
    return Made(authorization=authorization, meters=meters)


def _authorization(
    request: AuthorizationRequest,
    *,
    uid: str,
    customer: Customer,
    consent: Consent,
    services: tuple[Service, ...],
    bulk_id: str | None,
    now: datetime,
) -> Authorization:
    scope = parse_scope(request.scope)
    return Authorization(
        uid=uid,
        kind="customer",
        client_id=request.client_id,
        customer_id=customer.id,
        scope=granted_scope(scope, request.scope, consent, services, bulk_id=bulk_id, now=now),
        requested_scope=request.scope,
        scope_of_use=scope.scope_of_use,
        created=now,
        history_start=consent.history_start,
        ongoing_end=consent.ongoing_end,
        expires=consent.expires,
        revoked=None,
        is_test=customer.is_test_account,
        customer_email=request.customer_email,
        template_uid=request.template_uid,
        form_uid=request.form_uid,
        wakes=now + MOMENT,
    )


def _meter(uid: str, authorization: Authorization, account: Account, service: Service) -> Meter:
    return Meter(
        uid=uid,
        authorization_uid=authorization.uid,
        account_number=account.number,
        service_id=service.id,
        created=authorization.created,
        frequency="off" if authorization.waits_for_collection else "daily",
    )


def _announce(transaction: Transaction, made: Authorization, meters: tuple[Meter, ...]) -> None:
    """A form's meters are announced later, when `domain.consent.life_cycle.moments` schedules them."""
    found = () if made.waits_for_collection else meters
    first: tuple[EventType, ...] = ("authorization_created", "authorization_update_started")
    happened = [Happening(type=one, at=made.created, authorization_uid=made.uid) for one in first]
    happened += [
        Happening(type="meter_created", at=made.created, authorization_uid=made.uid, meter_uid=meter.uid)
        for meter in found
    ]
    announce_in_order(transaction, happened, {made.uid: made.client_id})


def renew(
    transaction: Transaction,
    request: AuthorizationRequest,
    *,
    customer: Customer,
    consent: Consent,
    now: datetime,
) -> Made | None:
    """Renew the authorization that the request's form names, if it is this customer's and not revoked."""
    form = transaction.forms.find(uid=request.form_uid) if request.form_uid else None
    found = (
        transaction.authorizations.find(uid=form.authorization_uid)
        if form and form.authorization_uid
        else None
    )
    if found is None or found.customer_id != customer.id or found.status_at(now) == "revoked":
        return None
    values = {"expires": consent.expires, "ongoing_end": consent.ongoing_end, "wakes": now + MOMENT}
    transaction.authorizations.change({"uid": found.uid}, **values)
    announce(
        transaction, "authorization_renewed", client_id=found.client_id, at=now, authorization_uid=found.uid
    )
    renewed = transaction.authorizations.find(uid=found.uid)
    assert renewed is not None  # it was changed above
    return Made(
        authorization=renewed, meters=tuple(transaction.meters.list(authorization_uid=found.uid, order="uid"))
    )


def remember_decline(transaction: Transaction, request: AuthorizationRequest, *, now: datetime) -> None:
    """Store a declined form, which the API lists (`is_declined`). OAuth reports it only in the redirect."""
    if request.template_uid is None:
        return
    declined = Authorization(
        uid=transaction.next_number("authorization", first=FIRST_AUTHORIZATION),
        kind="declined",
        client_id=request.client_id,
        customer_id=request.customer_id,
        scope=request.scope,
        requested_scope=request.scope,
        scope_of_use=None,
        created=now,
        history_start=None,
        ongoing_end=None,
        expires=None,
        revoked=None,
        is_test=True,
        customer_email=request.customer_email,
        template_uid=request.template_uid,
        form_uid=request.form_uid,
    )
    transaction.authorizations.add(declined)
    announce(
        transaction,
        "authorization_declined",
        client_id=request.client_id,
        at=now,
        authorization_uid=declined.uid,
    )
