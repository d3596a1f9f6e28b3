"""What customers allowed, and how they came to: requests, codes, tokens, meters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

TokenClass: TypeAlias = Literal["access", "refresh", "client", "registration", "api", "single_sign_on"]
Channel: TypeAlias = Literal["text", "call", "email"]
Frequency: TypeAlias = Literal["off", "monthly", "weekly", "daily"]
Outcome: TypeAlias = Literal["approved", "declined", "refused"]


@dataclass(frozen=True, kw_only=True)
class Authorization:
    """What a customer allowed a client to read, or (`kind` client, registration) a client's own standing.

    `history_start` is where shared history begins, None for no history; `ongoing_end` is where new data
    ends, None for no limit but `expires`; `expires` None lasts until somebody revokes it. Of kind declined is what
    a customer refused to a form: it is listed and opens nothing.

    `is_deleted`: it was the client that revoked it, and may take that back. `wakes` is the next instant at which
    time alone brings news about it (see `actions.telling.passage`); None: it never will again. `batch_ready` is when
    a batch that takes its time is ready.

    What came from a form names its template, and its form if the link was one customer's; its data waits until
    it is collected. `scenario` is what a test-submit let happen to it (see `core.scenarios`).
    """

    uid: str
    kind: Literal["customer", "declined", "client", "registration"]
    client_id: str
    customer_id: str | None
    scope: str
    requested_scope: str
    scope_of_use: str | None
    created: datetime
    history_start: datetime | None
    ongoing_end: datetime | None
    expires: datetime | None
    revoked: datetime | None
    is_deleted: bool = False
    wakes: datetime | None = None
    batch_ready: datetime | None = None
    is_test: bool = False
    is_archived: bool = False
    nickname: str | None = None
    customer_email: str | None = None
    template_uid: str | None = None
    form_uid: str | None = None
    scenario: str | None = None

    @property
    def waits_for_collection(self) -> bool:
        """Whether its meters share nothing until somebody asks for a collection."""
        return self.template_uid is not None

    def status_at(self, instant: datetime) -> Literal["active", "revoked", "expired"]:
        """Whether it opens anything at that instant."""
        if self.revoked is not None and self.revoked <= instant:
            return "revoked"
        if self.expires is not None and self.expires <= instant:
            return "expired"
        return "active"


@dataclass(frozen=True, kw_only=True)
class Meter:
    """A service as one authorization shares it; its uid belongs to that authorization alone.

    `frequency` is how often new data is collected since `monitoring_set` (None: as at first). What monitoring
    had collected before it was set anew lies between `kept_from` and `kept_until`.
    """

    uid: str
    authorization_uid: str
    account_number: str
    service_id: str
    created: datetime
    is_archived: bool = False
    frequency: Frequency = "daily"
    fixed_refresh_day: int | None = None
    monitoring_set: datetime | None = None
    kept_from: datetime | None = None
    kept_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Collection:
    """An order to collect so many months of a meter's history."""

    uid: str
    meter_uid: str
    authorization_uid: str
    started: datetime
    months: int


@dataclass(frozen=True, kw_only=True)
class AuthorizationRequest:
    """One visit of one browser to the authorize endpoint, and the answers given so far.

    `state` is kept as it came on the wire, so that it goes back byte for byte. `way` is the way to sign in
    that is being tried; `customer_id` is set once somebody was found, `is_confirmed` once they proved it.
    A request that began at a form names its template and form: it is answered by a referral, not a code.
    """

    id: str
    client_id: str
    redirect_uri: str | None
    state: str | None
    scope: str
    code_challenge: str | None
    code_challenge_method: Literal["S256", "plain"] | None
    prompts: bool
    browser_hash: str
    created: datetime
    way: str
    customer_id: str | None = None
    is_confirmed: bool = False
    notice: str | None = None
    otp_hash: str | None = None
    otp_channel: Channel | None = None
    otp_sent: datetime | None = None
    otp_attempts: int = 0
    sso_state: str | None = None
    sso_nonce: str | None = None
    outcome: Outcome | None = None
    authorization_uid: str | None = None
    template_uid: str | None = None
    form_uid: str | None = None
    customer_email: str | None = None


@dataclass(frozen=True, kw_only=True)
class PushedRequest:
    """An authorization request that a client's server sent ahead, under the name that it got for it (RFC 9126).

    `on_wire` is as in `core.parameters`.
    """

    hash: str
    client_id: str
    on_wire: Mapping[str, tuple[str, ...]]
    expires: datetime
    used: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Code:
    """An authorization code (RFC 6749 §4.1.2): single use, bound to client, redirect URI and challenge."""

    hash: str
    client_id: str
    authorization_uid: str
    redirect_uri: str | None
    code_challenge: str | None
    code_challenge_method: Literal["S256", "plain"] | None
    issued: datetime
    expires: datetime
    redeemed: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What one code was redeemed for (RFC 6749 §1.3): all its tokens end with it. `id` is the code's hash.

    `generation` counts its refresh tokens, each of which replaces the one before; `renewed` is when the newest was
    issued. A grant without an authorization is one of the single sign-on.
    """

    id: str
    client_id: str
    authorization_uid: str | None
    created: datetime
    renewed: datetime
    generation: int = 1
    ended: datetime | None = None
    ended_because: str | None = None


@dataclass(frozen=True, kw_only=True)
class Token:
    """A bearer token. `ended` is the end of this token alone; `core.token_end` knows what else ends one.

    `grant_id` is None for a token that no code was redeemed for. `generation` places a refresh token in its grant.
    """

    hash: str
    token_class: TokenClass
    client_id: str
    authorization_uid: str | None
    customer_id: str | None
    scope: str
    issued: datetime
    expires: datetime | None
    ended: datetime | None = None
    ended_because: str | None = None
    grant_id: str | None = None
    generation: int = 1
