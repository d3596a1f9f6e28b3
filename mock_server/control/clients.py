"""The registered clients, secrets included: this is a sandbox."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.requests import Request

from mock_server.actions.managing.clients import list_clients
from mock_server.core.records import Client
from mock_server.paths import Links
from mock_server.sandbox import Sandbox
from mock_server.surface import links_of, sandbox_of

router = APIRouter()


class ClientShape(BaseModel):
    """A client with everything it needs to call us."""

    client_id: str
    client_secret: str | None
    company_name: str
    mode: Literal["sandbox", "live"]
    redirect_uris: list[str]
    api_token: str | None
    registration_access_token: str
    webhook_secret: str
    notify_uri: str | None


class ClientList(BaseModel):
    """All clients."""

    clients: list[ClientShape]


@router.get("/clients")
async def read_clients(request: Request) -> ClientList:
    """All clients, the default one first."""
    sandbox, links = sandbox_of(request), links_of(request)
    found = await sandbox.run(_read, sandbox)
    return ClientList(clients=[_shape(client, links) for client in found])


def _read(sandbox: Sandbox) -> list[Client]:
    with sandbox.store.reading() as rows:
        return list_clients(rows, first=sandbox.fixtures.utility.default_client)


def _shape(client: Client, links: Links) -> ClientShape:
    return ClientShape(
        client_id=client.id,
        client_secret=client.secret or None,
        company_name=client.company_name,
        mode=client.mode,
        redirect_uris=[uri.replace("{base}", links.base) for uri in client.redirect_uris],
        api_token=client.api_token or None,
        registration_access_token=client.registration_access_token,
        webhook_secret=client.webhook_secret,
        notify_uri=client.notify_uri,
    )
