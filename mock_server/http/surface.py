"""What all surfaces share: how one is described, whose sandbox and token a request has, how bodies are read."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from fastapi import APIRouter
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from mock_server.actions.clients.find_client import shown
from mock_server.actions.tokens.check_token import Caller, check_token
from mock_server.domain.errors import (
    EncodedBody,
    InvalidRequest,
    InvalidToken,
    MissingToken,
    MockServerError,
    NotFound,
    TooLarge,
)
from mock_server.domain.oauth.redirect_uris import wire_form
from mock_server.domain.records import TokenClass
from mock_server.domain.text.charsets import check_charset
from mock_server.domain.text.parameters import Parameters, parameters_of, parse_parameters
from mock_server.http.gc_tuning import without_collection
from mock_server.http.metrics import Metrics
from mock_server.sandbox import Sandbox
from mock_server.urls import Links

LARGEST_BODY = 1_000_000
SANDBOX = "mock_server.sandbox"
SANDBOXES = "mock_server.http.sandboxes"
LINKS = "mock_server.links"
REQUEST_ID = "mock_server.request_id"
CLIENT_ID = "mock_server.client_id"
ERROR = "mock_server.error"
FAULT = "mock_server.fault"
METRICS = "mock_server.http.metrics"


class Part(Protocol):
    """A module that answers some addresses."""

    router: APIRouter


def routes_of(*parts: Part) -> tuple[BaseRoute, ...]:
    """The routes of all parts, in their order.

    They are taken as they are, each with its whole path and guard: a router that includes others builds every route of
    theirs again, once for itself and once for whoever includes it, and asks itself through all levels at each request.
    """
    return tuple(route for part in parts for route in part.router.routes)


@dataclass(frozen=True, kw_only=True)
class Served:
    """What is behind a surface: its routes, and the shape of its errors.

    `redirect_error` answers an error by a redirect, or with None where the protocol does not tell it so.
    """

    routes: tuple[BaseRoute, ...]
    render_error: Callable[[Request, MockServerError], Response]
    redirect_error: Callable[[Request, MockServerError], Awaitable[Response | None]] | None = None


@dataclass(frozen=True, kw_only=True)
class Surface:
    """A protocol: how the paths it answers for begin or end, and how to load what answers them.

    Every path of its routes is one of those, and no surface before it answers for them.
    """

    name: str
    prefixes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    load: Callable[[], Served]

    @cached_property
    def served(self) -> Served:
        """What is behind it, loaded when it is first asked for."""
        with without_collection():
            return self.load()

    def answers_for(self, path: str) -> bool:
        """Whether that path is this surface's."""
        return path.startswith(self.prefixes) or path.rstrip("/").endswith(self.suffixes)


def surface_at(surfaces: tuple[Surface, ...], path: str) -> Surface:
    """The first surface that answers for the path; the last one answers for all the rest."""
    return next((surface for surface in surfaces if surface.answers_for(path)), surfaces[-1])


def plain_ascii(message: str) -> str:
    """A sentence in the characters that headers and `error_description` may hold (RFC 6749 §5.2, RFC 6750 §3).

    `code=` is broken up: certified clients look for that text to tell success from failure.
    """
    told = message.replace('"', "'").replace("\\", "/").replace("…", "...").replace("code=", "code =")
    return "".join(char if " " <= char <= "~" else "?" for char in told)


def sandbox_of(request: Request) -> Sandbox:
    """The sandbox that the request is for; the middleware chose it."""
    found = request.scope[SANDBOX]
    assert isinstance(found, Sandbox)
    return found


def links_of(request: Request) -> Links:
    """The URLs to print in the answer to this request."""
    found = request.scope[LINKS]
    assert isinstance(found, Links)
    return found


def check_utility(request: Request) -> None:
    """The utility in a path is this one, in any case. Raises NotFound."""
    own = sandbox_of(request).fixtures.utility.id
    named = request.path_params.get("utility", own)
    if named.casefold() != own.casefold():
        raise NotFound(f"There is no utility {shown(named)} here. This server plays {own}.")


def metrics_of(request: Request) -> Metrics:
    """What the server counts."""
    found = request.scope[METRICS]
    assert isinstance(found, Metrics)
    return found


def issuer_in(request: Request) -> dict[str, str]:
    """The parameter `iss` of an authorization response, where the settings want it (RFC 9207 §2)."""
    wanted = sandbox_of(request).settings.issuer_in_response
    return {"iss": links_of(request).issuer} if wanted else {}


