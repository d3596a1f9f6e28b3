"""What a newcomer sent and we did not foresee: each once ended in a 500, a traceback or the wrong sandbox."""

import gzip
import logging
import sys
from collections.abc import Callable
from html import unescape
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from mock_server.http.responses.suggestions import ADDRESSES, suggestion
from mock_server.run.banner import banner
from mock_server.run.cli import cli
from mock_server.run.logs import Text
from mock_server.settings import SettingsMistake, read_settings
from mock_server.store import StoreMistake, open_store
from mock_server.testing.control_client import RequestRefused, sandbox_at
from mock_server.testing.server import MockServer
from mock_server.urls import REGISTER

NO_UTC = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]


@pytest.fixture
def http(mock_server: MockServer) -> Any:
    with httpx.Client(base_url=mock_server.url, timeout=30) as client:
        yield client


@pytest.mark.parametrize("path", ["token", "introspect", "revoke", "par"])
def test_a_basic_header_that_is_not_ascii_is_refused_and_reported(http: httpx.Client, path: str) -> None:
    headers = [(b"Authorization", b"Basic \xe9")]
    answer = http.post(f"/oauth/{path}", data={"grant_type": "x"}, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    for result in ("exchanges", "exchanges.har", "review"):
        assert http.get(f"/_mock/{result}").status_code == 200, result


@pytest.mark.parametrize("instant", NO_UTC)
def test_an_instant_that_utc_does_not_have_is_refused(http: httpx.Client, instant: str) -> None:
    answers = [
        http.put("/_mock/clock", json={"now": instant}),
        http.get("/_mock/exchanges", params={"since": instant}),
        http.post("/_mock/console/clock", data={"now": instant}),
    ]
    assert [answer.status_code for answer in answers[:2]] == [400, 400]
    assert answers[2].status_code < 500
    with pytest.raises(SettingsMistake):
        read_settings({"clock": instant})


@pytest.mark.parametrize("instant", ["9999-12-31T23:59:59Z", "1800-01-01T00:00:00Z"])
def test_a_clock_starts_within_the_years_it_shows(instant: str) -> None:
    with pytest.raises(SettingsMistake, match="2000 to 2100"):
        read_settings({"clock": instant})


@pytest.mark.parametrize("instant", [*NO_UTC, "1066-10-14T00:00:00Z"])
@pytest.mark.parametrize(("kind", "field"), [("clients", "created"), ("tokens", "expires")])
def test_a_state_with_an_impossible_instant_changes_nothing(
    mock_server: MockServer, http: httpx.Client, kind: str, field: str, instant: str
) -> None:
    mock_server.tokens(customer="test_residential")
    document = mock_server.export_state()
    document["records"][kind][0][field] = instant
    answer = http.put("/_mock/state", json=document)
    assert answer.status_code == 400
    assert f"records.{kind}.0.{field}" in answer.json()["error_description"]
    assert http.get("/").status_code == 200


@pytest.mark.parametrize(
    "effect", [{"stale": "P9999Y"}, {"clock_skew": "P9999Y"}, {"clock_skew": "-P3000Y"}], ids=str
)
def test_a_fault_moves_time_by_some_years_at_most(http: httpx.Client, effect: dict[str, str]) -> None:
    answer = http.post("/_mock/faults", json={"effect": effect})
    assert answer.status_code == 400
    assert next(iter(effect)) in answer.json()["error_description"]


@pytest.mark.parametrize("host", ["é..é", "a" * 300])
def test_a_webhook_needs_a_host_that_can_be_requested(http: httpx.Client, host: str) -> None:
    assert http.post("/_mock/webhooks", json={"url": f"http://{host}/"}).status_code == 400


@pytest.mark.parametrize("uri", ["http://[::1", "javascript:alert(1)", "http://127.0.0.1:99999/"])
def test_a_client_is_made_with_redirect_uris_that_registration_takes(http: httpx.Client, uri: str) -> None:
    answer = http.post("/_mock/clients", json={"redirect_uris": [uri]})
    assert answer.status_code == 400
    assert "redirect_uris" in answer.json()["error_description"]


def test_a_body_that_is_not_sent_as_json_is_reported_so(http: httpx.Client) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = http.post("/_mock/auto-approve", content='{"enabled": true}', headers=form)
    assert answer.status_code == 400
    assert "Content-Type: application/json" in answer.json()["error_description"]
    deep = http.post(
        "/_mock/auto-approve", content="[" * 200_000, headers={"Content-Type": "application/json"}
    )
    assert deep.status_code == 400
    assert "JSON" in deep.json()["error_description"]


def test_the_document_of_a_sandbox_is_about_that_sandbox(http: httpx.Client, mock_server: MockServer) -> None:
    for prefix in ("", "/~q1"):
        servers = http.get(f"{prefix}/openapi.json").json()["servers"]
        assert servers == [{"url": f"{mock_server.url}{prefix}"}]
    http.delete("/_mock/sandboxes/q1")


@pytest.fixture
def run(mock_server: MockServer) -> Callable[..., tuple[int, str]]:
    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, [*arguments, "--url", mock_server.url])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


