"""Limits wrong secrets, passwords and codes per minute for each client, person and customer.

The limits use the machine's clock, not the sandbox's: guesses happen in real time, and a frozen clock must not lock
anyone out forever.
"""

from datetime import timedelta

from mock_server.domain.errors import TooManyRequests
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import Guesses
from mock_server.domain.time.durations import in_words
from mock_server.sandbox import Sandbox
from mock_server.store import NotLaterThan, Transaction

_SPAN = timedelta(minutes=1)


def check_guesses(sandbox: Sandbox, transaction: Transaction, kind: str, name: str) -> None:
    """Raises TooManyRequests if that name has no attempts left, even for a correct secret.

    `kind` distinguishes clients, people and customers with the same name.
    """
    limit = sandbox.settings.guess_limit
    if not limit:
        return
    found = transaction.guesses.find(subject=_subject(kind, name))
    now = sandbox.clock.machine_now()
    if found is None or found.until <= now or found.count < limit:
        return
    wait = max(1, round((found.until - now).total_seconds()))
    raise TooManyRequests(
        f"MOCK_SERVER_GUESS_LIMIT allows {limit} wrong attempts within {in_words(_SPAN)}, so even a correct one is "
        f"refused now. Try again in {wait} second{'' if wait == 1 else 's'}.",
        retry_after=wait,
    )


def count_guess(sandbox: Sandbox, transaction: Transaction, kind: str, name: str) -> None:
    """Count one wrong attempt. Unknown names count as well, so that the limit does not disclose which names exist."""
    if not sandbox.settings.guess_limit:
        return
    subject, now = _subject(kind, name), sandbox.clock.machine_now()
    transaction.guesses.remove(until=NotLaterThan(now))
    found = transaction.guesses.hold(subject=subject)
    if found is None:  # of two that add it at once the second is done again
        transaction.guesses.add(Guesses(subject=subject, count=1, until=now + _SPAN))
    else:
        transaction.guesses.change({"subject": subject}, count=found.count + 1)


def _subject(kind: str, name: str) -> str:
    return fingerprint(f"guess:{kind}:{name}")
