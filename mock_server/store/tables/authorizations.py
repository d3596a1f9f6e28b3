"""Tables of authorizations, and of the requests, codes and tokens that lead to them."""

from sqlalchemy import Boolean, Integer, String, Text

from mock_server.store.tables.columns import Instant, Json, Number, column, table

authorizations = table(
    "authorizations",
    column("uid", Number),
    column("kind", String(16)),
    column("client_id", String(64), index=True),
    column("customer_id", String(128), optional=True, index=True),
    column("scope", Text),
    column("requested_scope", Text),
    column("scope_of_use", Text, optional=True),
    column("created", Instant),
    column("history_start", Instant, optional=True),
    column("ongoing_end", Instant, optional=True),
    column("expires", Instant, optional=True),
    column("revoked", Instant, optional=True),
    column("is_deleted", Boolean),
    column("wakes", Instant, optional=True, index=True),
    column("is_test", Boolean),
    column("is_archived", Boolean),
    column("nickname", Text, optional=True),
    column("customer_email", Text, optional=True),
    column("template_uid", Number, optional=True),
    column("form_uid", Number, optional=True, index=True),
    column("scenario", String(128), optional=True),
    column("batch_ready", Instant, optional=True),
    key=("uid",),
)

meters = table(
    "meters",
    column("uid", Number),
    column("authorization_uid", Number, index=True),
    column("account_number", String(64)),
    column("service_id", String(64)),
    column("created", Instant),
    column("is_archived", Boolean),
    column("frequency", String(8)),
    column("fixed_refresh_day", Integer, optional=True),
    column("monitoring_set", Instant, optional=True),
    column("retained_from", Instant, optional=True),
    column("retained_until", Instant, optional=True),
    key=("uid",),
)

collections = table(
    "collections",
    column("uid", Number),
    column("meter_uid", Number),
    column("authorization_uid", Number, index=True),
    column("started", Instant),
    column("months", Integer),
    key=("uid",),
)

requests = table(
    "authorization_requests",
    column("id", String(64)),
    column("client_id", String(64)),
    column("redirect_uri", Text, optional=True),
    column("state", Text, optional=True),
    column("scope", Text),
    column("code_challenge", Text, optional=True),
    column("code_challenge_method", String(8), optional=True),
    column("prompts", Boolean),
    column("browser_hash", String(64), index=True),
    column("created", Instant),
    column("way", String(16)),
    column("customer_id", String(128), optional=True),
    column("is_confirmed", Boolean),
    column("notice", Text, optional=True),
    column("otp_hash", String(64), optional=True),
    column("otp_channel", String(8), optional=True),
    column("otp_sent", Instant, optional=True),
    column("otp_attempts", Integer),
    column("sso_state", String(64), optional=True),
    column("sso_nonce", String(64), optional=True),
    column("outcome", String(16), optional=True),
    column("authorization_uid", Number, optional=True),
    column("template_uid", Number, optional=True),
    column("form_uid", Number, optional=True),
    column("customer_email", Text, optional=True),
    key=("id",),
)

pushed_requests = table(
    "pushed_requests",
    column("hash", String(64)),
    column("client_id", String(64)),
    column("on_wire", Json(dict[str, tuple[str, ...]])),
    column("expires", Instant, index=True),
    column("used", Instant, optional=True),
    key=("hash",),
)

codes = table(
    "codes",
    column("hash", String(64)),
    column("client_id", String(64)),
    column("authorization_uid", Number),
    column("redirect_uri", Text, optional=True),
    column("code_challenge", Text, optional=True),
    column("code_challenge_method", String(8), optional=True),
    column("issued", Instant),
    column("expires", Instant),
    column("redeemed", Instant, optional=True),
    key=("hash",),
)

tokens = table(
    "tokens",
    column("hash", String(64)),
    column("token_class", String(16)),
    column("client_id", String(64)),
    column("authorization_uid", Number, optional=True, index=True),
    column("customer_id", String(128), optional=True),
    column("scope", Text),
    column("issued", Instant),
    column("expires", Instant, optional=True),
    column("ended", Instant, optional=True),
    column("ended_because", Text, optional=True),
    column("grant_id", String(64), optional=True, index=True),
    column("generation", Integer),
    key=("hash",),
)

grants = table(
    "grants",
    column("id", String(64)),
    column("client_id", String(64)),
    column("authorization_uid", Number, optional=True),
    column("created", Instant),
    column("renewed", Instant),
    column("generation", Integer),
    column("ended", Instant, optional=True),
    column("ended_because", Text, optional=True),
    key=("id",),
)
