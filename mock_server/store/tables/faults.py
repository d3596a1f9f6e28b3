"""The table of armed faults."""

from sqlalchemy import Integer, String

from mock_server.domain.records import FaultEffect, FaultMatch
from mock_server.store.tables.columns import Instant, Json, Number, column, table

faults = table(
    "faults",
    column("id", Number),
    column("preset", String(64), optional=True),
    column("match", Json(FaultMatch)),
    column("effect", Json(FaultEffect)),
    column("when", String(8)),
    column("times_left", Integer, optional=True),
    column("seen", Integer),
    column("fired", Integer),
    column("created", Instant),
    key=("id",),
)
