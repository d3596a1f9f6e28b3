"""The customer's answer: an authorization with its meters and a code, or none."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mock_server.actions.events import announce
from mock_server.actions.messages import send_message
from mock_server.actions.notifications import notify_of_authorization
from mock_server.actions.sign_in import check_may_connect
from mock_server.core.chance import fingerprint
from mock_server.core.clock import MOMENT
from mock_server.core.consent import Consent, granted_scope
from mock_server.core.errors import Conflict, InvalidRequest
from mock_server.core.records import (
    Authorization,
    AuthorizationRequest,
    Client,
    Code,
    Customer,
    Meter,
)
from mock_server.core.scopes import parse_scope
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

CODE_LIFETIME = timedelta(minutes=5)
FIRST_AUTHORIZATION = 500_001
FIRST_METER = 1_500_001


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A new authorization and the code that the client redeems for its tokens."""

    authorization: Authorization
    meters: tuple[Meter, ...]
    code: str


def approve(
    sandbox: Sandbox,
    request: AuthorizationRequest,
    *,
    client: Client,
    customer: Customer,
    consent: Consent,
    receipt_link: str,
) -> Approval:
    """Record the authorization, issue the code, send the receipt. Raises Conflict if already answered."""
    check_may_connect(client, customer)
    if not consent.shares_something:
        raise InvalidRequest("Choose at least one kind of data and one service, or decline.")
    now = sandbox.clock.now()
    with sandbox.store.writing() as rows:
        authorization, meters = _authorize(rows, request, customer=customer, consent=consent, now=now)
        _answer(
            rows, request, outcome="approved", authorization_uid=authorization.uid, customer_id=customer.id
        )
        _announce(rows, authorization, meters)
        notify_of_authorization(rows, authorization, at=now)
        code = sandbox.chance.secret()
        rows.codes.add(_code(request, authorization, code, now=now))
        send_message(
            rows,
            to=customer.email,
            channel="email",
            subject=f"You authorized {client.company_name}",
            body=f"{client.company_name} may now read the data that you chose. Your receipt: {receipt_link}",
            at=now,
        )
    return Approval(authorization=authorization, meters=meters, code=code)


def decline(sandbox: Sandbox, request: AuthorizationRequest) -> None:
    """The customer said no. Raises Conflict if the request was already answered."""
    with sandbox.store.writing() as rows:
        _answer(rows, request, outcome="declined")


def _answer(rows: Transaction, request: AuthorizationRequest, **values: object) -> None:
    """One request is answered once: the row changes only while it has no outcome."""
    if not rows.requests.change({"id": request.id, "outcome": None}, **values):
        raise Conflict("This request was already answered. Start again from the company that sent you here.")


def _authorize(
    rows: Transaction, request: AuthorizationRequest, *, customer: Customer, consent: Consent, now: datetime
) -> tuple[Authorization, tuple[Meter, ...]]:
    shared = [
        (account, service) for account, service in customer.services() if service.id in consent.service_ids
    ]
    scope = parse_scope(request.scope)
    services = tuple(service for _, service in shared)
    authorization = Authorization(
        uid=rows.next_number("authorization", first=FIRST_AUTHORIZATION),
        kind="customer",
        client_id=request.client_id,
        customer_id=customer.id,
        scope=granted_scope(scope, request.scope, consent, services, now=now),
        requested_scope=request.scope,
        scope_of_use=scope.scope_of_use,
        created=now,
        history_start=consent.history_start,
        ongoing_end=consent.ongoing_end,
        expires=consent.expires,
        revoked=None,
        wakes=now + MOMENT,
    )
    meters = tuple(
        Meter(
            uid=rows.next_number("meter", first=FIRST_METER),
            authorization_uid=authorization.uid,
            account_number=account.number,
            service_id=service.id,
            created=now,
        )
        for account, service in shared
    )
    rows.authorizations.add(authorization)
    rows.meters.add(*meters)
    return authorization, meters


def _announce(rows: Transaction, made: Authorization, meters: tuple[Meter, ...]) -> None:
    announce(
        rows, "authorization_created", client_id=made.client_id, at=made.created, authorization_uid=made.uid
    )
    for meter in meters:
        announce(
            rows,
            "meter_created",
            client_id=made.client_id,
            at=made.created,
            authorization_uid=made.uid,
            meter_uid=meter.uid,
        )


def _code(request: AuthorizationRequest, authorization: Authorization, code: str, *, now: datetime) -> Code:
    return Code(
        hash=fingerprint(code),
        client_id=request.client_id,
        authorization_uid=authorization.uid,
        redirect_uri=request.redirect_uri,
        code_challenge=request.code_challenge,
        code_challenge_method=request.code_challenge_method,
        issued=now,
        expires=now + CODE_LIFETIME,
    )
