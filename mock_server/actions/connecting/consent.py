"""Stores the customer's decision: an authorization with its meters and a code, or none."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mock_server.actions.connecting.make_authorization import authorize_services, remember_decline, renew
from mock_server.actions.connecting.sign_in import check_may_connect
from mock_server.actions.notifying.messages import send_message
from mock_server.actions.notifying.notifications import notify_of_authorization
from mock_server.domain.consent.bulk import bulk_id_of
from mock_server.domain.consent.consent import Consent
from mock_server.domain.errors import Conflict, InvalidRequest
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import (
    Authorization,
    AuthorizationRequest,
    Client,
    Code,
    Customer,
    Meter,
    Referral,
)
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

DECLINED = "User declined authorization"
"""The error_description that the client receives (utilityapi.md §2)."""


@dataclass(frozen=True, kw_only=True)
class Approval:
    """A new authorization and the code that the client redeems for tokens; for a form, its referral code."""

    authorization: Authorization
    meters: tuple[Meter, ...]
    code: str


def approve(
    sandbox: Sandbox,
    transaction: Transaction,
    request: AuthorizationRequest,
    *,
    client: Client,
    customer: Customer,
    consent: Consent,
    receipt_link: str,
    own_link: str,
) -> Approval:
    """Store the authorization, issue the code, email the receipt. Raises Conflict if already answered.

    The email has both links: the receipt, and the page where the customer can stop sharing.
    """
    check_may_connect(client, customer)
    if not consent.shares_something:
        raise InvalidRequest("Choose at least one kind of data and one service, or decline.")
    now = transaction.now
    made = renew(transaction, request, customer=customer, consent=consent, now=now) or authorize_services(
        transaction,
        request,
        customer=customer,
        consent=consent,
        # The certification suite expects notifications of a subscription (PSH003). The documentation of the real
        # system describes notifications of bulk files.
        bulk_id=None if sandbox.settings.dialect == "certification" else bulk_id_of(request.client_id),
        now=now,
    )
    authorization = made.authorization
    _answer(
        transaction,
        request,
        outcome="approved",
        authorization_uid=authorization.uid,
        customer_id=customer.id,
    )
    notify_of_authorization(transaction, authorization, at=now)
    if request.template_uid is None:
        code = sandbox.random.secret()
        transaction.codes.add(_code(sandbox, request, authorization, code, now=now))
    else:
        code = give_referral(sandbox, transaction, authorization, now=now)
    send_message(
        transaction,
        to=customer.email,
        channel="email",
        subject=f"You authorized {client.company_name}",
        body=f"{client.company_name} may now read the data that you chose. Your receipt: {receipt_link} "
        f"You can stop sharing at any time: {own_link}",
        at=now,
    )
    return Approval(authorization=authorization, meters=made.meters, code=code)


def give_referral(
    sandbox: Sandbox, transaction: Transaction, authorization: Authorization, *, now: datetime
) -> str:
    """A new referral code, by which the client finds the authorization that a form created."""
    code = sandbox.random.secret()[:32]
    referral = Referral(
        code=code, client_id=authorization.client_id, authorization_uid=authorization.uid, created=now
    )
    transaction.referrals.add(referral)
    return code


def decline(sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest) -> None:
    """Store that the customer declined. Raises Conflict if the request was already answered."""
    _answer(transaction, request, outcome="declined")
    remember_decline(transaction, request, now=transaction.now)


def _answer(transaction: Transaction, request: AuthorizationRequest, **values: object) -> None:
    """Answer the request once: the row changes only while it has no outcome."""
    if not transaction.requests.change({"id": request.id, "outcome": None}, **values):
        raise Conflict("This request was already answered. Start again from the company that sent you here.")


def _code(
    sandbox: Sandbox, request: AuthorizationRequest, authorization: Authorization, code: str, *, now: datetime
) -> Code:
    return Code(
        hash=fingerprint(code),
        client_id=request.client_id,
        authorization_uid=authorization.uid,
        redirect_uri=request.redirect_uri,
        code_challenge=request.code_challenge,
        code_challenge_method=request.code_challenge_method,
        issued=now,
        expires=now + timedelta(seconds=sandbox.settings.code_seconds),
    )
