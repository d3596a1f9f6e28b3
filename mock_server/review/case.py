"""A case: the exchanges of one client in order, and the facts that rules need."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import urlsplit

from mock_server.domain.records import Attempt, Authorization, Client, Code, Token
from mock_server.journal import Exchange
from mock_server.review.request_facts import RequestFacts, kind_of, read_query, read_text

_NAMES_AUTHORIZATION = re.compile(r"/(?:Subscription|RetailCustomer)/([0-9]+)(?=/|\Z)")


@dataclass(frozen=True)
class Step:
    """One exchange, as rules look at it."""

    exchange: Exchange

    @cached_property
    def facts(self) -> RequestFacts:
        """What the request says."""
        kind = self.exchange.request.header("content-type") or ""
        query = read_query(self.exchange.query)
        return RequestFacts(
            kind=kind_of(self.exchange.path, query),
            query=query,
            form=read_text(kind, self.exchange.request.body or ""),
        )

    @cached_property
    def bearer(self) -> str | None:
        """The mask of the token that it shows, in the header or in the query."""
        scheme, _, mask = (self.exchange.request.header("authorization") or "").partition(" ")
        if scheme.casefold() == "bearer":
            return mask
        return self.facts.value("access_token") if self.facts.kind == "read" else None

    @cached_property
    def callback(self) -> Mapping[str, str]:
        """The parameters of its redirect: code or error, and the state. Empty without a redirect."""
        query = read_query(urlsplit(self.exchange.response.header("location") or "").query)
        return {name: values[0] for name, values in query.on_wire.items()}

    @property
    def at(self) -> datetime:
        """When it came, by the sandbox's clock."""
        return self.exchange.at

    @property
    def was_corrupted(self) -> bool:
        """Whether a fault of ours, or a failure, came between the client and its answer."""
        status = self.exchange.status
        return self.exchange.fault is not None or status is None or status >= 500

    @property
    def authorization_named(self) -> str | None:
        """The uid of the authorization that the address names."""
        found = _NAMES_AUTHORIZATION.search(self.exchange.path)
        return found[1] if found else None

    @property
    def address(self) -> str:
        """Method, path and query: what a client that repeats itself repeats."""
        query = f"?{self.exchange.query}" if self.exchange.query else ""
        return f"{self.exchange.method} {self.exchange.path}{query}"

    def is_known_to(self, later: "Step") -> bool:
        """Whether this one's answer was there before the later request began, so that its client could know."""
        return self.exchange.started + self.exchange.duration_ms / 1000 <= later.exchange.started

    def since(self, earlier: "Step") -> timedelta | None:
        """How much later it came; None if the clock was frozen or set back in between."""
        passed = self.at - earlier.at
        return passed if passed > timedelta() else None


@dataclass(frozen=True, kw_only=True)
class Case:
    """One client. Codes and tokens are found by the mask under which exchanges show them.

    `masks_of_nothing` are the masks of what programs send for a value that they do not have, such as "None".
    """

    client: Client
    steps: tuple[Step, ...]
    codes: Mapping[str, Code]
    tokens: Mapping[str, Token]
    authorizations: Mapping[str, Authorization]
    attempts: tuple[Attempt, ...]
    masks_of_nothing: frozenset[str] = frozenset()

    def authorize_steps(self) -> Iterator[Step]:
        """The requests that send a customer to us."""
        return (one for one in self.steps if one.facts.kind == "authorize")

    def token_steps(self, grant_type: str) -> Iterator[Step]:
        """The calls of the token endpoint for that grant."""
        return (
            one
            for one in self.steps
            if one.facts.kind == "token" and one.facts.value("grant_type") == grant_type
        )

    def reads(self) -> Iterator[Step]:
        """The calls of the Green Button and the JSON API."""
        return (one for one in self.steps if one.facts.kind == "read")

    def token_of(self, step: Step) -> Token | None:
        """The token that a call shows, if we know it."""
        return self.tokens.get(step.bearer or "")

    def authorization_of(self, token: Token | None) -> Authorization | None:
        """The authorization behind a token."""
        return self.authorizations.get(token.authorization_uid or "") if token else None
