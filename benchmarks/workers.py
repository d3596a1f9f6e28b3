"""Two workers on two cores, against one, on SQLite: reads, and tokens."""

import os
from collections.abc import Callable, Iterable

from benchmarks.load import Line, Story, drive
from benchmarks.peers import OurClient, our_client, ours
from benchmarks.processes import Served
from benchmarks.table import Row, Target
from benchmarks.turns import in_turns

_SECONDS = 2.0
_CONNECTIONS = 16  # the system gives each to one of the workers, so that few would lie unevenly


def measure() -> Iterable[Row]:
    """The rows of this part."""
    with ours() as one, ours("--workers", "2") as two:
        client, other = our_client(one), our_client(two)
        note = f"{os.cpu_count()} cores, of which the load generator needs its share"
        yield _row("JSON lists, two workers", one, two, (_reads(client), _reads(other)), note)
        stories = (client.client_credentials, other.client_credentials)
        yield _row("client_credentials tokens, two workers", one, two, stories, "SQLite has one writer", None)


def _reads(client: OurClient) -> Story:
    header = f"Authorization: Bearer {client.api_token}\r\n"

    async def story(line: Line) -> None:
        await line.ask("GET", "/api/v2/authorizations?limit=50", headers=header)

    return story


def _row(
    figure: str,
    one: Served,
    two: Served,
    stories: tuple[Story, Story],
    note: str,
    target: Target | None = Target("at least", 1.6),  # noqa: B008  # a frozen value
) -> Row:

    def rate(server: Served, story: Story) -> Callable[[], float]:
        return lambda: drive(server.port, story, seconds=_SECONDS, connections=_CONNECTIONS).per_second

    rates = in_turns({one: rate(one, stories[0]), two: rate(two, stories[1])})
    return Row(
        figure=figure,
        ours=rates[two],
        unit="/s",
        beside="one worker",
        baseline=rates[one],
        target=target,
        note=note,
    )
