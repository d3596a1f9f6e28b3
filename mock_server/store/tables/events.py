"""Tables of events, webhooks, notifications and deliveries."""

from sqlalchemy import Boolean, Float, Integer, String, Text

from mock_server.domain.events import EventType
from mock_server.store.tables.columns import Instant, Json, Number, column, table

webhooks = table(
    "webhooks",
    column("id", Number),
    column("client_id", String(64), index=True),
    column("url", Text),
    column("event_types", Json(tuple[EventType, ...])),
    column("created", Instant),
    key=("id",),
)

events = table(
    "events",
    column("uid", Number),
    column("type", String(64)),
    column("at", Instant),
    column("client_id", String(64), index=True),
    column("authorization_uid", Number, optional=True),
    column("meter_uid", Number, optional=True),
    column("form_uid", Number, optional=True),
    column("delivery_target", Text, optional=True),
    column("is_delivered", Boolean),
    column("first_due", Instant, optional=True),
    column("due", Instant, optional=True, index=True),
    column("claimed_by", String(32), optional=True),
    column("claimed_until", Instant, optional=True),
    key=("uid",),
)

notifications = table(
    "notifications",
    column("uid", Number),
    column("at", Instant),
    column("client_id", String(64), index=True),
    column("resources", Json(tuple[str, ...])),
    column("delivery_target", Text),
    column("is_delivered", Boolean),
    column("first_due", Instant, optional=True),
    column("due", Instant, optional=True, index=True),
    column("claimed_by", String(32), optional=True),
    column("claimed_until", Instant, optional=True),
    key=("uid",),
)

attempts = table(
    "delivery_attempts",
    column("uid", Number),
    column("kind", String(16)),
    column("client_id", String(64)),
    column("delivery_target", Text),
    column("items", Json(tuple[str, ...])),
    column("at", Instant),
    column("status", Integer, optional=True),
    column("problem", Text, optional=True),
    column("seconds", Float, optional=True),
    column("is_forged", Boolean),
    key=("uid",),
)

bulks = table(
    "bulks",
    column("id", String(64)),
    column("client_id", String(64)),
    column("authorization_uids", Json(tuple[str, ...])),
    column("since", Instant),
    column("until", Instant),
    column("expires", Instant),
    key=("id",),
)
