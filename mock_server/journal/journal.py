"""The last exchanges of a sandbox: added, found, awaited. Bounded by number and bytes.

With a ledger, which several processes share, it is this process's copy of what stands there.
"""

import asyncio
import logging
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from mock_server.domain.errors import MockServerError
from mock_server.journal.exchange import Exchange, Taken
from mock_server.journal.ledger import Ledger
from mock_server.journal.masking import fingerprint_labels, labels, masked

log = logging.getLogger("mock_server")
MOST = 1_000
MOST_BYTES = 8_000_000
LOOKED_EVERY = 0.05
"""How often who waits looks into the ledger, in seconds."""

STATUS = re.compile(r"[1-5]\d\d|[1-5]xx|none")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which exchanges: all conditions must hold; None matches everything.

    `path` is a pattern in which * matches anything; `status` is a number, `4xx`, or `none` for a response that
    never came; `since` is the sandbox's time; `after` the id of an exchange.
    """

    path: str | None = None
    method: str | None = None
    status: str | None = None
    client_id: str | None = None
    since: datetime | None = None
    after: str | None = None

    def fits(self, taken: Taken) -> bool:
        """Whether the exchange is one of them; its place after another is the journal's to know."""
        return (
            (self.path is None or fnmatchcase(taken.path, self.path))
            and (self.method is None or taken.method == self.method.upper())
            and (self.status is None or _has_status(taken, self.status))
            and (self.client_id is None or taken.client_id == self.client_id)
            and (self.since is None or taken.at >= self.since)
        )


def _has_status(taken: Taken, status: str) -> bool:
    if taken.status is None:
        return status == "none"
    text = str(taken.status)
    return text == status or (status.endswith("xx") and text[0] == status[0])


