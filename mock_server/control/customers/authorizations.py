"""Calls for authorizations without a browser: created, declined, listed, revoked, expired."""

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
from mock_server.urls import Links

router = calls()


class Wish(BaseModel):
    """What to authorize. Without a client the first one in the fixtures, without a customer the scope's."""

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
    exchange: bool = Field(False, description="Redeem the code, so that the answer has tokens.")
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
    """The new end, an instant between now and the present one."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"expires": "2030-01-01T00:00:00Z"}]}
    )

    expires: UtcInstant


class AuthorizationList(BaseModel):
    """Authorizations, newest first."""

    authorizations: list[AuthorizationShape]


class Search(BaseModel):
    """Which authorizations to list; an absent condition matches everything."""

    model_config = ConfigDict(extra="forbid")

    client_id: str | None = None
    customer: str | None = None
    status: Literal["active", "revoked", "expired"] | None = None


class Granted(BaseModel):
    """The new authorization, its code, the redirect that would carry it, and tokens if they were wanted.

    Where the customer declined there is the redirect alone.
    """

    authorization: AuthorizationShape | None
    code: str | None
    location: str | None
    tokens: dict[str, Any] | None


class Changed(BaseModel):
    """An authorization as it is now."""

    authorization: AuthorizationShape


@router.post("/authorizations", status_code=201)
async def create(context: Context, wish: Wish) -> Granted:
    """Authorize a client as a customer would; the same checks run as in the browser's flow."""
    sandbox, links = context.sandbox, context.links
    client, started, approval = await sandbox.run(_authorize, sandbox, wish, links)
    if approval is None:
        return granted(context, started, None)
    tokens = None
    if wish.exchange:
        client = await sandbox.run(sandbox.write, remember_base, client, links.base)
        issued = await sandbox.run(_exchange, sandbox, client, approval, wish)
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
    """What came of a request: an approval, or None for a no. With tokens the code is spent."""
    back, issuer = saved.redirect_uri, context.issuer_parameters
    if approval is None:
        no = {"error": AccessDenied.code, "error_description": DECLINED, **issuer}
        location = answer_uri(back, saved.state, **no) if back else None
        return Granted(authorization=None, code=None, location=location, tokens=None)
    return Granted(
        authorization=_shape(
            context.sandbox, approval.authorization, [meter.uid for meter in approval.meters]
        ),
        code=None if tokens else approval.code,
        location=answer_uri(back, saved.state, code=approval.code, **issuer) if back else None,
        tokens=tokens,
    )


@router.get("/authorizations")
async def read_authorizations(context: Context, search: Annotated[Search, Query()]) -> AuthorizationList:
    """The newest 1,000 authorizations, newest first: also those that ended, and those of clients themselves."""
    sandbox = context.sandbox
    found = await sandbox.run(sandbox.read, list_all, client_id=search.client_id, customer_id=search.customer)
    shapes = [_shape(sandbox, one, meters) for one, meters in found]
    return AuthorizationList(authorizations=[one for one in shapes if search.status in (None, one.status)])


@router.get("/authorizations/{uid}")
async def read_authorization(context: Context, uid: str) -> Changed:
    """One of them."""
    sandbox = context.sandbox
    found = await sandbox.run(sandbox.read, list_all, uid=uid)
    if not found:
        raise NotFound(f"There is no authorization {quoted(uid)}. GET /_mock/authorizations lists them.")
    return Changed(authorization=_shape(sandbox, *found[0]))


@router.post("/authorizations/{uid}/revoke")
async def end_by_revocation(context: Context, uid: str) -> Changed:
    """Revoke, as the customer may at any time."""
    sandbox = context.sandbox
    return Changed(authorization=_shape(sandbox, await sandbox.run(sandbox.write, revoke, uid)))


@router.post("/authorizations/{uid}/expire")
async def end_by_expiry(context: Context, uid: str) -> Changed:
    """Let it reach its end now."""
    sandbox = context.sandbox
    expired = await sandbox.run(sandbox.write, expire, uid)
    await run_in_threadpool(context.services.catch_up, sandbox)
    return Changed(authorization=_shape(sandbox, expired))


@router.post("/authorizations/{uid}/shorten")
async def end_earlier(context: Context, uid: str, wish: Shortening) -> Changed:
    """Let it end earlier than was agreed, as the customer may."""
    sandbox = context.sandbox
    shortened = await sandbox.run(sandbox.write, shorten, uid, expires=wish.expires)
    await run_in_threadpool(context.services.catch_up, sandbox)
    return Changed(authorization=_shape(sandbox, shortened))


def _authorize(
    sandbox: Sandbox, wish: Wish, links: Links
) -> tuple[Client, AuthorizationRequest, Approval | None]:
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
    address = sandbox.read(find_return_address, query, base=links.base)
    started = sandbox.write(start_request, query, address, browser=sandbox.random.secret())
    customer = customer_for(sandbox, wish.customer, started.scope)
    if wish.decision == "decline":
        sandbox.write(decline, started)
        return address.client, started, None
    approval = sandbox.write(
        approve_directly,
        started,
        client=address.client,
        customer=customer,
        receipt_link=links.browser("receipts", started.id),
        own_link=links.browser("my-authorizations"),
    )
    return address.client, started, approval


def customer_for(sandbox: Sandbox, customer_id: str | None, scope: str) -> Customer:
    """The customer of that id, else whom the scope identifies. Raises InvalidRequest."""
    if customer_id is not None:
        found = sandbox.read(find_customer, customer_id)
        known = ", ".join(customer.id for customer in sandbox.fixtures.customers)
        sentence = f"There is no customer {quoted(customer_id)}. Known are: {known}."
    else:
        named = parse_scope(scope).authentication
        found = sandbox.read(find_by_scope, named)
        sentence = (
            f"There is no customer whose {named.way} is {quoted(named.value)}. GET /_mock/customers lists who there is."
            if named is not None and named.value is not None
            else "Nobody says who the customer is. Send `customer`, or a scope that identifies one, such as "
            "FB=4_16_51;AdditionalScope=auth-test-test_residential"
        )
    if found is None:
        raise InvalidRequest(sentence)
    return found


def _exchange(sandbox: Sandbox, client: Client, approval: Approval, wish: Wish) -> IssuedTokens:
    if wish.code_challenge is not None:
        raise InvalidRequest("With a code_challenge only you know the verifier: redeem the code yourself.")
    return sandbox.write(
        redeem_code, client, code=approval.code, redirect_uri=wish.redirect_uri, code_verifier=None
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
