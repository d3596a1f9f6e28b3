"""Checks authorize requests: the client, the redirect URI, and the parameters (RFC 6749 §4.1.1).

`find_return_address` is called first, and its errors never redirect. Errors of `start_request` may be sent to the
client's redirect URI (RFC 6749 §4.1.2.1, ESPI 4.0 §4.2).
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from mock_server.actions.clients.find_client import check_is_registered, get_client
from mock_server.domain.consent.consent import check_asks_for_data, end_of_term
from mock_server.domain.errors import (
    InvalidClient,
    InvalidRedirectUri,
    InvalidRequest,
    NotFound,
    UnsupportedResponseType,
)
from mock_server.domain.network.client_urls import not_ascii, redirect_uri_problem
from mock_server.domain.oauth.redirect_uris import difference, is_registered, wire_form
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import AuthorizationRequest, Client
from mock_server.domain.signing_in import DEFAULT_WAY
from mock_server.domain.text.parameters import Parameters
from mock_server.domain.text.quoting import quoted
from mock_server.domain.time.durations import in_words
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

LONGEST_STATE = 4096
AUTHORIZE_REQUEST_LIFETIME = timedelta(hours=1)
_CHALLENGE = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


@dataclass(frozen=True, kw_only=True)
class ReturnAddress:
    """An existing client and, if the request has one, its validated redirect URI."""

    client: Client
    redirect_uri: str | None


def find_return_address(
    _: Sandbox, transaction: Transaction, query: Parameters, *, base: str
) -> ReturnAddress:
    """The client and the validated redirect URI. Errors are displayed to the browser and never redirected."""
    client_id = query.one("client_id")
    if client_id is None:
        raise InvalidClient("The parameter client_id is missing. Add the client_id that you registered.")
    client = get_client(transaction, client_id)
    check_is_registered(client)
    redirect_uri = query.one("redirect_uri")
    if redirect_uri is not None:
        check_redirect_uri(client, redirect_uri, base=base)
    if len(query.raw("state") or "") > LONGEST_STATE:
        raise InvalidRequest(
            f"The state is {len(query.raw('state') or ''):,} characters long, so it was not sent back. Send at most "
            f"{LONGEST_STATE:,}: store the data in your session and send a random key."
        )
    return ReturnAddress(client=client, redirect_uri=redirect_uri)


def check_redirect_uri(client: Client, uri: str, *, base: str) -> None:
    """Raises InvalidRedirectUri unless the client has registered the URI."""
    if (problem := not_ascii(uri)) is not None:
        raise InvalidRedirectUri(f"The redirect_uri {quoted(uri)} is not a URI. {problem}")
    if is_registered(
        uri,
        registered=client.redirect_uris,
        base=base,
        allows_loopback=client.allows_loopback,
        is_native=client.is_public,
    ):
        return
    registered = [one.replace("{base}", base) for one in client.redirect_uris]
    known = ", ".join(registered)
    near = next(
        (f"It differs from {one} only in {part}." for one in registered if (part := difference(uri, one))),
        redirect_uri_problem(uri),
    )
    hint = f"{near} " if near else ""
    extra = " or any http://127.0.0.1:port address" if client.allows_loopback else ""
    raise InvalidRedirectUri(
        f"The redirect_uri {quoted(uri)} is not registered for {client.id}. {hint}Send exactly one of: {known}{extra}; "
        "the comparison is exact, including trailing slashes and queries."
    )


def start_request(
    sandbox: Sandbox, transaction: Transaction, query: Parameters, address: ReturnAddress, *, browser: str
) -> AuthorizationRequest:
    """Check the other parameters and store the request for this browser. Its errors may be sent to the client."""
    request = check_request(sandbox, transaction, query, address, browser=browser)
    transaction.requests.add(request)
    return request


def check_request(
    sandbox: Sandbox,
    transaction: Transaction,
    query: Parameters,
    address: ReturnAddress,
    *,
    browser: str = "",
) -> AuthorizationRequest:
    """The request, checked but not stored. Its errors may be sent to the client."""
    for name in ("state", "nonce"):
        query.check_once(name)
    _check_response_type(query.one("response_type"))
    _check_response_mode(query.one("response_mode"))
    if query.one("request") is not None:
        raise InvalidRequest(
            "The parameter request (a signed request object) is not supported. Send the parameters themselves, or "
            "push them (RFC 9126)."
        )
    scope_text = query.one("scope") or address.client.scope or sandbox.fixtures.utility.default_scope
    scope = parse_scope(scope_text)
    now = transaction.now
    check_asks_for_data(scope)
    end_of_term(scope, now=now)
    challenge, method = _challenge(query, address.client)
    return AuthorizationRequest(
        id=sandbox.random.secret(),
        client_id=address.client.id,
        redirect_uri=address.redirect_uri,
        state=state_of(query),
        scope=scope_text,
        code_challenge=challenge,
        code_challenge_method=method,
        prompts=query.one("prompt") in ("on", "login"),
        browser_hash=fingerprint(browser),
        created=now,
        way=scope.authentication.way if scope.authentication else DEFAULT_WAY,
    )


def state_of(query: Parameters) -> str | None:
    """The state to return, encoded as it was received; None if there is none."""
    raw = query.raw("state")
    return wire_form(raw) if raw else None


def _check_response_type(response_type: str | None) -> None:
    if response_type is None:
        raise InvalidRequest("The parameter response_type is missing. Add response_type with the value code.")
    if response_type != "code":
        raise UnsupportedResponseType(
            f"The response_type {quoted(response_type)} is not supported. Send code, for the authorization code flow "
            "(RFC 6749, section 4.1)."
        )


def _check_response_mode(response_mode: str | None) -> None:
    """Raises InvalidRequest for another mode than query: the client would wait for a response in that mode forever."""
    if response_mode not in (None, "query"):
        raise InvalidRequest(
            f"The response_mode {quoted(response_mode)} is not supported. Omit it: the response is in the query."
        )


def _challenge(query: Parameters, client: Client) -> tuple[str | None, Literal["S256", "plain"] | None]:
    """The PKCE challenge and its method (RFC 7636 §4.3; plain is the default method there)."""
    challenge, method = query.one("code_challenge"), query.one("code_challenge_method")
    if challenge is None:
        if client.is_public:
            raise InvalidRequest(
                "This client has no secret, so it must use PKCE: add code_challenge and "
                "code_challenge_method with the value S256 (RFC 7636)."
            )
        if method is not None:
            raise InvalidRequest(
                "code_challenge_method was sent without code_challenge. Send both or neither."
            )
        return None, None
    if method not in (None, "S256", "plain"):
        raise InvalidRequest(f"The code_challenge_method {quoted(method)} is unknown. Use S256 (or plain).")
    if not _CHALLENGE.fullmatch(challenge):
        raise InvalidRequest(
            f"The code_challenge is malformed ({len(challenge)} characters). Send 43 to 128 characters from "
            "A-Z a-z 0-9 - . _ ~: for S256 the base64url of the verifier's SHA-256, without padding."
        )
    return challenge, "S256" if method == "S256" else "plain"


def move_requests(sandbox: Sandbox, transaction: Transaction, *, old: str, new: str) -> None:
    """Move all requests of a browser from its old secret to its new one."""
    transaction.requests.change({"browser_hash": fingerprint(old)}, browser_hash=fingerprint(new))


def get_request(
    sandbox: Sandbox, transaction: Transaction, request_id: str, *, browser: str
) -> AuthorizationRequest:
    """The request that this browser started. Raises NotFound for another browser's, an unknown or an old one."""
    request, now = transaction.requests.find(id=request_id), transaction.now
    if request is None or request.browser_hash != fingerprint(browser):
        raise NotFound(
            "This page belongs to a request that this browser did not start. Allow cookies, and start again from the "
            "company that sent you here."
        )
    if request.outcome is None and request.created + AUTHORIZE_REQUEST_LIFETIME < now:
        raise NotFound(
            f"This request is more than {in_words(AUTHORIZE_REQUEST_LIFETIME)} old. Start again from the company that "
            "sent you here."
        )
    return request
