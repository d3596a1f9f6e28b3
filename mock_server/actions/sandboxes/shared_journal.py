"""The journal in the database, for several processes: each exchange is stored before its response's last byte.

Its rows have a name of their own, so a reset or a snapshot does not touch them. They are deleted with the sandbox.

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
    """The journal of a sandbox for all processes on the database; in all of them a secret has one mask."""
    key = StoredLedger(store, DEFAULT, random).key()
    return Journal(key=key.encode(), ledger=StoredLedger(store, sandbox, random), **bounds)


def ledger_of(sandbox: str) -> str:
    """Under which name the rows of a sandbox's journal stand; no path can say it."""
    return "#" + fingerprint(sandbox)[:39]


class StoredLedger:
    """The pages of one sandbox's journal in the database."""

    def __init__(self, store: Store, sandbox: str, random: Randomness) -> None:
        self._store = store.of(ledger_of(sandbox), owner=sandbox)
        self._random = random

    def key(self) -> str:
        """The secret that masks follow from."""
        return self._open().key

    def page(self) -> str:
        """The page that is open now."""
        return self._open().page

    def add(self, page: str, taken: Taken) -> None:
        """Write an exchange on its page; now and then forget the oldest."""
        content = written(taken)
        with self._store.writing() as transaction:
            number = transaction.next_number("exchange", first=1)
            transaction.exchanges.add(StoredExchange(number=number, page=page, content=content))
            if int(number) % _SWEPT_EVERY == 0 and int(number) > MOST:
                transaction.exchanges.remove(number=NotLaterThan(str(int(number) - MOST)))

    def news(self, page: str, place: str) -> News:
        """What is new on that page after that place; all of the open page, if it is another."""
        with self._store.reading() as transaction:
            opened = transaction.journal_pages.find()
            if opened is None:
                return News(page="", place=_NO_PLACE, taken=())
            after = place if opened.page == page else _NO_PLACE
            found = transaction.exchanges.list(order="number", page=opened.page, number=LaterThan(after))
        last = found[-1].number if found else after
        return News(page=opened.page, place=last, taken=tuple(read(one.content) for one in found))

    def clear(self) -> None:
        """Begin another page, and forget what stood on the others."""
        with self._store.writing(exclusive=True) as transaction:
            if not transaction.journal_pages.change({}, page=self._random.secret()):
                transaction.journal_pages.add(self._new_page())
            transaction.exchanges.remove()

    async def run(self, work: Callable[[], Answer]) -> Answer:
        """Do such work from an event loop."""
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
