"""Checks access to the control API: open on loopback, by token, or off; never for pages of other sites."""

from mock_server.actions.clients.guess_limits import check_guesses, count_guess
from mock_server.domain.errors import Forbidden, InvalidParameter, InvalidToken, MissingToken
from mock_server.domain.network.hosts import read_origin, requested_host
from mock_server.domain.randomness import equal_secrets
from mock_server.domain.text.storable_text import UNSTORABLE, json_can_be_stored
from mock_server.http.bearer import bearer_token
from mock_server.http.body import check_plain
from mock_server.http.context import Context, RequestContext
from mock_server.urls import is_own_host


async def check_access(context: Context) -> None:
    """Raises Forbidden, MissingToken, InvalidToken, or TooManyRequests after too many wrong tokens."""
    settings = context.sandbox.settings
    check_origin(context)
    refuse_where_off(context)
    if settings.control_access == "token":
        await _check_token(context, settings.control_token or "")


async def _check_token(context: RequestContext, token: str) -> None:
    """Counts wrong tokens per server, because an attacker could use a different sandbox for each guess."""
    server = context.sandboxes.default
    if not context.headers.get("authorization"):
        raise MissingToken(
            "This server requires its control token. Send: Authorization: Bearer <token>. The test fixture and the "
            "mock-server commands read the token from MOCK_SERVER_CONTROL_TOKEN."
        )
    sent = bearer_token(context)
    await server.run(server.read, check_guesses, "control", "token")
    if not equal_secrets(sent, token):
        await server.run(server.write, count_guess, "control", "token")
        raise InvalidToken("The control token is wrong. Send the value of MOCK_SERVER_CONTROL_TOKEN.")


async def check_text(context: Context) -> None:
    """Raises InvalidParameter for text that cannot be stored or sent back, EncodedBody for a compressed body."""
    check_plain(context)
    if not json_can_be_stored(await context.request.body()):
        raise InvalidParameter(UNSTORABLE)


def refuse_where_off(context: RequestContext) -> None:
    """Raises Forbidden if the control API is off."""
    settings = context.sandbox.settings
    if settings.control == "off":
        raise Forbidden("The control API is off, because MOCK_SERVER_CONTROL (--control) is set to off.")
    if settings.control_access == "off":
        raise Forbidden(
            "The control API is off, because other machines can reach this server. Set "
            "MOCK_SERVER_CONTROL_TOKEN and send it as a bearer token, or set MOCK_SERVER_CONTROL=open."
        )


def check_origin(context: RequestContext) -> None:
    """Raises Forbidden for pages of other sites, whether they call directly or by DNS rebinding."""
    settings = context.sandbox.settings
    host = requested_host(context.headers.raw)
    if not is_own_host(settings, host):
        raise Forbidden(
            f"The Host header {str(host or '')[:80]!r} is not a name of this server. Use localhost, or add the "
            "name to MOCK_SERVER_HOSTS."
        )
    origin = context.headers.get("origin")
    if origin is not None and not is_own_host(settings, read_origin(origin)):
        raise Forbidden(f"Pages of {origin[:80]!r} may not call the control API.")
