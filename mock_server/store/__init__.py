"""The only package that speaks SQL: records in, records out. It makes no decisions."""

from mock_server.store.cross_sandbox import SNAPSHOT
from mock_server.store.database import Store
from mock_server.store.open_transaction import OpenTransaction
from mock_server.store.sql.opening import StoreMistake, open_store
from mock_server.store.sql.statements import LaterThan, NotLaterThan
from mock_server.store.table_access import TableAccess
from mock_server.store.transaction import Transaction

__all__ = [
    "SNAPSHOT",
    "LaterThan",
    "NotLaterThan",
    "OpenTransaction",
    "Store",
    "StoreMistake",
    "TableAccess",
    "Transaction",
    "open_store",
]
