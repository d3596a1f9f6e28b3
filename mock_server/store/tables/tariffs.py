"""The table of tariffs."""

from sqlalchemy import String, Text

from mock_server.domain.records import TariffPrice, Tax
from mock_server.store.tables.columns import Json, column, table

tariffs = table(
    "tariffs",
    column("id", String(64)),
    column("name", Text),
    column("kind", String(16)),
    column("unit", String(16)),
    column("taxes", Json(tuple[Tax, ...])),
    column("prices", Json(tuple[TariffPrice, ...])),
    key=("id",),
    has_large_rows=True,
)
