"""Faults whose effect is in the answer itself, seen through a client in process."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import httpx
import pytest

from mock_server.app import compose_surfaces
from mock_server.http.sandboxes import Sandboxes
from mock_server.sandbox import Sandbox
from tests.support import CALLBACK, SCOPE, Third, app_around, browser, call_raw

RESOURCE = "/DataCustodian/espi/1_1/resource"
SHORT = SCOPE.replace("FB=4_16_51;", "FB=4_16_51;HistoryLength=8000000;")  # 92 days, so that feeds are small


def arm(http: httpx.Client, effect: dict[str, Any], **wish: Any) -> str:
    answer = http.post("/_mock/faults", json={"effect": effect, **wish})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def feed(third: Third, token: str) -> Any:
    return third.get(f"{RESOURCE}/Batch/Subscription/500001", token)


def refresh(third: Third, token: str) -> httpx.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return third.http.post("/oauth/token", data=form, auth=(third.client_id, third.client.secret))


def test_a_status_is_reported_in_the_protocol_of_the_address(third: Third) -> None:
    fault = arm(third.http, {"status": 503, "headers": {"Retry-After": "7"}})
    token = third.http.post("/oauth/token")
    assert (token.status_code, token.json()["error"]) == (503, "temporarily_unavailable")
    assert "error_uri" in token.json()
    api = third.http.get("/api/v2/meters")
    assert (api.status_code, api.json()["status_code"]) == (503, 503)
    page = third.http.get("/oauth/authorize")
    assert page.status_code == 503
    assert page.text.startswith("<!doctype html>")
    for answer in (token, api, page):
        assert answer.headers["retry-after"] == "7"
        assert answer.headers["x-simulated-fault"] == fault


@pytest.mark.parametrize(
    ("path", "effect", "status", "code"),
    [
        ("/oauth/token", {"error": "invalid_grant"}, 400, "invalid_grant"),
        ("/oauth/token", {"status": 401}, 401, "invalid_client"),
        ("/oauth/token", {"status": 429}, 429, "too_many_requests"),
        ("/api/v2/meters", {"status": 401}, 401, "invalid_token"),
        ("/api/v2/meters", {"status": 403}, 403, "insufficient_scope"),
        ("/api/v2/meters", {"status": 500}, 500, "server_error"),
        ("/api/v2/meters", {"status": 504}, 504, "server_error"),
        ("/api/v2/meters", {"error": "invalid_token", "message": "Because."}, 401, "invalid_token"),
        (f"{RESOURCE}/UsagePoint", {"error": "not_found", "status": 410}, 410, "not_found"),
    ],
)
def test_any_error_of_the_protocol_can_be_reported(
    http: httpx.Client, path: str, effect: dict[str, Any], status: int, code: str
) -> None:
    arm(http, effect)
    answer = http.request("POST" if "token" in path else "GET", path)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    if "message" in effect:
        assert answer.json()["error_description"] == "Because."
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Basic" if "token" in path else "Bearer")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"access_token": 7}, "application/json"),
        ([], "application/json"),
        ("<html>", "text/plain; charset=utf-8"),
    ],
)
def test_any_body_can_be_reported(http: httpx.Client, body: Any, kind: str) -> None:
    arm(http, {"status": 200, "body": body})
    answer = http.post("/oauth/token")
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert (answer.text if isinstance(body, str) else answer.json()) == body


def test_headers_alone_are_added_to_the_true_answer(third: Third) -> None:
    arm(third.http, {"headers": {"Content-Type": "text/html"}})
    answer = third.get("/api/v2/meters", third.tokens().access_token)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html")


def test_instead_the_action_does_not_happen(third: Third) -> None:
    issued = third.tokens()
    arm(third.http, {"status": 503}, times=1)
    assert refresh(third, str(issued.refresh_token)).status_code == 503
    assert third.get("/api/v2/authorizations", issued.access_token).status_code == 200


def test_after_the_action_happened_and_its_answer_is_lost(third: Third) -> None:
    """The refresh ended the old access token; the client never saw the new one."""
    issued = third.tokens()
    arm(third.http, {"status": 504}, when="after", times=1)
    assert refresh(third, str(issued.refresh_token)).status_code == 504
    assert third.get("/api/v2/authorizations", issued.access_token).status_code == 401
    assert refresh(third, str(issued.refresh_token)).status_code == 200


def test_one_client_is_affected_and_others_are_not(third: Third) -> None:
    arm(third.http, {"status": 503}, match={"client_id": third.client_id})
    form = {"grant_type": "client_credentials"}

    def token(**more: Any) -> int:
        return third.http.post("/oauth/token", **more).status_code

    assert token(data=form, auth=(third.client_id, "x")) == 503
    assert token(data={**form, "client_id": third.client_id, "client_secret": "x"}) == 503
    assert token(data={**form, "client_id": "DEMOUTILITY_livelive1", "client_secret": "x"}) == 401
    assert third.get("/api/v2/meters", third.client.api_token).status_code == 503
    assert third.get("/api/v2/meters", "unknown").status_code == 401


def test_a_body_that_was_read_to_know_the_client_still_reaches_the_action(third: Third) -> None:
    arm(third.http, {"status": 503}, match={"client_id": "nobody"})
    secret = {"client_id": third.client_id, "client_secret": third.client.secret}
    answer = third.http.post("/oauth/token", data={"grant_type": "client_credentials", **secret})
    assert answer.status_code == 200


def test_malformed_xml_does_not_parse(third: Third) -> None:
    issued = third.tokens(scope=SHORT)
    arm(third.http, {"xml": "malformed"}, times=1)
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(feed(third, issued.access_token).text)
    ElementTree.fromstring(feed(third, issued.access_token).text)


def test_invalid_xml_parses_and_is_not_what_the_schema_says(third: Third) -> None:
    issued = third.tokens(scope=SHORT)
    arm(third.http, {"xml": "invalid"}, times=1)
    corrupted, true = feed(third, issued.access_token).text, feed(third, issued.access_token).text
    ElementTree.fromstring(corrupted)
    assert ">many</" in corrupted
    assert ">many</" not in true


def ids(xml: str) -> list[str]:
    atom = "{http://www.w3.org/2005/Atom}"
    return [str(one.findtext(f"{atom}id")) for one in ElementTree.fromstring(xml).iter(f"{atom}entry")]


@pytest.mark.parametrize("how", ["duplicate", "reversed"])
def test_entries_come_twice_or_in_reverse(third: Third, how: str) -> None:
    issued = third.tokens(scope=SHORT)
    token = issued.access_token
    arm(third.http, {"entries": how}, times=2)
    corrupted, corrupted_list = feed(third, token).text, third.get("/api/v2/meters", token).json()["meters"]
    true, true_list = feed(third, token).text, third.get("/api/v2/meters", token).json()["meters"]
    if how == "duplicate":
        assert ids(corrupted) == [*ids(true), ids(true)[0]]
        assert corrupted_list == [*true_list, true_list[0]]
    else:
        assert ids(corrupted) == ids(true)[::-1]
        assert corrupted_list == true_list[::-1]
    assert len(true_list) > 1


def test_a_token_is_dead_on_arrival(third: Third) -> None:
    arm(third.http, {"token": "expired"}, times=1)
    first = refresh(third, str(third.tokens().refresh_token)).json()
    assert third.get("/api/v2/meters", first["access_token"]).json()["error"] == "invalid_token"
    second = refresh(third, first["refresh_token"]).json()
    assert third.get("/api/v2/meters", second["access_token"]).status_code == 200


def test_a_token_is_swapped_for_one_that_opens_something_else(third: Third) -> None:
    arm(third.http, {"token": "swapped"}, times=1)
    result = refresh(third, str(third.tokens(scope=SHORT).refresh_token)).json()
    assert feed(third, result["access_token"]).json()["error"] == "insufficient_scope"


def test_a_token_answer_lacks_the_refresh_token(third: Third) -> None:
    arm(third.http, {"token": "no_refresh"}, times=1)
    held = str(third.tokens().refresh_token)
    result = refresh(third, held).json()
    assert "refresh_token" not in result
    assert third.get("/api/v2/meters", result["access_token"]).status_code == 200
    assert refresh(third, held).json()["refresh_token"] == held, (
        "who has one may go on using it (RFC 6749 §6)"
    )


def test_a_way_to_authenticate_can_be_meant(third: Third) -> None:
    arm(third.http, {"status": 401}, match={"client_auth": "client_secret_post"})
    form = {"grant_type": "client_credentials"}
    own = {"client_id": third.client_id, "client_secret": third.client.secret}
    assert third.http.post("/oauth/token", data={**form, **own}).status_code == 401
    assert third.http.post("/oauth/token", params={**form, **own}).status_code == 401
    assert third.http.post(
        "/oauth/token", data=form, auth=(own["client_id"], own["client_secret"])
    ).is_success
    (first, second, third_call) = third.http.get("/_mock/exchanges").json()["exchanges"]
    assert [first["fault"], second["fault"], third_call["fault"]] == ["1", "1", None]


def test_a_stale_answer_is_the_answer_of_some_time_ago(third: Third) -> None:
    issued = third.tokens(scope=SHORT)
    now = feed(third, issued.access_token).text
    arm(third.http, {"stale": "P60D"}, times=1)
    stale = feed(third, issued.access_token).text
    assert len(ids(stale)) < len(ids(now))
    assert "<updated>2026-01-14T16:00:00Z" in stale
    assert feed(third, issued.access_token).text == now


def test_a_skewed_clock_refuses_a_fresh_token(third: Third) -> None:
    issued = third.tokens(scope=SHORT)
    arm(third.http, {"clock_skew": "PT2H"}, times=1)
    assert "expired" in feed(third, issued.access_token).json()["error_description"]
    assert feed(third, issued.access_token).status_code == 200


def test_a_fault_shows_in_the_journal(third: Third) -> None:
    fault = arm(third.http, {"status": 429}, times=1)
    third.http.get("/api/v2/meters")
    third.http.get("/api/v2/meters")
    first, second = third.http.get("/_mock/exchanges").json()["exchanges"]
    assert (first["fault"], first["status"], first["error"]) == (fault, 429, "too_many_requests")
    assert (second["fault"], second["status"]) == (None, 401)


def test_the_test_authors_own_calls_are_never_affected(http: httpx.Client) -> None:
    arm(http, {"status": 503})
    assert http.get("/_mock/health").status_code == 200
    assert http.delete("/_mock/faults").status_code == 204
    assert http.get("/").status_code == 200


class TestWaiting:
    """Seconds that pass are the test's own."""

    @pytest.fixture
    def waited(self) -> list[float]:
        return []

    @pytest.fixture
    def http(self, sandbox: Sandbox, waited: list[float]) -> Iterator[httpx.Client]:
        async def wait(seconds: float) -> None:
            waited.append(seconds)

        with browser(compose_surfaces(Sandboxes(sandbox), wait=wait)) as client:
            yield client

    @pytest.mark.parametrize("when", ["instead", "after"])
    def test_an_answer_comes_late(self, third: Third, waited: list[float], when: str) -> None:
        arm(third.http, {"latency_ms": 1500}, when=when)
        assert third.get("/api/v2/meters", third.tokens().access_token).status_code == 200
        assert waited == [1.5]

    def test_a_body_drips(self, third: Third, waited: list[float]) -> None:
        arm(third.http, {"drip": {"bytes": 100, "every_ms": 20}})
        answer = third.get("/api/v2/meters", third.tokens().access_token)
        assert answer.status_code == 200
        assert set(waited) == {0.02}
        assert len(waited) == -(-len(answer.content) // 100) - 1
        assert answer.json()["meters"]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({}, "effect"),
        ({"effect": {}}, "empty"),
        ({"effect": {"status": 99}}, "200 to 599"),
        ({"effect": {"stat": 500}}, "stat"),
        ({"effect": {"error": "oops"}}, "invalid_grant"),
        ({"effect": {"reset": True, "hang": True}}, "exclude each other"),
        ({"effect": {"body": "x"}}, "needs a status"),
        ({"effect": {"status": 500, "headers": {"a": "b\nc"}}}, "line breaks"),
        ({"effect": {"status": 500, "headers": {"a": "b\x01"}}}, "control characters"),
        ({"effect": {"status": 500, "headers": {"X A": "b"}}}, "without spaces"),
        ({"effect": {"status": 500, "headers": {"a:": "b"}}}, "without spaces"),
        ({"effect": {"headers": {"é": "b"}}}, "without spaces"),
        ({"effect": {"headers": {"": "b"}}}, "without spaces"),
        ({"effect": {"headers": {"X-Note": "日本"}}}, "X-Note goes beyond Latin-1"),
        ({"effect": {"status": 204, "headers": {"Content-Length": "abc"}}}, "use truncate"),
        ({"effect": {"headers": {"transfer-encoding": "chunked"}}}, "use truncate"),
        ({"effect": {"status": 500}, "match": {"nth": 0}}, "nth must be 1 or more"),
        ({"effect": {"status": 500}, "match": {"probability": 2}}, "at most 1"),
        ({"effect": {"status": 500}, "match": {"surface": "x"}}, "surface"),
        ({"effect": {"status": 500}, "match": {"pth": "x"}}, "pth"),
        ({"effect": {"status": 500}, "times": 0}, "times"),
        ({"effect": {"status": 500}, "when": "later"}, "when"),
        ({"effect": {"latency_ms": 10**9}}, "latency_ms"),
        ({"effect": {"drip": {"bytes": 0}}}, "drip"),
        ({"effect": {"callback": "no_code", "status": 500}}, "cannot be combined"),
        ({"effect": {"callback": "no_code"}, "match": {"surface": "pages"}}, "cannot apply to"),
        ({"effect": {"webhook": "late"}, "match": {"surface": "api"}}, "cannot apply to"),
        ({"effect": {"status": 500}, "match": {"surface": "webhooks"}}, "cannot apply to"),
        ({"preset": "flaky", "times": 3}, "alone"),
        ({"preset": 7}, "preset"),
    ],
)
def test_a_fault_that_cannot_be_is_refused(http: httpx.Client, body: Any, word: str) -> None:
    answer = http.post("/_mock/faults", json=body)
    assert answer.status_code == 400
    assert word in answer.json()["error_description"]
    assert http.get("/_mock/faults").json() == {"faults": []}


