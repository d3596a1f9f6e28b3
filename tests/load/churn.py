"""Sandboxes that are made, copied, reset, restored and ended while others use them: each answers, nothing is left."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from mock_server.actions.sandboxes.shared_journal import ledger_of
from mock_server.store import open_store

_SCOPE = "FB=4_15_16;AdditionalScope=auth-test-test_residential"
_NAMES = ("one", "two", "three")
_REGISTRATION = {
    "client_name": "Churn",
    "client_uri": "https://third-party.example",
    "redirect_uris": ["https://third-party.example/cb"],
}


@dataclass
class Churn:
    """What is done to three sandboxes of a server, and how each of it was answered."""

    http: httpx.AsyncClient
    statuses: dict[tuple[str, int], int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    async def send(
        self, method: str, path: str, **options: Any
    ) -> httpx.Response:  # Any: httpx's own options
        """One request; a 5xx is a problem, anything else may be."""
        answer = await self.http.request(method, path, **options)
        key = (f"{method} {path.rpartition('/')[2][:16]}", answer.status_code)
        self.statuses[key] = self.statuses.get(key, 0) + 1
        if answer.status_code >= 500:
            self.problems.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer

    async def connect(self, name: str) -> None:
        """A connection of a third party, from the consent to the data and to a refresh."""
        base = f"/~{name}"
        body = {"scope": _SCOPE, "exchange": True}
        made = await self.send("POST", f"{base}/_mock/authorizations", json=body)
        if made.status_code != 201:
            return
        tokens = made.json()["tokens"]
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        await self.send("GET", f"{base}/api/v2/meters", headers=bearer)
        clients = await self.send("GET", f"{base}/_mock/clients")
        if clients.status_code != 200:
            return
        basic = (clients.json()["clients"][0]["client_id"], clients.json()["clients"][0]["client_secret"])
        form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        await self.send("POST", f"{base}/oauth/token", data=form, auth=basic)

    async def register_while_it_ends(self, name: str) -> None:
        """Half of a registration, the end of its sandbox, the other half."""
        body = json.dumps(_REGISTRATION).encode()

        async def halves() -> AsyncIterator[bytes]:
            yield body[: len(body) // 2]
            await self.end(name)
            yield body[len(body) // 2 :]

        headers = {"Content-Type": "application/json"}
        await self.send(
            "POST", f"/~{name}/DataCustodian/espi/1_1/register", content=halves(), headers=headers
        )

    async def end(self, name: str) -> None:
        """DELETE the sandbox."""
        await self.send("DELETE", f"/_mock/sandboxes/{name}")

    async def reset(self, name: str) -> None:
        """Back to the fixtures."""
        await self.send("POST", f"/~{name}/_mock/reset")

    async def make_up_a_customer(self, name: str) -> None:
        """A customer who signs in by nobody else's number."""
        await self.send("POST", f"/~{name}/_mock/customers", json={})

    async def go_back(self, name: str) -> None:
        """To a snapshot that was just taken."""
        await self.send("POST", f"/~{name}/_mock/snapshots", json={"name": "before"})
        await self.send("POST", f"/~{name}/_mock/snapshots/before/restore")

    async def copy(self, name: str) -> None:
        """Into a sandbox that then ends."""
        made = await self.send("POST", "/_mock/sandboxes", json={"from": name})
        if made.status_code == 201:
            await self.connect(made.json()["name"])
            await self.end(made.json()["name"])

    async def let_time_pass(self, name: str) -> None:
        """Two days, with all that they bring."""
        await self.send("POST", f"/~{name}/_mock/clock/advance", json={"by": "P2D"})

    async def deliver(self, name: str) -> None:
        """To a webhook that nobody hears."""
        await self.send("POST", f"/~{name}/_mock/webhooks", json={"url": "http://127.0.0.1:9/hook"})
        await self.send("POST", f"/~{name}/_mock/deliveries")

    def deeds(self) -> tuple[Callable[[str], Awaitable[None]], ...]:
        """Each thing that can be done to a sandbox; connections more often than the rest."""
        return (
            self.connect,
            self.register_while_it_ends,
            self.connect,
            self.reset,
            self.connect,
            self.make_up_a_customer,
            self.end,
            self.connect,
            self.go_back,
            self.copy,
            self.connect,
            self.let_time_pass,
            self.deliver,
        )


async def churn(url: str, count: int, *, at_once: int = 12) -> Churn:
    """Do so many things to three sandboxes, some of them at once; afterwards each sandbox must serve, and end."""
    limits = httpx.Limits(max_keepalive_connections=0)  # one that idles may just be closed by the server
    async with httpx.AsyncClient(base_url=url, timeout=100, limits=limits) as http:
        made = Churn(http)
        deeds, turns = made.deeds(), iter(range(count))

        async def work() -> None:
            for turn in turns:
                await deeds[turn % len(deeds)](_NAMES[turn // 2 % len(_NAMES)])

        await asyncio.gather(*(work() for _ in range(at_once)))
        for name in _NAMES:
            await made.connect(name)
            answer = await http.get(f"/~{name}/_mock/health")
            assert answer.status_code == 200, answer.text
            await made.end(name)
    return made


def left_over(database_url: str) -> list[str]:
    """Names under which rows stand that belong to no sandbox; those of copies begin with @."""
    store = open_store(database_url, sandbox="default")
    living = set(store.list_states())
    known = living | {ledger_of(name) for name in living}
    found = [name for name in store.list_names() if name not in known and not name.startswith("@")]
    copies = [name for name in store.list_names() if name.startswith("@")]
    store.close()
    return found + copies[1:]  # one is what sandboxes begin with
