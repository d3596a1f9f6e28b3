"""What operators see of a server: readiness, liveness, metrics, log lines."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from mock_server.app import compose, open_sandbox
from mock_server.run.logs import Json, Text, WithRequest
from mock_server.sandbox import Sandbox
from mock_server.settings import read_settings
from tests.support import SCOPE, Third, browser


def counted(http: httpx.Client, name: str) -> dict[tuple[str, ...], float]:
    """The samples of this name, by their labels in alphabetical order."""
    answer = http.get("/_mock/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name == f"mock_server_{name}"
    }


@pytest.fixture
def lonely(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """A client of its own application, whose metrics count only its requests."""
    with browser(compose(sandbox)) as http:
        yield http


def test_requests_are_counted_by_surface_method_and_status(lonely: httpx.Client) -> None:
    for _ in range(3):
        lonely.get("/api/v2/meters")
    lonely.request("BREW", "/")
    lonely.get("/_mock/health")
    found = counted(lonely, "requests_total")
    assert found == {("GET", "401", "api"): 3, ("other", "405", "pages"): 1, ("GET", "200", "control"): 1}
    assert counted(lonely, "request_duration_seconds_count")["api",] == 3


def test_tokens_faults_and_sandboxes_are_counted(lonely: httpx.Client, sandbox: Sandbox) -> None:
    client = Third(sandbox, lonely).client
    for _ in range(2):
        form = {"grant_type": "client_credentials", "scope": "FB=3"}
        assert lonely.post("/oauth/token", data=form, auth=(client.id, client.secret or "")).is_success
    lonely.post("/_mock/authorizations", json={"scope": SCOPE, "exchange": True})
    lonely.post("/_mock/faults", json={"effect": {"status": 503}, "match": {"path": "/api/*"}, "times": 1})
    lonely.post("/_mock/faults", json={"preset": "maintenance"})
    for _ in range(2):
        assert lonely.get("/api/v2/meters").status_code == 503
    lonely.get("/~another/api/v2/meters")
    assert counted(lonely, "tokens_issued_total") == {("client_credentials",): 2, ("authorization_code",): 1}
    assert counted(lonely, "faults_struck_total") == {("own", "api"): 1, ("maintenance", "api"): 1}
    assert counted(lonely, "sandboxes") == {(): 2}


def test_delivery_attempts_are_counted(lonely: httpx.Client) -> None:
    hook = lonely.post("/_mock/webhooks", json={"url": "http://127.0.0.1:9/hook"}).json()
    lonely.post(f"/_mock/webhooks/{hook['id']}/ping")
    lonely.post("/_mock/deliveries")
    assert counted(lonely, "deliveries_total") == {("events", "no answer"): 1}


def test_a_server_without_its_database_is_live_but_not_ready(tmp_path: Path) -> None:
    file = tmp_path / "gone.db"
    sandbox = open_sandbox(read_settings({"database_url": f"sqlite:///{file}"}, environment={}))
    with browser(compose(sandbox)) as http:
        assert http.get("/_mock/health").status_code == 200
        sandbox.store.close()
        file.unlink()
        file.mkdir()  # so SQLite cannot create the file again
        assert http.get("/_mock/health/live").json()["status"] == "ok"
        ready = http.get("/_mock/health")
        assert (ready.status_code, ready.json()["error"]) == (503, "temporarily_unavailable")
        api, page = http.get("/api/v2/meters"), http.get("/")
        token = http.post("/~other/oauth/token", data={"grant_type": "client_credentials"})
        assert {api.status_code, page.status_code, token.status_code} == {503}
        assert token.json()["error"] == "temporarily_unavailable"
        assert api.headers["X-Request-Id"]
        assert "is not available" in page.text
        file.rmdir()
        (tmp_path / "gone.db-wal").unlink(missing_ok=True)


def written(caplog: pytest.LogCaptureFixture, formatter: logging.Formatter) -> list[str]:
    """The log lines, in the format that the server writes."""
    return [formatter.format(record) for record in caplog.records if record.name == "mock_server"]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that the server logs, with request ids."""
    logger, request_filter = logging.getLogger("mock_server"), WithRequest()
    before = logger.propagate, logger.level
    logger.propagate = True  # a server started earlier in this process turned it off
    logger.setLevel(logging.INFO)
    caplog.handler.addFilter(request_filter)
    yield caplog
    caplog.handler.removeFilter(request_filter)
    logger.propagate, level = before
    logger.setLevel(level)


@pytest.mark.parametrize("other", [None, b"another one"])
def test_a_server_whose_database_file_was_removed_is_not_ready(tmp_path: Path, other: bytes | None) -> None:
    file = tmp_path / "gone.db"
    sandbox = open_sandbox(read_settings({"database_url": f"sqlite:///{file}"}))
    with browser(compose(sandbox)) as http:
        assert http.get("/_mock/health").status_code == 200
        file.unlink()
        if other is not None:
            (tmp_path / "other").write_bytes(other)
            (tmp_path / "other").rename(file)
        for prefix in ("", "/~beside"):
            answer = http.get(f"{prefix}/_mock/health")
            assert (answer.status_code, answer.json()["error"]) == (503, "temporarily_unavailable")
            assert "Restart the server" in answer.json()["error_description"]
        for method, path in (("POST", "/_mock/reset"), ("GET", "/api/v2/meters"), ("GET", "/")):
            answer = http.request(method, path)
            assert answer.status_code == 503
            assert "The company that sent you here" not in answer.text
        assert http.get("/_mock/health/live").status_code == 200


def test_a_log_line_has_the_request_id_and_no_secret(
    lonely: httpx.Client, third: Third, logged: pytest.LogCaptureFixture
) -> None:
    token = third.tokens().access_token
    answer = lonely.get("/api/v2/meters?access_token=hidden", headers={"Authorization": f"Bearer {token}"})
    (text,), (line,) = written(logged, Text()), written(logged, Json())
    result = json.loads(line)
    assert result["request_id"] == answer.headers["X-Request-Id"]
    expected = {"method": "GET", "path": "/api/v2/meters", "status": answer.status_code, "surface": "api"}
    assert expected.items() <= result.items()
    assert (result["level"], result["sandbox"], result["client_id"]) == ("info", "default", third.client_id)
    assert re.fullmatch(
        r"\S+ \S+ INFO GET /api/v2/meters \d+ duration_ms=\S+ .*request_id=[0-9a-f]{32}", text
    )
    assert "hidden" not in text + line
    assert token not in text + line


def test_an_internal_error_is_logged_with_its_traceback(logged: pytest.LogCaptureFixture) -> None:
    logging.getLogger("mock_server").error("It broke.", exc_info=ValueError("ours"))
    result = json.loads(written(logged, Json())[0])
    assert "ValueError: ours" in result["exception"]
