"""Injected faults: which requests they apply to, what they do, and how often.

pydantic reads these from the control API and from fixture files; rules beyond types are checked here.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal, TypeAlias

from mock_server.domain.records.clients import AuthMethod
from mock_server.domain.text.header_text import header_problem

_NO_OTHER_FIELDS = {"extra": "forbid"}
LARGEST_WAIT_MS = 300_000
LARGEST_SHIFT = timedelta(days=3660)
MOST_TIMES = 1_000_000

# The last two are what the server sends: redirects to a client's callback, and webhook deliveries.
FaultSurface: TypeAlias = Literal["oauth", "espi", "api", "pages", "sso", "portal", "callback", "webhooks"]
When: TypeAlias = Literal["instead", "after"]
CallbackFault: TypeAlias = Literal[
    "code_and_error", "no_code", "foreign_code", "no_state", "foreign_state", "replayed_state"
]
WebhookFault: TypeAlias = Literal["twice", "late", "bad_signature", "before_data"]


def is_given(value: object) -> bool:
    """Returns whether a field of a match or an effect was set. Zero counts as set; None, False and {} do not."""
    return value is not None and value is not False and value != {}


@dataclass(frozen=True, kw_only=True)
class FaultMatch:
    """The conditions that a request must meet, all of them. Raises ValueError for impossible ones.

    In `path`, * matches any text. `client_auth` is the client authentication method used (RFC 7591 §2). `nth` skips
    the requests before the n-th match; the fault then applies once unless `times` is set. `probability` is the share
    of matching requests that it applies to.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _NO_OTHER_FIELDS

    path: str | None = None
    method: str | None = None
    client_id: str | None = None
    client_auth: AuthMethod | None = None
    surface: FaultSurface | None = None
    nth: int | None = None
    probability: float | None = None

    def __post_init__(self) -> None:
        if self.nth is not None and self.nth < 1:
            raise ValueError("nth must be 1 or more")
        if self.probability is not None and not 0 < self.probability <= 1:
            raise ValueError("probability must be more than 0 and at most 1")


@dataclass(frozen=True, kw_only=True)
class Drip:
    """An effect that sends the body in pieces: `bytes` bytes every `every_ms` milliseconds. May raise ValueError."""

    __pydantic_config__: ClassVar[dict[str, str]] = _NO_OTHER_FIELDS

    bytes: int = 64
    every_ms: int = 100

    def __post_init__(self) -> None:
        if self.bytes < 1 or not 0 <= self.every_ms <= LARGEST_WAIT_MS:
            raise ValueError(f"drip needs bytes of 1 or more and every_ms from 0 to {LARGEST_WAIT_MS}")


