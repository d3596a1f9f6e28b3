"""Faults on purpose: which request is struck, how, and how often.

pydantic reads these from the control API and from fixture files; what it cannot check by type is checked here.
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

# The last two are what we send out: redirects to a client's callback, and deliveries.
FaultSurface: TypeAlias = Literal["oauth", "espi", "api", "pages", "sso", "portal", "callback", "webhooks"]
When: TypeAlias = Literal["instead", "after"]
CallbackFault: TypeAlias = Literal[
    "code_and_error", "no_code", "foreign_code", "no_state", "foreign_state", "replayed_state"
]
WebhookFault: TypeAlias = Literal["twice", "late", "bad_signature", "before_data"]


def is_given(value: object) -> bool:
    """Whether a condition or an effect has this value by intention: zero is a number, and False is not zero."""
    return value is not None and value is not False and value != {}


@dataclass(frozen=True, kw_only=True)
class FaultMatch:
    """Which requests: all conditions hold. In `path`, * stands for anything; `client_auth` is how a client proves
    who it is (RFC 7591 §2).

    `nth`: from the n-th request that fits on, and once unless `times` says else. `probability`: of those that fit.
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
            raise ValueError("nth counts from 1")
        if self.probability is not None and not 0 < self.probability <= 1:
            raise ValueError("probability is more than 0 and at most 1")


@dataclass(frozen=True, kw_only=True)
class Drip:
    """A body that comes in small pieces."""

    __pydantic_config__: ClassVar[dict[str, str]] = _NO_OTHER_FIELDS

    bytes: int = 64
    every_ms: int = 100

    def __post_init__(self) -> None:
        if self.bytes < 1 or not 0 <= self.every_ms <= LARGEST_WAIT_MS:
            raise ValueError(f"drip needs bytes from 1 and every_ms from 0 to {LARGEST_WAIT_MS}")


@dataclass(frozen=True, kw_only=True)
class FaultEffect:
    """What happens to the answer. Several may be combined, but not two endings or two answers.

    * another answer: `status` with `headers` and `body` (text or JSON), or `error`, a code told in the protocol of
      the address, with an optional `message`;
    * the answer spoilt: `headers` added, `xml` that does not parse or breaks its schema, `entries` twice or in reverse,
      `token` dead on arrival, of another class, or without one to refresh it, `stale` by a duration, `clock_skew` of
      the server's clock;
    * the answer delivered badly: `latency_ms` late, `hang` (seconds, or true until the client gives up), `reset`,
      `truncate` (bytes that arrive, or true for half), `drip`;
    * by themselves, `callback`: what a redirect tells the client, and `webhook`: for deliveries of ours.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = _NO_OTHER_FIELDS

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None  # text, or whatever JSON
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
        given = [one.name for one in fields(self) if is_given(getattr(self, one.name))]
        if not given:
            known = ", ".join(one.name for one in fields(self))
            raise ValueError(f"the effect is empty; it may have {known}")
        for alone in ("callback", "webhook"):
            if alone in given and len(given) > 1:
                raise ValueError(
                    f"{alone} stands alone: it strikes what the server sends, not what it answers"
                )
        if self.status is not None and not 200 <= self.status <= 599:
            raise ValueError("status is a number from 200 to 599")
        if self.error is not None and self.body is not None:
            raise ValueError("error and body are two answers; choose one")
        if self.body is not None and self.status is None:
            raise ValueError("a body needs a status")
        if self.body is not None and self.status in (204, 304):
            raise ValueError(f"an answer {self.status} has no body")
        if self.truncate < 0:
            raise ValueError("truncate is a number of bytes from 0, or true for half")
        if self.stale is not None and not timedelta() < self.stale <= LARGEST_SHIFT:
            raise ValueError(
                f"stale is a duration into the past, such as P30D, of at most {LARGEST_SHIFT.days} days"
            )
        if self.clock_skew is not None and abs(self.clock_skew) > LARGEST_SHIFT:
            raise ValueError(f"clock_skew is at most {LARGEST_SHIFT.days} days, either way")
        for name, value in self.headers.items():
            if (problem := header_problem(name, value)) is not None:
                raise ValueError(problem)
        if sum(map(is_given, (self.hang, self.reset, self.truncate, self.drip))) > 1:
            raise ValueError("hang, reset, truncate and drip are different endings; choose one")
        if self.latency_ms is not None and not 0 <= self.latency_ms <= LARGEST_WAIT_MS:
            raise ValueError(f"latency_ms is a number from 0 to {LARGEST_WAIT_MS}")

    @property
    def place(self) -> Literal["answers", "callback", "webhooks"]:
        """What it can strike: answers to requests, redirects to a client's callback, deliveries."""
        if self.callback is not None:
            return "callback"
        return "answers" if self.webhook is None else "webhooks"

    @property
    def replaces_answer(self) -> bool:
        """Whether the client gets something else than the answer of the action."""
        return any(map(is_given, (self.status, self.error, self.hang, self.reset)))


@dataclass(frozen=True, kw_only=True)
class FaultPlan:
    """A fault to be armed. `after`: the action happens and is committed, and then its answer is lost or spoilt."""

    __pydantic_config__: ClassVar[dict[str, str]] = _NO_OTHER_FIELDS

    match: FaultMatch = field(default_factory=FaultMatch)
    effect: FaultEffect
    when: When = "instead"
    times: int | None = None

    def __post_init__(self) -> None:
        if self.times is not None and not 1 <= self.times <= MOST_TIMES:
            raise ValueError(f"times counts from 1 to {MOST_TIMES:,}")
        if self.match.surface is not None and self.effect.place != _place_of(self.match.surface):
            raise ValueError(
                f"the effect cannot strike there: it is for {self.effect.place}, the surface is {self.match.surface}"
            )


def _place_of(surface: str) -> str:
    return surface if surface in ("callback", "webhooks") else "answers"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """An armed fault: `seen` requests fitted, `fired` were struck, `times_left` more will be (None: no end)."""

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
        """What answers and the journal call it."""
        return self.preset or self.id

    def applies_to(self, surface: str) -> bool:
        """Whether its effect is one for that surface, and it asks for no other one."""
        return self.effect.place == _place_of(surface) and self.match.surface in (None, surface)


@dataclass(frozen=True, kw_only=True)
class FaultPreset:
    """Faults that belong together, under a name."""

    id: str
    about: str
    faults: tuple[FaultPlan, ...]
