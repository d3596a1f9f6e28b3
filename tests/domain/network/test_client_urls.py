"""Which URLs third parties may use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.network.client_urls import (
    is_base,
    is_redirect_uri,
    is_web_address,
    redirect_uri_problem,
)

WEB = ["http://127.0.0.1:5000/hook", "https://third-party.example.com", "https://[::1]:8443/a?b=c"]
BROKEN = [
    "http://[::1",
    "http://exa mple/",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:0/",
    "https://",
    "https://x/#part",
    "https://x\\y/",
    "https://x/\n",
    "",
    "/relative",
]


@pytest.mark.parametrize("text", WEB)
def test_an_absolute_url_is_accepted(text: str) -> None:
    assert is_web_address(text)
    assert is_redirect_uri(text)


@pytest.mark.parametrize("text", BROKEN)
def test_a_url_that_no_browser_can_open_is_rejected(text: str) -> None:
    assert not is_web_address(text)
    assert not is_redirect_uri(text)


@pytest.mark.parametrize("text", ["ftp://x/", "com.example.app:/callback"])
def test_a_web_address_is_http_or_https(text: str) -> None:
    assert not is_web_address(text)


@pytest.mark.parametrize(
    "text", ["com.example.app:/callback", "{base}/DataCustodian/thirdparty-demo/redirect"]
)
def test_apps_and_pages_of_this_server_can_have_redirect_uris(text: str) -> None:
    assert is_redirect_uri(text)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("http://例え.jp/cb", "http://xn--r8jz45g.jp/cb"),
        ("{base}/日", "{base}/%E6%97%A5"),
        ("http://[::1]:5/日?é=é", "http://[::1]:5/%E6%97%A5?%C3%A9=%C3%A9"),
        ("http://x/{a}|b", "http://x/%7Ba%7D%7Cb"),
        ("http://é..é/", "write the host in Punycode"),
        ("http://x/" + "é" * 300, "percent-encode the rest"),
        ("日本", "Punycode"),
    ],
)
def test_the_error_for_an_iri_suggests_a_uri(text: str, advice: str) -> None:
    assert advice in (redirect_uri_problem(text) or "")


@given(text=st.text(max_size=30) | st.text(max_size=20).map(lambda text: f"http://{text}"))
def test_a_redirect_uri_is_always_ascii(text: str) -> None:
    assert redirect_uri_problem(text) is not None or text.isascii()


@pytest.mark.parametrize(
    "text", ["http://localhost:80@evil.example/", "http://a;b/", "com.app://a b/", "http://[x]/"]
)
def test_the_host_must_be_valid_in_a_host_header(text: str) -> None:
    assert not is_redirect_uri(text)
    assert not is_base(text)


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "file:///etc", "app:", "{base}/a#b"],
)
def test_a_uri_that_a_browser_would_run_is_rejected(text: str) -> None:
    assert not is_redirect_uri(text)
