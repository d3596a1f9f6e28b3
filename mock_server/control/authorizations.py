"""Authorizations without a browser: made, revoked, expired; and answers given to the next authorize requests."""

from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote_plus

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from mock_server.actions.connecting.authorize import find_return_address, start_request
from mock_server.actions.connecting.consent import Approval
from mock_server.actions.connecting.sign_in import find_customer
from mock_server.actions.managing.authorizations import (
    approve_directly,
    arm_auto_approval,
    customer_of,
    expire,
    revoke,
)
from mock_server.actions.managing.clients import remember_base, shown
from mock_server.actions.tokens.issue import IssuedTokens
from mock_server.actions.tokens.redeem_code import redeem_code
from mock_server.core.errors import InvalidRequest
from mock_server.core.parameters import parameters_of
from mock_server.core.records import Authorization, AutoApproval, Client, Customer
from mock_server.core.redirects import answer_uri
from mock_server.core.scopes import parse_scope
from mock_server.paths import Links
from mock_server.sandbox import Sandbox
from mock_server.surface import links_of, sandbox_of
from mock_server.token_answer import token_answer

router = APIRouter()


class Wish(BaseModel):
    """What to authorize. Without a client the first one in the fixtures, without a customer the scope's."""

    model_config = ConfigDict(extra="forbid")

    scope: str | None = None
    client_id: str | None = None
    customer: str | None = None
    redirect_uri: str | None = None
    state: str | None = None
    code_challenge: str | None = None
    code_challenge_method: Literal["S256", "plain"] | None = None
    exchange: bool = False


class AuthorizationShape(BaseModel):
    """An authorization as the control API tells it."""

    uid: str
    client_id: str
    customer: str | None
    scope: str
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    status: Literal["active", "revoked", "expired"]
    meters: list[str] = Field(default_factory=list)


class Granted(BaseModel):
    """The new authorization, its code, the redirect that would carry it, and tokens if they were wanted."""

    authorization: AuthorizationShape
    code: str | None
    location: str | None
    tokens: dict[str, Any] | None


class Changed(BaseModel):
    """An authorization after the change."""

    authorization: AuthorizationShape


class AutoApprove(BaseModel):
    """How the coming authorize requests are answered."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool
    times: int | None = Field(None, ge=1, le=1_000_000)
    decision: Literal["approve", "decline"] = "approve"


@router.post("/authorizations", status_code=201)
async def create(request: Request, wish: Wish) -> Granted:
    """Authorize a client as a customer would; the same checks run as in the browser's flow."""
    sandbox, links = sandbox_of(request), links_of(request)
    client, approval = await sandbox.run(_authorize, sandbox, wish, links)
    tokens = None
    if wish.exchange:
        issued = await sandbox.run(_exchange, sandbox, client, approval, wish)
        await sandbox.run(remember_base, sandbox, client, links.base)
        tokens = dict(token_answer(links, issued))
    state = None if wish.state is None else quote_plus(wish.state)
    location = answer_uri(wish.redirect_uri, state, code=approval.code) if wish.redirect_uri else None
    shape = _shape(sandbox, approval.authorization, [meter.uid for meter in approval.meters])
    return Granted(
        authorization=shape, code=None if wish.exchange else approval.code, location=location, tokens=tokens
    )


@router.post("/authorizations/{uid}/revoke")
async def end_by_revocation(request: Request, uid: str) -> Changed:
    """Revoke, as the customer may at any time."""
    sandbox = sandbox_of(request)
    return Changed(authorization=_shape(sandbox, await sandbox.run(revoke, sandbox, uid)))


@router.post("/authorizations/{uid}/expire")
async def end_by_expiry(request: Request, uid: str) -> Changed:
    """Let it reach its end now."""
    sandbox = sandbox_of(request)
    expired = await sandbox.run(expire, sandbox, uid)
    await run_in_threadpool(request.app.state.catch_up, sandbox)
    return Changed(authorization=_shape(sandbox, expired))


@router.post("/auto-approve")
async def auto_approve(request: Request, wish: AutoApprove) -> AutoApprove:
    """Answer the coming authorize requests at once when their scope identifies the customer."""
    sandbox = sandbox_of(request)
    armed = AutoApproval(enabled=wish.enabled, times=wish.times, decision=wish.decision)
    await sandbox.run(arm_auto_approval, sandbox, armed)
    return wish


def _authorize(sandbox: Sandbox, wish: Wish, links: Links) -> tuple[Client, Approval]:
    values = {
        "response_type": "code",
        "client_id": wish.client_id or sandbox.fixtures.utility.default_client,
        "redirect_uri": wish.redirect_uri,
        "scope": wish.scope,
        "state": wish.state,
        "code_challenge": wish.code_challenge,
        "code_challenge_method": wish.code_challenge_method,
    }
    query = parameters_of((name, value) for name, value in values.items() if value is not None)
    address = find_return_address(sandbox, query, base=links.base)
    started = start_request(sandbox, query, address, browser=sandbox.chance.secret())
    customer = _customer(sandbox, wish, started.scope)
    receipt = links.browser("receipts", started.id)
    approval = approve_directly(
        sandbox,
        started,
        client=address.client,
        customer=customer,
        receipt_link=receipt,
        own_link=links.browser("my-authorizations"),
    )
    return address.client, approval


def _customer(sandbox: Sandbox, wish: Wish, scope: str) -> Customer:
    if wish.customer is not None:
        found = find_customer(sandbox, wish.customer)
        known = ", ".join(customer.id for customer in sandbox.fixtures.customers)
        sentence = f"There is no customer {shown(wish.customer)}. Known are: {known}."
    else:
        found = customer_of(sandbox, parse_scope(scope).authentication)
        sentence = (
            "Nobody says who the customer is. Send `customer`, or a scope that identifies one, such as "
            "FB=4_16_51;AdditionalScope=auth-test-test_residential"
        )
    if found is None:
        raise InvalidRequest(sentence)
    return found


def _exchange(sandbox: Sandbox, client: Client, approval: Approval, wish: Wish) -> IssuedTokens:
    if wish.code_challenge is not None:
        raise InvalidRequest("With a code_challenge only you know the verifier: redeem the code yourself.")
    return redeem_code(
        sandbox, client, code=approval.code, redirect_uri=wish.redirect_uri, code_verifier=None
    )


def _shape(
    sandbox: Sandbox, authorization: Authorization, meters: list[str] | None = None
) -> AuthorizationShape:
    return AuthorizationShape(
        uid=authorization.uid,
        client_id=authorization.client_id,
        customer=authorization.customer_id,
        scope=authorization.scope,
        created=authorization.created,
        expires=authorization.expires,
        revoked=authorization.revoked,
        status=authorization.status_at(sandbox.clock.now()),
        meters=meters or [],
    )