@pytest.mark.parametrize("value", ["é", " spaces around ", "", "a\tb", '"', "\x80\xff"])
def test_a_header_of_a_fault_is_sent_as_latin_1(sandbox: Sandbox, http: httpx.Client, value: str) -> None:
    arm(http, {"headers": {"X-Note": value}}, match={"path": "/api/*"})
    answer = call_raw(app_around(sandbox), "GET", "/api/v2/meters")
    assert (answer.status, answer.header("x-note")) == (401, value.strip())


def test_the_name_of_an_imported_fault_can_be_sent(third: Third) -> None:
    arm(third.http, {"status": 503}, match={"path": "/api/*"})
    arm(third.http, {"callback": "no_state"})
    document = third.http.get("/_mock/state").json()
    for fault in document["records"]["faults"]:
        fault["preset"] = "日本\r\nSet-Cookie: a=b"
    assert third.http.put("/_mock/state", json=document).status_code == 200
    third.http.post("/_mock/auto-approve", json={"enabled": True})
    query = f"response_type=code&client_id={third.client_id}&redirect_uri={CALLBACK}&state=s"
    query += "&scope=FB=4;AdditionalScope=auth-test-test_residential"
    app = app_around(third.sandbox)
    answers = [
        call_raw(app, "GET", "/api/v2/meters"),
        call_raw(app, "GET", "/oauth/authorize", query=query.encode()),
    ]
    assert [answer.status for answer in answers] == [503, 302]
    assert {answer.header("x-simulated-fault") for answer in answers} == {"????Set-Cookie: a=b"}