@pytest.mark.parametrize("name", ["x/..", "x#", "x?y", "a b", "..", "a" * 60, ""])
def test_a_command_acts_on_the_sandbox_that_was_named_or_on_none(
    mock_server: MockServer, run: Callable[..., tuple[int, str]], name: str
) -> None:
    mock_server.fault("flaky")
    code, result = run("reset", "--sandbox", name)
    assert (code, "letters, digits and hyphens" in result) == (1, True)
    assert mock_server.faults()


def test_what_http_cannot_carry_is_reported_in_a_sentence(run: Callable[..., tuple[int, str]]) -> None:
    assert "control token" in run("clock", "--token", "é")[1]
    code, result = run("truth", "te\udcffst")
    assert (code, "cannot be sent" in result) == (1, True)


def test_a_public_url_is_one_that_paths_can_follow() -> None:
    with pytest.raises(SettingsMistake, match="paths can be added"):
        read_settings({"public_url": "http://localhost:8297/?x"})


@pytest.mark.parametrize(
    "host", ["https://mock.example.com", "mock.example.com:8000", "mock.example.com/x", "*"]
)
def test_a_further_host_is_a_name_without_a_port(host: str) -> None:
    with pytest.raises(SettingsMistake, match="a host name alone"):
        read_settings({"hosts": host})


def test_further_hosts_may_be_names_and_addresses() -> None:
    result = read_settings({"hosts": "mock_server, mock.example.com,192.0.2.7 , [2001:db8::7]"}).hosts
    assert result == ("mock_server", "mock.example.com", "192.0.2.7", "[2001:db8::7]")


@pytest.mark.parametrize("limit", ["1000000000", "9" * 23])
def test_a_large_limit_is_the_largest_there_is(http: httpx.Client, limit: str) -> None:
    token = http.get("/_mock/clients").json()["clients"][0]["api_token"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = http.get("/api/v2/authorizations", params={"limit": limit}, headers=headers)
    assert answer.status_code == 200, answer.text


def test_a_host_that_is_no_address_of_this_machine_is_reported_as_such() -> None:
    done = CliRunner().invoke(cli, ["--host", "300.1.1.1", "--port", "0"])
    assert (done.exit_code, "another --host" in done.output) == (2, True), done.output


def test_what_is_no_address_of_a_server_is_not_reported_to_be_started() -> None:
    done = CliRunner().invoke(cli, ["clock", "--url", "foo"])
    assert done.exit_code == 1
    assert "http://" in done.output
    assert "Start one" not in done.output


def test_a_driver_that_is_missing_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreMistake, match=r"mock-utility-server\[postgres\]"):
        open_store("postgresql+psycopg://nobody@localhost/none", sandbox="default")


def test_an_assertion_that_is_no_jwt_is_refused_in_our_words(http: httpx.Client) -> None:
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    body = {"grant_type": "client_credentials", "client_assertion": "a.b.c", "client_assertion_type": kind}
    answer = http.post("/oauth/token", data=body)
    result = answer.json()
    assert (answer.status_code, result["error"]) == (401, "invalid_client")
    assert "three parts" in result["error_description"]


def test_a_control_api_that_was_switched_off_says_who_did_it() -> None:
    with MockServer(control="off") as server:
        result = httpx.get(f"{server.url}/_mock/clock").json()
    assert (result["error"], "--control" in result["error_description"]) == ("forbidden", True)
    assert "more than this machine" not in result["error_description"]


def test_a_state_that_came_twice_is_refused_by_redirect(http: httpx.Client) -> None:
    client = http.get("/_mock/clients").json()["clients"][0]
    requested = {
        "response_type": "code",
        "client_id": client["client_id"],
        "redirect_uri": "http://127.0.0.1:5000/c",
    }
    answer = http.get("/oauth/authorize", params=[*requested.items(), ("state", "a"), ("state", "b")])
    assert answer.status_code in (302, 303)
    assert "error=invalid_request" in answer.headers["location"]
    assert "state+was+sent+2+times" in answer.headers["location"].replace("%20", "+")


def test_a_path_cannot_begin_a_line_of_the_log() -> None:
    record = logging.makeLogRecord({"msg": "GET %s 404", "args": ("/x\nERROR forged\r\x1b[31m\x00",)})
    assert Text().format(record).endswith(r"GET /x\nERROR forged\r\x1b[31m\x00 404")


