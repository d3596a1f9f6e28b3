"""Tokens and code flows in a second, on eight connections, beside others."""

from collections.abc import Callable, Iterable

from benchmarks.load import Line, Story, drive
from benchmarks.peers import BARE, FLOOR, OAUTH2, OIDC, PEERS, Peer, our_client, ours, running
from benchmarks.processes import PYTHON, Served, free_port, served
from benchmarks.table import Row, Target
from benchmarks.turns import in_turns

_SECONDS = 1.5
_OURS = "ours"


def measure() -> Iterable[Row]:
    """The rows of this part."""
    yield Row(
        figure="load generator, at most", ours=_generator(), unit="/s", note="of requests, to a bare socket"
    )
    with ours() as server, running(*PEERS) as others:
        client = our_client(server)
        tokens = {_OURS: (server, client.client_credentials)} | _stories(others, "client_credentials")
        flows = {_OURS: (server, client.code_flow)} | _stories(others, "code_flow")
        rates = _rates(tokens)
        name = "client_credentials tokens, durable"
        yield _row(name, rates, BARE, Target("at least", 0.3))
        yield _row(name, rates, FLOOR)
        yield _row(name, rates, OAUTH2, Target("at least", 1.3))
        rates = _rates(flows)
        name = "code flows (authorize and token), durable"
        yield _row(name, rates, OAUTH2, Target("at least", 0.8))
        yield _row(name, rates, OIDC, Target("at least", 25))
        yield _row(name, rates, FLOOR)


def _generator() -> float:
    port = free_port()

    async def ask(line: Line) -> None:
        await line.ask("POST", "/token", body="grant_type=client_credentials")

    with served(PYTHON, "-m", "benchmarks.nothing", str(port), port=port):
        return drive(port, ask, seconds=_SECONDS).per_second


def _stories(others: dict[str, Served], kind: str) -> dict[str, tuple[Served, Story]]:
    values = {peer.name: getattr(peer, kind) for peer in PEERS}
    return {name: (server, values[name]) for name, server in others.items() if values[name] is not None}


def _rates(subjects: dict[str, tuple[Served, Story]]) -> dict[str, float]:
    """Stories in a second, of each subject."""

    def rate(server: Served, story: Story) -> Callable[[], float]:
        return lambda: drive(server.port, story, seconds=_SECONDS).per_second

    return in_turns({name: rate(*subject) for name, subject in subjects.items()})


def _row(figure: str, rates: dict[str, float], peer: Peer, target: Target | None = None) -> Row:
    return Row(
        figure=figure,
        ours=rates[_OURS],
        unit="/s",
        beside=peer.name,
        baseline=rates.get(peer.name),
        target=target,
        note=peer.missing or "",
    )
