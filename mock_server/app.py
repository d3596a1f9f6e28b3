"""The composition root: settings become a sandbox, surfaces become an application. Decides nothing itself."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from mock_server import __version__, api, control, espi, oauth, pages, portal, sso, webhooks
from mock_server.actions.notifying.due_events import to_the_end
from mock_server.actions.sandboxes.clock import is_being_moved
from mock_server.actions.sandboxes.load import prepare
from mock_server.actions.sandboxes.remove_orphans import remove_orphans
from mock_server.actions.sandboxes.shared_journal import shared_journal
from mock_server.domain.errors import (
    InvalidParameter,
    InvalidRequest,
    MethodNotAllowed,
    MockServerError,
    NotFound,
    SandboxEnded,
    SandboxReplaced,
    TemporarilyUnavailable,
    TimedOut,
    TooLarge,
    TooManyRequests,
)
from mock_server.domain.records import Attempt
from mock_server.domain.text.expectations import expectation, place_of
from mock_server.fixtures import bundled_folder, load_fixtures
from mock_server.http.metrics import Metrics
from mock_server.http.middleware.dispatch import SurfacesRoute, routes_within
from mock_server.http.middleware.entrance import RequestMiddleware
from mock_server.http.middleware.request_limits import LONGEST_BODY
from mock_server.http.outgoing import open_http
from mock_server.http.sandboxes import Sandboxes
from mock_server.http.suggestions import suggestion
from mock_server.http.surface import ERROR, Surface, encoding_of, links_of, request_id_of, surface_at
from mock_server.sandbox import Sandbox, make_sandbox
from mock_server.settings import Settings
from mock_server.store import open_store

SURFACES = (
    oauth.SURFACE,
    espi.SURFACE,
    api.SURFACE,
    sso.SURFACE,
    portal.SURFACE,
    control.HEALTH,
    control.CONSOLE,
    control.SURFACE,
    pages.SURFACE,
)

_REFUSED = {"description": "Refused, in the shape of the protocol; a sentence says what to change"}
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_PASS_SECONDS = 1.0
log = logging.getLogger("mock_server")
CatchUp = Callable[[Sandbox, Callable[[], bool]], object]
"""Announces and sends in a sandbox, as long as it is told to go on."""

_BY_STATUS = {400: InvalidRequest, 404: NotFound, 405: MethodNotAllowed, 413: TooLarge}


def create_app(settings: Settings) -> FastAPI:
    """The server for these settings, its sandbox filled. Raises FixtureMistake for a fixture that does not fit."""
    return compose(open_sandbox(settings))


def open_sandbox(settings: Settings) -> Sandbox:
    """The sandbox `default`: its database opened, its fixtures loaded."""
    fixtures = load_fixtures(settings.fixtures or bundled_folder(), seed=settings.seed)
    store = open_store(settings.database_url, sandbox="default")
    sandbox = make_sandbox(
        "default",
        settings=settings,
        fixtures=fixtures,
        store=store,
        open_http=partial(open_http, allows_private=settings.allows_private_targets),
    )
    prepare(sandbox)
    remove_orphans(sandbox)
    if settings.shares_journal:
        sandbox = replace(sandbox, journal=shared_journal(store, sandbox.name, sandbox.random))
    return sandbox


def compose(sandbox: Sandbox) -> FastAPI:
    """The application of all surfaces around the sandbox `default`, and those that paths name beside it."""
    return compose_around(Sandboxes(sandbox))


def compose_around(
    sandboxes: Sandboxes,
    surfaces: tuple[Surface, ...] = SURFACES,
    *,
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    reach: Callable[[Request], httpx.AsyncBaseTransport] = portal.over_the_wire,
    longest_body: float = LONGEST_BODY,
) -> FastAPI:
    """An application of surfaces in front of some sandboxes. `wait` is how faults let seconds pass.

    `reach` is how the demo third party calls this server from outside; `longest_body` is how many seconds a body may
    take to come.
    """
    metrics = Metrics()

    def catch_up(
        sandbox: Sandbox, goes_on: Callable[[], bool] = to_the_end, *, takes_over: bool = False
    ) -> webhooks.CaughtUp:
        caught_up = webhooks.catch_up(
            sandbox, write_batch_list=espi.write_batch_list, goes_on=goes_on, takes_over=takes_over
        )
        _record_attempts(metrics, sandbox, caught_up.attempts)
        return caught_up

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        keeping_up = asyncio.create_task(_keep_up(sandboxes, catch_up))
        yield
        keeping_up.cancel()
        with suppress(asyncio.CancelledError):
            await keeping_up
        sandboxes.default.store.close()

    app = FastAPI(
        title=f"{sandboxes.default.fixtures.utility.id} mock utility",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        openapi_url=None,
    )
    app.add_api_route("/openapi.json", _document, methods=["GET", "HEAD"], include_in_schema=False)
    app.router.routes.append(SurfacesRoute(surfaces))
    app.openapi = partial(_described, app, surfaces)  # type: ignore[method-assign]  # the framework's own way
    for kind in (MockServerError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, partial(_render_error, surfaces))
    app.state.catch_up = partial(catch_up, takes_over=True)
    app.state.probe_webhooks = webhooks.probe_webhooks
    app.state.reach = reach
    app.state.own_http = _client_of(app)
    app.add_middleware(
        RequestMiddleware,
        sandboxes=sandboxes,
        surfaces=surfaces,
        wait=wait,
        refuse=partial(_render_error, surfaces),
        metrics=metrics,
        longest_body=longest_body,
    )
    return app


async def _document(request: Request) -> Response:
    """The description of all calls, of the sandbox whose document was asked for."""
    return JSONResponse({**request.app.openapi(), "servers": [{"url": links_of(request).base}]})


def _described(app: FastAPI, surfaces: tuple[Surface, ...]) -> dict[str, Any]:  # OpenAPI's own shape
    """The document of all calls, with what the framework cannot know: the parameters of paths that handlers read by
    themselves, and how calls are refused where a surface does not say it: never by the framework's own 422.
    """
    if app.openapi_schema is None:
        routes = routes_within(surfaces)
        for route in routes:
            if isinstance(route, APIRoute):
                route.responses = {"4XX": _REFUSED, **route.responses}
        document = get_openapi(title=app.title, version=app.version, routes=routes)
        for path, methods in document["paths"].items():
            for operation in methods.values():
                known = {one["name"] for one in operation.setdefault("parameters", [])}
                operation["parameters"] += [
                    {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
                    for name in re.findall(r"{(\w+)}", path)
                    if name not in known
                ]
        app.openapi_schema = document
    return app.openapi_schema


def _record_attempts(metrics: Metrics, sandbox: Sandbox, attempts: Iterable[Attempt]) -> None:
    """Count what was sent to third parties, and write a line for each try."""
    for one in attempts:
        metrics.count_delivery(one.kind, status=one.status)
        about = {"sandbox": sandbox.name, "client_id": one.client_id, "problem": one.problem}
        log.info("sent %s to %s %s", one.kind, one.delivery_target, one.status or "no answer", extra=about)


async def _keep_up(sandboxes: Sandboxes, catch_up: CatchUp) -> None:
    """Every second, in every sandbox that is in use here, announce and send what became due.

    A mistake there must not end it.
    """
    while True:
        await asyncio.sleep(_PASS_SECONDS)
        for sandbox in sandboxes.in_use():
            try:
                await asyncio.to_thread(background_pass, sandbox, catch_up)
            except TemporarilyUnavailable:
                continue  # the store has said why, each second once
            except (SandboxEnded, SandboxReplaced):
                continue  # what was due there is due no more
            except Exception:
                log.exception("What became due could not be announced or sent; it will be tried again.")


def background_pass(sandbox: Sandbox, catch_up: CatchUp) -> None:
    """Catch up for half a breath, so that neighbours get their turn while much is due.

    Nothing is taken from a call that moves the clock, here or in another process: its answer lists what happened.
    """
    until = monotonic() + _PASS_SECONDS / 2
    if sandbox.moving.acquire(blocking=False):
        try:
            # Of one look, so that no move begins between the question and the reading of the clock.
            with sandbox.store.observing_state():
                if not is_being_moved(sandbox):
                    catch_up(sandbox, lambda: monotonic() < until and not is_being_moved(sandbox))
        finally:
            sandbox.moving.release()


def _client_of(app: FastAPI) -> Callable[[str], httpx.AsyncClient]:
    """Makes an HTTP client that calls this very application, without a socket: for the single sign-on."""

    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)

    return lambda base: httpx.AsyncClient(transport=httpx.ASGITransport(app=call), base_url=base)


async def _render_error(surfaces: tuple[Surface, ...], request: Request, error: Exception) -> Response:
    """Every error in the shape of the surface whose address was called."""
    surface = surface_at(surfaces, request.scope["path"])
    meaning = _meaning(request, error)
    request.scope[ERROR] = meaning.code
    response = surface.served.render_error(request, meaning)
    response.headers["X-Request-Id"] = request_id_of(request)
    if isinstance(meaning, TimedOut):
        response.headers["Connection"] = "close"  # the rest of the body may come yet
    if isinstance(meaning, TooManyRequests):
        response.headers["Retry-After"] = str(meaning.retry_after)
    if response.status_code == 405:
        response.headers["Allow"] = ", ".join(_allowed_methods(request))
    return response


def _allowed_methods(request: Request) -> list[str]:
    """What some route answers at the request's address; the framework names the methods of one route only."""
    routes = request.app.router.routes
    scopes = {method: {**request.scope, "method": method} for method in _METHODS}
    return [
        method for method in _METHODS if any(one.matches(scopes[method])[0] is Match.FULL for one in routes)
    ]


