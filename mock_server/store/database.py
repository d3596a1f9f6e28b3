"""Where everything is remembered: SQLite in a file or PostgreSQL. Hands out transactions, decides nothing else."""

import asyncio
import hashlib
import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, inspect, make_url, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from mock_server.core import records
from mock_server.core.errors import TemporarilyUnavailable
from mock_server.store import tables, whole
from mock_server.store.counters import raising_counter
from mock_server.store.rows import Rows

Answer = TypeVar("Answer")
Record = TypeVar("Record")
log = logging.getLogger("mock_server")

# What a database raises that is gone, full, locked or out of connections.
_GONE = (OperationalError, InterfaceError, NoConnectionFree)

SNAPSHOT = "@"
"""How the names begin under which copies of sandboxes are kept; no path can name them."""


@dataclass
class _Look:
    """What one request saw of the sandboxes' states, by database and sandbox, until it wrote or ended."""

    states: dict[str, records.SandboxState] = field(default_factory=dict)
    is_over: bool = False  # a task that the request began has it still


_LOOK: ContextVar[_Look | None] = ContextVar("mock_server_look", default=None)


class _Of(Generic[Record]):
    """The rows of one table, as an attribute of the transactions that reach them."""

    def __init__(self, table: Table, record: type[Record]) -> None:
        self._table = table
        self._record = record

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, transaction: "Transaction", owner: type) -> Rows[Record]:
        found = Rows(transaction.connection, transaction.sandbox, self._table, self._record)
        transaction.__dict__[self._name] = found  # asked for once: an attribute goes before this
        return found


class Transaction:
    """All rows of one sandbox, as of one transaction."""

    states = _Of(tables.states, records.SandboxState)
    tariffs = _Of(tables.tariffs, records.Tariff)
    customers = _Of(tables.customers, records.Customer)
    look_ups = _Of(tables.look_ups, records.LookUp)
    clients = _Of(tables.clients, records.Client)
    used_assertions = _Of(tables.used_assertions, records.UsedAssertion)
    authorizations = _Of(tables.authorizations, records.Authorization)
    meters = _Of(tables.meters, records.Meter)
    collections = _Of(tables.collections, records.Collection)
    templates = _Of(tables.templates, records.Template)
    forms = _Of(tables.forms, records.Form)
    referrals = _Of(tables.referrals, records.Referral)
    requests = _Of(tables.requests, records.AuthorizationRequest)
    pushed_requests = _Of(tables.pushed_requests, records.PushedRequest)
    codes = _Of(tables.codes, records.Code)
    tokens = _Of(tables.tokens, records.Token)
    sign_on_sessions = _Of(tables.sign_on_sessions, records.SignOnSession)
    sign_on_codes = _Of(tables.sign_on_codes, records.SignOnCode)
    call_counts = _Of(tables.call_counts, records.CallCount)
    demo_runs = _Of(tables.demo_runs, records.DemoRun)
    guesses = _Of(tables.guesses, records.Guesses)
    snapshots = _Of(tables.snapshots, records.Snapshot)
    messages = _Of(tables.messages, records.Message)
    webhooks = _Of(tables.webhooks, records.Webhook)
    events = _Of(tables.events, records.Event)
    notifications = _Of(tables.notifications, records.Notification)
    attempts = _Of(tables.attempts, records.Attempt)
    bulks = _Of(tables.bulks, records.Bulk)
    faults = _Of(tables.faults, records.Fault)
    people = _Of(tables.people, records.Person)
    browser_sessions = _Of(tables.browser_sessions, records.BrowserSession)
    journal_pages = _Of(tables.journal_pages, records.JournalPage)
    exchanges = _Of(tables.exchanges, records.KeptExchange)
    signing_keys = _Of(tables.signing_keys, records.SigningKey)

    def __init__(self, connection: Connection, sandbox: str) -> None:
        self.connection = connection
        self.sandbox = sandbox

    def next_number(self, name: str, *, first: int) -> str:
        """The next number of a sequence, as digits; two transactions never get the same one."""
        values = {"sandbox": self.sandbox, "name": name, "first": first}
        ((number,),) = raising_counter(self.connection.dialect).read(self.connection, values)
        return str(number)

    def clear(self, *, keep: tuple[str, ...] = ()) -> None:
        """Delete every row of the sandbox, but those of the tables named in `keep`."""
        whole.clear_rows(self.connection, self.sandbox, keep=keep)

    def of(self, sandbox: str) -> "Transaction":
        """The rows of another sandbox, within the same transaction."""
        return Transaction(self.connection, sandbox)

    def copy_from(self, sandbox: str, *, leave: tuple[str, ...]) -> None:
        """Take in a copy of every row of another sandbox, but of those tables; there must be none of ours yet."""
        whole.copy_rows(self.connection, source=sandbox, target=self.sandbox, leave=leave)

    def of_each_kind(self) -> dict[str, Rows[Any]]:
        """The rows of every table that holds records, by the name they have here."""
        return {
            name: getattr(self, name) for name, kept in vars(Transaction).items() if isinstance(kept, _Of)
        }

    def counters(self) -> dict[str, int]:
        """Where each sequence stands."""
        return whole.counters_of(self.connection, self.sandbox)

    def set_counters(self, values: Mapping[str, int]) -> None:
        """Let sequences that were never used begin after these numbers."""
        whole.add_counters(self.connection, self.sandbox, values)


