"""Which addresses third parties may give us."""

import pytest

from mock_server.core.addresses import is_redirect_uri, is_web_address

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
def test_an_absolute_address_is_taken(text: str) -> None:
    assert is_web_address(text)
    assert is_redirect_uri(text)


@pytest.mark.parametrize("text", BROKEN)
def test_what_no_browser_could_open_is_refused(text: str) -> None:
    assert not is_web_address(text)
    assert not is_redirect_uri(text)


@pytest.mark.parametrize("text", ["ftp://x/", "com.example.app:/callback"])
def test_deliveries_go_to_the_web_only(text: str) -> None:
    assert not is_web_address(text)


@pytest.mark.parametrize(
    "text", ["com.example.app:/callback", "{base}/DataCustodian/thirdparty-demo/redirect"]
)
def test_apps_and_our_own_pages_can_be_returned_to(text: str) -> None:
    assert is_redirect_uri(text)


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "file:///etc", "app:", "{base}/a#b"],
)
def test_what_a_browser_would_run_is_no_place_to_return_to(text: str) -> None:
    assert not is_redirect_uri(text)