class Journal:
    """What happened in one sandbox, oldest first; when it is full, the oldest goes."""

    def __init__(
        self, *, key: bytes, most: int = MOST, most_bytes: int = MOST_BYTES, ledger: Ledger | None = None
    ) -> None:
        self._taken: deque[Taken] = deque()
        self._bytes = 0
        self._most = most
        self._most_bytes = most_bytes
        self._waiting: list[Callable[[Taken], None]] = []
        self._ledger = ledger
        self._ledger_page, self._place = "", "0"
        self._reading = threading.Lock()
        self.times_cleared = 0
        self.key = key
        self.label = labels(key)
        self.label_of_fingerprint = fingerprint_labels(key)

    def __len__(self) -> int:
        return len(self._taken)

    @property
    def is_awaited(self) -> bool:
        """Whether anybody waits for an exchange here."""
        return bool(self._waiting)

    def page(self) -> "Page":
        """Where an exchange that begins now will be written."""
        return Page(self, self._ledger)

    async def begin(self) -> "Page":
        """The same, from an event loop."""
        return self.page() if self._ledger is None else await self._ledger.run(self.page)

    def add(self, taken: Taken) -> None:
        """Store an exchange that has ended, and notify waiting calls."""
        self._taken.append(taken)
        self._bytes += taken.size
        while len(self._taken) > self._most or (self._bytes > self._most_bytes and len(self._taken) > 1):
            self._bytes -= self._taken.popleft().size
        for notify in tuple(self._waiting):
            notify(taken)

    def clear(self) -> None:
        """Forget all, and what has begun and not ended yet as well: the next test is not to find it."""
        if self._ledger is not None:
            self._ledger.clear()
        self.forget()

    def forget(self) -> None:
        """The same for this process alone, where the ledger has ended with its sandbox."""
        self.times_cleared += 1
        self._taken.clear()
        self._bytes = 0

    def find(self, exchange_id: str) -> Exchange | None:
        """The exchange with that id, which is its request's id."""
        found = next((taken for taken in self._after(None) if taken.id == exchange_id), None)
        return None if found is None else masked(found, self.label)

    def list(self, wanted: Wanted, *, newest: int | None = None, with_answers: bool = True) -> list[Exchange]:
        """All that fit, oldest first; of more than `newest`, the newest; on request without the answers' bodies."""
        found = [taken for taken in self._after(wanted.after) if wanted.fits(taken)]
        first = 0 if newest is None else max(0, len(found) - newest)
        return [masked(taken, self.label, with_answer=with_answers) for taken in found[first:]]

    async def wait(self, wanted: Wanted, *, seconds: float) -> Exchange | None:
        """The oldest one that fits, which may have come already; None if none comes in that time."""
        if self._ledger is not None:
            return await self._look_again_and_again(self._ledger, wanted, seconds)
        here = self._first(wanted)
        if here is not None:
            return masked(here, self.label)
        loop = asyncio.get_running_loop()
        coming: asyncio.Future[Taken] = loop.create_future()

        def settle(taken: Taken) -> None:
            if not coming.done():
                coming.set_result(taken)

        def notify(taken: Taken) -> None:
            if wanted.fits(taken):
                loop.call_soon_threadsafe(settle, taken)

        self._waiting.append(notify)
        try:
            return masked(await asyncio.wait_for(coming, seconds), self.label)
        except TimeoutError:
            return None
        finally:
            self._waiting.remove(notify)

    async def _look_again_and_again(self, ledger: Ledger, wanted: Wanted, seconds: float) -> Exchange | None:
        """Poll, because other processes send no notification."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        while (here := await ledger.run(lambda: self._first(wanted))) is None:
            if loop.time() >= ends:
                return None
            await asyncio.sleep(LOOKED_EVERY)
        return masked(here, self.label)

    def _first(self, wanted: Wanted) -> Taken | None:
        return next((taken for taken in self._after(wanted.after) if wanted.fits(taken)), None)

    def _read_ledger(self, ledger: Ledger) -> None:
        with self._reading:  # or two threads would add the same
            news = ledger.news(self._ledger_page, self._place)
            if news.page != self._ledger_page:
                self.forget()
            self._ledger_page, self._place = news.page, news.place
            for taken in news.taken:
                self.add(taken)

    def _after(self, exchange_id: str | None) -> Iterator[Taken]:
        """Those after an exchange; all of them where it is forgotten already."""
        if self._ledger is not None:
            self._read_ledger(self._ledger)
        all_taken = tuple(self._taken)  # at once, since requests go on while a thread looks at them
        places = {taken.id: place for place, taken in enumerate(all_taken, start=1)} if exchange_id else {}
        first = places.get(exchange_id or "", 0)
        return (taken for place, taken in enumerate(all_taken) if place >= first)


class Page:
    """The journal as an exchange found it when it began."""

    def __init__(self, journal: Journal, ledger: Ledger | None) -> None:
        self._journal = journal
        self._ledger = ledger
        self._times_cleared = journal.times_cleared
        self._ledger_page = None if ledger is None else _open_page(ledger)

    async def keep(self, taken: Taken) -> None:
        """Remember the exchange, from an event loop."""
        if self._ledger is None:
            self.add(taken)
        else:
            await self._ledger.run(lambda: self.add(taken))

    def add(self, taken: Taken) -> None:
        """Remember the exchange, unless all was forgotten since it began.

        Where it cannot be written, it is lost and the log says so: its answer is on its way, and worth more.
        """
        if self._ledger is not None:
            try:
                if self._ledger_page is not None:
                    self._ledger.add(self._ledger_page, taken)
            except MockServerError as error:
                log.warning("%s %s was not kept in the journal: %s", taken.method, taken.path, error.message)
        elif self._journal.times_cleared == self._times_cleared:
            self._journal.add(taken)


def _open_page(ledger: Ledger) -> str | None:
    """The page that is open; None where there is none to be had: the request will say why in its own protocol."""
    try:
        return ledger.page()
    except MockServerError as error:
        log.warning("A request is not kept in the journal: %s", error.message)
        return None
