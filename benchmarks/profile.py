"""`make profile ARGS=feed`: where a request's time goes in the server, by pyinstrument."""

import asyncio
import base64
import sys
import tempfile
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import httpx
from pyinstrument import Profiler

from mock_server.app import create_app
from mock_server.settings import read_settings

_REDIRECT_URI = "http://localhost:9000/cb"
_TOKEN = "/DataCustodian/oauth/token"
_SCOPE = "FB=4_15_16;AdditionalScope=auth-test-test_residential"
_FEED = "FB=4_16;AdditionalScope=auth-test-test_commercial"


class _Caller:
    """The seeded client, calling the application without a socket."""

    def __init__(self, http: httpx.AsyncClient, client: dict[str, str]) -> None:
        self._http = http
        self._id = client["client_id"]
        credentials = base64.b64encode(f"{self._id}:{client['client_secret']}".encode()).decode()
        self._basic = {"Authorization": f"Basic {credentials}"}
        self._api = {"Authorization": f"Bearer {client['api_token']}"}

    async def tokens(self) -> None:
        """One token for the client itself."""
        await self._http.post(_TOKEN, data={"grant_type": "client_credentials"}, headers=self._basic)

    async def flows(self) -> None:
        """Authorize and redeem."""
        query = {
            "response_type": "code",
            "client_id": self._id,
            "redirect_uri": _REDIRECT_URI,
            "scope": _SCOPE,
        }
        answer = await self._http.get("/DataCustodian/oauth/authorize", params=query)
        code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
        body = {"grant_type": "authorization_code", "code": code, "redirect_uri": _REDIRECT_URI}
        await self._http.post(_TOKEN, data=body, headers=self._basic)

    async def lists(self) -> None:
        """A page of authorizations."""
        await self._http.get("/api/v2/authorizations?limit=50", headers=self._api)

    async def feed(self) -> None:
        """A commercial feed of which nothing was written yet."""
        made = await self._http.post("/_mock/authorizations", json={"scope": _FEED, "exchange": True})
        uid = made.json()["authorization"]["uid"]
        path = f"/DataCustodian/espi/1_1/resource/Batch/Subscription/{uid}"
        async with self._http.stream("GET", path, headers=self._api) as answer:
            async for _ in answer.aiter_raw():
                pass


_TIMES = {"tokens": 500, "flows": 100, "lists": 200, "feed": 2}


async def _main(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(
            {"database_url": f"sqlite:///{folder}/profile.db", "auto_approve": True, "log_level": "error"}
        )
        app = create_app(settings)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as http:
            found = (await http.get("/_mock/clients")).json()["clients"][0]
            await _profile(getattr(_Caller(http, found), name), times=_TIMES[name])


async def _profile(story: Callable[[], Awaitable[None]], *, times: int) -> None:
    await story()  # what is done once is not what is looked for
    profiler = Profiler(async_mode="enabled")
    profiler.start()
    for _ in range(times):
        await story()
    profiler.stop()
    print(profiler.output_text(unicode=True, color=sys.stdout.isatty()))


if __name__ == "__main__":
    asyncio.run(_main((sys.argv[1:] or ["tokens"])[0]))
