"""Tables of customers."""

from sqlalchemy import Boolean, Integer, String, Text

from mock_server.domain.records import Account, LastBill
from mock_server.store.tables.columns import Instant, Json, column, table

customers = table(
    "customers",
    column("id", String(128)),
    column("name", Text),
    column("kind", String(16)),
    column("about", Text),
    column("is_test_account", Boolean),
    column("password", Text),
    column("phone", String(32)),
    column("email", Text),
    column("time_zone", String(64)),
    column("accounts", Json(tuple[Account, ...])),
    column("last_bill", Json(LastBill | None), optional=True),
    column("batch_delay_seconds", Integer),
    column("moved_out", Instant, optional=True),
    key=("id",),
    has_large_rows=True,
)

look_ups = table(
    "look_ups",
    column("kind", String(16)),
    column("value", String(400)),
    column("customer_id", String(128)),
    key=("kind", "value", "customer_id"),
)
