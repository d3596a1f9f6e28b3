"""Who the third parties are."""

from sqlalchemy import Boolean, String, Text

from mock_server.core.records import Particulars, ScopeOfUse
from mock_server.store.tables.columns import Instant, Json, column, table

clients = table(
    "clients",
    column("id", String(64)),
    column("secret", Text),
    column("company_name", Text),
    column("website", Text),
    column("contact_email", Text),
    column("mode", String(16)),
    column("is_public", Boolean),
    column("redirect_uris", Json(tuple[str, ...])),
    column("allows_loopback", Boolean),
    column("scope", Text),
    column("scopes_of_use", Json(tuple[ScopeOfUse, ...])),
    column("api_token", Text),
    column("registration_access_token", Text),
    column("webhook_secret", Text),
    column("notify_uri", Text, optional=True),
    column("created", Instant),
    column("particulars", Json(Particulars)),
    column("approved", Instant, optional=True),
    column("removed", Instant, optional=True),
    column("base", Text, optional=True),
    column("owes", Boolean),
    key=("id",),
)
