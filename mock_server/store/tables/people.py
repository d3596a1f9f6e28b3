"""Tables of third parties' people and browser sessions."""

from sqlalchemy import String, Text

from mock_server.store.tables.columns import Instant, column, table

people = table(
    "people",
    column("email", String(254)),
    column("first_name", Text),
    column("last_name", Text),
    column("password_hash", Text),
    column("client_id", String(64), index=True),
    column("created", Instant),
    key=("email",),
)

browser_sessions = table(
    "browser_sessions",
    column("hash", String(64)),
    column("kind", String(16)),
    column("subject", String(254)),
    column("started", Instant),
    column("expires", Instant),
    column("id_token", Text, optional=True),
    key=("hash",),
)
