"""Tables of clients."""

from typing import Any

from sqlalchemy import Boolean, String, Text

from mock_server.domain.records import Particulars, ScopeOfUse
from mock_server.store.tables.columns import Instant, Json, column, table

clients = table(
    "clients",
    column("id", String(64)),
    column("secret", Text),
    column("company_name", Text),
    column("website", Text),
    column("contact_email", Text),
    column("mode", String(16)),
    column("redirect_uris", Json(tuple[str, ...])),
    column("allows_loopback", Boolean),
    column("scope", Text),
    column("scopes_of_use", Json(tuple[ScopeOfUse, ...])),
    column("api_token", Text),
    column("registration_access_token", Text),
    column("webhook_secret", Text),
    column("notify_uri", Text, optional=True),
    column("created", Instant),
    column("auth_method", String(32)),
    column("jwks", Json(dict[str, Any]), optional=True),
    column("jwks_uri", Text, optional=True),
    column("particulars", Json(Particulars)),
    column("approved", Instant, optional=True),
    column("removed", Instant, optional=True),
    column("base", Text, optional=True),
    column("owes", Boolean),
    key=("id",),
    has_large_rows=True,
)

used_assertions = table(
    "used_assertions",
    column("hash", String(64)),
    column("client_id", String(64)),
    column("expires", Instant, index=True),
    key=("hash",),
)