@dataclass(frozen=True, kw_only=True)
class FaultEffect:
    """What a fault does to a response. Effects combine, except those that exclude each other (ValueError).

    * Replaced response: `status` with `headers` and `body` (text or JSON), or `error`, a code rendered in the protocol
      of the URL, with an optional `message`.
    * Corrupted response: extra `headers`; `xml` that does not parse or breaks its schema; `entries` duplicated or
      reversed; a `token` that is expired, of another class or without a refresh token; `stale` data of a duration ago;
      `clock_skew` of the server's clock.
    * Bad transport: `latency_ms` of delay, `hang` (seconds, or true for until the client disconnects), `reset`,
      `truncate` (bytes to send, or true for half of them), `drip`.
    * Alone only: `callback` for the redirect to the client, `webhook` for deliveries.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _NO_OTHER_FIELDS

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None  # text or any JSON value
    error: str | None = None
    message: str | None = None
    latency_ms: int | None = None
    hang: bool | float = False
    reset: bool = False
    truncate: bool | int = False
    drip: Drip | None = None
    xml: Literal["malformed", "invalid"] | None = None
    entries: Literal["duplicate", "reversed"] | None = None
    token: Literal["expired", "swapped", "no_refresh"] | None = None
    stale: timedelta | None = None
    clock_skew: timedelta | None = None
    callback: CallbackFault | None = None
    webhook: WebhookFault | None = None

    def __post_init__(self) -> None:
        given = [item.name for item in fields(self) if is_given(getattr(self, item.name))]
        if not given:
            known = ", ".join(item.name for item in fields(self))
            raise ValueError(f"the effect is empty; set one of {known}")
        for alone in ("callback", "webhook"):
            if alone in given and len(given) > 1:
                raise ValueError(
                    f"{alone} cannot be combined: it applies to what the server sends, not to its responses"
                )
        if self.status is not None and not 200 <= self.status <= 599:
            raise ValueError("status must be a number from 200 to 599")
        if self.error is not None and self.body is not None:
            raise ValueError("error and body exclude each other; set one")
        if self.body is not None and self.status is None:
            raise ValueError("a body needs a status")
        if self.body is not None and self.status in (204, 304):
            raise ValueError(f"a response with status {self.status} has no body")
        if self.truncate < 0:
            raise ValueError("truncate must be a number of bytes (0 or more), or true for half")
        if self.stale is not None and not timedelta() < self.stale <= LARGEST_SHIFT:
            raise ValueError(
                f"stale must be a positive duration such as P30D, of at most {LARGEST_SHIFT.days} days"
            )
        if self.clock_skew is not None and abs(self.clock_skew) > LARGEST_SHIFT:
            raise ValueError(f"clock_skew must be at most {LARGEST_SHIFT.days} days in either direction")
        for name, value in self.headers.items():
            if (problem := header_problem(name, value)) is not None:
                raise ValueError(problem)
        if sum(map(is_given, (self.hang, self.reset, self.truncate, self.drip))) > 1:
            raise ValueError("hang, reset, truncate and drip exclude each other; set one")
        if self.latency_ms is not None and not 0 <= self.latency_ms <= LARGEST_WAIT_MS:
            raise ValueError(f"latency_ms must be a number from 0 to {LARGEST_WAIT_MS}")

    @property
    def place(self) -> Literal["answers", "callback", "webhooks"]:
        """Returns what it applies to: responses, redirects to a client's callback, or webhook deliveries."""
        if self.callback is not None:
            return "callback"
        return "answers" if self.webhook is None else "webhooks"

    @property
    def replaces_answer(self) -> bool:
        """Whether the client receives something other than the response of the action."""
        return any(map(is_given, (self.status, self.error, self.hang, self.reset)))


@dataclass(frozen=True, kw_only=True)
class FaultPlan:
    """A fault to arm. Raises ValueError for one that can never apply.

    `when`: `instead` replaces the action; `after` commits the action and then loses or corrupts its response.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _NO_OTHER_FIELDS

    match: FaultMatch = field(default_factory=FaultMatch)
    effect: FaultEffect
    when: When = "instead"
    times: int | None = None

    def __post_init__(self) -> None:
        if self.times is not None and not 1 <= self.times <= MOST_TIMES:
            raise ValueError(f"times must be from 1 to {MOST_TIMES:,}")
        if self.match.surface is not None and self.effect.place != _place_of(self.match.surface):
            raise ValueError(
                f"the effect is for {self.effect.place} and cannot apply to the surface {self.match.surface}"
            )


def _place_of(surface: str) -> str:
    return surface if surface in ("callback", "webhooks") else "answers"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """An armed fault: `seen` requests matched, `fired` were affected, `times_left` more will be (None: unlimited)."""

    id: str
    preset: str | None
    match: FaultMatch
    effect: FaultEffect
    when: When
    times_left: int | None
    seen: int
    fired: int
    created: datetime

    @property
    def name(self) -> str:
        """The name used in responses and in the journal."""
        return self.preset or self.id

    def applies_to(self, surface: str) -> bool:
        """Returns whether its effect suits that surface and its match does not exclude it."""
        return self.effect.place == _place_of(surface) and self.match.surface in (None, surface)


@dataclass(frozen=True, kw_only=True)
class FaultPreset:
    """A named group of faults that are armed together."""

    id: str
    about: str
    faults: tuple[FaultPlan, ...]
