"""The sandboxes of one server: `default`, and those that paths name, made on first use and ended when unused."""

import re
from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta

from mock_server.actions.sandboxes.life_cycle import KEPT_UNUSED, end_sandbox, end_unused, note_use
from mock_server.actions.sandboxes.load import prepare
from mock_server.actions.sandboxes.shared_journal import shared_journal
from mock_server.actions.sandboxes.snapshots import fork
from mock_server.domain.errors import (
    Conflict,
    InvalidParameter,
    NotFound,
    SandboxEnded,
    TemporarilyUnavailable,
)
from mock_server.domain.records import SandboxState
from mock_server.domain.text.storable_text import SANDBOX_NAME
from mock_server.domain.time.clock import Clock
from mock_server.journal import Journal
from mock_server.sandbox import DEFAULT, Sandbox, make_sandbox

_NAMED = re.compile(rf"/~({SANDBOX_NAME})(?=/|\Z)")
_WELL_KNOWN = re.compile(r"/\.well-known/[a-z-]+(?=/~)")
_NOTED_EVERY = timedelta(hours=1)
_MOST_IN_USE = 200
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
        """The sandbox of that name; made from the fixtures where there is none yet, or none any more.

        Raises TemporarilyUnavailable where there are too many to make another one.
        """
        if name == DEFAULT:
            return self.default
        sandbox = self._open_ones.get(name) or self._open(name)
        self._open_ones[name] = sandbox
        self._open_ones.move_to_end(name)
        while len(self._open_ones) > _MOST_IN_USE:
            self._open_ones.popitem(last=False)
        state = await sandbox.run(sandbox.store.find_state)
        if state is None:
            await sandbox.run(self._make_room)
            await sandbox.run(prepare, sandbox)
        elif sandbox.clock.machine_now() - state.used > _NOTED_EVERY:
            await sandbox.run(note_use, sandbox)
        return sandbox

    def in_use(self) -> tuple[Sandbox, ...]:
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
        end_sandbox(self.get(name))
        self._open_ones.pop(name, None)

    def create(self, name: str | None, *, source: str = DEFAULT, snapshot: str | None = None) -> Sandbox:
        """Another sandbox, as a copy of one that there is, or of one of its snapshots; without a name it gets one.

        Raises NotFound, InvalidParameter for what is no name, Conflict for one that is taken, and
        TemporarilyUnavailable where there are too many.
        """
        chosen = name or self.default.random.secret()[:16]
        if named_in(f"/~{chosen}") != (chosen, f"/~{chosen}"):
            raise InvalidParameter("A sandbox's name has letters, digits and -, up to 40 of them.")
        if chosen == DEFAULT or chosen in self.states():
            raise Conflict(f"There is a sandbox {chosen!r} already. DELETE it first, or choose another name.")
        original = self.get(source)
        self._make_room()
        made = self._open(chosen)
        fork(original, made, snapshot=snapshot)
        return made

    def get(self, name: str) -> Sandbox:
        """One that there is. Raises NotFound."""
        if name == DEFAULT:
            return self.default
        if name not in self.states():
            raise NotFound(f"There is no sandbox {name[:40]!r}. GET /_mock/sandboxes lists them.")
        return self._open_ones.get(name) or self._open(name)

    def _make_room(self) -> None:
        """End those that nobody uses any more. Raises TemporarilyUnavailable if that is not enough."""
        oldest = self.default.clock.machine_now() - KEPT_UNUSED
        count, most = 1, self.default.settings.most_sandboxes
        for name, state in self.states().items():
            if name == DEFAULT or (state.used < oldest and self._end_if_unused(name)):
                continue
            count += 1
        if count >= most:
            raise TemporarilyUnavailable(
                f"This server holds {count:,} sandboxes, and may hold {most:,}. DELETE /_mock/sandboxes/{{name}} "
                "ends one, and MOCK_SERVER_MOST_SANDBOXES allows more."
            )

    def _end_if_unused(self, name: str) -> bool:
        """Whether it has ended, by us or by somebody else."""
        try:
            has_ended = end_unused(self.get(name))
        except (NotFound, SandboxEnded):  # somebody else was faster
            has_ended = True
        if has_ended:
            self._open_ones.pop(name, None)
        return has_ended

    def _open(self, name: str) -> Sandbox:
        shared = self.default
        made = make_sandbox(
            name,
            settings=shared.settings,
            fixtures=shared.fixtures,
            store=shared.store.of(name),
            open_http=shared.open_http,
        )
        return replace(
            made,
            clock=Clock(made.clock.read_state, machine_now=shared.clock.machine_now),
            journal=self._journal_of(made),
        )

    def _journal_of(self, made: Sandbox) -> Journal:
        if made.settings.shares_journal:
            return shared_journal(made.store, made.name, made.random, most_bytes=_JOURNAL_BYTES)
        return Journal(key=made.random.secret().encode(), most_bytes=_JOURNAL_BYTES)
