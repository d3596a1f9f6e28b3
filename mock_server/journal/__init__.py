"""What clients sent and what they got: recorded, bounded in memory, told with every secret masked.

One journal belongs to one sandbox and one process. It holds no database row and knows no web framework.
"""

from mock_server.journal.curl import curl_lines
from mock_server.journal.exchange import Exchange, Head, Side, Taken, basic_user
from mock_server.journal.har import har
from mock_server.journal.journal import STATUS, Journal, Wanted
from mock_server.journal.replay import replay_test

__all__ = [
    "STATUS",
    "Exchange",
    "Head",
    "Journal",
    "Side",
    "Taken",
    "Wanted",
    "basic_user",
    "curl_lines",
    "har",
    "replay_test",
]
