"""How many transactions and statements a request takes on SQLite: one transaction, and few statements.

They are counted and not timed, so that a machine's mood decides nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from mock_server.app import compose, open_sandbox
from mock_server.settings import read_settings

REDIRECT_URI = "http://localhost:9000/cb"
SCOPE = "FB=4_15_16_51;AdditionalScope=auth-test-test_residential"


@dataclass
class Counted:
    """What was sent to the database, and a client with its tokens."""

    http: httpx.Client
    sent: list[str]
    client_id: str
    secret: str
    api_token: str
    state: dict[str, str] = field(default_factory=dict)

    def post(self, path: str, **form: str) -> httpx.Response:
        answer = self.http.post(path, data=form, auth=(self.client_id, self.secret))
        assert answer.status_code == 200, answer.text
        return answer

    def get(self, path: str) -> None:
        answer = self.http.get(path, headers={"Authorization": f"Bearer {self.state['access_token']}"})
        assert answer.status_code == 200, answer.text

    def get_with_api_token(self, path: str) -> None:
        answer = self.http.get(path, headers={"Authorization": f"Bearer {self.api_token}"})
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counted]:
    folder: Path = tmp_path_factory.mktemp("counted")
    sent: list[str] = []

    def trace(connection: object, _record: object) -> None:
        connection.set_trace_callback(sent.append)  # type: ignore[attr-defined]  # SQLite's

    sandbox = open_sandbox(
        read_settings({"database_url": f"sqlite:///{folder}/counted.db", "auto_approve": True})
    )
    engine = sandbox.store._engine
    event.listen(engine, "connect", trace)
    engine.dispose()  # what was opened before is not counted
    app = compose(sandbox)
    http = TestClient(app, base_url="http://localhost", follow_redirects=False)
    found = http.get("/_mock/clients").json()["clients"][0]
    made = Counted(http, sent, found["client_id"], found["client_secret"], found["api_token"])
    for step in STEPS.values():  # what is read once is remembered
        step(made)
    yield made
    sandbox.store.close()


def client_credentials(counted: Counted) -> None:
    counted.post("/DataCustodian/oauth/token", grant_type="client_credentials")


def authorize(counted: Counted) -> None:
    query = {
        "response_type": "code",
        "client_id": counted.client_id,
        "redirect_uri": REDIRECT_URI,
        "scope": SCOPE,
    }
    answer = counted.http.get("/DataCustodian/oauth/authorize", params=query)
    counted.state["code"] = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


def redeem(counted: Counted) -> None:
    code = counted.state["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT_URI}
    answer = counted.post("/DataCustodian/oauth/token", **form).json()
    counted.state |= {name: str(value) for name, value in answer.items()}


def refresh(counted: Counted) -> None:
    token = counted.state["refresh_token"]
    answer = counted.post("/DataCustodian/oauth/token", grant_type="refresh_token", refresh_token=token)
    counted.state |= {name: str(value) for name, value in answer.json().items()}


def introspect(counted: Counted) -> None:
    assert counted.post("/oauth/introspect", token=counted.state["access_token"]).json()["active"]


def read_usage_points(counted: Counted) -> None:
    uid = counted.state["resourceURI"].rpartition("/")[2]
    counted.get(f"/DataCustodian/espi/1_1/resource/Subscription/{uid}/UsagePoint")


def list_authorizations(counted: Counted) -> None:
    counted.get_with_api_token("/api/v2/authorizations?limit=50")


def list_meters(counted: Counted) -> None:
    counted.get_with_api_token("/api/v2/meters?limit=50")


def list_events(counted: Counted) -> None:
    counted.get_with_api_token("/api/v2/events?limit=50")


STEPS: dict[str, Callable[[Counted], None]] = {
    "client_credentials": client_credentials,
    "authorize": authorize,
    "redeem": redeem,
    "refresh": refresh,
    "introspect": introspect,
    "UsagePoint": read_usage_points,
    "authorizations": list_authorizations,
    "meters": list_meters,
    "events": list_events,
}
MOST_STATEMENTS = {
    "client_credentials": 4,
    "authorize": 12,
    "redeem": 8,
    "refresh": 7,
    "introspect": 6,
    "UsagePoint": 7,
    "authorizations": 8,
    "meters": 7,
    "events": 4,
}
"""The most statements of each step in its one transaction, the look at the sandbox's revision before it included."""


def test_each_step_has_a_limit() -> None:
    assert MOST_STATEMENTS.keys() == STEPS.keys()


@pytest.mark.parametrize("name", STEPS)
def test_a_request_takes_one_transaction(counted: Counted, name: str) -> None:
    for earlier in STEPS:  # such as a code to redeem
        counted.sent.clear()
        STEPS[earlier](counted)
        if earlier == name:
            break
    begun = [line for line in counted.sent if line.startswith("BEGIN")]
    statements = [line for line in counted.sent if not line.startswith(("BEGIN", "COMMIT", "ROLLBACK"))]
    assert len(begun) == 1, counted.sent
    assert len(statements) <= MOST_STATEMENTS[name], statements
