"""Calls that list, find, await, export and clear the request log."""

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
from mock_server.store import Transaction

router = calls()


class Conditions(BaseModel):
    """Which request log entries. An absent condition matches everything."""

    model_config = ConfigDict(extra="forbid")

    path: str | None = Field(None, description="A pattern such as /api/v2/*, where * matches anything.")
    method: str | None = None
    status: str | None = Field(
        None,
        pattern="^([1-5][0-9][0-9]|[1-5]xx|none)$",
        description="A status such as 401, a class such as 4xx, or none if no response was sent.",
    )
    client_id: str | None = None
    since: UtcInstant | None = Field(None, description="A time of the sandbox's clock.")
    after: str | None = Field(None, description="The id of an entry; only later entries match.")

    def wanted(self) -> Wanted:
        """The conditions as the journal takes them."""
        names = ("path", "method", "status", "client_id", "after", "since")
        return Wanted(**{name: getattr(self, name) for name in names})


class Search(Conditions):
    """Which entries, and how many of the newest at most."""

    limit: int = Field(1_000, ge=1, le=1_000)


class WaitConditions(Conditions):
    """Which entry to wait for, and for how many seconds."""

    timeout: float = Field(10.0, ge=0, le=60)


class ExchangeShape(BaseModel):
    """The summary of a request log entry. `status` is null if the connection closed before the response."""

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
    """A request or a response. `size` is the length of the body in bytes; `body` may be only its beginning."""

    headers: list[tuple[str, str]]
    body: str | None
    size: int
    is_cut: bool


class ExchangeDetails(ExchangeShape):
    """A request log entry with headers and bodies. Secrets are masked."""

    url: str
    request: SideShape
    response: SideShape


class ExchangeList(BaseModel):
    """Request log entries, oldest first."""

    exchanges: list[ExchangeShape]


@router.get("/exchanges")
async def read_exchanges(context: Context, search: Annotated[Search, Query()]) -> ExchangeList:
    """The newest `limit` matching entries, oldest first."""
    return ExchangeList(
        exchanges=[ExchangeShape(**_summary(exchange)) for exchange in await _list_exchanges(context, search)]
    )


@router.delete("/exchanges", status_code=204)
async def forget_exchanges(context: Context) -> None:
    """Clear the request log."""
    sandbox = context.sandbox
    await sandbox.run(sandbox.journal.clear)


@router.get("/exchanges/wait")
async def wait_for_exchange(
    context: Context, conditions: Annotated[WaitConditions, Query()]
) -> ExchangeDetails:
    """Wait for the first matching entry: one already in the log, else the next one once it is complete."""
    sandbox = context.sandbox
    found = await sandbox.journal.wait(conditions.wanted(), seconds=conditions.timeout)
    if found is None:
        last = await sandbox.run(sandbox.journal.list, Wanted(after=conditions.after), newest=1)
        sentence = (
            f"The last request was {last[0].method} {last[0].path} ({last[0].status})."
            if last
            else "There was no other request."
        )
        raise TimedOut(f"No request matched within {conditions.timeout:g} seconds. {sentence}")
    return _details(found)


@router.get("/exchanges/{id}")
async def read_exchange(context: Context, exchange_id: Annotated[str, Path(alias="id")]) -> ExchangeDetails:
    """One entry with headers and bodies. Its id is the X-Request-Id of the response."""
    sandbox = context.sandbox
    found = await sandbox.run(sandbox.journal.find, exchange_id)
    if found is None:
        raise NotFound(
            f"There is no entry {exchange_id[:40]!r} in the request log, which keeps only the newest. "
            "GET /_mock/exchanges lists them."
        )
    return _details(found)


@router.get("/exchanges.har")
async def export_har(context: Context, search: Annotated[Search, Query()]) -> Response:
    """Export an HTTP Archive (HAR 1.2), which the network panel of a browser's developer tools can open."""
    return JSONResponse(har(await _list_exchanges(context, search)), headers=attachment("exchanges.har"))


@router.get("/exchanges.curl")
async def export_curl(context: Context, search: Annotated[Search, Query()]) -> Response:
    """Export curl commands."""
    return PlainTextResponse(curl_lines(await _list_exchanges(context, search)))


@router.get("/exchanges.py")
async def export_test(context: Context, search: Annotated[Search, Query()]) -> Response:
    """Export a pytest test that repeats the back-channel requests with its own secrets."""
    sandbox = context.sandbox
    secrets = await sandbox.run(sandbox.read, _secrets)
    source = replay_test(await _list_exchanges(context, search), secrets=secrets)
    return PlainTextResponse(source, media_type="text/x-python", headers=attachment("test_recorded_flow.py"))


async def _list_exchanges(context: RequestContext, search: Search) -> list[Exchange]:
    sandbox = context.sandbox
    return await sandbox.run(sandbox.journal.list, search.wanted(), newest=search.limit)


def _secrets(sandbox: Sandbox, transaction: Transaction) -> dict[str, str]:
    """By mask, the Python expression that gives an exported test this secret."""
    clients = list_clients(transaction, first=sandbox.fixtures.utility.default_client)
    label = sandbox.journal.label
    return {
        label(secret): f"clients['{client.id}'].{name}"
        for client in clients
        for name, secret in (("secret", client.secret), ("api_token", client.api_token))
        if secret
    }


def _summary(exchange: Exchange) -> dict[str, Any]:  # fields of several types
    return {name: getattr(exchange, name) for name in ExchangeShape.model_fields}


def _details(exchange: Exchange) -> ExchangeDetails:
    sides = {"request": _side(exchange.request), "response": _side(exchange.response)}
    return ExchangeDetails(url=exchange.url, **_summary(exchange), **sides)


def _side(side: Side) -> SideShape:
    return SideShape(headers=list(side.headers), body=side.body, size=side.size, is_cut=side.is_cut)
