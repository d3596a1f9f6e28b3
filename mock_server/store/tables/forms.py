"""Tables of forms and templates."""

from sqlalchemy import Boolean, String, Text

from mock_server.store.tables.columns import Instant, Number, column, table

templates = table(
    "templates",
    column("uid", Number),
    column("client_id", String(64), index=True),
    column("portal", String(100)),
    column("created", Instant),
    column("updated", Instant),
    column("is_disabled", Boolean),
    key=("uid",),
)

forms = table(
    "forms",
    column("uid", Number),
    column("client_id", String(64), index=True),
    column("template_uid", Number),
    column("token", String(64), index=True),
    column("created", Instant),
    column("updated", Instant),
    column("is_archived", Boolean),
    column("is_disabled", Boolean),
    column("authorization_uid", Number, optional=True),
    column("customer_email", Text, optional=True),
    column("utility", String(64), optional=True),
    column("expires", String(40), optional=True),
    column("ongoing_end", String(40), optional=True),
    key=("uid",),
)

referrals = table(
    "referrals",
    column("code", String(64)),
    column("client_id", String(64)),
    column("authorization_uid", Number, index=True),
    column("created", Instant),
    key=("code",),
)
