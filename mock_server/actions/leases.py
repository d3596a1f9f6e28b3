"""Leases for work that one process does for all. The holder renews its lease; a dead holder's lease expires."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from mock_server.domain.errors import MockServerError

log = logging.getLogger("mock_server")

LEASE: Final = timedelta(seconds=6)
"""The duration of a lease, by the database's clock (`Transaction.lease_now`); longer than a writer waits to write."""

_RENEWED_EVERY: Final = 1.0


@contextmanager
def renewing(renew: Callable[[], object], *, every: float = _RENEWED_EVERY) -> Iterator[None]:
    """Renew a lease every `every` seconds while the block runs."""
    is_over = threading.Event()

    def renew_repeatedly() -> None:
        while not is_over.wait(every):
            try:
                renew()
            except MockServerError as error:
                log.warning("A lease could not be renewed: %s", error.message)

    thread = threading.Thread(target=renew_repeatedly, name="mock-server-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
