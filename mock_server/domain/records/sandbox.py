"""What a sandbox remembers about itself, and what it sent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mock_server.domain.records.authorizations import Channel


@dataclass(frozen=True, kw_only=True)
class Message:
    """A mail, text or call that the utility "sent": it stays in the outbox for tests and people to read."""

    id: str
    to: str
    channel: Channel
    subject: str
    body: str
    code: str | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CallCount:
    """How many calls a token made in one second since 1970, the last in which it made any."""

    token_hash: str
    second: int
    count: int


@dataclass(frozen=True, kw_only=True)
class Guesses:
    """How many wrong secrets came for one client, person or customer, until the count begins anew.

    `until` is an instant of the machine's clock.
    """

    subject: str
    count: int
    until: datetime


@dataclass(frozen=True, kw_only=True)
class AutoApproval:
    """Answers to authorize requests given without a browser. `times` None: until switched off."""

    enabled: bool = False
    times: int | None = None
    decision: Literal["approve", "decline"] = "approve"


@dataclass(frozen=True, kw_only=True)
class DemoRun:
    """A go through the demo third party, as that keeps it; `sealed` opens with the secret of one browser only."""

    id: str
    sealed: str
    kept: datetime


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A copy of the sandbox that it can go back to; `taken` by the sandbox's own clock."""

    name: str
    taken: datetime


@dataclass(frozen=True, kw_only=True)
class SandboxState:
    """What a sandbox remembers about itself: where its clock stands, which fixtures it holds, when it was used.

    `incarnation` is another one after each reset, import or restore: what a request read before is gone then.
    Up to `moving_until`, by the machine's clock, a call moves the sandbox's, and what that brings is its to tell.
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
