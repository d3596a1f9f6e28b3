"""Tables of a sandbox's own state: clock, counters, snapshots, messages."""

from sqlalchemy import BigInteger, Boolean, Float, Integer, String, Text

from mock_server.domain.records import AutoApproval
from mock_server.store.tables.columns import Instant, Json, Number, column, table

states = table(
    "sandbox_states",
    column("incarnation", String(64)),
    column("created", Instant),
    column("fixtures_digest", String(64)),
    column("clock_offset_seconds", Float),
    column("clock_frozen", Instant, optional=True),
    column("auto_approval", Json(AutoApproval)),
    column("used", Instant),
    column("has_faults", Boolean),
    column("moving_until", Instant, optional=True),
    key=(),
)

revisions = table("revisions", column("number", BigInteger), key=())

counters = table("counters", column("name", String(40)), column("value", BigInteger), key=("name",))

call_counts = table(
    "call_counts",
    column("token_hash", String(64)),
    column("second", BigInteger),
    column("count", Integer),
    key=("token_hash",),
)

demo_runs = table(
    "demo_runs",
    column("id", String(32)),
    column("sealed", Text),
    column("stored_at", Instant),
    key=("id",),
    has_large_rows=True,
)

guesses = table(
    "guesses",
    column("subject", String(64)),
    column("count", Integer),
    column("until", Instant, index=True),
    key=("subject",),
)

snapshots = table("snapshots", column("name", String(40)), column("taken", Instant), key=("name",))

messages = table(
    "messages",
    column("id", Number),
    column("to", String(200)),
    column("channel", String(8)),
    column("subject", Text),
    column("body", Text),
    column("code", String(16), optional=True),
    column("at", Instant),
    key=("id",),
)
