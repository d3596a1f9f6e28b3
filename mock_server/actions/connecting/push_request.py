"""Pushed authorization requests, which a browser cannot change (RFC 9126)."""

from datetime import timedelta
from typing import Final

from mock_server.actions.clients.find_client import plain_id
from mock_server.actions.connecting.authorize import check_request, find_return_address
from mock_server.domain.errors import InvalidRedirectUri, InvalidRequest
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import Client, PushedRequest
from mock_server.domain.text.parameters import Parameters, parameters_of
from mock_server.domain.time.durations import in_words
from mock_server.sandbox import Sandbox
from mock_server.store import NotLaterThan, Transaction

PUSHED_REQUEST_LIFETIME: Final = timedelta(minutes=1)
_PREFIX: Final = "urn:ietf:params:oauth:request_uri:"
_PROOFS: Final = ("client_secret", "client_assertion", "client_assertion_type")


def push_request(
    sandbox: Sandbox, transaction: Transaction, client: Client, sent: Parameters, *, base: str
) -> str:
    """Store the request; returns its `request_uri`. Raises the authorize endpoint's errors."""
    if sent.one("request_uri") is not None:
        raise InvalidRequest(
            "A request_uri cannot be pushed. Send the parameters themselves (RFC 9126, section 2.1)."
        )
    parameters = {name: values for name, values in sent.on_wire.items() if name not in _PROOFS}
    request = Parameters({**parameters, **parameters_of([("client_id", client.id)]).on_wire})
    try:
        address = find_return_address(sandbox, transaction, request, base=base)
    except InvalidRedirectUri as error:
        raise InvalidRequest(error.message) from error
    check_request(sandbox, transaction, request, address)
    name = _PREFIX + sandbox.random.secret()
    transaction.pushed_requests.remove(expires=NotLaterThan(transaction.now))
    transaction.pushed_requests.add(
        PushedRequest(
            hash=fingerprint(name),
            client_id=client.id,
            on_wire=request.on_wire,
            expires=transaction.now + PUSHED_REQUEST_LIFETIME,
        )
    )
    return name


def take_request(_: Sandbox, transaction: Transaction, query: Parameters) -> Parameters:
    """The query itself, or the request pushed under its `request_uri`, which works once. Raises InvalidRequest."""
    name = query.one("request_uri")
    if name is None:
        return query
    found = transaction.pushed_requests.find(hash=fingerprint(name))
    if found is None or found.expires <= transaction.now:
        raise InvalidRequest(
            f"This request_uri is unknown or older than {in_words(PUSHED_REQUEST_LIFETIME)}. Push the request "
            "again, and redirect the browser at once."
        )
    if plain_id(query.one("client_id") or "") != found.client_id:
        raise InvalidRequest("Another client_id pushed this request. Send the client_id that pushed it.")
    if not transaction.pushed_requests.change({"hash": found.hash, "used": None}, used=transaction.now):
        raise InvalidRequest("This request_uri was already used. Push a request for each authorization.")
    return Parameters(found.on_wire)
