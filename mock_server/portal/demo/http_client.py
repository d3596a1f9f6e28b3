"""The demo's HTTP client: sends a request to the utility and records it as a step."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from urllib.parse import urlencode, urlsplit

import httpx

from mock_server.portal.demo.run import Step

STORED_BYTES = 12_000
_MOST_READ = 5_000_000
_TIMEOUT = 20.0
_FORM = "application/x-www-form-urlencoded"


class DemoHttpClient:
    """Calls one origin only: any other server would receive the customer's token."""

    def __init__(self, base: str, transport: httpx.AsyncBaseTransport) -> None:
        parts = urlsplit(base)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._client = httpx.AsyncClient(
            transport=transport, timeout=_TIMEOUT, follow_redirects=False, trust_env=False
        )

    async def __aenter__(self) -> "DemoHttpClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def send(
        self,
        title: str,
        says: str,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        body: str | None = None,
    ) -> tuple[Step, bytes]:
        """The step, and up to 5 MB of the response body."""
        content = urlencode(form) if form is not None else body or ""
        sent = {**({"Content-Type": _FORM} if form is not None else {}), **(headers or {})}
        step = Step(
            title=title,
            says=says,
            method=method,
            url=url,
            body=content,
            headers=[[name, value] for name, value in sent.items()],
        )
        if not url.startswith(self._origin + "/"):
            trouble = (
                f"This URL is not below {self._origin}. A client that called it would disclose its token."
            )
            return replace(step, trouble=trouble), b""
        try:
            async with self._client.stream(method, url, headers=sent, content=content) as response:
                read, size = await _read(response.aiter_bytes())
        except httpx.HTTPError as error:
            return replace(step, trouble=_failure_sentence(error)), b""
        answered = replace(
            step,
            status=response.status_code,
            answer_headers=[[name, value] for name, value in response.headers.items()],
            answer=read[:STORED_BYTES].decode("utf-8", "replace"),
            size=size,
        )
        return answered, read

    async def pass_on(
        self, url: str, headers: Mapping[str, str]
    ) -> tuple[httpx.Response, AsyncIterator[bytes]]:
        """A response of any length, as chunks; the connection closes at the end of the iteration."""
        request = self._client.build_request("GET", url, headers=headers)
        response = await self._client.send(request, stream=True)

        async def chunks() -> AsyncIterator[bytes]:
            try:
                async for chunk in response.aiter_bytes():
                    yield chunk
            finally:
                await response.aclose()
                await self._client.aclose()

        return response, chunks()


async def _read(chunks: AsyncIterator[bytes]) -> tuple[bytes, int]:
    """The first 5 MB of a body, and the size of the complete body in bytes."""
    stored, size = bytearray(), 0
    async for chunk in chunks:
        size += len(chunk)
        if len(stored) < _MOST_READ:
            stored += chunk
    return bytes(stored), size


def _failure_sentence(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"No response arrived within {_TIMEOUT:g} seconds. A client gives up and tries again later."
    return "The connection broke before the complete response arrived. A client waits and tries again."
