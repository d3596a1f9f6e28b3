"""Signs customers in with the utility's login, as a relying party of `sso/` (OpenID Connect Core).

Checks state, nonce, issuer, audience, signature and expiry. The first attempt has no prompt, unless the client requests
a prompt or there is a notice for the customer.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx
from fastapi import APIRouter
from jose import jwt
from jose.exceptions import JOSEError
from starlette.responses import Response

from mock_server.actions.connecting.find_customer import find_customer
from mock_server.actions.connecting.sign_in import (
    choose_way,
    identify,
    refuse,
    remember_sign_on,
)
from mock_server.domain.errors import Forbidden, InvalidRequest, MockServerError, NotFound
from mock_server.domain.randomness import equal_secrets
from mock_server.domain.signing_in import account, single_sign_on
from mock_server.domain.signing_in.aliases import scenario_error
from mock_server.http.browser import go, renew_browser
from mock_server.http.context import Context, RequestContext
from mock_server.pages.end_request import redirect_with_error
from mock_server.pages.visit import Visit, visit_of

router = APIRouter(prefix="/connect", include_in_schema=False)

_NEEDS_A_PAGE = ("login_required", "interaction_required", "account_selection_required")


async def leave_for_log_in(context: RequestContext, visit: Visit, *, silently: bool = True) -> Response:
    """Redirect to the provider with a fresh state and nonce (OpenID Connect Core §3.1.2.1)."""
    sandbox, links = context.sandbox, context.links
    saved = await sandbox.run(sandbox.write, remember_sign_on, visit.request)
    prompt = "none" if silently and not saved.prompts else "login"
    query = {
        "response_type": "code",
        "client_id": sandbox.fixtures.utility.single_sign_on_client_id,
        "redirect_uri": links.browser("connect", "signed-on"),
        "scope": "openid profile email",
        "state": f"{saved.id}.{saved.sso_state}",
        "nonce": saved.sso_nonce or "",
        "prompt": prompt,
    }
    return go(f"{links.page('sso', 'authorize')}?{urlencode(query)}")


@router.get("/signed-on")
async def signed_on(context: Context) -> Response:
    """Handle the redirect from the provider: a code or an error (OpenID Connect Core §3.1.2.5 and §3.1.2.6)."""
    query = context.query
    request_id, _, state = (query.one("state") or "").partition(".")
    visit = await visit_of(context, request_id, at=("sign_in",))
    if not visit.request.sso_state or not equal_secrets(state, visit.request.sso_state):
        raise Forbidden("This login response does not match a login that this browser started. Log in again.")
    error = query.one("error")
    if error in _NEEDS_A_PAGE:
        return await leave_for_log_in(context, visit, silently=False)
    scenario = scenario_error(error)
    if scenario is not None:
        return await _end_with(context, visit, scenario)
    if error is not None:
        return await _choose_another_way(context, visit)
    code = query.one("code")
    if code is None:
        raise InvalidRequest("The login response has neither a code nor an error.")
    proof = await fetch_proof(
        context,
        code,
        redirect_uri=context.links.browser("connect", "signed-on"),
        nonce=visit.request.sso_nonce or "",
    )
    return await _identify(context, visit, proof.subject)


async def _end_with(context: RequestContext, visit: Visit, error: MockServerError) -> Response:
    """End the request with the error that a test user name selects."""
    sandbox, request = context.sandbox, visit.request
    await sandbox.run(sandbox.write, refuse, request)
    if request.redirect_uri is None:
        raise error
    return redirect_with_error(context, request.redirect_uri, request.state, error)


async def _choose_another_way(context: RequestContext, visit: Visit) -> Response:
    sandbox = context.sandbox
    await sandbox.run(
        sandbox.write,
        choose_way,
        visit.request,
        account.WAY.name,
        notice="You did not log in. Find your account another way.",
    )
    return go(context.links.connect(visit.request.id))


async def _identify(context: RequestContext, visit: Visit, subject: str) -> Response:
    sandbox = context.sandbox
    customer = await sandbox.run(sandbox.read, find_customer, subject)
    if customer is None:
        raise NotFound("The account that logged in no longer exists.")
    await sandbox.run(sandbox.write, identify, visit.request, customer, way=single_sign_on.WAY)
    response = go(context.links.connect(visit.request.id))
    await renew_browser(context, response)
    return response


@dataclass(frozen=True, kw_only=True)
class Proof:
    """The subject that logged in, and the id token that proves it."""

    subject: str
    id_token: str


async def fetch_proof(context: RequestContext, code: str, *, redirect_uri: str, nonce: str) -> Proof:
    """Exchange the code at the provider and check the id token (OpenID Connect Core §3.1.3.7). Raises Forbidden."""
    sandbox, links = context.sandbox, context.links
    utility = sandbox.fixtures.utility
    own_http: Callable[[str], httpx.AsyncClient] = context.services.own_http
    async with own_http(links.base) as http:
        response = await http.post(
            f"{links.sign_on}/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
            },
            auth=(utility.single_sign_on_client_id, utility.single_sign_on_client_secret),
        )
        if response.status_code != 200:
            raise Forbidden(
                "The login could not be completed. Start again from the company that sent you here."
            )
        keys = (await http.get(f"{links.sign_on}/jwks")).json()
    id_token = str(response.json()["id_token"])
    claims = check_id_token(
        id_token,
        keys,
        issuer=links.sign_on,
        audience=utility.single_sign_on_client_id,
        nonce=nonce,
        now=sandbox.clock.now(),
    )
    return Proof(subject=str(claims["sub"]), id_token=id_token)


def check_id_token(
    id_token: str, keys: dict[str, object], *, issuer: str, audience: str, nonce: str, now: datetime
) -> dict[str, object]:
    """The claims of the id token. Raises Forbidden if it is not valid (OpenID Connect Core §3.1.3.7)."""
    # The library uses the machine's clock, but the sandbox has its own.
    by_our_clock = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_at_hash": False}
    try:
        claims: dict[str, object] = jwt.decode(
            id_token, keys, algorithms=["RS256"], audience=audience, issuer=issuer, options=by_our_clock
        )
    except (JOSEError, json.JSONDecodeError) as error:
        raise Forbidden(f"The id token of the login is not valid: {error}.") from error
    if not isinstance(claims.get("exp"), int) or datetime.fromtimestamp(int(str(claims["exp"])), UTC) <= now:
        raise Forbidden("The id token of the login has expired.")
    if not equal_secrets(str(claims.get("nonce", "")), nonce):
        raise Forbidden("The id token of the login belongs to another request (its nonce differs).")
    return claims