def test_a_request_uri_that_came_twice_is_refused(http: httpx.Client) -> None:
    client = http.get("/_mock/clients").json()["clients"][0]
    requested = [("response_type", "code"), ("client_id", client["client_id"])]
    result = http.get(
        "/oauth/authorize", params=[*requested, ("request_uri", "urn:x"), ("request_uri", "urn:y")]
    )
    assert (result.status_code, "request_uri was sent 2 times" in result.text) == (400, True)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/oauth/token", "application/x-www-form-urlencoded"),
        (REGISTER, "application/json"),
        ("/api/v2/forms", "application/json"),
        ("/_mock/reset", "application/json"),
        ("/_mock/faults", "application/json"),
    ],
)
def test_a_compressed_body_is_refused_by_its_name(
    mock_server: MockServer, http: httpx.Client, path: str, kind: str
) -> None:
    headers = {"Content-Type": kind, "Content-Encoding": "gzip"}
    if path.startswith("/api"):
        headers["Authorization"] = f"Bearer {mock_server.client.api_token}"
    answer = http.post(path, content=gzip.compress(b"{}"), headers=headers)
    assert answer.status_code == 415
    assert "without Content-Encoding" in answer.text


@pytest.mark.parametrize("name", ["a/b", "../x", "x#y", "x?y"])
def test_a_name_goes_to_the_server_as_it_is(mock_server: MockServer, name: str) -> None:
    for call in (mock_server.restore, mock_server.move_out, mock_server.revoke, mock_server.disarm):
        with pytest.raises(RequestRefused, match=r"[Tt]here is no"):
            call(name)


def test_a_sandbox_of_a_sandbox_is_one_beside_it(mock_server: MockServer) -> None:
    base = mock_server.url
    assert MockServer.at(f"{base}/_mock/").start().url == base
    assert sandbox_at(f"{base}/~q1/", "q2") == f"{base}/~q2"


@pytest.mark.parametrize(
    ("given", "result"),
    [
        ({}, "open to everyone"),
        ({"control_token": "long-enough"}, "MOCK_SERVER_CONTROL=token requires it"),
        ({"control": "off"}, "(--control) is off"),
        ({"host": "0.0.0.0"}, "set MOCK_SERVER_CONTROL_TOKEN or"),
    ],
    ids=str,
)
def test_the_first_lines_say_who_controls(given: dict[str, Any], result: str) -> None:
    assert result in banner(read_settings(given, environment={}))


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_misspelt_address_gets_the_right_one(http: httpx.Client, address: str) -> None:
    assert suggestion(f"{address}s") == f"Did you mean {address}?"
    result = [http.request(method, address).status_code for method in ("GET", "POST")]
    assert result != [404, 404]


@pytest.mark.parametrize("base", ["/api/v2", "/sso", "/oauth/", "/DataCustodian/espi/1_1/resource"])
def test_a_base_says_that_it_is_one(http: httpx.Client, base: str) -> None:
    answer = http.get(base)
    assert answer.status_code == 404
    assert "It is the " in unescape(answer.text)


def test_a_program_that_misspells_an_endpoint_gets_no_page(http: httpx.Client) -> None:
    answer = http.post("/oauth/tokens", data={"grant_type": "refresh_token"})
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert answer.json()["error_description"].endswith("Did you mean /oauth/token?")
    assert "<h1>" in http.post("/oauth/tokens", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize("path", ["snapshots", "sandboxes"])
def test_a_name_that_cannot_be_is_reported_without_a_pattern(http: httpx.Client, path: str) -> None:
    result = http.post(f"/_mock/{path}", json={"name": "a b"}).json()["error_description"]
    assert "1 to 40 letters, digits" in result


def test_an_option_before_a_command_is_not_lost_silently(run: Callable[..., tuple[int, str]]) -> None:
    code, result = run("--port", "9000", "clock")
    assert (code, "MOCK_SERVER_PORT" in result) == (2, True)


@pytest.mark.parametrize("url", ["http://localhost:9417x", "http://[::1", "foo", f"http://{'a' * 300}.com"])
def test_a_health_check_of_no_address_is_a_sentence(url: str) -> None:
    done = CliRunner().invoke(cli, ["health", "--url", url])
    assert (done.exit_code, done.output.startswith("not ready: ")) == (1, True)


def test_a_health_check_takes_an_address_as_it_is_printed(mock_server: MockServer) -> None:
    assert CliRunner().invoke(cli, ["health", "--url", f"{mock_server.url}/"]).exit_code == 0


def test_a_customer_whom_a_scope_names_in_vain_is_named_back(mock_server: MockServer) -> None:
    with pytest.raises(RequestRefused, match="no customer whose test is 'nobody'"):
        mock_server.tokens(scope="FB=4;AdditionalScope=auth-test-nobody")
