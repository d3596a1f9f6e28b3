"""The composition root: builds the sandbox from the settings, and the application from the surfaces."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server import __version__, api, control, espi, oauth, pages, portal, sso, webhooks
from mock_server.actions.notifying.due_events import to_the_end
from mock_server.actions.sandboxes.load import prepare
from mock_server.actions.sandboxes.remove_orphans import remove_orphans
from mock_server.actions.sandboxes.shared_journal import shared_journal
from mock_server.domain.records import Attempt
from mock_server.fixtures import bundled_folder, load_fixtures
from mock_server.http.background import run_background
from mock_server.http.context import Context, RequestContext, Services, context_of
from mock_server.http.metrics import Metrics
from mock_server.http.middleware.dispatch import Dispatcher, SurfacesRoute, routes_within
from mock_server.http.middleware.request_limits import LONGEST_BODY
from mock_server.http.middleware.request_middleware import RequestMiddleware
from mock_server.http.responses.framework_errors import KINDS, render_error
from mock_server.http.sandboxes import Sandboxes
from mock_server.http.surface import Surface
from mock_server.sandbox import Sandbox, make_sandbox
from mock_server.settings import Settings
from mock_server.store import open_store

if TYPE_CHECKING:
    import httpx

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

_ERROR_RESPONSE = {
    "description": "An error in the format of the protocol, with a sentence that says what to change"
}
log = logging.getLogger("mock_server")


class Application(FastAPI):
    """The application. Requests pass our middleware first, and the framework's own only where a route needs it."""

    around: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http":
            await self.framework(scope, receive, send)
            return
        scope["app"] = self
        await self.around(scope, receive, send)

    async def framework(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle what the framework has to: the life of the application, and routes that are not plain."""
        await super().__call__(scope, receive, send)


def create_app(settings: Settings) -> FastAPI:
    """The application for these settings. Raises FixtureMistake for an invalid fixture, and StoreMistake."""
    return compose(open_sandbox(settings))


def open_sandbox(settings: Settings) -> Sandbox:
    """Open the database, and load the fixtures into the sandbox `default`."""
    fixtures = load_fixtures(settings.fixtures or bundled_folder(), seed=settings.seed)
    store = open_store(settings.database_url, sandbox="default")
    sandbox = make_sandbox(
        "default",
        settings=settings,
        fixtures=fixtures,
        store=store,
        open_http=partial(_open_http, allows_private=settings.allows_private_targets),
    )
    prepare(sandbox)
    if not store.is_new:
        remove_orphans(sandbox)
    if settings.shares_journal:
        sandbox = replace(sandbox, journal=shared_journal(store, sandbox.name, sandbox.random))
    return sandbox


def _open_http(*, allows_private: bool) -> "httpx.Client":
    """The client for what goes out, imported when something does."""
    from mock_server.http.outgoing import open_http

    return open_http(allows_private=allows_private)


def compose(sandbox: Sandbox) -> FastAPI:
    """The application with all surfaces, for the sandbox `default` and the sandboxes that paths name."""
    return compose_surfaces(Sandboxes(sandbox))


def compose_surfaces(
    sandboxes: Sandboxes,
    surfaces: tuple[Surface, ...] = SURFACES,
    *,
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    demo_transport: "Callable[[RequestContext], httpx.AsyncBaseTransport]" = portal.over_the_wire,
    longest_body: float = LONGEST_BODY,
) -> FastAPI:
    """An application with these surfaces and sandboxes.

    `wait` waits for seconds where a fault delays a response. `demo_transport` is how the demo third party reaches this
    server. A request body may take `longest_body` seconds.
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
        background = asyncio.create_task(run_background(sandboxes, catch_up))
        yield
        background.cancel()
        with suppress(asyncio.CancelledError):
            await background
        sandboxes.default.store.close()

    app = Application(
        title=f"{sandboxes.default.fixtures.utility.id} mock utility",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        openapi_url=None,
    )
    app.add_api_route("/openapi.json", _openapi_document, methods=["GET", "HEAD"], include_in_schema=False)
    app.router.routes.append(SurfacesRoute(surfaces))
    app.openapi = partial(_describe, app, surfaces)  # type: ignore[method-assign]  # the framework's own way
    on_error = partial(render_error, surfaces)

    async def on_framework_error(request: Request, error: Exception) -> Response:
        return await on_error(context_of(request), error)

    for kind in KINDS:
        app.add_exception_handler(kind, on_framework_error)
    services = Services(
        catch_up=partial(catch_up, takes_over=True),
        probe_webhooks=webhooks.probe_webhooks,
        own_http=_client_of(app),
        demo_transport=demo_transport,
    )
    app.around = RequestMiddleware(
        Dispatcher(surfaces, app.framework, render_error=on_error),
        sandboxes=sandboxes,
        surfaces=surfaces,
        services=services,
        metrics=metrics,
        wait=wait,
        render_error=on_error,
        longest_body=longest_body,
    )
    return app


async def _openapi_document(context: Context) -> Response:
    """The OpenAPI document, with the URL of the sandbox that it was requested from."""
    return JSONResponse({**context.request.app.openapi(), "servers": [{"url": context.links.base}]})


def _describe(app: FastAPI, surfaces: tuple[Surface, ...]) -> dict[str, Any]:  # OpenAPI's own shape
    """The OpenAPI document, with what the framework does not know.

    These are path parameters that handlers read themselves, and errors: no call answers with the framework's 422.
    """
    if app.openapi_schema is None:
        routes = routes_within(surfaces)
        for route in routes:
            if isinstance(route, APIRoute):
                route.responses = {"4XX": _ERROR_RESPONSE, **route.responses}
        document = get_openapi(title=app.title, version=app.version, routes=routes)
        for path, methods in document["paths"].items():
            for operation in methods.values():
                known = {parameter["name"] for parameter in operation.setdefault("parameters", [])}
                operation["parameters"] += [
                    {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
                    for name in re.findall(r"{(\w+)}", path)
                    if name not in known
                ]
        app.openapi_schema = document
    return app.openapi_schema


def _record_attempts(metrics: Metrics, sandbox: Sandbox, attempts: Iterable[Attempt]) -> None:
    """Count and log the delivery attempts."""
    for attempt in attempts:
        metrics.count_delivery(attempt.kind, status=attempt.status)
        fields = {"sandbox": sandbox.name, "client_id": attempt.client_id, "problem": attempt.problem}
        status = attempt.status or "no answer"
        log.info("sent %s to %s %s", attempt.kind, attempt.delivery_target, status, extra=fields)


def _client_of(app: FastAPI) -> "Callable[[str], httpx.AsyncClient]":
    """Opens HTTP clients that call this application without a socket, for the single sign-on."""

    async def call_app(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)

    def open_client(base: str) -> "httpx.AsyncClient":
        from httpx import ASGITransport, AsyncClient  # takes long to import, and is needed by few requests

        return AsyncClient(transport=ASGITransport(app=call_app), base_url=base)

    return open_client
