"""The sandbox as a document: an export can be imported again, and an invalid document changes nothing."""

import copy
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mock_server.actions.connecting.single_sign_on import (
    account_of_token,
    issue_sign_on_code,
    log_in,
    redeem_sign_on_code,
)
from mock_server.actions.sandboxes.state import export_state, import_state
from tests.support import Third

Document = dict[str, Any]


@pytest.fixture
def document(third: Third) -> Document:
    """A sandbox in use: authorizations, a webhook, messages, faults, an automatic approval, a frozen clock."""
    http = third.http
    http.put("/_mock/clock", json={"now": "2026-02-01T00:00:00Z", "frozen": True})
    third.tokens()
    third.tokens("test_commercial", "FB=4;AdditionalScope=auth-test-test_commercial")
    http.post("/_mock/webhooks", json={"url": "https://third-party.example/hook"})
    http.post("/_mock/faults", json={"preset": "flaky"})
    http.post("/_mock/auto-approve", json={"enabled": True, "times": 3, "decision": "decline"})
    answer = http.get("/_mock/state")
    assert answer.status_code == 200, answer.text
    return answer.json()


def put(http: httpx.Client, document: Document) -> httpx.Response:
    return http.put("/_mock/state", json=document)


def test_an_export_can_be_imported(third: Third, document: Document) -> None:
    third.http.post("/_mock/reset")
    assert third.http.get("/_mock/state").json() != document
    answer = put(third.http, document)
    assert (answer.status_code, answer.json()) == (200, {"now": "2026-02-01T00:00:00Z", "frozen": True})
    assert third.http.get("/_mock/state").json() == document


def test_tokens_and_ids_work_after_an_import(third: Third) -> None:
    issued = third.tokens()
    exported = third.http.get("/_mock/state").json()
    answer = put(third.http, exported)
    assert third.http.put("/~other/_mock/state", json=exported).status_code == answer.status_code == 200
    for prefix in ("", "/~other"):
        read = third.get(f"{prefix}/api/v2/meters", issued.access_token)
        assert next(one["authorization_uid"] for one in read.json()["meters"]) == issued.authorization.uid
    third.http.post(f"/~other/_mock/authorizations/{issued.authorization.uid}/revoke")
    assert third.get("/api/v2/meters", issued.access_token).status_code == 200


def test_a_state_with_a_single_sign_on_can_be_imported(third: Third) -> None:
    """Its token belongs to the utility's own client, which is not a registered client."""
    sandbox, redirect_uri = third.sandbox, "http://localhost:8000/callback"
    session, _ = sandbox.write(log_in, username="test_residential", password="test_residential")
    code = sandbox.write(issue_sign_on_code, session, redirect_uri=redirect_uri, scope="openid", nonce=None)
    token = sandbox.write(redeem_sign_on_code, code=code, redirect_uri=redirect_uri).access_token
    import_state(sandbox, sandbox.read(export_state))
    assert sandbox.read(account_of_token, token)[0].id == "test_residential"


def test_a_state_contains_no_usable_token_and_no_private_key(third: Third) -> None:
    issued = third.tokens()
    third.http.get("/sso/jwks")
    text = third.http.get("/_mock/state").text
    assert issued.access_token not in text
    assert str(issued.refresh_token) not in text
    assert "PRIVATE KEY" not in text


def test_ids_continue_after_a_record_added_by_hand(third: Third, document: Document) -> None:
    message = {**document["records"]["messages"][0], "id": "700"}
    document["records"]["messages"].append(message)
    assert put(third.http, document).status_code == 200
    third.tokens()
    assert len(third.http.get("/_mock/messages").json()["messages"]) == 4


def set_in(*path: Any, to: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        place: Any = document
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = to

    return change


def twice(document: Document) -> None:
    document["records"]["clients"].append(document["records"]["clients"][0])


def without(kind: str, field: str) -> Callable[[Document], None]:
    return lambda document: document["records"][kind][0].pop(field)


AUTHORIZATION = ("records", "authorizations", 0)


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        (set_in("format", to="other"), 400, "format"),
        (set_in("version", to=2), 400, "version 2, but this server reads version 1"),
        (set_in("utility", to="OTHER"), 409, "'OTHER'"),
        (set_in("seed", to="other"), 409, "--seed other"),
        (set_in("colour", to="blue"), 400, "colour"),
        (set_in("clock", "now", to="1999-01-01T00:00:00Z"), 400, "2000 to 2100"),
        (set_in("clock", "now", to="2026-01-01T00:00:00"), 400, "clock.now"),
        (set_in("records", "cats", to=[]), 400, "records.cats is unknown. Known kinds: "),
        (
            set_in(*AUTHORIZATION, "colour", to=1),
            400,
            "records.authorizations.0 has an unknown field 'colour'",
        ),
        (set_in(*AUTHORIZATION, "created", to="soon"), 400, "records.authorizations.0.created"),
        (set_in(*AUTHORIZATION, "created", to="2026-01-01T00:00:00"), 400, "offset from UTC"),
        (set_in(*AUTHORIZATION, "uid", to="x"), 400, "authorization"),
        (set_in(*AUTHORIZATION, "scope", to="FB="), 400, "records.authorizations.0.scope"),
        (
            set_in(*AUTHORIZATION, "client_id", to="nobody"),
            400,
            "names 'nobody', which is not in records.clients",
        ),
        (set_in(*AUTHORIZATION, "customer_id", to="nobody"), 400, "records.customers"),
        (set_in("records", "customers", 0, "time_zone", to="America"), 400, "not a time zone"),
        (
            set_in("records", "customers", 0, "accounts", 0, "number", to="=1+1"),
            400,
            "has the account number '=1+1'",
        ),
        (
            set_in("records", "customers", 0, "last_bill", "account_number", to="+1"),
            400,
            "has the account number '+1'",
        ),
        (set_in("records", "meters", 0, "account_number", to="@1"), 400, "records.meters.0.account_number"),
        (set_in("records", "tariffs", to=[]), 400, "records.tariffs"),
        (set_in("records", "meters", 0, "service_id", to="x"), 400, "records.meters.0.service_id"),
        (set_in("records", "clients", to=[]), 400, "default client"),
        (set_in("counters", "authorization", to=2**70), 400, "counters.authorization"),
        (set_in("counters", "authorization", to=-5), 400, "counters.authorization"),
        (twice, 400, "records.clients.3 has a duplicate key"),
        (without("tokens", "scope"), 400, "records.tokens.0.scope"),
    ],
)
def test_an_invalid_state_is_refused_and_changes_nothing(
    third: Third, document: Document, change: Callable[[Document], None], status: int, words: str
) -> None:
    before = copy.deepcopy(document)
    change(document)
    answer = put(third.http, document)
    assert (answer.status_code, words in answer.json()["error_description"]) == (status, True), answer.text
    assert third.http.get("/_mock/state").json() == before


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "7", '"x"', "[" * 5000, '{"a": "\\ud800"}'])
def test_a_body_that_is_no_state_is_refused(http: httpx.Client, body: str) -> None:
    answer = http.put("/_mock/state", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert json.loads(answer.text)["error_description"]
