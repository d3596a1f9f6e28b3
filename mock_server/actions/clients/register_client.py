"""Dynamic client registration (RFC 7591, RFC 7592)."""

from dataclasses import replace

from mock_server.actions.clients.add_client import NewClient, add_client, new_secret
from mock_server.actions.clients.approve import mail_client
from mock_server.actions.clients.manage_registration import change_registration, check_registration
from mock_server.domain.errors import InvalidClientMetadata, InvalidParameter, InvalidRegisteredUri
from mock_server.domain.network.client_urls import redirect_uri_problem
from mock_server.domain.oauth.key_sets import check_key_set
from mock_server.domain.records import Client
from mock_server.domain.text.quoting import quoted
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


def register_client(
    sandbox: Sandbox, transaction: Transaction, wish: NewClient, *, settings_link: str
) -> Client:
    """Register a client in sandbox mode. Raises InvalidClientMetadata, InvalidRegisteredUri."""
    client = add_client(sandbox, transaction, wish)
    _check(client)
    mail_client(
        transaction,
        client,
        subject=f"{client.company_name} is registered",
        body=f"Your client {client.id} now works in sandbox mode, with test accounts. We will review your "
        f"registration and email you when you can go live. Your settings: {settings_link}",
        at=client.created,
    )
    return client


def change_client(sandbox: Sandbox, transaction: Transaction, client: Client, wanted: Client) -> Client:
    """Change the registration to `wanted`, with a secret only if its authentication method needs one.

    Raises InvalidClientMetadata, InvalidRegisteredUri.
    """
    secret = (client.secret or new_secret(sandbox)) if wanted.has_secret else ""
    wanted = replace(wanted, secret=secret)
    _check(wanted)
    return change_registration(sandbox, transaction, client, wanted)


def _check(client: Client) -> None:
    """Check what RFC 7591 requires, then what every registration requires."""
    if not client.redirect_uris:
        raise InvalidRegisteredUri("redirect_uris is missing. Send at least one: customers return to it.")
    for uri in client.redirect_uris:
        if (problem := redirect_uri_problem(uri)) is not None:
            raise InvalidRegisteredUri(f"redirect_uris has {quoted(uri)}. {problem}")
    if not client.website:
        raise InvalidClientMetadata(
            "client_uri is missing. Send the URL of your website, for customers to visit."
        )
    _check_keys(client)
    try:
        check_registration(client)
    except InvalidParameter as error:
        raise InvalidClientMetadata(error.message) from error


def _check_keys(client: Client) -> None:
    if client.jwks is not None and client.jwks_uri is not None:
        raise InvalidClientMetadata("Both jwks and jwks_uri were sent. Send only one (RFC 7591, section 2).")
    if client.jwks is not None:
        check_key_set(client.jwks)
    if client.auth_method == "private_key_jwt" and client.jwks is None and client.jwks_uri is None:
        raise InvalidClientMetadata(
            "private_key_jwt needs your public keys. Send jwks with the keys, or jwks_uri with their URL."
        )
