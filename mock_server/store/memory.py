"""What a process remembers of the rows that rarely change, as of one revision of their sandbox.

A transaction that writes to one of these tables raises the sandbox's revision as it commits. Every other transaction
reads the revision first, so it never trusts what another process has changed.
"""

from collections import OrderedDict
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import Integer, String, bindparam, literal, select
from sqlalchemy.engine import Dialect

from mock_server.store import tables
from mock_server.store.sql.answers import Answers
from mock_server.store.sql.connections import Connection
from mock_server.store.sql.dialects import INSERTS
from mock_server.store.sql.statements import Prepared, prepared

REMEMBERED: Final = frozenset(
    {
        tables.states.name,
        tables.tariffs.name,
        tables.customers.name,
        tables.look_ups.name,
        tables.clients.name,
        tables.templates.name,
        tables.guesses.name,
        tables.webhooks.name,
        tables.faults.name,
        tables.people.name,
        tables.signing_keys.name,
    }
)
"""The tables whose rows are remembered: read by most requests, and changed by few."""

_MOST_SANDBOXES: Final = 200


class Revision(NamedTuple):
    """Which state of its rarely changing rows a sandbox is in: equal revisions have equal rows."""

    incarnation: str
    number: int


class Memory:
    """The answers that a process remembers, of each sandbox those of one revision."""

    def __init__(self) -> None:
        self._sandboxes: OrderedDict[str, tuple[Revision, Answers]] = OrderedDict()

    def at(self, sandbox: str, revision: Revision) -> Answers:
        """The answers of that revision, or newer ones. Those of every other revision of the sandbox are forgotten."""
        found = self._sandboxes.get(sandbox)
        if found is None or found[0] != revision:
            # Replaced and never emptied: a transaction in another thread may still read the older revision.
            found = self._sandboxes[sandbox] = revision, Answers()
            if len(self._sandboxes) > _MOST_SANDBOXES:
                self._sandboxes.popitem(last=False)
        return found[1]


def find_revision(connection: Connection, sandbox: str) -> Revision | None:
    """The sandbox's revision; None where there is no such sandbox."""
    for incarnation, number in _revision(connection.dialect).read(connection, {"sandbox": sandbox}):
        return Revision(incarnation, number or 0)
    return None


def raise_revisions(connection: Connection) -> None:
    """Raise the revision of every sandbox in which the transaction wrote to a remembered table."""
    for sandbox in sorted(connection.touched):
        _raising(connection.dialect).run(connection, {"sandbox": sandbox})


@cache
def _revision(dialect: Dialect) -> Prepared:
    states, revisions = tables.states, tables.revisions
    query = (
        select(states.c.incarnation, revisions.c.number)
        .select_from(states.outerjoin(revisions, states.c.sandbox == revisions.c.sandbox))
        .where(states.c.sandbox == bindparam("sandbox", type_=String()))
    )
    return prepared(dialect, query, (states.c.incarnation.type, revisions.c.number.type))


@cache
def _raising(dialect: Dialect) -> Prepared:
    """One statement, so that two transactions never get the same number; nothing for a sandbox that has ended."""
    table, states = tables.revisions, tables.states
    living = select(states.c.sandbox, literal(1, Integer())).where(
        states.c.sandbox == bindparam("sandbox", type_=String())
    )
    first = INSERTS[dialect.name](table).from_select(["sandbox", "number"], living)
    return prepared(
        dialect,
        first.on_conflict_do_update(
            index_elements=[table.c.sandbox], set_={"number": table.c.number + literal(1, Integer())}
        ),
    )
