"""Tables of the utility's login."""

from sqlalchemy import String, Text

from mock_server.store.tables.columns import Instant, column, table

sign_on_sessions = table(
    "sign_on_sessions",
    column("hash", String(64)),
    column("customer_id", String(128)),
    column("started", Instant),
    column("expires", Instant),
    key=("hash",),
)

sign_on_codes = table(
    "sign_on_codes",
    column("hash", String(64)),
    column("customer_id", String(128)),
    column("redirect_uri", Text),
    column("scope", Text),
    column("nonce", Text, optional=True),
    column("authenticated", Instant),
    column("expires", Instant),
    column("redeemed", Instant, optional=True),
    key=("hash",),
)

signing_keys = table(
    "signing_keys",
    column("id", String(64)),
    column("pem", Text),
    column("created", Instant),
    key=("id",),
)
