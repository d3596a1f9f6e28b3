"""The sandboxes of one server: `default`, and those that paths name, made on first use and ended when unused."""

import re
from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta

from mock_server.actions.world.load import prepare
from mock_server.actions.world.sandboxes import KEPT_UNUSED, end_sandbox, note_use
from mock_server.core.clock import Clock
from mock_server.core.errors import Conflict, NotFound
from mock_server.core.records import SandboxState
from mock_server.journal import Journal
from mock_server.sandbox import DEFAULT, Sandbox, make_sandbox

_NAMED = re.compile(r"/~([A-Za-z0-9-]{1,40})(?=/|\Z)")
_WELL_KNOWN = re.compile(r"/\.well-known/[a-z-]+(?=/~)")
_NOTED_EVERY = timedelta(hours=1)
_MOST_AT_HAND = 200
_JOURNAL_BYTES = 1_000_000


def named_in(path: str) -> tuple[str, str]:
    """The name of a path's sandbox, and the prefix that says it: `/~ci-7/api/v2` is in `ci-7`, by `/~ci-7`.

    A well-known address has it behind: `/.well-known/oauth-authorization-server/~ci-7` (RFC 8414 §3.1).
    """
    well_known = _WELL_KNOWN.match(path)
    found = _NAMED.match(path, well_known.end() if well_known else 0)
    return (found[1], found.group()) if found else (DEFAULT, "")


class Sandboxes:
    """All of them, around the one called `default`. They share database, settings and fixtures, and nothing else."""

    def __init__(self, default: Sandbox) -> None:
        self.stand_around(default)

    def stand_around(self, default: Sandbox) -> None:
        """Begin anew around another `default`; what was open around the former one is forgotten."""
        self.default = default
        self._open_ones: OrderedDict[str, Sandbox] = OrderedDict()

    async def choose(self, name: str) -> Sandbox:
        """The sandbox of that name; made from the fixtures where there is none yet, or none any more."""
        if name == DEFAULT:
            return self.default
        sandbox = self._open_ones.get(name) or self._open(name)
        self._open_ones[name] = sandbox
        self._open_ones.move_to_end(name)
        while len(self._open_ones) > _MOST_AT_HAND:
            self._open_ones.popitem(last=False)
        state = await sandbox.run(sandbox.store.find_state)
        if state is None:
            await sandbox.run(self._end_unused)
            await sandbox.run(prepare, sandbox)
        elif sandbox.clock.machine_now() - state.used > _NOTED_EVERY:
            await sandbox.run(note_use, sandbox)
        return sandbox

    def at_hand(self) -> tuple[Sandbox, ...]:
        """`default`, and those that were used in this process lately."""
        return (self.default, *self._open_ones.values())

    def states(self) -> dict[str, SandboxState]:
        """What every sandbox remembers about itself, by name."""
        return self.default.store.list_states()

    def end(self, name: str) -> None:
        """Forget a sandbox. Raises NotFound; Conflict for `default`, which is reset instead."""
        if name == DEFAULT:
            raise Conflict(
                "The sandbox `default` does not end. POST /_mock/reset takes it back to the fixtures."
            )
        if name not in self.states():
            raise NotFound(f"There is no sandbox {name[:40]!r}. GET /_mock/sandboxes lists them.")
        end_sandbox(self._open_ones.get(name) or self._open(name))
        self._open_ones.pop(name, None)

    def _end_unused(self) -> None:
        oldest = self.default.clock.machine_now() - KEPT_UNUSED
        for name, state in self.states().items():
            if name != DEFAULT and state.used < oldest:
                self.end(name)

    def _open(self, name: str) -> Sandbox:
        shared = self.default
        made = make_sandbox(
            name, settings=shared.settings, fixtures=shared.fixtures, store=shared.store.of(name)
        )
        return replace(
            made,
            open_http=shared.open_http,
            clock=Clock(made.clock.read_state, machine_now=shared.clock.machine_now),
            journal=Journal(key=shared.chance.secret().encode(), most_bytes=_JOURNAL_BYTES),
        )
