"""From nothing to the first answer, and what memory that takes: the command, beside others."""

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

from benchmarks.load import Line, drive
from benchmarks.peers import BARE, OAUTH2, OIDC, Peer, our_client, ours, running
from benchmarks.processes import Served
from benchmarks.table import Row, Target
from benchmarks.turns import TURNS, median

_LOAD_SECONDS = 60
_MEGABYTE = 1e6


def measure() -> Iterable[Row]:
    """The rows of this part."""
    yield from _starts()
    yield from _under_load()


def _starts() -> Iterable[Row]:
    starts: dict[str, list[float]] = {}
    memories: dict[str, list[float]] = {}
    for _ in range(TURNS + 1):
        for name, start in _subjects().items():
            with start() as server:
                starts.setdefault(name, []).append(server.started)
                memories.setdefault(name, []).append(server.memory() / _MEGABYTE)
    yield Row(
        figure="start to first 200, new database",
        ours=median(starts["ours"][1:]) * 1000,
        unit="ms",
        beside=BARE.name,
        baseline=median(starts[BARE.name][1:]) * 1000,
        target=Target("at most", 1.6),
    )
    for peer in (OAUTH2, OIDC):
        found = starts.get(peer.name)
        yield Row(
            figure="start to first 200, new database",
            ours=median(starts["ours"][1:]) * 1000,
            unit="ms",
            beside=peer.name,
            baseline=median(found[1:]) * 1000 if found else None,
            note=peer.missing or "",
        )
    yield Row(
        figure="memory, idle",
        ours=median(memories["ours"][1:]),
        unit="MB",
        beside=BARE.name,
        baseline=median(memories[BARE.name][1:]),
        target=Target("at most", 85, "figure"),
    )


def _subjects() -> dict[str, Callable[[], AbstractContextManager[Served]]]:
    found: dict[str, Callable[[], AbstractContextManager[Served]]] = {"ours": ours}
    return found | {peer.name: _starting(peer) for peer in (BARE, OAUTH2, OIDC) if peer.missing is None}


def _starting(peer: Peer) -> Callable[[], AbstractContextManager[Served]]:
    from contextlib import contextmanager

    @contextmanager
    def start():  # type: ignore[no-untyped-def]
        with running(peer) as found:
            yield found[peer.name]

    return start


def _under_load() -> Iterable[Row]:
    """Flows, reading of what they gave, and lists, for a minute."""
    with ours() as server:
        client = our_client(server)
        idle = server.memory()
        batch = f"/DataCustodian/espi/1_1/resource/Batch/Subscription/{_subscription(server)}"
        token = f"Authorization: Bearer {client.api_token}\r\n"

        async def story(line: Line) -> None:
            await client.code_flow(line)
            await line.ask("GET", "/api/v2/authorizations?limit=10", headers=token)
            if time.perf_counter() % 1 < 0.1:
                await line.ask("GET", batch, headers=token)

        drive(server.port, story, seconds=_LOAD_SECONDS)
        yield Row(
            figure=f"memory after {_LOAD_SECONDS} s of load",
            ours=server.memory() / _MEGABYTE,
            unit="MB",
            beside="idle",
            baseline=idle / _MEGABYTE,
            target=Target("at most", 1.4),
            note=f"at most {server.peak() / _MEGABYTE:.0f} MB",
        )
        server.call("POST", "/_mock/reset")
        time.sleep(2)
        yield Row(
            figure="memory after that and a reset",
            ours=server.memory() / _MEGABYTE,
            unit="MB",
            beside="idle",
            baseline=idle / _MEGABYTE,
            target=Target("at most", 1.2),
        )


def _subscription(server: Served) -> str:
    scope = "FB=4_15_16;AdditionalScope=auth-test-test_residential"
    made = server.call("POST", "/_mock/authorizations", {"scope": scope, "exchange": True})
    return str(made["authorization"]["uid"])