def _meaning(request: Request, error: Exception) -> MockServerError:
    """What a framework's error means in our terms."""
    if isinstance(error, MockServerError):
        return error
    if isinstance(error.__cause__, MockServerError):  # met while the framework read the body
        return error.__cause__
    is_unread = isinstance(error, RequestValidationError) or getattr(error, "status_code", 0) == 400
    if is_unread and (encoded := encoding_of(request)) is not None:
        return encoded
    if isinstance(error, RequestValidationError):
        return _invalid_parameter(request, error)
    if isinstance(error, HTTPException):
        path = request.scope["path"][:200]
        sentences = {
            400: "The body cannot be read. Send one JSON value in UTF-8, not too deep.",
            404: f"There is nothing at {path}. {suggestion(path)}",
            405: f"{request.method} is not possible at {path}. The Allow header says what is.",
        }
        kind = _BY_STATUS.get(error.status_code, InvalidRequest)
        return kind(sentences.get(error.status_code, str(error.detail)))
    return MockServerError("Something went wrong on our side; the server's log has the details.")


def _invalid_parameter(request: Request, error: RequestValidationError) -> MockServerError:
    first = error.errors()[0]
    kind = request.headers.get("content-type", "")
    if first["type"] == "model_attributes_type" and first["loc"] == ("body",) and "json" not in kind:
        return InvalidParameter(
            f"The body is not sent as JSON but as {kind[:80] or 'nothing'}. Send Content-Type: application/json."
        )
    if first["type"] == "json_invalid":
        return InvalidParameter(f"The body cannot be used: {expectation(first)}.")
    place = place_of(first, but=("query", "path", "body"))
    return InvalidParameter(f"The parameter {place or 'body'} cannot be used: {expectation(first)}.")
