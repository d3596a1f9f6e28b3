"""Caches rows that rarely change, as of one revision of their sandbox.

A transaction that writes to one of these tables raises the sandbox's revision as it commits. Every other transaction
reads the revision first, so it never uses rows that another process has changed.
"""

from collections import OrderedDict
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import Integer, String, bindparam, literal, select
from sqlalchemy.engine import Dialect

from mock_server.store import tables
from mock_server.store.sql.answers import Answers
from mock_server.store.sql.connections import Connection
from mock_server.store.sql.dialects import insert_into
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
"""The cached tables: most requests read them, and few change them."""

_MOST_SANDBOXES: Final = 200


class Revision(NamedTuple):
    """A version of a sandbox's rarely changing rows: equal revisions have equal rows."""

    incarnation: str
    number: int


class Memory:
    """The query results that a process caches: those of one revision for each sandbox."""

    def __init__(self) -> None:
        self._sandboxes: OrderedDict[str, tuple[Revision, Answers]] = OrderedDict()

    def at(self, sandbox: str, revision: Revision) -> Answers:
        """The cached results of that revision, or new ones. Results of the sandbox's other revisions are dropped."""
        found = self._sandboxes.get(sandbox)
        if found is None or found[0] != revision:
            # Replaced, not cleared: a transaction in another thread may still read the older revision.
            found = self._sandboxes[sandbox] = revision, Answers()
            if len(self._sandboxes) > _MOST_SANDBOXES:
                self._sandboxes.popitem(last=False)
        return found[1]


def find_revision(connection: Connection, sandbox: str) -> Revision | None:
    """The sandbox's revision; None if there is no such sandbox."""
    for incarnation, number in _revision(connection.dialect).read(connection, {"sandbox": sandbox}):
        return Revision(incarnation, number or 0)
    return None


def raise_revisions(connection: Connection) -> None:
    """Raise the revision of every sandbox in which the transaction wrote to a cached table."""
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
    """One statement, so that two transactions never get the same number. It skips deleted sandboxes."""
    table, states = tables.revisions, tables.states
    living = select(states.c.sandbox, literal(1, Integer())).where(
        states.c.sandbox == bindparam("sandbox", type_=String())
    )
    first = insert_into(dialect, table).from_select(["sandbox", "number"], living)
    return prepared(
        dialect,
        first.on_conflict_do_update(
            index_elements=[table.c.sandbox], set_={"number": table.c.number + literal(1, Integer())}
        ),
    )
