"""The servers that are measured are started with the options that a measurement asks for."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks import peers


def test_our_server_gets_its_defaults_and_the_options_of_the_measurement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commands: list[tuple[str, ...]] = []

    @contextmanager
    def served(*command: str, port: int, path: str) -> Iterator[None]:
        commands.append(command)
        yield

    monkeypatch.setattr(peers, "served", served)
    with peers.ours("--workers", "2", database_url="sqlite:///one.db"):
        pass
    [command] = commands
    assert command[-2:] == ("--workers", "2")
    assert command.count("--port") == command.count("--database-url") == command.count("--auto-approve") == 1