class Store:
    """One database, seen from one sandbox."""

    def __init__(self, engine: Engine, sandbox: str) -> None:
        self._engine = engine
        # Statements run on the driver itself, and so its errors come as they are.
        self._gone = (*_GONE, engine.dialect.loaded_dbapi.OperationalError)
        self._writing = engine.execution_options(mock_server_writing=True)
        self._sandbox = sandbox
        self._name = f"{engine.url}#{sandbox}"
        self._lock = _lock_of(sandbox)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A consistent view; nothing is written."""
        with self._connected() as connection:
            yield Transaction(connection, self._sandbox)

    @contextmanager
    def writing(self, *, alone: bool = False, beside: str | None = None) -> Iterator[Transaction]:
        """One transaction: committed when the block ends, undone when it raises.

        `alone` waits for all other writers of the sandbox, and they wait for it: for what clears everything. `beside`
        names another sandbox that nobody writes to meanwhile either.
        """
        try:
            with self._writing.begin() as connection:
                if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
                    lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
                    locks = {self._lock} if beside is None else {self._lock, _lock_of(beside)}
                    for one in sorted(locks):  # in one order, so that no two wait for each other
                        connection.execute(select(lock(one)))
                yield Transaction(connection, self._sandbox)
        except self._gone as error:
            raise _unavailable(error) from error
        finally:
            look = _LOOK.get()
            if look is not None:
                look.states.clear()

    @contextmanager
    def one_look(self) -> Iterator[None]:
        """Within the block, `find_state` asks the database once, and anew after each write of the block.

        A request reads its sandbox's clock several times, and a reading costs more than many a request's rest.
        """
        look = _Look()
        token = _LOOK.set(look)
        try:
            yield
        finally:
            _LOOK.reset(token)
            look.is_over = True

    def check(self) -> None:
        """Ask the database for something. Raises TemporarilyUnavailable, as everything here does."""
        with self.reading() as rows:
            rows.states.find()

    def show_state(self, state: records.SandboxState) -> None:
        """Let the rest of the look see this state, until it writes."""
        look = _LOOK.get()
        if look is not None:
            look.states[self._name] = state

    def find_state(self) -> records.SandboxState | None:
        """What the sandbox remembers about itself; None before its fixtures are loaded."""
        look = _LOOK.get()
        if look is not None and not look.is_over and self._name in look.states:
            return look.states[self._name]
        with self.reading() as rows:
            state = rows.states.find()
        if look is not None and state is not None:
            look.states[self._name] = state
        return state

    def find_holder(self, fingerprint: str) -> str | None:
        """The name of another sandbox that has a token or a code with that hash; None where none has."""
        with self._connected() as connection:
            for table in (tables.tokens, tables.codes):
                others = select(tables.states.c.sandbox).where(
                    tables.states.c.sandbox != self._sandbox, tables.states.c.sandbox.not_like(f"{SNAPSHOT}%")
                )
                query = select(table.c.sandbox).where(
                    table.c.sandbox.in_(others), table.c.hash == fingerprint
                )
                found = connection.execute(query.limit(1)).scalar()
                if found is not None:
                    return str(found)
        return None

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection, connection.begin():
                yield connection
        except self._gone as error:
            raise _unavailable(error) from error

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """Do database work from the event loop: SQLite at once (it takes microseconds), others in a thread."""
        if self._engine.dialect.name == "sqlite":
            return work()
        return await asyncio.to_thread(work)

    def of(self, sandbox: str) -> "Store":
        """The same database, seen from another sandbox."""
        return Store(self._engine, sandbox)

    def list_states(self) -> dict[str, records.SandboxState]:
        """What every sandbox in the database remembers about itself, by name; snapshots are none."""
        with self._connected() as connection:
            found_names = connection.execute(select(tables.states.c.sandbox)).scalars().all()
            names = [name for name in found_names if not name.startswith(SNAPSHOT)]
            found = {name: Transaction(connection, name).states.find() for name in names}
        return {name: state for name, state in found.items() if state is not None}

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()


def _lock_of(sandbox: str) -> int:
    """The number under which PostgreSQL knows a sandbox's lock."""
    return int.from_bytes(hashlib.sha256(sandbox.encode()).digest()[:8], signed=True)


