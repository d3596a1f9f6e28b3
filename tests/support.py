"""A third party for tests: gets authorizations and tokens from the actions, without any page."""

import asyncio
import contextvars
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Scope

from mock_server.actions.authorizations.authorizations import approve_directly
from mock_server.actions.connecting.authorize import find_return_address, start_request
from mock_server.actions.connecting.consent import Approval
from mock_server.actions.connecting.find_customer import find_customer
from mock_server.actions.tokens.client_token import issue_client_token
from mock_server.actions.tokens.issue import IssuedTokens
from mock_server.actions.tokens.redeem_code import redeem_code
from mock_server.app import compose_surfaces
from mock_server.domain.records import Client
from mock_server.domain.text.parameters import parameters_of
from mock_server.http.sandboxes import Sandboxes
from mock_server.sandbox import Sandbox

BASE = "http://localhost:8000"
CALLBACK = "http://127.0.0.1:5000/callback"
SCOPE = "FB=4_16_51;AdditionalScope=auth-test-test_residential"


class InProcess(httpx.BaseTransport):
    """Answers requests by calling an application in this process, each in an event loop of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._transport = httpx.ASGITransport(app=app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange; the answer is read whole."""
        return asyncio.run(self._exchange(request))

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        sent = httpx.Request(request.method, request.url, headers=request.headers, content=request.read())
        answer = await self._transport.handle_async_request(sent)
        body = b"".join([piece async for piece in answer.aiter_raw()])
        return httpx.Response(answer.status_code, headers=answer.headers.raw, stream=httpx.ByteStream(body))


def sent_in_halves(
    app: ASGIApp,
    method: str,
    path: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    between: Callable[[], object],
) -> httpx.Response:
    """The answer to a request after whose head and half of whose body something else happens."""

    async def halves() -> AsyncIterator[bytes]:
        yield body[: len(body) // 2]
        await asyncio.to_thread(contextvars.Context().run, between)  # as another request would
        yield body[len(body) // 2 :]

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
            return await client.request(method, path, content=halves(), headers=dict(headers))

    return asyncio.run(send())


@dataclass(frozen=True)
class RawAnswer:
    """What an application sent: header names in lower case, values as bytes."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: str) -> str:
        """The first value of a header, or nothing."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name.encode()), "")

    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


def call_raw(
    app: ASGIApp,
    method: str,
    path: str,
    *,
    query: bytes = b"",
    headers: Iterable[tuple[str, bytes]] = (),
    body: bytes | None = b"",
    bug: type[Exception] | None = None,
) -> RawAnswer:
    """One call with any bytes in its headers and its query, as servers pass them on and httpx refuses to send them.

    Without a Host header of its own it is sent to localhost:8000. A body that is None never comes. An exception of
    the type `bug` may leave the application after it answered, for the server's log.
    """
    sent = [(name.lower().encode(), value) for name, value in headers]
    host = [] if any(name == b"host" for name, _ in sent) else [(b"host", b"localhost:8000")]
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("utf-8", "surrogateescape"),
        "query_string": query,
        "root_path": "",
        "headers": [*host, *sent],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8000),
    }
    messages: list[Message] = []
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if body is None:
            await asyncio.Event().wait()
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        messages.append(message)

    with suppress(bug) if bug else nullcontext():
        asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]  # an application is a coroutine function
    start = next(one for one in messages if one["type"] == "http.response.start")
    pieces = [one.get("body", b"") for one in messages if one["type"] == "http.response.body"]
    return RawAnswer(start["status"], list(start["headers"]), b"".join(pieces))


_SHARED: list[tuple[Sandboxes, FastAPI]] = []


def app_around(sandbox: Sandbox) -> FastAPI:
    """The one application that tests share, now in front of this sandbox: composing it takes longer than most tests."""
    if not _SHARED:
        sandboxes = Sandboxes(sandbox)
        _SHARED.append(
            (
                sandboxes,
                compose_surfaces(
                    sandboxes, demo_transport=lambda context: httpx.ASGITransport(app=context.request.app)
                ),
            )
        )
    sandboxes, app = _SHARED[0]
    sandboxes.replace_default(sandbox)
    return app


def browser(app: ASGIApp) -> httpx.Client:
    """A client with a cookie jar in front of an application; it does not follow redirects."""
    return httpx.Client(transport=InProcess(app), base_url=BASE, follow_redirects=False)


@dataclass(frozen=True)
class Third:
    """A third party that is on good terms with the utility."""

    sandbox: Sandbox
    http: httpx.Client
    client_id: str = "DEMOUTILITY_ccccccccc"

    @property
    def client(self) -> Client:
        """Its registration."""
        with self.sandbox.store.reading() as transaction:
            found = transaction.clients.find(id=self.client_id)
        assert found is not None
        return found

    def approval(self, customer: str = "test_residential", scope: str = SCOPE, **query: str) -> Approval:
        """An authorization and its code."""
        values = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": CALLBACK,
            "scope": scope,
            "state": "xyz",
            **query,
        }
        parameters = parameters_of(values.items())
        address = self.sandbox.read(find_return_address, parameters, base=BASE)
        request = self.sandbox.write(start_request, parameters, address, browser="browser")
        found = self.sandbox.write(find_customer, customer)
        assert found is not None
        return self.sandbox.write(
            approve_directly,
            request,
            client=address.client,
            customer=found,
            receipt_link=f"{BASE}/receipt",
            own_link="y",
        )

    def tokens(self, customer: str = "test_residential", scope: str = SCOPE) -> IssuedTokens:
        """The tokens of a new authorization."""
        approval = self.approval(customer, scope)
        return self.sandbox.write(
            redeem_code, self.client, code=approval.code, redirect_uri=CALLBACK, code_verifier=None
        )

    def client_token(self, scope: str | None = None) -> str:
        """A token of the class that the scope asks for; without one, a client token."""
        return self.sandbox.write(issue_client_token, self.client, scope=scope).access_token

    def get(self, path: str, token: str, **options: Any) -> Any:  # httpx's own options and answer
        """GET with a bearer token."""
        return self.http.get(path, headers={"Authorization": f"Bearer {token}"}, **options)
