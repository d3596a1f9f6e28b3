"""The only package that speaks SQL: records in, records out. Decides nothing."""

from mock_server.store.database import Store, StoreMistake, Transaction, open_store

__all__ = ["Store", "StoreMistake", "Transaction", "open_store"]
