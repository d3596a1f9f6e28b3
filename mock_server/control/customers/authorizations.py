"""Calls that create, decline, list, revoke, expire and shorten authorizations without a browser."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from mock_server.actions.authorizations.authorizations import (
    approve_directly,
    expire,
    list_all,
    revoke,
    shorten,
)
from mock_server.actions.clients.find_client import remember_base
from mock_server.actions.connecting.authorize import find_return_address, start_request
from mock_server.actions.connecting.consent import DECLINED, Approval, decline
from mock_server.actions.connecting.find_customer import find_by_scope, find_customer
from mock_server.actions.tokens.issue import IssuedTokens
from mock_server.actions.tokens.redeem_code import redeem_code
from mock_server.control.calls import calls
from mock_server.control.instants import UtcInstant
from mock_server.domain.errors import AccessDenied, InvalidRequest, NotFound
from mock_server.domain.oauth.redirect_uris import answer_uri
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import Authorization, AuthorizationRequest, Client, Customer
from mock_server.domain.text.parameters import parameters_of
from mock_server.domain.text.quoting import quoted
from mock_server.http.context import Context, RequestContext
from mock_server.http.responses.token_response import token_response
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import Links

router = calls()


class Wish(BaseModel):
    """What to authorize. Defaults: the fixtures' default client, and the customer that the scope identifies."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"scope": "FB=4_16_51;AdditionalScope=auth-test-test_residential", "exchange": True}]
        },
    )

    scope: str | None = None
    client_id: str | None = None
    customer: str | None = None
    redirect_uri: str | None = None
    state: str | None = None
    code_challenge: str | None = None
    code_challenge_method: Literal["S256", "plain"] | None = None
    exchange: bool = Field(False, description="Redeem the code and return its tokens.")
    decision: Literal["approve", "decline"] = "approve"


class AuthorizationShape(BaseModel):
    """An authorization, as the control API returns it."""

    uid: str
    kind: str
    client_id: str
    customer: str | None
    scope: str
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    status: Literal["active", "revoked", "expired"]
    meters: list[str] = Field(default_factory=list)


