"""Who may call the control API (this machine, a token's holder, or nobody; never a page of another site), and how."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from starlette.requests import Request

from mock_server.actions.managing.guesses import check_guesses, count_guess
from mock_server.core.chance import equal_secrets
from mock_server.core.errors import Forbidden, InvalidParameter, InvalidToken
from mock_server.core.texts import REFUSAL, can_be_kept
from mock_server.paths import is_own_host
from mock_server.surface import SANDBOXES, bearer_token, sandbox_of

# Only an escape can bring them in: the body itself is UTF-8.
_ODD = re.compile(rb"\\u(?:0000|d[89a-f])", re.IGNORECASE)


async def check_access(request: Request) -> None:
    """Raises Forbidden, MissingToken, InvalidToken, or TooManyRequests while the token is being guessed."""
    settings = sandbox_of(request).settings
    check_origin(request)
    refuse_where_off(request)
    if settings.control_access == "token":
        await _check_token(request, settings.control_token or "")


async def _check_token(request: Request, token: str) -> None:
    """Wrong ones are counted for the whole server: whoever guesses could name another sandbox each time."""
    server = request.scope[SANDBOXES].default
    sent = bearer_token(request)
    await server.run(check_guesses, server, "control", "token")
    if not equal_secrets(sent, token):
        await server.run(count_guess, server, "control", "token")
        raise InvalidToken("The control token is wrong. Send the value of MOCK_SERVER_CONTROL_TOKEN.")


async def check_text(request: Request) -> None:
    """Raises InvalidParameter for a text that no database keeps and no answer can carry."""
    body = await request.body()
    if _ODD.search(body) is None:
        return
    try:
        texts = list(_texts(json.loads(body)))
    except (ValueError, RecursionError):
        return  # whoever reads it says so
    if not all(map(can_be_kept, texts)):
        raise InvalidParameter(REFUSAL)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def refuse_where_off(request: Request) -> None:
    """Raises Forbidden where nobody at all may call."""
    settings = sandbox_of(request).settings
    if settings.control == "off":
        raise Forbidden("The control API is off, because MOCK_SERVER_CONTROL (--control) says so.")
    if settings.control_access == "off":
        raise Forbidden(
            "The control API is off, because the server listens on more than this machine. Set "
            "MOCK_SERVER_CONTROL_TOKEN and send it as a bearer token, or set MOCK_SERVER_CONTROL=open."
        )


def check_origin(request: Request) -> None:
    """Raises Forbidden: a web page elsewhere must not reach in, neither directly nor by DNS rebinding."""
    settings = sandbox_of(request).settings
    host = request.headers.get("host", "")
    if not is_own_host(settings, host):
        raise Forbidden(
            f"The Host header {host[:80]!r} is not a name of this server. Call it by localhost, or add the name to "
            "MOCK_SERVER_HOSTS."
        )
    origin = request.headers.get("origin")
    if origin is not None and not is_own_host(settings, urlsplit(origin).netloc):
        raise Forbidden(f"Pages of {origin[:80]!r} may not call the control API.")