def cookie_of(request: Request, name: str) -> str:
    """How a cookie is called in this sandbox: browsers send those of `default` to every other one as well."""
    sandbox = sandbox_of(request)
    return f"{name}-{sandbox.name}" if sandbox.prefix else name


def request_id_of(request: Request) -> str:
    """The request's id, under which the journal has the exchange."""
    return str(request.scope.get(REQUEST_ID, ""))


def note_client(request: Request, client_id: str) -> None:
    """Tell the journal which client proved to be calling."""
    request.scope[CLIENT_ID] = client_id


def bearer_token(request: Request) -> str:
    """The token of the Authorization header (RFC 6750 §2.1). Raises MissingToken, InvalidToken."""
    header = request.headers.get("authorization", "").strip()
    if not header:
        raise MissingToken("There is no Authorization header. Send: Authorization: Bearer <token>.")
    scheme, _, token = header.partition(" ")
    if scheme.casefold() != "bearer" or not token.strip():
        raise InvalidToken(f"{_no_bearer(header)} Send: Authorization: Bearer <token>.")
    return token.strip()


def _no_bearer(header: str) -> str:
    """What an Authorization header is that holds no bearer token; its value is never told."""
    scheme, _, rest = header.partition(" ")
    match scheme.casefold():
        case "bearer":
            return "There is no token behind the word Bearer in the Authorization header."
        case "basic":
            return "The Authorization header is HTTP Basic, which is for the token endpoint, and not a bearer token."
    if not rest:
        return "The Authorization header is not a bearer token: the word Bearer before the token is missing."
    return "The Authorization header is not a bearer token."


async def caller_of(request: Request, *, allowed: Collection[TokenClass]) -> Caller:
    """Who calls, by the bearer token, if its class is allowed here. Raises what `check_token` raises."""
    caller = await sandbox_of(request).run(
        check_token, sandbox_of(request), bearer_token(request), allowed=allowed
    )
    note_client(request, caller.client_id)
    return caller


def query_of(request: Request) -> Parameters:
    """The query's parameters."""
    return parse_parameters(request.scope["query_string"])


def raw_query(request: Request) -> str:
    """The query as it came, for an address of ours that repeats it; what no URI has is percent-encoded."""
    return wire_form(request.scope["query_string"].decode("latin-1"))


def encoding_of(request: Request) -> EncodedBody | None:
    """The refusal of a body that would have to be decoded before it could be read; None for a plain one."""
    encoding = request.headers.get("content-encoding", "identity").strip()
    if encoding.casefold() == "identity":
        return None
    return EncodedBody(
        f"The body is said to be encoded ({shown(encoding)}), and no address here reads that. Send it plain, "
        "without Content-Encoding."
    )


def check_plain(request: Request) -> None:
    """Raises EncodedBody."""
    if (encoded := encoding_of(request)) is not None:
        raise encoded


async def body_of(request: Request, *, largest: int = LARGEST_BODY) -> bytes:
    """The whole body. Raises TooLarge beyond `largest` bytes, before all of it was read, and EncodedBody."""
    check_plain(request)
    read = bytearray()
    try:
        async for piece in request.stream():
            read += piece
            if len(read) > largest:
                raise TooLarge(
                    f"The body is larger than {largest:,} bytes, more than any request here needs."
                )
    except ClientDisconnect as error:
        raise InvalidRequest("The connection ended before the whole body had come.") from error
    return bytes(read)


async def form_of(request: Request, *, largest: int = LARGEST_BODY) -> Parameters:
    """The parameters of a urlencoded or multipart body; any other body counts as empty."""
    kind, about = parse_options_header(request.headers.get("content-type", ""))
    if kind == b"application/x-www-form-urlencoded":
        return parse_parameters(await body_of(request, largest=largest))
    if kind != b"multipart/form-data":
        return Parameters({})
    check_plain(request)
    check_charset(about.get(b"charset", b"utf-8").decode("latin-1"))
    if int(request.headers.get("content-length", 0)) > largest:
        raise TooLarge(f"The body is larger than {largest:,} bytes, more than any request here needs.")
    try:
        form = await request.form(max_files=0, max_fields=200, max_part_size=largest)
    except (HTTPException, ClientDisconnect) as error:
        raise InvalidRequest(
            "The multipart body cannot be read. Check its boundary and its parts."
        ) from error
    return parameters_of(
        (name, value) for name, value in form.multi_items() if not isinstance(value, UploadFile)
    )
