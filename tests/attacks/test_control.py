"""The control API from a page of another site, directly and by DNS rebinding."""

import httpx
import pytest

from mock_server.sandbox import Sandbox
from tests.support import Third

FOREIGN = [
    "https://evil.example",
    "http://evil.example:8000",
    "http://localhost.evil.example",
    "null",
    "file://",
    "",
    "http://[",
    "http://localhost:[",
    "http://localhost:80@evil.example",
    "http://evil.example@localhost",
    "http://localhost/",
]
HOSTS = [
    "evil.example",
    "evil.example:8000",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "",
]
NO_HOSTS = ["localhost@evil.example", "localhost:80@evil.example", "localhost:[", "localhost:x", "[::1"]
CALLS = [
    ("GET", "/_mock/clients"),
    ("POST", "/_mock/reset"),
    ("GET", "/_mock/state"),
    ("POST", "/~x/_mock/reset"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_page_of_another_site_calls_nothing(http: httpx.Client, method: str, path: str) -> None:
    for origin in FOREIGN:
        answer = http.request(method, path, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["error"]) == (403, "forbidden"), origin


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_name_that_was_bound_to_this_machine_calls_nothing(
    http: httpx.Client, method: str, path: str
) -> None:
    """DNS rebinding: to the browser it is one origin, so that only the Host header tells."""
    for host in HOSTS:
        answer = http.request(method, path, headers={"Host": host, "Origin": f"http://{host}"})
        assert (answer.status_code, answer.json()["error"]) == (403, "forbidden"), host


@pytest.mark.parametrize("host", NO_HOSTS)
def test_a_host_that_only_looks_like_this_machine_names_no_issuer(http: httpx.Client, host: str) -> None:
    for path in ("/_mock/clients", "/.well-known/oauth-authorization-server", "/api/v2/meters"):
        answer = http.get(path, headers={"Host": host})
        result = answer.json()
        assert (answer.status_code, result["error"]) == (400, "invalid_request")
        assert "such as localhost:8000" in result["error_description"]
        assert "issuer" not in result
        assert "evil.example" not in str({**result, "error_description": ""})


def test_what_a_foreign_page_sends_without_asking_first_changes_nothing(third: Third) -> None:
    """No preflight precedes a form or plain text."""
    third.tokens()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        headers = {"Origin": "https://evil.example", "Content-Type": kind, "Sec-Fetch-Site": "cross-site"}
        answer = third.http.post("/_mock/authorizations/500001/revoke", content=b"{}", headers=headers)
        assert answer.status_code == 403
    assert third.http.get("/_mock/authorizations/500001").json()["authorization"]["status"] == "active"


def test_no_origin_is_allowed_to_read(http: httpx.Client) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for path in ("/_mock/clients", "/api/v2/authorizations", "/oauth/token"):
        for method in ("OPTIONS", "GET"):
            answer = http.request(method, path, headers=headers)
            assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_links_never_name_a_foreign_host(sandbox: Sandbox, http: httpx.Client) -> None:
    """A poisoned Host header must not end up in what clients and mails are told."""
    for path in ("/.well-known/oauth-authorization-server", "/sso/.well-known/openid-configuration", "/"):
        assert "evil.example" not in http.get(path, headers={"Host": "evil.example"}).text
