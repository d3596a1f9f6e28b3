"""The tables: one per record, every row under its sandbox's name. Instants are microseconds since 1970.

Money, dates and nested records are kept as JSON, made and read by pydantic from the records' own types.
"""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from mock_server.core.records import Account, AutoApproval, LastBill, ScopeOfUse, TariffPrice, Tax

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An aware datetime as whole microseconds, so that every database sorts and compares it alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


_NUMBER = re.compile("0|[1-9][0-9]{0,17}")
_NOTHING = -1


class Number(TypeDecorator[str]):
    """An id that is a string of digits outside and sorts as a number inside.

    Any other string, which only a look-up can bring, is the id of nothing.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        return int(value) if _NUMBER.fullmatch(value) else _NOTHING

    def process_result_value(self, value: int | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)


class Json(TypeDecorator[Any]):
    """A nested value of a record, by its type."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:  # any type expression that pydantic understands
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else _adapter(self.kind).dump_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else _adapter(self.kind).validate_json(value)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


metadata = MetaData()


def _column(
    name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]], *, optional: bool = False, index: bool = False
) -> Column[Any]:
    return Column(name, kind, nullable=optional, index=index)


def _table(name: str, *columns: Column[Any], key: tuple[str, ...]) -> Table:
    return Table(
        name,
        metadata,
        Column("sandbox", String(40), nullable=False),
        *columns,
        PrimaryKeyConstraint("sandbox", *key),
    )


states = _table(
    "sandbox_states",
    _column("created", Instant),
    _column("fixtures_digest", String(64)),
    _column("clock_offset_seconds", Float),
    _column("clock_frozen", Instant, optional=True),
    _column("auto_approval", Json(AutoApproval)),
    key=(),
)

counters = _table("counters", _column("name", String(40)), _column("value", BigInteger), key=("name",))

tariffs = _table(
    "tariffs",
    _column("id", String(64)),
    _column("name", Text),
    _column("kind", String(16)),
    _column("unit", String(16)),
    _column("taxes", Json(tuple[Tax, ...])),
    _column("prices", Json(tuple[TariffPrice, ...])),
    key=("id",),
)

customers = _table(
    "customers",
    _column("id", String(128)),
    _column("name", Text),
    _column("kind", String(16)),
    _column("about", Text),
    _column("is_test_account", Boolean),
    _column("password", Text),
    _column("phone", String(32)),
    _column("email", Text),
    _column("time_zone", String(64)),
    _column("accounts", Json(tuple[Account, ...])),
    _column("last_bill", Json(LastBill | None), optional=True),
    key=("id",),
)

look_ups = _table(
    "look_ups",
    _column("kind", String(16)),
    _column("value", String(400)),
    _column("customer_id", String(128)),
    key=("kind", "value", "customer_id"),
)

clients = _table(
    "clients",
    _column("id", String(64)),
    _column("secret", Text),
    _column("company_name", Text),
    _column("website", Text),
    _column("contact_email", Text),
    _column("mode", String(16)),
    _column("is_public", Boolean),
    _column("redirect_uris", Json(tuple[str, ...])),
    _column("allows_loopback", Boolean),
    _column("scope", Text),
    _column("scopes_of_use", Json(tuple[ScopeOfUse, ...])),
    _column("api_token", Text),
    _column("registration_access_token", Text),
    _column("webhook_secret", Text),
    _column("notify_uri", Text, optional=True),
    _column("created", Instant),
    key=("id",),
)

authorizations = _table(
    "authorizations",
    _column("uid", Number),
    _column("kind", String(16)),
    _column("client_id", String(64), index=True),
    _column("customer_id", String(128), optional=True, index=True),
    _column("scope", Text),
    _column("requested_scope", Text),
    _column("scope_of_use", Text, optional=True),
    _column("created", Instant),
    _column("history_start", Instant, optional=True),
    _column("ongoing_end", Instant, optional=True),
    _column("expires", Instant, optional=True),
    _column("revoked", Instant, optional=True),
    key=("uid",),
)

meters = _table(
    "meters",
    _column("uid", Number),
    _column("authorization_uid", Number, index=True),
    _column("account_number", String(64)),
    _column("service_id", String(64)),
    _column("created", Instant),
    key=("uid",),
)

requests = _table(
    "authorization_requests",
    _column("id", String(64)),
    _column("client_id", String(64)),
    _column("redirect_uri", Text, optional=True),
    _column("state", Text, optional=True),
    _column("scope", Text),
    _column("code_challenge", Text, optional=True),
    _column("code_challenge_method", String(8), optional=True),
    _column("prompts", Boolean),
    _column("browser_hash", String(64)),
    _column("created", Instant),
    _column("way", String(16)),
    _column("customer_id", String(128), optional=True),
    _column("is_confirmed", Boolean),
    _column("notice", Text, optional=True),
    _column("otp_hash", String(64), optional=True),
    _column("otp_channel", String(8), optional=True),
    _column("otp_sent", Instant, optional=True),
    _column("otp_attempts", Integer),
    _column("sso_state", String(64), optional=True),
    _column("sso_nonce", String(64), optional=True),
    _column("outcome", String(16), optional=True),
    _column("authorization_uid", Number, optional=True),
    key=("id",),
)

codes = _table(
    "codes",
    _column("hash", String(64)),
    _column("client_id", String(64)),
    _column("authorization_uid", Number),
    _column("redirect_uri", Text, optional=True),
    _column("code_challenge", Text, optional=True),
    _column("code_challenge_method", String(8), optional=True),
    _column("issued", Instant),
    _column("expires", Instant),
    _column("redeemed", Instant, optional=True),
    key=("hash",),
)

tokens = _table(
    "tokens",
    _column("hash", String(64)),
    _column("token_class", String(16)),
    _column("client_id", String(64)),
    _column("authorization_uid", Number, optional=True, index=True),
    _column("customer_id", String(128), optional=True),
    _column("scope", Text),
    _column("issued", Instant),
    _column("expires", Instant, optional=True),
    _column("ended", Instant, optional=True),
    _column("ended_because", Text, optional=True),
    _column("code_hash", String(64), optional=True, index=True),
    key=("hash",),
)

sign_on_sessions = _table(
    "sign_on_sessions",
    _column("hash", String(64)),
    _column("customer_id", String(128)),
    _column("started", Instant),
    _column("expires", Instant),
    key=("hash",),
)

sign_on_codes = _table(
    "sign_on_codes",
    _column("hash", String(64)),
    _column("customer_id", String(128)),
    _column("redirect_uri", Text),
    _column("nonce", Text, optional=True),
    _column("authenticated", Instant),
    _column("expires", Instant),
    _column("redeemed", Instant, optional=True),
    key=("hash",),
)

messages = _table(
    "messages",
    _column("id", Number),
    _column("to", String(200)),
    _column("channel", String(8)),
    _column("subject", Text),
    _column("body", Text),
    _column("code", String(16), optional=True),
    _column("at", Instant),
    key=("id",),
)

signing_keys = _table(
    "signing_keys",
    _column("id", String(64)),
    _column("pem", Text),
    _column("created", Instant),
    key=("id",),
)


layouts = Table("mock_server_layout", metadata, Column("digest", String(64), primary_key=True))


def layout_digest() -> str:
    """A fingerprint of all tables and columns: another version of the program may have another."""
    told = [
        f"{table.name}.{column.name} {column.type!r}"
        for table in metadata.sorted_tables
        for column in table.c
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()
