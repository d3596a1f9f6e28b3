"""A sandbox's own state, and the messages it sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mock_server.domain.records.authorizations import Channel


@dataclass(frozen=True, kw_only=True)
class Message:
    """An email, text message or call from the utility. It is not sent but stored in the outbox for tests to read."""

    id: str
    to: str
    channel: Channel
    subject: str
    body: str
    code: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CallCount:
    """The number of calls with a token in the latest second that had any; `second` counts from 1970."""

    token_hash: str
    second: int
    count: int


@dataclass(frozen=True, kw_only=True)
class Guesses:
    """The number of wrong secrets sent for one client, person or customer; the count restarts at `until`.

    `until` is on the machine's clock.
    """

    subject: str
    count: int
    until: datetime


@dataclass(frozen=True, kw_only=True)
class AutoApproval:
    """Automatic decisions on authorization requests. `times` None applies until switched off."""

    enabled: bool = False
    times: int | None = None
    decision: Literal["approve", "decline"] = "approve"


@dataclass(frozen=True, kw_only=True)
class DemoRun:
    """The state of one run of the demo client. `sealed` is encrypted with a secret that only its browser has."""

    id: str
    sealed: str
    stored_at: datetime


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A copy of the sandbox that can be restored. `taken` is on the sandbox's clock."""

    name: str
    taken: datetime


@dataclass(frozen=True, kw_only=True)
class SandboxState:
    """The state of a sandbox: its clock, the digest of its fixtures, its latest use.

    `incarnation` changes with each reset, import or restore, so that a request can detect that its data is gone.
    Until `moving_until` (on the machine's clock) a request is moving the sandbox's clock; only that request announces
    the events that become due.
    """

    incarnation: str
    created: datetime
    fixtures_digest: str
    clock_offset_seconds: float
    clock_frozen: datetime | None
    auto_approval: AutoApproval
    used: datetime
    has_faults: bool = False
    moving_until: datetime | None = None