class Shortening(BaseModel):
    """The new expiry, between now and the current one."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"expires": "2030-01-01T00:00:00Z"}]}
    )

    expires: UtcInstant


class AuthorizationList(BaseModel):
    """Authorizations, newest first."""

    authorizations: list[AuthorizationShape]


class Search(BaseModel):
    """Which authorizations to list. An absent condition matches everything."""

    model_config = ConfigDict(extra="forbid")

    client_id: str | None = None
    customer: str | None = None
    status: Literal["active", "revoked", "expired"] | None = None


class Granted(BaseModel):
    """The new authorization, its code, the redirect URL that carries the code, and tokens if `exchange` is true.

    If the customer declined, only the redirect URL is set.
    """

    authorization: AuthorizationShape | None
    code: str | None
    location: str | None
    tokens: dict[str, Any] | None


class Changed(BaseModel):
    """The authorization after the call."""

    authorization: AuthorizationShape


@router.post("/authorizations", status_code=201)
async def create(context: Context, wish: Wish) -> Granted:
    """Authorize a client as a customer would. The same checks run as in a browser."""
    sandbox, links = context.sandbox, context.links
    started, approval, issued = await sandbox.run(sandbox.write, _authorize, wish, links)
    if approval is None:
        return granted(context, started, None)
    tokens = None
    if issued is not None:
        context.metrics.count_tokens("authorization_code")
        tokens = dict(token_response(links, issued))
    return granted(context, started, approval, tokens=tokens)


def granted(
    context: RequestContext,
    saved: AuthorizationRequest,
    approval: Approval | None,
    *,
    tokens: dict[str, Any] | None = None,
) -> Granted:
    """The result of an authorize request; an approval of None means declined. With tokens the code is already used."""
    redirect_uri, issuer = saved.redirect_uri, context.issuer_parameters
    if approval is None:
        denial = {"error": AccessDenied.code, "error_description": DECLINED, **issuer}
        location = answer_uri(redirect_uri, saved.state, **denial) if redirect_uri else None
        return Granted(authorization=None, code=None, location=location, tokens=None)
    return Granted(
        authorization=_shape(
            context.sandbox, approval.authorization, [meter.uid for meter in approval.meters]
        ),
        code=None if tokens else approval.code,
        location=answer_uri(redirect_uri, saved.state, code=approval.code, **issuer)
        if redirect_uri
        else None,
        tokens=tokens,
    )


@router.get("/authorizations")
async def read_authorizations(context: Context, search: Annotated[Search, Query()]) -> AuthorizationList:
    """The newest 1,000 authorizations, newest first, including ended ones and those of clients themselves."""
    sandbox = context.sandbox
    found = await sandbox.run(sandbox.read, list_all, client_id=search.client_id, customer_id=search.customer)
    shapes = [_shape(sandbox, one, meters) for one, meters in found]
    return AuthorizationList(authorizations=[one for one in shapes if search.status in (None, one.status)])


@router.get("/authorizations/{uid}")
async def read_authorization(context: Context, uid: str) -> Changed:
    """One authorization."""
    sandbox = context.sandbox
    found = await sandbox.run(sandbox.read, list_all, uid=uid)
    if not found:
        raise NotFound(f"There is no authorization {quoted(uid)}. GET /_mock/authorizations lists them.")
    return Changed(authorization=_shape(sandbox, *found[0]))


@router.post("/authorizations/{uid}/revoke")
async def end_by_revocation(context: Context, uid: str) -> Changed:
    """Revoke an authorization, as the customer can at any time."""
    sandbox = context.sandbox
    return Changed(authorization=_shape(sandbox, await sandbox.run(sandbox.write, revoke, uid)))


@router.post("/authorizations/{uid}/expire")
async def end_by_expiry(context: Context, uid: str) -> Changed:
    """Make an authorization expire now."""
    sandbox = context.sandbox
    expired = await sandbox.run(sandbox.write, expire, uid)
    await run_in_threadpool(context.services.catch_up, sandbox)
    return Changed(authorization=_shape(sandbox, expired))


@router.post("/authorizations/{uid}/shorten")
async def end_earlier(context: Context, uid: str, wish: Shortening) -> Changed:
    """Make an authorization expire earlier than agreed, as the customer can."""
    sandbox = context.sandbox
    shortened = await sandbox.run(sandbox.write, shorten, uid, expires=wish.expires)
    await run_in_threadpool(context.services.catch_up, sandbox)
    return Changed(authorization=_shape(sandbox, shortened))


def _authorize(
    sandbox: Sandbox, transaction: Transaction, wish: Wish, links: Links
) -> tuple[AuthorizationRequest, Approval | None, IssuedTokens | None]:
    """The request, its approval (None: declined), and the tokens if the code is to be exchanged."""
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
    return_address = find_return_address(sandbox, transaction, query, base=links.base)
    browser = sandbox.random.secret()
    started = start_request(sandbox, transaction, query, return_address, browser=browser)
    customer = customer_for(sandbox, transaction, wish.customer, started.scope)
    if wish.decision == "decline":
        decline(sandbox, transaction, started)
        return started, None, None
    approval = approve_directly(
        sandbox,
        transaction,
        started,
        client=return_address.client,
        customer=customer,
        receipt_link=links.browser("receipts", started.id),
        own_link=links.browser("my-authorizations"),
    )
    if not wish.exchange:
        return started, approval, None
    client = remember_base(sandbox, transaction, return_address.client, links.base)
    return started, approval, _exchange(sandbox, transaction, client, approval, wish)


def customer_for(sandbox: Sandbox, transaction: Transaction, customer_id: str | None, scope: str) -> Customer:
    """The customer with this id; without an id, the one that the scope identifies. Raises InvalidRequest."""
    if customer_id is not None:
        found = find_customer(sandbox, transaction, customer_id)
        known = ", ".join(customer.id for customer in sandbox.fixtures.customers)
        sentence = f"There is no customer {quoted(customer_id)}. Known customers: {known}."
    else:
        named = parse_scope(scope).authentication
        found = find_by_scope(sandbox, transaction, named)
        sentence = (
            f"There is no customer whose {named.way} is {quoted(named.value)}. GET /_mock/customers lists them."
            if named is not None and named.value is not None
            else "The request does not identify a customer. Send `customer`, or a scope that identifies one, such as "
            "FB=4_16_51;AdditionalScope=auth-test-test_residential"
        )
    if found is None:
        raise InvalidRequest(sentence)
    return found


def _exchange(
    sandbox: Sandbox, transaction: Transaction, client: Client, approval: Approval, wish: Wish
) -> IssuedTokens:
    if wish.code_challenge is not None:
        raise InvalidRequest("With a code_challenge only you know the verifier: redeem the code yourself.")
    return redeem_code(
        sandbox,
        transaction,
        client,
        code=approval.code,
        redirect_uri=wish.redirect_uri,
        code_verifier=None,
    )


def _shape(
    sandbox: Sandbox, authorization: Authorization, meters: list[str] | None = None
) -> AuthorizationShape:
    return AuthorizationShape(
        uid=authorization.uid,
        kind=authorization.kind,
        client_id=authorization.client_id,
        customer=authorization.customer_id,
        scope=authorization.scope,
        created=authorization.created,
        expires=authorization.expires,
        revoked=authorization.revoked,
        status=authorization.status_at(sandbox.clock.now()),
        meters=meters or [],
    )
