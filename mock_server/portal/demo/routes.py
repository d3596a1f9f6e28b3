"""The routes of the demo: compose a scenario, start, return, inspect steps, read again, refresh, revoke."""

from collections.abc import Mapping

import httpx
from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from mock_server.domain.errors import InvalidParameter, InvalidRequest, InvalidScope, NotFound
from mock_server.domain.oauth.scopes import print_scope
from mock_server.domain.text.header_text import field_text
from mock_server.domain.text.parameters import parameters_of
from mock_server.http.browser import checked_form, go
from mock_server.http.context import Context, RequestContext
from mock_server.portal.demo import flow
from mock_server.portal.demo.http_client import DemoHttpClient
from mock_server.portal.demo.pages import compose_page, run_page
from mock_server.portal.demo.run import Run, run_id
from mock_server.portal.demo.run_store import hand_out, keep, key_of, open_run
from mock_server.portal.demo.scenario import Scenario, scenario_of
from mock_server.portal.visit import FORMS
from mock_server.urls import DEMO, DEMO_REDIRECT

router = APIRouter(prefix=DEMO, include_in_schema=False)


@router.get("")
async def compose(context: Context) -> Response:
    """The form and its URLs; redirects to the form of another sandbox if the query names one."""
    sandbox = context.sandbox
    first = sandbox.fixtures.utility.first_customers[:1]
    query = context.query.over(
        parameters_of(("customer", customer) for customer in first if not context.query.on_wire)
    )
    wanted = query.one("sandbox")
    if wanted and wanted != sandbox.name:
        return go(_in_sandbox(context, wanted))
    try:
        scenario = await scenario_of(context, query)
    except (InvalidScope, InvalidParameter) as error:
        return compose_page(context, query, None, mistake=error.message)
    return compose_page(context, query, scenario)


@router.post("/begin")
async def begin(context: Context) -> Response:
    """Set the clock and arm the fault, discover the endpoints, and redirect the browser to the utility."""
    form = await checked_form(context, FORMS)
    try:
        scenario = await scenario_of(context, form)
    except (InvalidScope, InvalidParameter) as error:
        return compose_page(context, form, None, mistake=error.message)
    run, links = _new_run(context, scenario), context.links
    key = key_of(context) or context.sandbox.random.secret()
    async with _outside(context) as outside:
        goes_on = await flow.prepare(
            outside, run, control=f"{links.base}/_mock", preset=scenario.preset, clock=scenario.clock
        ) and await flow.discover(outside, run, links.metadata)
    target = flow.authorize_url(run) if goes_on else links.demo("runs", run.id)
    await keep(context, run, key)
    response = go(target)
    hand_out(context, response, key)
    return response


@router.get("/redirect")
async def come_back(context: Context) -> Response:
    """The redirect URI: check the state, redeem the code, read, and redirect to a URL without the code."""
    query, links = context.query, context.links
    state = query.one("state")
    if state is None:
        raise InvalidRequest(
            "The callback has no state. This client always sends a state, and rejects a callback without one."
        )
    run = await open_run(context, run_id(state))
    page = links.demo("runs", run.id)
    answer = {name: value for name in ("code", "error", "error_description") if (value := query.one(name))}
    if run.answered_with is not None:
        if run.answered_with == answer.get("code", ""):
            return go(page)  # the page was reloaded
        raise InvalidRequest(
            "This state was already used. A client accepts one callback per state and rejects all others."
        )
    has_code = flow.take_answer(run, f"{links.base}{DEMO_REDIRECT}?{context.raw_query}", answer)
    await keep(
        context, run, key_of(context)
    )  # first, because the code works only once, even if redeeming it fails
    if has_code:
        async with _outside(context) as outside:
            if await flow.redeem(outside, run):
                await _read(context, outside, run)
        await keep(context, run, key_of(context))
    return go(page)


@router.get("/runs/{run_id}")
async def show(context: Context, run_id: str) -> Response:
    """The page of a run."""
    return run_page(context, await open_run(context, run_id))


@router.post("/runs/{run_id}/{action}")
async def act(context: Context, run_id: str, action: str) -> Response:
    """Refresh, read again, revoke the tokens, or end the authorization."""
    await checked_form(context, FORMS)
    run, links = await open_run(context, run_id), context.links
    if run.tokens is None:
        raise InvalidRequest("This run has no tokens yet. Start again from the demo's first page.")
    async with _outside(context) as outside:
        match action:
            case "refresh":
                await flow.refresh(outside, run)
            case "read":
                await _read(context, outside, run)
            case "revoke":
                await flow.give_back(outside, run)
            case "end":
                await flow.end_authorization(outside, run)
            case _:
                raise NotFound("There is no such action. Use refresh, read, revoke or end.")
    await keep(context, run, key_of(context))
    return go(links.demo("runs", run.id) + "#last")


@router.get("/runs/{run_id}/{name}")
async def read_document(context: Context, run_id: str, name: str) -> Response:
    """The complete document that the token may read, streamed: `data.xml` or `data.json`."""
    run, links = await open_run(context, run_id), context.links
    if run.tokens is None or name not in ("data.xml", "data.json"):
        raise NotFound(
            "There is no such document. Use data.xml or data.json, once the client has its tokens."
        )
    url = str(run.tokens.get("resourceURI", ""))
    if name == "data.json":
        url = f"{links.api()}/intervals?meters={run.meter or ''}"
    return await _streamed(context, url, {"Authorization": f"Bearer {run.tokens['access_token']}"})


async def _streamed(context: RequestContext, url: str, headers: Mapping[str, str]) -> Response:
    outside = _outside(context)
    try:
        response, chunks = await outside.pass_on(url, headers)
    except httpx.HTTPError as error:
        raise NotFound("The utility did not respond. Wait and try again.") from error
    kind = response.headers.get("content-type", "application/octet-stream")
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(
        chunks, status_code=response.status_code, media_type=field_text(kind), headers=headers
    )


async def _read(context: RequestContext, outside: DemoHttpClient, run: Run) -> None:
    now = context.sandbox.clock.now()
    await flow.read_all(outside, run, api_base=context.links.api(), now=now)


def _new_run(context: RequestContext, scenario: Scenario) -> Run:
    random = context.sandbox.random
    state, verifier = random.secret(), random.secret()
    run = Run(
        id=run_id(state),
        state=state,
        verifier=verifier,
        client_id=scenario.client_id,
        client_secret=scenario.client_secret,
        redirect_uri=context.links.base + DEMO_REDIRECT,
        scope=print_scope(scenario.scope),
    )
    secret = scenario.client_secret
    run.hide([verifier, secret, flow.basic(run.client_id, secret) if secret else None])
    return run


def _outside(context: RequestContext) -> DemoHttpClient:
    return DemoHttpClient(context.links.base, context.services.demo_transport(context))


def _in_sandbox(context: RequestContext, name: str) -> str:
    """The URL of the same form in another sandbox. Raises InvalidParameter for an invalid name."""
    if not (name.isascii() and name.replace("-", "").isalnum() and len(name) <= 40):
        raise InvalidParameter("The name of a sandbox must have 1 to 40 characters: letters, digits and -.")
    sandbox = context.sandbox
    root = context.links.demo().removeprefix(sandbox.prefix)
    prefix = "" if name == "default" else f"/~{name}"
    return f"{prefix}{root}?{context.raw_query}"
