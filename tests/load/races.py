"""Races for one refresh token over HTTP: of eight that come at once one wins, and what was revoked stays dead."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

RACERS = 8
ROTATING = ("--refresh-rotation", "on")
_SCOPE = "FB=4_15_16;AdditionalScope=auth-test-test_residential"


@dataclass
class Track:
    """A server, and eight connections to it, so that several workers are met."""

    racers: Sequence[httpx.AsyncClient]
    client: dict[str, Any]

    async def tokens(self) -> dict[str, Any]:
        """The tokens of a new grant."""
        answer = await self.racers[0].post("/_mock/authorizations", json={"scope": _SCOPE, "exchange": True})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()["tokens"]
        return found

    async def refresh(self, racer: httpx.AsyncClient, token: str) -> httpx.Response:
        """Refresh with that token."""
        form = {"grant_type": "refresh_token", "refresh_token": token}
        return await self._post(racer, "/oauth/token", form)

    async def revoke(self, racer: httpx.AsyncClient, token: str) -> httpx.Response:
        """Give that token back (RFC 7009)."""
        return await self._post(racer, "/oauth/revoke", {"token": token})

    async def opens(self, tokens: dict[str, Any]) -> bool:
        """Whether the access token reads anything, or the refresh token gets another one."""
        path = urlsplit(tokens["authorizationURI"]).path
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        read = await self.racers[0].get("/api/v2/meters", headers=bearer)
        checked = await self._post(self.racers[1], "/oauth/introspect", {"token": tokens["access_token"]})
        again = await self.refresh(self.racers[2], tokens["refresh_token"])
        assert {read.status_code, again.status_code} <= {200, 400, 401, 403}, (path, read.text, again.text)
        return read.status_code == 200 or again.status_code == 200 or checked.json()["active"]

    async def _post(self, racer: httpx.AsyncClient, path: str, form: dict[str, str]) -> httpx.Response:
        basic = (self.client["client_id"], self.client["client_secret"])
        answer = await racer.post(path, data=form, auth=basic)
        assert answer.status_code < 500, answer.text
        return answer


@asynccontextmanager
async def track(url: str) -> AsyncIterator[Track]:
    """A track to that server, until the end of the block."""
    async with AsyncExitStack() as stack:
        racers = [
            await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=100))
            for _ in range(RACERS)
        ]
        clients = (await racers[0].get("/_mock/clients")).json()["clients"]
        yield Track(racers, clients[0])


async def race_for_one_token(url: str, count: int) -> int:
    """So many races of eight refreshes with one token, where each replaces it and no grace is given; how many had
    another number of winners than one, or left anything alive: the losers show that the token was used twice.
    """
    wrong = 0
    async with track(url) as here:
        for _ in range(count):
            token = (await here.tokens())["refresh_token"]
            answers = await asyncio.gather(*(here.refresh(racer, token) for racer in here.racers))
            won = [answer.json() for answer in answers if answer.status_code == 200]
            wrong += len(won) != 1 or any([await here.opens(one) for one in won])
    return wrong


async def race_with_a_revocation(url: str, count: int) -> tuple[int, int]:
    """So many races of seven refreshes and the revocation of their token: how many left anything alive, and in how
    many a refresh came first.
    """
    wrong = close = 0
    async with track(url) as here:
        for _ in range(count):
            given = await here.tokens()
            token = given["refresh_token"]
            refreshes = [here.refresh(racer, token) for racer in here.racers[1:]]
            revoked, *answers = await asyncio.gather(here.revoke(here.racers[0], token), *refreshes)
            assert revoked.status_code == 200, revoked.text
            won = [answer.json() for answer in answers if answer.status_code == 200]
            close += bool(won)
            wrong += any([await here.opens(one) for one in (given, *won)])
    return wrong, close
