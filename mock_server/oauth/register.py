"""The dynamic registration endpoints (RFC 7591, RFC 7592)."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from mock_server.actions.clients.find_client import find_client
from mock_server.actions.clients.manage_registration import remove_registration
from mock_server.actions.clients.register_client import change_client, register_client
from mock_server.domain.errors import InsufficientScope, InvalidClientMetadata, InvalidToken
from mock_server.domain.records import Client, TokenClass
from mock_server.domain.text.quoting import quoted
from mock_server.http.bearer import authenticate_bearer
from mock_server.http.body import read_body
from mock_server.http.context import Context, RequestContext
from mock_server.oauth.client_auth import METHODS
from mock_server.oauth.client_metadata import (
    ChangedMetadata,
    ClientMetadata,
    client_as_said,
    metadata_of,
    new_client,
    read_metadata,
)
from mock_server.oauth.errors import NO_STORE
from mock_server.oauth.grants import GRANTS
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import REGISTER

router = APIRouter(prefix=REGISTER, tags=["OAuth"])

_LARGEST = 100_000
_REGISTRATION_TOKENS: tuple[TokenClass, ...] = ("registration",)


def _documented(shape: type[ClientMetadata], status: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"content": {"application/json": {}}}
    return {
        "requestBody": {"content": {"application/json": {"schema": shape.model_json_schema()}}},
        "responses": {
            status: {"description": "The registration, with its secrets", **answer},
            "400": {"description": "An error (RFC 7591 §3.2.2)", **answer},
        },
    }


@router.post("", status_code=201, openapi_extra=_documented(ClientMetadata, "201"))
async def register(context: Context) -> Response:
    """Register a client; it works in sandbox mode immediately (RFC 7591 §3)."""
    sandbox, links = context.sandbox, context.links
    sent = read_metadata(await read_body(context, largest=_LARGEST), ClientMetadata)
    _check_supported(sent)
    client = await sandbox.run(
        sandbox.write, register_client, new_client(sent), settings_link=links.browser("settings")
    )
    context.note_client(client.id)
    return JSONResponse(metadata_of(client, links), status_code=201, headers=NO_STORE)


@router.get("/{client_id}")
async def read(context: Context, client_id: str) -> Response:
    """The current registration (RFC 7592 §2.1)."""
    return JSONResponse(metadata_of(await _own(context, client_id), context.links), headers=NO_STORE)


@router.put("/{client_id}", openapi_extra=_documented(ChangedMetadata, "200"))
async def change(context: Context, client_id: str) -> Response:
    """Replace the registration; omitted fields are removed (RFC 7592 §2.2)."""
    client, sandbox, links = await _own(context, client_id), context.sandbox, context.links
    sent = read_metadata(await read_body(context, largest=_LARGEST), ChangedMetadata)
    _check_own(client, sent)
    _check_supported(sent)
    changed = await sandbox.run(sandbox.write, change_client, client, client_as_said(client, sent, links))
    return JSONResponse(metadata_of(changed, links), headers=NO_STORE)


@router.delete("/{client_id}", status_code=204)
async def delete(context: Context, client_id: str) -> Response:
    """End the registration and the client's tokens (RFC 7592 §2.3)."""
    client = await _own(context, client_id)
    await context.sandbox.run(context.sandbox.write, remove_registration, client.id)
    return Response(status_code=204, headers=NO_STORE)


async def _own(context: RequestContext, client_id: str) -> Client:
    """The registration of the token's client. Raises InvalidToken if it was deleted (RFC 7592 §2.1)."""
    caller = await authenticate_bearer(context, allowed=_REGISTRATION_TOKENS)
    if client_id != caller.client_id:
        raise InsufficientScope("This token can only access the registration of its own client.")
    found = await context.sandbox.run(context.sandbox.read, _find, client_id)
    if found is None or found.removed is not None:
        raise InvalidToken(
            "This registration was deleted. Register again, or restore it with PUT of the ApplicationInformation."
        )
    return found


def _find(sandbox: Sandbox, transaction: Transaction, client_id: str) -> Client | None:
    return find_client(transaction, client_id)


def _check_supported(sent: ClientMetadata) -> None:
    """Raise InvalidClientMetadata if the metadata requests something that is not supported."""
    _check_values("response_types", sent.response_types, ["code"])
    _check_values("grant_types", sent.grant_types, [grant.name for grant in GRANTS])
    if sent.token_endpoint_auth_method is not None:
        methods = [method.name for method in METHODS]
        _check_values("token_endpoint_auth_method", [sent.token_endpoint_auth_method], methods)


def _check_values(name: str, sent: Sequence[str] | None, offered: Sequence[str]) -> None:
    for value in sent or ():
        if value not in offered:
            raise InvalidClientMetadata(
                f"{name}: {quoted(value)} is not supported. Use {', '.join(offered)}."
            )


def _check_own(client: Client, metadata: ChangedMetadata) -> None:
    values: Mapping[str, tuple[str | None, str]] = {
        "client_id": (metadata.client_id, client.id),
        "client_secret": (metadata.client_secret, client.secret),
    }
    for name, (sent, own) in values.items():
        if sent is not None and sent != own:
            raise InvalidClientMetadata(
                f"The {name} in the body does not belong to this client. Send its own {name}."
            )
