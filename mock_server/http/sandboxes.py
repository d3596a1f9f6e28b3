"""The sandboxes of one server: `default`, and those that paths name, created at first use and deleted when unused."""

import re
from collections import OrderedDict
from dataclasses import replace
from datetime import timedelta

from mock_server.actions.sandboxes.life_cycle import UNUSED_LIFETIME, end_sandbox, end_unused, note_use
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
_USE_NOTED_EVERY = timedelta(hours=1)
_MOST_IN_USE = 200
_JOURNAL_BYTES = 1_000_000


def named_in(path: str) -> tuple[str, str]:
    """The name of the path's sandbox, and its prefix: `ci-7` and `/~ci-7` for `/~ci-7/api/v2`.

    In a well-known path the name comes last: `/.well-known/oauth-authorization-server/~ci-7` (RFC 8414 §3.1).
    """
    well_known = _WELL_KNOWN.match(path)
    found = _NAMED.match(path, well_known.end() if well_known else 0)
    return (found[1], found.group()) if found else (DEFAULT, "")


class Sandboxes:
    """All sandboxes of a server. They share the database, the settings and the fixtures, nothing else."""

    def __init__(self, default: Sandbox) -> None:
        self.replace_default(default)

    def replace_default(self, default: Sandbox) -> None:
        """Start again with another `default`, and forget the sandboxes that were opened beside the previous one."""
        self.default = default
        self._opened: OrderedDict[str, Sandbox] = OrderedDict()

    async def choose(self, name: str) -> Sandbox:
        """The sandbox with that name, created from the fixtures if it does not exist.

        Raises TemporarilyUnavailable if there are too many to create another one.
        """
        if name == DEFAULT:
            return self.default
        sandbox = self._opened.get(name) or self._open(name)
        self._opened[name] = sandbox
        self._opened.move_to_end(name)
        while len(self._opened) > _MOST_IN_USE:
            self._opened.popitem(last=False)
        state = await sandbox.run(sandbox.store.find_state)
        if state is None:
            await sandbox.run(self._make_room)
            await sandbox.run(prepare, sandbox)
        elif sandbox.clock.machine_now() - state.used > _USE_NOTED_EVERY:
            await sandbox.run(sandbox.write, note_use)
        return sandbox

    def in_use(self) -> tuple[Sandbox, ...]:
        """`default`, and the sandboxes that this process used recently."""
        return (self.default, *self._opened.values())

    def states(self) -> dict[str, SandboxState]:
        """The state of every sandbox, by name."""
        return self.default.store.list_states()

    def end(self, name: str) -> None:
        """Delete a sandbox. Raises NotFound; Conflict for `default`, which can only be reset."""
        if name == DEFAULT:
            raise Conflict(
                "The sandbox `default` cannot be deleted. POST /_mock/reset takes it back to the fixtures."
            )
        end_sandbox(self.get(name))
        self._opened.pop(name, None)

    def create(self, name: str | None, *, source: str = DEFAULT, snapshot: str | None = None) -> Sandbox:
        """A new sandbox: a copy of an existing one or of one of its snapshots. Without a name it gets a random one.

        Raises NotFound, InvalidParameter for an invalid name, Conflict for a name that is taken, and
        TemporarilyUnavailable if there are too many.
        """
        chosen = name or self.default.random.secret()[:16]
        if named_in(f"/~{chosen}") != (chosen, f"/~{chosen}"):
            raise InvalidParameter("A sandbox's name has letters, digits and -, up to 40 of them.")
        if chosen == DEFAULT or chosen in self.states():
            raise Conflict(f"There is a sandbox {chosen!r} already. DELETE it first, or choose another name.")
        original = self.get(source)
        self._make_room()
        created = self._open(chosen)
        fork(original, created, snapshot=snapshot)
        return created

    def get(self, name: str) -> Sandbox:
        """An existing sandbox. Raises NotFound."""
        if name == DEFAULT:
            return self.default
        if name not in self.states():
            raise NotFound(f"There is no sandbox {name[:40]!r}. GET /_mock/sandboxes lists them.")
        return self._opened.get(name) or self._open(name)

    def _make_room(self) -> None:
        """Delete the unused sandboxes. Raises TemporarilyUnavailable if too many are left."""
        oldest = self.default.clock.machine_now() - UNUSED_LIFETIME
        count, most = 1, self.default.settings.most_sandboxes
        for name, state in self.states().items():
            if name == DEFAULT or (state.used < oldest and self._end_if_unused(name)):
                continue
            count += 1
        if count >= most:
            raise TemporarilyUnavailable(
                f"This server holds {count:,} sandboxes, and may hold {most:,}. DELETE /_mock/sandboxes/{{name}} "
                "deletes one, and MOCK_SERVER_MOST_SANDBOXES allows more."
            )

    def _end_if_unused(self, name: str) -> bool:
        """Whether the sandbox was unused and is deleted now, by this process or another one."""
        try:
            has_ended = end_unused(self.get(name))
        except (NotFound, SandboxEnded):  # another process was faster
            has_ended = True
        if has_ended:
            self._opened.pop(name, None)
        return has_ended

    def _open(self, name: str) -> Sandbox:
        shared = self.default
        sandbox = make_sandbox(
            name,
            settings=shared.settings,
            fixtures=shared.fixtures,
            store=shared.store.of(name),
            open_http=shared.open_http,
        )
        return replace(
            sandbox,
            clock=Clock(sandbox.clock.read_state, machine_now=shared.clock.machine_now),
            journal=self._journal_of(sandbox),
        )

    def _journal_of(self, sandbox: Sandbox) -> Journal:
        if sandbox.settings.shares_journal:
            return shared_journal(sandbox.store, sandbox.name, sandbox.random, most_bytes=_JOURNAL_BYTES)
        return Journal(key=sandbox.random.secret().encode(), most_bytes=_JOURNAL_BYTES)
