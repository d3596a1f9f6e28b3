"""The request context: one request with its sandbox, its links, its parameters, its client and its caller.

The middleware creates it and resolves the sandbox and the links once. Handlers take it as an argument of the type
`Context`; only the packages `http` and `app` read the ASGI scope.
"""

from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from mock_server.actions.tokens.check_token import Caller
from mock_server.domain.errors import NotFound
from mock_server.domain.oauth.redirect_uris import wire_form
from mock_server.domain.records import Fault
from mock_server.domain.text.parameters import Parameters, parse_parameters
from mock_server.domain.text.quoting import quoted
from mock_server.http.metrics import Metrics
from mock_server.http.sandboxes import Sandboxes
from mock_server.sandbox import Sandbox
from mock_server.urls import Links

if TYPE_CHECKING:
    import httpx

_KEY = "mock_server.context"


@dataclass(frozen=True, kw_only=True)
class Services:
    """What one surface needs of another. The composition root hands it over, so that surfaces do not import each other.

    `catch_up` announces and sends what is due in a sandbox, and returns what happened and what was sent.
    `probe_webhooks` sends badly signed events to a client's webhooks, and returns the attempts.
    `own_http` opens a client that calls this application without a socket, given the base URL.
    `demo_transport` is how the demo third party reaches this server.
    """

    catch_up: Callable[
        [Sandbox], Any
    ]  # the result is a record of `webhooks`, which this package may not import
    probe_webhooks: Callable[[Sandbox, str], Any]  # a list of attempts, also of `webhooks`
    own_http: "Callable[[str], httpx.AsyncClient]"
    demo_transport: "Callable[[RequestContext], httpx.AsyncBaseTransport]"


class RequestContext:
    """One request. The middleware, the handler, and whoever renders an error see the same object.

    `client_id`, `error_code` and `fault` are noted while the request is handled; the request log, the journal and the
    metrics report them afterwards. `caller` is None until a bearer token was checked.
    """

    def __init__(
        self,
        request: Request,
        *,
        request_id: str,
        sandboxes: Sandboxes,
        links: Links,
        metrics: Metrics,
        services: Services,
    ) -> None:
        self.request = request
        self.request_id = request_id
        self.sandboxes = sandboxes
        self.sandbox: Sandbox = sandboxes.default
        self.links = links
        self.metrics = metrics
        self.services = services
        self.client_id: str | None = None
        self.caller: Caller | None = None
        self.error_code: str | None = None
        self.fault: Fault | None = None

    @property
    def method(self) -> str:
        """The request's method."""
        return self.request.method

    @property
    def path(self) -> str:
        """The decoded path, without the sandbox's prefix."""
        path: str = self.request.scope["path"]
        return path

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        scheme: str = self.request.scope["scheme"]
        return scheme

    @property
    def local_address(self) -> tuple[str, int | None]:
        """The local end of the connection: host and port; without a port where it is no TCP connection."""
        host, port = self.request.scope.get("server") or ("", None)
        return host, port

    @property
    def headers(self) -> Headers:
        """The request's headers."""
        return self.request.headers

    @property
    def cookies(self) -> Mapping[str, str]:
        """The request's cookies."""
        return self.request.cookies

    @cached_property
    def query(self) -> Parameters:
        """The query's parameters. Raises InvalidRequest where they cannot be decoded."""
        return parse_parameters(self.request.scope["query_string"])

    @property
    def raw_query(self) -> str:
        """The query as it was sent, fit to be repeated in a URL: what a URI may not contain is percent-encoded."""
        return wire_form(self.request.scope["query_string"].decode("latin-1"))

    @property
    def issuer_parameters(self) -> dict[str, str]:
        """The parameter `iss` of an authorization response, if the settings ask for it (RFC 9207 §2)."""
        return {"iss": self.links.issuer} if self.sandbox.settings.issuer_in_response else {}

    def cookie_name(self, name: str) -> str:
        """A cookie's name in this sandbox. Browsers send the cookies of `default` to every other sandbox as well."""
        return f"{name}-{self.sandbox.name}" if self.sandbox.prefix else name

    def copy(self) -> "RequestContext":
        """A context for a request that is forwarded: the same sandbox and links; nothing noted reaches this one."""
        copied = copy(self)
        copied.__dict__.pop("query", None)
        return copied

    def note_client(self, client_id: str) -> None:
        """Record which client proved to be the sender, for the journal and the request log."""
        self.client_id = client_id


def attach(context: RequestContext, scope: Scope) -> None:
    """Make `context` the context of the request with this scope."""
    scope[_KEY] = context


def find_context(scope: Scope) -> RequestContext:
    """The context of the request with this scope."""
    context = scope[_KEY]
    assert isinstance(context, RequestContext)
    return context


def context_of(request: Request) -> RequestContext:
    """The context of a request of the framework, from which the body can be read then."""
    context = find_context(request.scope)
    context.request = request
    return context


async def _context(request: Request) -> RequestContext:
    return context_of(request)  # a plain function would be run in a thread


def is_context(dependency: object) -> bool:
    """Whether the dependency is the one that gives the request context."""
    return dependency is _context


Context = Annotated[RequestContext, Depends(_context)]
"""The type of a handler's parameter that takes the request context."""

ErrorRenderer = Callable[[RequestContext, Exception], Awaitable[Response]]
"""Renders an exception in the shape of the surface whose address was called."""


def check_utility(context: RequestContext) -> None:
    """Check that the utility in the path is this one, in any case. Raises NotFound."""
    own = context.sandbox.fixtures.utility.id
    named: str = context.request.path_params.get("utility", own)
    if named.casefold() != own.casefold():
        raise NotFound(f"There is no utility {quoted(named)} here. This server plays {own}.")
