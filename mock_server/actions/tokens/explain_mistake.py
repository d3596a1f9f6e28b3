"""Recognizes near misses, such as another kind of token, so that errors can name them. Never discloses secrets."""

from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import Client, TokenClass
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_TOKENS: dict[TokenClass, str] = {
    "access": "This is an access token: read resources with it, and renew it with the refresh_token beside it.",
    "refresh": "This is a refresh token. Send it to the token endpoint; resources are read with the access token.",
    "client": "This is a client token (from client_credentials): it opens Authorization and Bulk resources.",
    "registration": "This is a registration token: it opens the client's ApplicationInformation only.",
    "api": "This is a JSON API token: send it as a bearer token to the JSON API.",
}
_CODE = "This is an authorization code: redeem it at the token endpoint, with grant_type=authorization_code."
_WRAPPING = " \t\r\n\"'<>"


def recognise(sandbox: Sandbox, transaction: Transaction, secret: str) -> str | None:
    """A sentence that identifies an unknown value; None if this server did not issue it."""
    bare = secret.strip(_WRAPPING).removeprefix("Bearer ").strip(_WRAPPING)
    found = _own(transaction, bare)
    if found is not None and bare != secret:
        return "The value has extra characters: remove quotes, spaces, line breaks and a second Bearer."
    if found is not None:
        return found
    holder = sandbox.store.find_holder(fingerprint(bare))
    if holder is not None:
        return (
            f"This belongs to the sandbox {holder!r} of this server, but you called {sandbox.name!r}. Use the base URL "
            "of the response that contained it."
        )
    return None


def _own(transaction: Transaction, secret: str) -> str | None:
    token = transaction.tokens.find(hash=fingerprint(secret))
    if token is not None:
        return _TOKENS.get(token.token_class)
    if transaction.codes.find(hash=fingerprint(secret)) is not None:
        return _CODE
    if secret and transaction.clients.find(secret=secret) is not None:
        return "This is a client's secret: it goes to the token endpoint only, with the client's id."
    return None


def recognise_mix_up(transaction: Transaction, client_id: str, secret: str | None) -> str | None:
    """A sentence that identifies a value sent as a client id; None if this server did not issue it."""
    if not client_id or transaction.clients.find(secret=client_id) is None:
        return None
    if secret is not None and transaction.clients.find(id=secret, secret=client_id) is not None:
        return "Id and secret are swapped. Send the client_id first, a colon, and then the secret."
    return "The client_id is a client's secret. Send the client's id as client_id and the secret as client_secret."


def recognise_id(transaction: Transaction, client_id: str) -> str | None:
    """A sentence, with a trailing space, that names the client if only case, quotes or spaces are wrong; else None."""
    known = {one.id.casefold(): one.id for one in transaction.clients.list()}
    meant = known.get(client_id.strip(_WRAPPING).casefold())
    return f"Did you mean {meant}? Case and spaces matter. " if meant is not None else None


def recognise_secret(transaction: Transaction, client: Client, secret: str) -> str | None:
    """A sentence, with a trailing space, that identifies a wrong secret; None if this server did not issue it."""
    if not client.secret:
        return None
    if secret.strip(_WRAPPING) == client.secret:
        return "It has quotes, spaces or a line break around it. "
    if transaction.clients.find(secret=secret) is not None:
        return "It is the secret of another client. "
    names = {
        client.api_token: "JSON API token",
        client.webhook_secret: "webhook secret",
        client.registration_access_token: "registration access token",
    }
    return f"It is the client's {names[secret]}. " if secret in names else None
