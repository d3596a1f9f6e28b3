"""Cases made up for tests: a client's life in short lines, each step a second later than the one before."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from mock_server.domain.records import Attempt, Authorization, Client, Code, ScopeOfUse, Token, TokenClass
from mock_server.journal import Exchange, Side
from mock_server.review.case import Case, Step
from mock_server.review.judge import judge

NOON = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
CALLBACK = "https://app.example.com/callback"
RESOURCE = "/DataCustodian/espi/1_1/resource"
BATCH = f"{RESOURCE}/Batch/Subscription/7"
SCOPE = "FB=1_3_4_16"
CLIENT = Client(
    id="me",
    secret="s",
    company_name="Me",
    website="https://app.example.com/",
    contact_email="me@example.com",
    mode="sandbox",
    redirect_uris=(CALLBACK,),
    allows_loopback=False,
    scope=SCOPE,
    scopes_of_use=(ScopeOfUse(id="default", title="Use", text="Use"),),
    api_token="t",
    registration_access_token="r",
    webhook_secret="w",
    notify_uri=None,
    created=NOON,
)


class Story:
    """What one client did, step by step. `wait` lets the clock run; a step may say otherwise."""

    def __init__(self, **client: Any) -> None:
        self._client = Client(**{**vars(CLIENT), **client})
        self._steps: list[Step] = []
        self._now, self._machine = NOON, 0.0
        self._facts: dict[str, dict[str, Any]] = {"codes": {}, "tokens": {}, "authorizations": {}}
        self._attempts: list[Attempt] = []

    def wait(self, *, seconds: float) -> "Story":
        """Some time passes."""
        self._now += timedelta(seconds=seconds)
        return self

    def stand_still(self) -> "Story":
        """The clock stands from here on: steps come at one instant, one after the other all the same."""
        self._now -= timedelta(seconds=len(self._steps) and 1)
        self._stands = True
        return self

    _stands = False

    def step(
        self,
        method: str,
        path: str,
        *,
        query: str = "",
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        answers: Mapping[str, str] | None = None,
        **about: Any,
    ) -> "Story":
        """One exchange. `about` are further fields of it."""
        kind = {"content-type": "application/x-www-form-urlencoded"} if form else {}
        fields: dict[str, Any] = {
            "id": str(len(self._steps) + 1),
            "at": self._now,
            "started": self._machine,
            "duration_ms": 5.0,
            "method": method,
            "url": path,
            "path": path,
            "query": query,
            "status": 200,
            "client_id": self._client.id,
            "error": None,
            "fault": None,
            "request": side({**kind, **(headers or {})}, urlencode(form or {}, safe="*")),
            "response": side(answers or {}),
        }
        self._steps.append(Step(Exchange(**{**fields, **about})))
        self._machine += 1.0
        if not self._stands:
            self._now += timedelta(seconds=1)
        return self

    def authorize(self, query: str = "", *, reports: str = "", **about: Any) -> "Story":
        """An authorize request; `tells` is what the redirect says."""
        query = f"client_id=me&{query}" if query else "client_id=me"
        answers = {"location": f"{CALLBACK}?{reports}"} if reports else {}
        return self.step(
            "GET",
            "/DataCustodian/oauth/authorize",
            query=query,
            answers=answers,
            **{"status": 302, **about},
        )

    def token(self, grant_type: str, **about: Any) -> "Story":
        """A call of the token endpoint; fields of the exchange are told apart from parameters by their names."""
        known = ("status", "error", "fault", "query", "duration_ms", "started")
        fields = {name: about.pop(name) for name in known if name in about}
        return self.step("POST", "/oauth/token", form={"grant_type": grant_type, **about}, **fields)

    def read(self, path: str = BATCH, token: str = "***access", **about: Any) -> "Story":
        """A call of one of the APIs."""
        headers = {"authorization": f"Bearer {token}", **about.pop("headers", {})}
        return self.step(about.pop("method", "GET"), path, headers=headers, **about)

    def has_code(self, mask: str = "***code", **fields: Any) -> "Story":
        """A code that we issued."""
        usual: dict[str, Any] = {
            "hash": mask,
            "client_id": "me",
            "authorization_uid": "7",
            "redirect_uri": CALLBACK,
            "code_challenge": None,
            "code_challenge_method": None,
            "issued": NOON,
            "expires": NOON + timedelta(minutes=5),
        }
        self._facts["codes"][mask] = Code(**{**usual, **fields})
        return self

    def has_token(self, mask: str, token_class: TokenClass, **fields: Any) -> "Story":
        """A token that we issued."""
        usual: dict[str, Any] = {
            "hash": mask,
            "client_id": "me",
            "authorization_uid": "7",
            "customer_id": "c",
            "scope": SCOPE,
            "issued": NOON,
            "expires": NOON + timedelta(hours=1) if token_class == "access" else None,
        }
        self._facts["tokens"][mask] = Token(token_class=token_class, **{**usual, **fields})
        return self

    def has_authorization(self, uid: str = "7", **fields: Any) -> "Story":
        """What a customer allowed."""
        usual: dict[str, Any] = {
            "kind": "customer",
            "client_id": "me",
            "customer_id": "c",
            "scope": SCOPE,
            "requested_scope": SCOPE,
            "scope_of_use": None,
            "created": NOON,
            "history_start": None,
            "ongoing_end": None,
            "expires": None,
            "revoked": None,
        }
        self._facts["authorizations"][uid] = Authorization(uid=uid, **{**usual, **fields})
        return self

    def connected(self, **authorization: Any) -> "Story":
        """An authorization with an access and a refresh token."""
        self.has_authorization(**authorization)
        return self.has_token("***access", "access").has_token("***refresh", "refresh")

    def delivery(self, status: int | None = 200, **fields: Any) -> "Story":
        """A delivery of ours and its answer."""
        usual: dict[str, Any] = {
            "uid": str(len(self._attempts) + 1),
            "kind": "events",
            "client_id": "me",
            "delivery_target": "https://app.example.com/hook",
            "items": ("1",),
            "at": self._now,
            "problem": None,
        }
        self._attempts.append(Attempt(status=status, **{**usual, **fields}))
        return self

    @property
    def case(self) -> Case:
        """The case that it makes."""
        return Case(
            client=self._client,
            steps=tuple(self._steps),
            attempts=tuple(self._attempts),
            masks_of_nothing=frozenset({"***none"}),
            **self._facts,
        )

    @property
    def rules(self) -> list[str]:
        """Which rules find something, once for each finding."""
        return [one.rule.id for one in judge(self.case)]


def side(headers: Mapping[str, str], body: str = "") -> Side:
    """What one side sent."""
    return Side(headers=tuple(headers.items()), body=body, size=len(body), is_cut=False)