def _unavailable(error: Exception) -> TemporarilyUnavailable:
    reason = str(error.orig if isinstance(error, DBAPIError) else error).strip()
    log.error("The database does not answer: %s", reason)
    return TemporarilyUnavailable(
        "The server's database does not answer, so nothing was done. Try again in a moment; the log says why."
    )


class StoreMistake(Exception):
    """The database cannot be used; the message says which and what to do."""


def open_store(url: str, *, sandbox: str) -> Store:
    """Connect and make the tables where they are missing. Raises StoreMistake."""
    shown = make_url(url).render_as_string(hide_password=True)
    try:
        engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
    except ImportError as error:
        raise StoreMistake(f"The database {shown} cannot be opened: {error}") from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    try:
        _check_layout(engine, shown)
    except DBAPIError as error:
        engine.dispose()
        raise StoreMistake(f"The database {shown} cannot be opened: {error.orig}") from error
    except StoreMistake:
        engine.dispose()
        raise
    return Store(engine, sandbox)


def _check_layout(engine: Engine, shown: str) -> None:
    """Make the tables in an empty database; refuse those of another version before they lead to riddles."""
    with engine.execution_options(mock_server_writing=True).begin() as connection:
        known = set(inspect(connection).get_table_names())
        if not known & set(tables.metadata.tables):
            tables.metadata.create_all(connection)
            connection.execute(tables.layouts.insert().values(digest=tables.layout_digest()))
            return
        is_ours = tables.layouts.name in known
        found = connection.execute(tables.layouts.select()).scalars().all() if is_ours else []
        if list(found) != [tables.layout_digest()]:
            raise StoreMistake(
                f"The database {shown} was made by another version of mock-server. It holds sandbox data only: "
                "delete it, or name another one with --database-url."
            )


def _prepare_sqlite(engine: Engine) -> None:
    """WAL and BEGIN IMMEDIATE: readers never wait, and a writer never fails half-way for a lock."""

    @event.listens_for(engine, "connect")
    def configure(connection: DBAPIConnection, _record: object) -> None:
        assert isinstance(connection, sqlite3.Connection)
        connection.isolation_level = None  # the driver would begin transactions by rules of its own
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("mock_server_writing", False)
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
