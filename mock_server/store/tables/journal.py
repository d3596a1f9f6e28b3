"""The tables of the shared journal. Their rows belong to no sandbox that a path can name."""

from sqlalchemy import String, Text

from mock_server.store.tables.columns import Number, column, table

journal_pages = table("journal_pages", column("page", String(64)), column("key", String(64)), key=())

exchanges = table(
    "exchanges",
    column("number", Number),
    column("page", String(64)),
    column("content", Text),
    key=("number",),
    has_large_rows=True,
)