def test_faults_are_listed_and_disarmed(http: httpx.Client) -> None:
    first = arm(http, {"status": 503}, match={"path": "/api/*"}, times=3)
    arm(http, {"status": 500})
    listed = http.get("/_mock/faults").json()["faults"]
    assert [one["effect"]["status"] for one in listed] == [503, 500]
    assert (listed[0]["id"], listed[0]["times_left"], listed[0]["match"]["path"]) == (first, 3, "/api/*")
    assert http.delete(f"/_mock/faults/{first}").status_code == 204
    assert http.delete(f"/_mock/faults/{first}").status_code == 404
    assert len(http.get("/_mock/faults").json()["faults"]) == 1
    assert http.post("/_mock/faults", json={"preset": "flaky"}).json()["id"] == "flaky"
    assert http.post("/_mock/faults", json={"preset": "nothing"}).status_code == 404


def test_a_fault_before_the_redirect_leaves_nothing_behind(third: Third) -> None:
    third.http.post("/_mock/auto-approve", json={"enabled": True})
    query = {
        "response_type": "code",
        "client_id": third.client_id,
        "redirect_uri": CALLBACK,
        "scope": "FB=4;AdditionalScope=auth-test-test_residential",
    }
    arm(third.http, {"status": 500}, match={"path": "*/authorize"}, times=1)
    assert third.http.get("/oauth/authorize", params=query).status_code == 500
    answer = third.http.get("/oauth/authorize", params=query)
    assert "code" in parse_qs(urlsplit(answer.headers["location"]).query)
    assert json.loads(third.http.get("/_mock/faults").text)["faults"][0]["fired"] == 1


@pytest.mark.parametrize(
    "effect", [{"token": "expired"}, {"token": "no_refresh"}, {"entries": "reversed"}, {"xml": "invalid"}]
)
@pytest.mark.parametrize("path", ["/api/v2/meters", "/oauth/token", f"{RESOURCE}/ReadServiceStatus"])
def test_an_answer_without_a_body_stays_as_it_is(third: Third, path: str, effect: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {third.client.api_token}"}
    usual = third.http.head(path, headers=headers).status_code
    fault = arm(third.http, effect)
    answer = third.http.head(path, headers=headers)
    assert (answer.status_code, answer.headers["x-simulated-fault"]) == (usual, fault)
