"""Calls for the request log: listed, found, awaited, exported, cleared."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, PlainTextResponse, Response

from mock_server.actions.clients.find_client import list_clients
from mock_server.control.calls import calls
from mock_server.control.instants import UtcInstant
from mock_server.domain.errors import NotFound, TimedOut
from mock_server.http.context import Context, RequestContext
from mock_server.http.responses.header_fields import attachment
from mock_server.journal import Exchange, Side, Wanted, curl_lines, har, replay_test
from mock_server.sandbox import Sandbox

router = calls()


class Conditions(BaseModel):
    """Which exchanges; conditions that are absent ask for nothing."""

    model_config = ConfigDict(extra="forbid")

    path: str | None = Field(None, description="A pattern such as /api/v2/*; * stands for anything.")
    method: str | None = None
    status: str | None = Field(
        None, pattern="^([1-5][0-9][0-9]|[1-5]xx|none)$", description="401, 4xx, or none."
    )
    client_id: str | None = None
    since: UtcInstant | None = Field(None, description="An instant of the sandbox's clock.")
    after: str | None = Field(None, description="The id of an exchange: only what came after it.")

    def wanted(self) -> Wanted:
        """The same, for the journal."""
        names = ("path", "method", "status", "client_id", "after", "since")
        return Wanted(**{name: getattr(self, name) for name in names})


class Search(Conditions):
    """Which exchanges, and how many at most: the newest of them."""

    limit: int = Field(1_000, ge=1, le=1_000)


class WaitConditions(Conditions):
    """Which exchange, and how many seconds to wait for it."""

    timeout: float = Field(10.0, ge=0, le=60)


class ExchangeShape(BaseModel):
    """An exchange at a glance. `status` is null where the connection was cut before an answer."""

    id: str
    at: datetime
    duration_ms: float
    method: str
    path: str
    query: str
    status: int | None
    client_id: str | None
    error: str | None
    fault: str | None


class SideShape(BaseModel):
    """What one side sent: `size` counts all bytes of the body, `body` may be its beginning only."""

    headers: list[tuple[str, str]]
    body: str | None
    size: int
    is_cut: bool


class ExchangeDetails(ExchangeShape):
    """An exchange with headers and bodies, secrets masked."""

    url: str
    request: SideShape
    response: SideShape


class ExchangeList(BaseModel):
    """Exchanges, oldest first."""

    exchanges: list[ExchangeShape]


@router.get("/exchanges")
async def read_exchanges(context: Context, search: Annotated[Search, Query()]) -> ExchangeList:
    """What clients sent and got, oldest first; of more than `limit`, the newest."""
    return ExchangeList(exchanges=[ExchangeShape(**_glance(one)) for one in await _found(context, search)])


@router.delete("/exchanges", status_code=204)
async def forget_exchanges(context: Context) -> None:
    """Clear the journal."""
    sandbox = context.sandbox
    await sandbox.run(sandbox.journal.clear)


@router.get("/exchanges/wait")
async def wait_for_exchange(
    context: Context, conditions: Annotated[WaitConditions, Query()]
) -> ExchangeDetails:
    """The first exchange that fits: one that is there already, else the next one, as soon as it has ended."""
    sandbox = context.sandbox
    found = await sandbox.journal.wait(conditions.wanted(), seconds=conditions.timeout)
    if found is None:
        last = await sandbox.run(sandbox.journal.list, Wanted(after=conditions.after), newest=1)
        sentence = (
            f"The last one was {last[0].method} {last[0].path} ({last[0].status})." if last else "None came."
        )
        raise TimedOut(f"No exchange that fits came within {conditions.timeout:g} seconds. {sentence}")
    return _details(found)


@router.get("/exchanges/{id}")
async def read_exchange(context: Context, exchange_id: Annotated[str, Path(alias="id")]) -> ExchangeDetails:
    """One exchange with headers and bodies; its id is the X-Request-Id of the answer."""
    sandbox = context.sandbox
    found = await sandbox.run(sandbox.journal.find, exchange_id)
    if found is None:
        raise NotFound(
            f"There is no exchange {exchange_id[:40]!r} in the journal. It keeps the last ones; "
            "GET /_mock/exchanges lists them."
        )
    return _details(found)


@router.get("/exchanges.har")
async def export_har(context: Context, search: Annotated[Search, Query()]) -> Response:
    """As an HTTP Archive (HAR 1.2): drop it on the network panel of a browser's developer tools."""
    return JSONResponse(har(await _found(context, search)), headers=attachment("exchanges.har"))


@router.get("/exchanges.curl")
async def export_curl(context: Context, search: Annotated[Search, Query()]) -> Response:
    """As commands for a shell."""
    return PlainTextResponse(curl_lines(await _found(context, search)))


@router.get("/exchanges.py")
async def export_test(context: Context, search: Annotated[Search, Query()]) -> Response:
    """As a test that pytest runs: the back channel's requests again, with secrets of its own."""
    sandbox = context.sandbox
    secrets = await sandbox.run(_secrets, sandbox)
    source = replay_test(await _found(context, search), secrets=secrets)
    return PlainTextResponse(source, media_type="text/x-python", headers=attachment("test_recorded_flow.py"))


async def _found(context: RequestContext, search: Search) -> list[Exchange]:
    sandbox = context.sandbox
    return await sandbox.run(sandbox.journal.list, search.wanted(), newest=search.limit)


def _secrets(sandbox: Sandbox) -> dict[str, str]:
    """How a test gets what clients hold, by mask."""
    with sandbox.reading() as transaction:
        clients = list_clients(transaction, first=sandbox.fixtures.utility.default_client)
    label = sandbox.journal.label
    return {
        label(secret): f"clients['{client.id}'].{name}"
        for client in clients
        for name, secret in (("secret", client.secret), ("api_token", client.api_token))
        if secret
    }


def _glance(exchange: Exchange) -> dict[str, Any]:  # fields of several types
    return {name: getattr(exchange, name) for name in ExchangeShape.model_fields}


def _details(exchange: Exchange) -> ExchangeDetails:
    sides = {"request": _side(exchange.request), "response": _side(exchange.response)}
    return ExchangeDetails(url=exchange.url, **_glance(exchange), **sides)


def _side(side: Side) -> SideShape:
    return SideShape(headers=list(side.headers), body=side.body, size=side.size, is_cut=side.is_cut)
