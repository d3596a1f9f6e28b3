"""The only package that speaks SQL: records in, records out. Decides nothing."""

from mock_server.store.cross_sandbox import SNAPSHOT
from mock_server.store.database import Store
from mock_server.store.sql.opening import StoreMistake, open_store
from mock_server.store.sql.statements import NotReached, Reached
from mock_server.store.table_access import Rows
from mock_server.store.transaction import Transaction

__all__ = ["SNAPSHOT", "NotReached", "Reached", "Rows", "Store", "StoreMistake", "Transaction", "open_store"]
