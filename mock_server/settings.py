"""Every setting: its default, its help text, its environment variable. Rejects unknown names.

`mock-server --help`, README's table and the environment's `MOCK_SERVER_*` all come from this one class.
"""

import difflib
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from mock_server.domain.network.client_urls import is_base
from mock_server.domain.network.hosts import read_host
from mock_server.domain.text.expectations import expectation
from mock_server.domain.time.instants import EARLIEST, LATEST, RANGE, in_utc

PREFIX = "MOCK_SERVER_"


class SettingsMistake(Exception):
    """A setting is unknown or has an impossible value; the message names it and what was expected."""


def _within_clock_range(instant: datetime) -> datetime:
    found = in_utc(instant)
    if not EARLIEST <= found <= LATEST:
        raise ValueError(RANGE)
    return found


class Settings(BaseSettings):
    """What can be set, by a command-line option, else by the environment, else the default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    public_url: str | None = Field(None, description="Base of all URLs the server prints, when it differs.")
    browser_url: str | None = Field(
        None, description="Base of the URLs that a browser visits, when it differs."
    )
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="More host names of the server, separated by commas."
    )
    database_url: str = Field("sqlite:///mock-server.db", description="The database, as a SQLAlchemy URL.")
    fixtures: Path | None = Field(None, description="Folder with your own utility, customers and clients.")
    seed: str = Field("demo", min_length=1, description="The seed of all generated data.")
    clock: Annotated[datetime, AfterValidator(_within_clock_range)] | None = Field(
        None,
        description="Instant at which the sandbox's clock starts, such as 2026-01-31T12:00:00Z; unset, the real time.",
    )
    publication_lag_hours: int = Field(
        6, ge=0, le=240, description="How many hours after its time a reading is published."
    )
    rate_limit: int = Field(
        0,
        ge=0,
        le=100_000,
        description="Calls of the JSON API per second for each token; 0 for no limit.",
    )
    guess_limit: int = Field(
        20,
        ge=0,
        le=100_000,
        description="Wrong secrets, passwords and codes per minute for each client or person; 0 for no limit.",
    )
    hints: bool = Field(True, description="Show test customers and one-time codes on the sign-in pages.")
    auto_approve: bool = Field(
        False, description="Answer authorize requests at once when their scope identifies the customer."
    )
    code_seconds: int = Field(
        300, ge=1, le=3600, description="How long an authorization code lives, in seconds."
    )
    access_token_seconds: int = Field(
        3600, ge=1, le=31_536_000, description="How long an access token lives, in seconds."
    )
    refresh_token_seconds: int = Field(
        0,
        ge=0,
        le=315_360_000,
        description="How long a refresh token lives, in seconds; 0 for as long as the authorization.",
    )
    refresh_rotation: Literal["off", "on"] = Field(
        "off",
        description="Whether a refresh also replaces the refresh token; for public clients it always does (RFC 9700).",
    )
    refresh_grace_seconds: int = Field(
        0,
        ge=0,
        le=3600,
        description="How long a replaced refresh token is accepted, in seconds; later use revokes its grant.",
    )
    access_tokens: Literal["one", "several"] = Field(
        "one",
        description="How many access tokens of an authorization are valid; one: a refresh revokes the others.",
    )
    access_token_format: Literal["opaque", "jwt"] = Field(
        "opaque", description="Whether access tokens are random, or signed JWTs (RFC 9068)."
    )
    issuer_in_response: bool = Field(
        False,
        description="Add iss to authorization responses (RFC 9207); the certification suite expects none.",
    )
    dialect: Literal["utilityapi", "certification"] = Field(
        "utilityapi", description="Which to follow where the real system and the certification suite differ."
    )
    review: Literal["lenient", "warn", "strict"] = Field(
        "warn",
        description="What the review does: report errors only, report everything, or also reject errors at once.",
    )
    control: Literal["open", "token", "off"] | None = Field(
        None, description="Who may call /_mock; unset, open on loopback, else token if one is set, else off."
    )
    control_token: str | None = Field(
        None, min_length=8, description="Bearer token for /_mock, of 8 characters or more."
    )
    private_targets: bool | None = Field(
        None,
        description="Also send webhooks to private addresses; unset, only if the server is open on loopback only.",
    )
    most_sandboxes: int = Field(
        1_000, ge=1, le=1_000_000, description="How many sandboxes the server holds, `default` included."
    )
    workers: int = Field(
        1, ge=1, le=64, description="The number of worker processes; they share the database."
    )
    journal: Literal["memory", "database"] | None = Field(
        None,
        description="Where the request log is stored; unset, in memory, or in the database with several workers.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")
    log_format: Literal["text", "json"] = Field("text", description="How log lines are written.")

    @field_validator("hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("hosts")
    @classmethod
    def _bare_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            found = read_host(host)
            if found is None or found.port is not None:
                raise ValueError(
                    f"it must be a host name alone, such as mock.example.com, without scheme and port, and not {host!r}"
                )
        return value

    @field_validator("public_url", "browser_url")
    @classmethod
    def _as_a_base(cls, value: str | None) -> str | None:
        """An address that paths can be added to."""
        if value is None:
            return None
        if not value.startswith(("http://", "https://")):
            raise ValueError("it must begin with http:// or https://")
        if not is_base(value):
            raise ValueError(
                "it must be an address that paths can be added to, such as https://mock.example.com"
            )
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("it must begin with sqlite:/// or postgresql+psycopg://")
        return value

    @property
    def listens_on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in ("127.0.0.1", "localhost", "::1")

    @property
    def shares_journal(self) -> bool:
        """Whether other processes are to see the exchanges of this one."""
        return self.journal == "database" or (self.journal is None and self.workers > 1)

    @property
    def allows_private_targets(self) -> bool:
        """Whether what third parties name may be on this machine or in its network."""
        return self.listens_on_loopback if self.private_targets is None else self.private_targets

    @property
    def control_access(self) -> Literal["open", "token", "off"]:
        """Who may call the control API, with the default worked out."""
        if self.control is not None:
            return self.control
        if self.listens_on_loopback:
            return "open"
        return "token" if self.control_token else "off"


# Read by the test fixture and the Makefile, not by the server.
_OTHER_NAMES = ("MOCK_SERVER_URL",)


def read_settings(
    given: Mapping[str, Any] | None = None, *, environment: Mapping[str, str] | None = None
) -> Settings:
    """The settings of this process; `given` (options) win over the environment. Raises SettingsMistake."""
    _refuse_unknown(os.environ if environment is None else environment)
    try:
        settings = Settings(**(given or {}))
    except ValidationError as error:
        raise SettingsMistake("\n".join(_explain(dict(item)) for item in error.errors())) from error
    if settings.control == "token" and not settings.control_token:
        raise SettingsMistake(f"{PREFIX}CONTROL is token, so set {PREFIX}CONTROL_TOKEN as well.")
    if settings.workers > 1 and settings.journal == "memory":
        raise SettingsMistake(
            f"{PREFIX}JOURNAL is memory, of which each worker has its own. Leave it unset, or take one worker."
        )
    if settings.workers > 1 and settings.database_url in ("sqlite:///", "sqlite:///:memory:"):
        raise SettingsMistake(
            f"{PREFIX}DATABASE_URL is a database in memory, which workers cannot share. Name a file, or PostgreSQL."
        )
    return settings


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    """pydantic-settings ignores a misspelt variable silently; a developer loses an hour over that."""
    known = [*(PREFIX + name.upper() for name in Settings.model_fields), *_OTHER_NAMES]
    for name in environment:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            bare = [one.removeprefix(PREFIX) for one in known]
            close = difflib.get_close_matches(name.upper().removeprefix(PREFIX), bare, n=1)
            hint = f" Did you mean {PREFIX}{close[0]}?" if close else f" Known are: {', '.join(known)}."
            raise SettingsMistake(f"{name} is not a setting of mock-server.{hint}")


def _explain(error: Mapping[str, Any]) -> str:
    name = str(error["loc"][0]) if error["loc"] else "settings"
    return f"{PREFIX}{name.upper()} (--{name.replace('_', '-')}): {expectation(error)}."
