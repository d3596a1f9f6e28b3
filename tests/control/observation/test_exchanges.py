"""The request log over HTTP, after real requests."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from mock_server.testing.server import MockServer
from tests.support import CALLBACK, Third

FEED = "/DataCustodian/espi/1_1/resource/Batch/Subscription"


def listed(http: httpx.Client, **query: Any) -> list[dict[str, Any]]:
    answer = http.get("/_mock/exchanges", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["exchanges"]


def test_an_error_is_found_by_its_request_id(third: Third) -> None:
    refused = third.get("/api/v2/meters", "wrong")
    assert refused.json()["request_id"] == refused.headers["x-request-id"]
    found = third.http.get(f"/_mock/exchanges/{refused.json()['request_id']}").json()
    assert (found["method"], found["path"], found["status"]) == ("GET", "/api/v2/meters", 401)
    assert found["error"] == "invalid_token"
    assert found["at"] == "2026-03-15T16:00:00Z"
    assert json.loads(found["response"]["body"]) == refused.json()


def test_the_client_is_recognized_by_token_credentials_or_parameter(third: Third) -> None:
    token = third.tokens().access_token
    third.get("/api/v2/meters", token)
    third.http.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, auth=(third.client_id, "wrong")
    )
    third.http.get("/oauth/authorize", params={"client_id": third.client_id})
    assert [one["client_id"] for one in listed(third.http)] == [third.client_id] * 3


def test_no_secret_is_logged(third: Third) -> None:
    code = third.approval().code
    secret, api_token = third.client.secret, third.client.api_token
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    tokens = third.http.post("/oauth/token", data=form, auth=(third.client_id, secret)).json()
    third.http.post("/oauth/token", data={**form, "client_id": third.client_id, "client_secret": secret})
    third.get("/api/v2/meters", api_token)
    third.http.get("/api/v2/meters", params={"access_token": api_token})
    third.http.get("/")
    ids = [one["id"] for one in listed(third.http)]
    reported = [third.http.get(f"/_mock/exchanges/{one}").text for one in ids]
    reported += [third.http.get(f"/_mock/exchanges.{form}").text for form in ("har", "curl", "py")]
    reported += [third.http.get("/_mock/exchanges").text]
    for hidden in (code, secret, api_token, tokens["access_token"], tokens["refresh_token"]):
        assert [text for text in reported if hidden in text] == []


def test_a_token_has_the_same_mask_wherever_it_is_sent(third: Third) -> None:
    form = {"grant_type": "authorization_code", "code": third.approval().code, "redirect_uri": CALLBACK}
    answer = third.http.post("/oauth/token", data=form, auth=(third.client_id, third.client.secret))
    third.get("/api/v2/meters", answer.json()["access_token"])
    first, second = (third.http.get(f"/_mock/exchanges/{one['id']}").json() for one in listed(third.http))
    mask = json.loads(first["response"]["body"])["access_token"]
    assert ["authorization", f"Bearer {mask}"] in second["request"]["headers"]


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_only_the_beginning_of_a_long_feed_is_stored_but_its_size_is_complete(
    third: Third, encoding: str
) -> None:
    issued = third.tokens()
    headers = {"Authorization": f"Bearer {issued.access_token}", "Accept-Encoding": encoding}
    path = f"{FEED}/{issued.authorization.uid}"
    with third.http.stream("GET", path, headers=headers) as feed:
        sent = b"".join(feed.iter_raw())
    (one,) = listed(third.http, path="*/Batch/Subscription/*")
    side = third.http.get(f"/_mock/exchanges/{one['id']}").json()["response"]
    assert (side["size"], side["is_cut"]) == (len(sent), True)
    assert side["body"].startswith('<?xml version="1.0" encoding="UTF-8"?>\n<feed')
    assert len(side["body"]) >= 16_000


def test_control_calls_are_not_logged(http: httpx.Client) -> None:
    http.get("/_mock/clients")
    assert listed(http) == []


def test_it_is_cleared_by_its_own_call_and_by_a_reset(http: httpx.Client) -> None:
    http.get("/")
    assert http.delete("/_mock/exchanges").status_code == 204
    assert listed(http) == []
    http.get("/")
    http.post("/_mock/reset")
    assert listed(http) == []


@pytest.mark.parametrize(
    "query",
    ["stats=401", "status=oops", "since=yesterday", "limit=0", "limit=x", "since=2026-01-01T00:00:00"],
)
def test_an_invalid_condition_is_refused(http: httpx.Client, query: str) -> None:
    answer = http.get(f"/_mock/exchanges?{query}")
    assert answer.status_code == 400
    assert query.split("=")[0] in answer.json()["error_description"]


def test_an_unknown_entry_is_404(http: httpx.Client) -> None:
    assert http.get("/_mock/exchanges/nothing").status_code == 404


def test_a_wait_that_times_out_reports_the_last_request(http: httpx.Client) -> None:
    http.get("/api/v2/meters")
    answer = http.get("/_mock/exchanges/wait", params={"path": "/api/v2/bills", "timeout": 0})
    assert answer.status_code == 408
    assert "GET /api/v2/meters (401)" in answer.json()["error_description"]


def test_the_archive_has_the_fields_that_browsers_require(third: Third) -> None:
    third.http.post("/oauth/token?a=1", data={"grant_type": "client_credentials"}, auth=("x", "y"))
    archive = third.http.get("/_mock/exchanges.har").json()
    (entry,) = archive["log"]["entries"]
    assert archive["log"]["version"] == "1.2"
    assert {"startedDateTime", "time", "request", "response", "cache", "timings"} <= set(entry)
    assert entry["startedDateTime"] == "2026-03-15T16:00:00Z"
    assert entry["request"]["url"] == "http://localhost:8000/oauth/token?a=1"
    assert entry["request"]["queryString"] == [{"name": "a", "value": "1"}]
    assert entry["request"]["postData"]["text"] == "grant_type=client_credentials"
    assert (entry["response"]["status"], entry["response"]["statusText"]) == (401, "Unauthorized")
    assert json.loads(entry["response"]["content"]["text"])["error"] == "invalid_client"


def test_a_curl_line_repeats_the_request(mock_server: MockServer) -> None:
    query = {"meters": "it's $HOME", "x": "ü"}
    httpx.get(f"{mock_server.url}/api/v2/bills", params=query, headers={"Accept": "a/b; c='d'"})
    lines = httpx.get(f"{mock_server.url}/_mock/exchanges.curl").text
    done = subprocess.run(["bash", "-c", lines], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    first, second = mock_server.control("GET", "exchanges")["exchanges"]
    assert (second["path"], second["query"], second["status"]) == (first["path"], first["query"], 401)


@pytest.mark.parametrize("pkce", [False, True])
def test_a_recorded_flow_becomes_a_test_that_passes(
    mock_server: MockServer, tmp_path: Path, pkce: bool
) -> None:
    """Wrong code, code, feed, a pause of two hours, expired token, refresh, meters, JSON API."""
    redirect = {"redirect_uri": CALLBACK}
    challenge = {"code_challenge": "x" * 43, "code_challenge_method": "plain"} if pkce else {}
    verifier = {"code_verifier": "x" * 43} if pkce else {}
    scope = "FB=4_16_51;AdditionalScope=auth-test-test_commercial"
    code = mock_server.authorize(scope=scope, **redirect, **challenge)
    client = mock_server.client
    with httpx.Client(base_url=mock_server.url) as http:

        def token(**form: str) -> httpx.Response:
            return http.post("/oauth/token", data=form, auth=(client.id, client.secret))

        def read(path: str, token: str) -> int:
            return http.get(path, headers={"Authorization": f"Bearer {token}"}).status_code

        assert token(grant_type="authorization_code", code="wrong", **redirect).status_code == 400
        tokens = token(grant_type="authorization_code", code=code, **redirect, **verifier).json()
        points = tokens["authorizationURI"].replace("Authorization", "Subscription") + "/UsagePoint"
        assert read(points, tokens["access_token"]) == 200
        mock_server.control("POST", "clock/advance", {"by": "PT2H"})
        assert read("/api/v2/meters", tokens["access_token"]) == 401
        fresh = token(grant_type="refresh_token", refresh_token=tokens["refresh_token"]).json()
        assert read("/api/v2/meters", fresh["access_token"]) == 200
        assert read("/api/v2/authorizations?limit=1", client.api_token) == 200
    source = http_get(f"{mock_server.url}/_mock/exchanges.py")
    (tmp_path / "test_recorded.py").write_text(source, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert "1 passed" in done.stdout, source + done.stdout + done.stderr
    assert source.count("assert answer_") == 7


def http_get(url: str) -> str:
    answer = httpx.get(url)
    assert answer.status_code == 200
    return answer.text


def test_a_wait_over_http_ends_with_the_matching_request(mock_server: MockServer) -> None:
    with ThreadPoolExecutor() as pool:
        query = {"path": "/api/v2/*", "timeout": "60"}
        waiting = pool.submit(mock_server.control, "GET", "exchanges/wait", query=query)
        httpx.get(f"{mock_server.url}/api/v2/meters")
        assert waiting.result(timeout=60)["path"] == "/api/v2/meters"
