"""The home page, the error pages, static files, and unknown paths."""

import re

import httpx
import pytest

from mock_server.domain import errors
from mock_server.domain.errors import MockServerError
from mock_server.pages.help.explanations import EXPLANATIONS
from mock_server.sandbox import Sandbox
from tests.support import BASE, Third


def test_the_home_page_lists_clients_customers_and_urls(http: httpx.Client, sandbox: Sandbox) -> None:
    page = http.get("/")
    assert page.status_code == 200
    for client in sandbox.fixtures.clients:
        assert client.id in page.text
        assert client.is_public or client.secret in page.text
    for customer in sandbox.fixtures.customers:
        assert customer.id in page.text
    for path in ("/DataCustodian/oauth/authorize", "/DataCustodian/oauth/token", "/api/v2"):
        assert f"{BASE}{path}" in page.text


def test_the_button_of_the_home_page_starts_an_authorization(http: httpx.Client) -> None:
    starts = re.findall(r'href="([^"]*oauth/authorize[^"]*)"', http.get("/").text)
    assert starts
    answer = http.get(starts[0].replace("&amp;", "&"))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/connect/")


def every_error() -> list[type[MockServerError]]:
    return [
        error
        for error in vars(errors).values()
        if isinstance(error, type) and issubclass(error, MockServerError)
    ]


@pytest.mark.parametrize("error", every_error(), ids=lambda error: error.__name__)
def test_every_error_has_a_page(http: httpx.Client, error: type[MockServerError]) -> None:
    page = http.get(f"/errors/{error.code}")
    assert page.status_code == 200
    assert EXPLANATIONS[error.code].meaning.split("'")[0] in page.text


def test_an_unknown_path_gets_an_error_page(http: httpx.Client) -> None:
    for path in ("/nothing", "/errors/nothing", "/static/nothing", "/static/../pages.py", "/<script>"):
        answer = http.get(path)
        assert answer.status_code == 404
        assert "<h1" in answer.text
        assert "<script>" not in answer.text


@pytest.mark.parametrize("name", ["style.css", "logo.svg", "electric.svg", "gas.svg", "water.svg"])
def test_static_files_are_served(http: httpx.Client, name: str) -> None:
    answer = http.get(f"/static/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(("text/css", "image/svg+xml"))


@pytest.mark.parametrize("path", ["/", "/dashboard", "/errors/invalid_grant", "/nothing"])
def test_pages_load_no_external_content_and_no_script(third: Third, path: str) -> None:
    third.tokens("test_commercial")
    text = third.http.get(path).text
    assert not re.search(r"<(script|style|iframe)|\son\w+=|\sstyle=", text)
    for source in re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', text):
        assert source.startswith("/static/")
    assert text.count("<h1") == 1
    assert '<html lang="en"' in text
    assert 'name="viewport"' in text


def test_the_dashboard_lists_the_clients_authorizations(third: Third) -> None:
    uid = third.tokens("test_commercial").authorization.uid
    page = third.http.get("/dashboard")
    for result in (uid, "ACME CORP", "active", "22400-00000"):
        assert result in page.text
    other = third.http.get("/dashboard", params={"client_id": "DEMOUTILITY_livelive1"})
    assert "ACME CORP" not in other.text
    assert third.http.get("/dashboard", params={"client_id": "nobody"}).status_code == 404
