"""The journal in the database, for several processes: each exchange is stored before its response's last byte.

Its rows are stored under a separate name, so resets and snapshots do not affect them. They are deleted with the
sandbox.
"""

from collections.abc import Callable
from typing import TypeVar

from mock_server.domain.randomness import Randomness, fingerprint
from mock_server.domain.records import JournalPage, StoredExchange
from mock_server.journal import MOST, Journal, News, Taken, read, written
from mock_server.sandbox import DEFAULT
from mock_server.store import LaterThan, NotLaterThan, Store

Answer = TypeVar("Answer")

_SWEPT_EVERY = 50
_NO_PLACE = "0"


def shared_journal(store: Store, sandbox: str, random: Randomness, **bounds: int) -> Journal:
    """The journal of a sandbox, shared by all processes on the database. They all mask a secret the same way."""
    key = StoredLedger(store, DEFAULT, random).key()
    return Journal(key=key.encode(), ledger=StoredLedger(store, sandbox, random), **bounds)


def ledger_of(sandbox: str) -> str:
    """The name under which a sandbox's journal is stored. No path can name it."""
    return "#" + fingerprint(sandbox)[:39]


class StoredLedger:
    """The pages of one sandbox's journal in the database."""

    def __init__(self, store: Store, sandbox: str, random: Randomness) -> None:
        self._store = store.of(ledger_of(sandbox), owner=sandbox)
        self._random = random

    def key(self) -> str:
        """The secret from which masks are derived."""
        return self._open().key

    def page(self) -> str:
        """The open page."""
        return self._open().page

    def add(self, page: str, taken: Taken) -> None:
        """Store an exchange on its page; now and then delete the oldest ones."""
        content = written(taken)
        with self._store.writing() as transaction:
            number = transaction.next_number("exchange", first=1)
            transaction.exchanges.add(StoredExchange(number=number, page=page, content=content))
            if int(number) % _SWEPT_EVERY == 0 and int(number) > MOST:
                transaction.exchanges.remove(number=NotLaterThan(str(int(number) - MOST)))

    def news(self, page: str, place: str) -> News:
        """The exchanges on that page after that place; the complete open page, if it is another one."""
        with self._store.reading() as transaction:
            opened = transaction.journal_pages.find()
            if opened is None:
                return News(page="", place=_NO_PLACE, taken=())
            after = place if opened.page == page else _NO_PLACE
            found = transaction.exchanges.list(order="number", page=opened.page, number=LaterThan(after))
        last = found[-1].number if found else after
        return News(page=opened.page, place=last, taken=tuple(read(one.content) for one in found))

    def clear(self) -> None:
        """Open a new page, and delete the contents of the others."""
        with self._store.writing(exclusive=True) as transaction:
            if not transaction.journal_pages.change({}, page=self._random.secret()):
                transaction.journal_pages.add(self._new_page())
            transaction.exchanges.remove()

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """Run a method of this ledger from an event loop."""
        return await self._store.run(work)

    def _open(self) -> JournalPage:
        with self._store.reading() as transaction:
            found = transaction.journal_pages.find()
        if found is not None:
            return found
        with self._store.writing(exclusive=True) as transaction:
            found = transaction.journal_pages.find()
            if found is None:
                found = self._new_page()
                transaction.journal_pages.add(found)
        return found

    def _new_page(self) -> JournalPage:
        return JournalPage(page=self._random.secret(), key=self._random.secret())
