"""The journal of requests and responses: recorded, bounded in memory, with secrets masked.

One journal belongs to one sandbox and one process, or by a ledger to several processes. It holds no database row and
knows no web framework.
"""

from mock_server.journal.curl import curl_lines
from mock_server.journal.exchange import Exchange, Head, Side, Taken, basic_user
from mock_server.journal.har import har
from mock_server.journal.journal import MOST, STATUS, Journal, Page, Wanted
from mock_server.journal.ledger import Ledger, News, read, written
from mock_server.journal.replay import replay_test

__all__ = [
    "MOST",
    "STATUS",
    "Exchange",
    "Head",
    "Journal",
    "Ledger",
    "News",
    "Page",
    "Side",
    "Taken",
    "Wanted",
    "basic_user",
    "curl_lines",
    "har",
    "read",
    "replay_test",
    "written",
]
