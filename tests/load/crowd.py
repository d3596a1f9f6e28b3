"""A crowd: a thousand customers at the consent at once, two hundred third parties at their feeds at once."""

import asyncio
from collections.abc import Awaitable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

_SCOPE = "FB=4_15_16;AdditionalScope=auth-test-test_residential"
_REDIRECT_URI = "http://localhost:9000/cb"
_TIMEOUT = httpx.Timeout(300)  # in a crowd one waits for one's turn


async def let_in(url: str, count: int) -> list[dict[str, Any]]:
    """So many flows that all begin at once, each on a connection of its own; the token answers."""
    async with _http(url, count) as http:
        client = (await http.get("/_mock/clients")).json()["clients"][0]
        return await _at_once(*(_flow(http, client) for _ in range(count)))


async def let_read(url: str, tokens: list[dict[str, Any]]) -> list[int]:
    """So many feeds, all read at once; how many bytes each had. A feed that breaks off is an error."""
    async with _http(url, len(tokens)) as http:
        return await _at_once(*(_feed(http, one) for one in tokens))


async def _at_once(*works: Awaitable[Any]) -> list[Any]:
    return list(await asyncio.gather(*works))


async def _flow(http: httpx.AsyncClient, client: dict[str, Any]) -> dict[str, Any]:
    requested = {"response_type": "code", "client_id": client["client_id"], "scope": _SCOPE}
    sent = await http.get(
        "/DataCustodian/oauth/authorize", params={**requested, "redirect_uri": _REDIRECT_URI}
    )
    code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": _REDIRECT_URI}
    basic = (client["client_id"], client["client_secret"])
    answer = await http.post("/DataCustodian/oauth/token", data=form, auth=basic)
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()
    return result


async def _feed(http: httpx.AsyncClient, tokens: dict[str, Any]) -> int:
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept-Encoding": "identity"}
    size, end = 0, b""
    async with http.stream("GET", urlsplit(tokens["resourceURI"]).path, headers=headers) as answer:
        assert answer.status_code == 200, answer.status_code
        async for piece in answer.aiter_raw():
            size += len(piece)
            end = (end + piece)[-64:]
    assert end.rstrip().endswith(b"feed>"), end
    return size


def _http(url: str, count: int) -> httpx.AsyncClient:
    limits = httpx.Limits(
        max_connections=count, max_keepalive_connections=0
    )  # a slow reader of many loses what idles
    return httpx.AsyncClient(base_url=url, timeout=_TIMEOUT, limits=limits)
