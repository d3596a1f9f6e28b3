"""A transaction: the rows of every table of one sandbox."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Table

from mock_server.domain import records
from mock_server.domain.errors import MockServerError
from mock_server.store import cross_sandbox, sandbox_copy, tables
from mock_server.store.counters import raising_counters
from mock_server.store.sql.connections import Connection
from mock_server.store.table_access import TableAccess

Record = TypeVar("Record")
Refusal = TypeVar("Refusal", bound=MockServerError)


ReadClock = Callable[[records.SandboxState | None], datetime]


class _Of(Generic[Record]):
    """A descriptor: the rows of one table, as an attribute of a transaction."""

    def __init__(self, table: Table, record: type[Record]) -> None:
        self._table = table
        self._record = record

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, transaction: "Transaction", owner: type) -> TableAccess[Record]:
        found = TableAccess(transaction.connection, transaction.sandbox, self._table, self._record)
        transaction.__dict__[self._name] = (
            found  # cached: an instance attribute takes precedence over this descriptor
        )
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
    grants = _Of(tables.grants, records.Grant)
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
    exchanges = _Of(tables.exchanges, records.StoredExchange)
    signing_keys = _Of(tables.signing_keys, records.SigningKey)

    state: records.SandboxState | None = None
    """The sandbox's state: under the lock of a write transaction, or as the request has read it."""
    pretended: records.SandboxState | None = None
    """The state whose clock applies to a request under a fault."""
    read_clock: ReadClock | None = None
    """Computes the sandbox's time from its state; `Sandbox` sets this and `machine_now`."""
    machine_now: Callable[[], datetime] | None = None

    def __init__(self, connection: Connection, sandbox: str) -> None:
        self.connection = connection
        self.sandbox = sandbox
        self._now: tuple[int, datetime] | None = None
        self.committed_error: MockServerError | None = None

    @property
    def now(self) -> datetime:
        """The sandbox's time; read again after each `hold`, which may have waited."""
        if self._now is None or self._now[0] != self.connection.holds:
            assert self.read_clock is not None, "open the transaction by Sandbox.reading or Sandbox.writing"
            self._now = (self.connection.holds, self.read_clock(self.pretended or self.state_now()))
        return self._now[1]

    def commit_with(self, error: Refusal) -> Refusal:
        """Return the error for the caller to raise; the transaction is then committed in spite of it.

        For changes that an error leaves behind, such as the count of a wrong guess.
        """
        assert self.connection.is_writing, "an action that leaves something behind needs Sandbox.write"
        self.committed_error = error
        return error

    def lease_now(self) -> datetime:
        """The time for leases: PostgreSQL's clock, which all servers share; with SQLite this machine's."""
        if self.connection.dialect.name == "postgresql":
            return cross_sandbox.clock(self.connection)
        assert self.machine_now is not None, "open the transaction by Sandbox.reading or Sandbox.writing"
        return self.machine_now()

    def state_now(self) -> records.SandboxState | None:
        """The sandbox's state as this transaction leaves it."""
        if self.state is not None and "states" not in vars(self):  # unchanged in this transaction
            return self.state
        return self.states.find()

    def next_number(self, name: str, *, first: int) -> str:
        """The next number of a sequence, as digits; two transactions never get the same one."""
        return self.next_numbers(name, 1, first=first)[0]

    def next_numbers(self, name: str, count: int, *, first: int) -> list[str]:
        """The next `count` numbers of a sequence, consecutively."""
        [numbers] = self.next_numbers_of((name, count, first))
        return numbers

    def next_numbers_of(self, *sequences: tuple[str, int, int]) -> list[list[str]]:
        """The next numbers of several sequences in one statement; each is (name, count, first)."""
        values: dict[str, Any] = {"sandbox": self.sandbox}
        for place, (name, count, first) in enumerate(sequences):
            values |= {f"name_{place}": name, f"count_{place}": count, f"last_{place}": first + count - 1}
        raising = raising_counters(self.connection.dialect, tuple(name for name, _, _ in sequences))
        last = dict(raising.read(self.connection, values))
        return [
            [str(number) for number in range(last[name] - count + 1, last[name] + 1)]
            for name, count, _ in sequences
        ]

    def clear(self, *, keep: tuple[str, ...] = ()) -> None:
        """Delete every row of the sandbox, except in the tables named in `keep`."""
        self.state = None
        self.connection.touch(self.sandbox)
        sandbox_copy.clear_rows(self.connection, self.sandbox, keep=keep)

    def of(self, sandbox: str) -> "Transaction":
        """The rows of another sandbox, within the same transaction."""
        return Transaction(self.connection, sandbox)

    def copy_from(
        self, sandbox: str, *, leave: tuple[str, ...] = (), only: tuple[str, ...] | None = None
    ) -> None:
        """Copy every row of another sandbox to this one, which must be empty.

        Skips the tables named in `leave`; with `only`, copies only those tables.
        """
        self.state = None
        self.connection.touch(self.sandbox)
        sandbox_copy.copy_rows(self.connection, source=sandbox, target=self.sandbox, leave=leave, only=only)

    def of_each_kind(self) -> dict[str, TableAccess[Any]]:
        """The rows of every table that holds records, by attribute name."""
        return {
            name: getattr(self, name) for name, table in vars(Transaction).items() if isinstance(table, _Of)
        }

    def counters(self) -> dict[str, int]:
        """The last number of each sequence."""
        return sandbox_copy.counters_of(self.connection, self.sandbox)

    def set_counters(self, values: Mapping[str, int]) -> None:
        """Set the last numbers of sequences that were never used."""
        sandbox_copy.add_counters(self.connection, self.sandbox, values)
