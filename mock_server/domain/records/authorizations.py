"""Authorizations and what leads to them: authorization requests, codes, grants, tokens, meters."""

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
    """A customer's permission for a client to read data.

    `kind`: `customer` is such a permission. `declined` is a request made by form that the customer declined; it is
    listed but gives no access. `client` and `registration` hold a client's access to its own data and registration.

    `history_start` is the start of the shared history; None shares no history. `ongoing_end` is the end of new
    data; None means no end before `expires`. `expires` None means valid until revoked.

    `is_deleted`: the client revoked the authorization and may undo that. `wakes` is the next time at which an event
    is due without anybody acting (see `actions.notifying.due_events`); None if there is none. `batch_ready` is the
    time at which a delayed batch is ready.

    An authorization from a form has the `template_uid`, and the `form_uid` if the form was for one customer; its data
    is available once collected. `scenario` is the test-submit scenario (see `domain.consent.scenarios`).
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
        """Whether its meters share no data until a collection is ordered."""
        return self.template_uid is not None

    def status_at(self, instant: datetime) -> Literal["active", "revoked", "expired"]:
        """Returns the status at that instant."""
        if self.revoked is not None and self.revoked <= instant:
            return "revoked"
        if self.expires is not None and self.expires <= instant:
            return "expired"
        return "active"


@dataclass(frozen=True, kw_only=True)
class Meter:
    """A service as shared by one authorization; no other authorization uses its uid.

    `frequency` is how often new data is collected since `monitoring_set`; None means the initial settings apply.
    Data that monitoring collected before its settings last changed lies between `kept_from` and `kept_until`.
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
    retained_from: datetime | None = None
    retained_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Collection:
    """An order to collect a number of months of a meter's history."""

    uid: str
    meter_uid: str
    authorization_uid: str
    started: datetime
    months: int


@dataclass(frozen=True, kw_only=True)
class AuthorizationRequest:
    """One browser's authorization request, and the answers given so far (RFC 6749 §4.1.1).

    `state` is stored as received, so that it is returned byte for byte. `way` is the sign-in method in use.
    `customer_id` is set when the customer is identified, `is_confirmed` when they have proved their identity.
    A request that began at a form has a template and a form; it ends with a referral instead of a code.
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
    """An authorization request that a client pushed before sending the browser (RFC 9126).

    `on_wire` is as in `domain.text.parameters`.
    """

    hash: str
    client_id: str
    on_wire: Mapping[str, tuple[str, ...]]
    expires: datetime
    used: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Code:
    """An authorization code (RFC 6749 §4.1.2): single use, bound to a client, redirect URI and code challenge."""

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
    """The grant that a code was redeemed for (RFC 6749 §1.3). Its tokens end with it. `id` is the code's hash.

    `generation` counts its refresh tokens, each of which replaces the one before; `renewed` is when the newest was
    issued. A grant without an authorization belongs to single sign-on.
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
    """A bearer token (RFC 6750). `ended` is when this token alone was ended.

    Other records can end it, too: see `domain.oauth.token_validity`. `grant_id` is None for a token that was issued
    without a code. `generation` is the position of a refresh token in its grant.
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
