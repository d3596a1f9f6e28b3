"""Redirect URIs: comparison with registered ones, and response parameters."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.oauth.redirect_uris import answer_uri, is_registered, wire_form

REGISTERED = (
    "https://app.example/callback",
    "{base}/demo",
    "com.example.app:/callback",
    "https://app.example/q?a=1",
)
BASE = "http://localhost:8000"


def registered(uri: str, *, loopback: bool = False) -> bool:
    return is_registered(uri, registered=REGISTERED, base=BASE, allows_loopback=loopback)


@pytest.mark.parametrize("uri", ["https://app.example/callback", f"{BASE}/demo", "com.example.app:/callback"])
def test_a_registered_uri_matches(uri: str) -> None:
    assert registered(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/callback/",
        "https://app.example/callback?x=1",
        "https://app.example/callback#x",
        "https://APP.example/callback",
        "https://app.example:443/callback",
        "https://app.example/callbac",
        "https://app.example/callback2",
        "https://app.example.evil.example/callback",
        "http://app.example/callback",
        "{base}/demo",
        "https://app.example/q",
        "",
        " https://app.example/callback",
        "http://127.0.0.1/",
    ],
)
def test_any_other_uri_does_not_match(uri: str) -> None:
    assert not registered(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:5000/cb",
        "http://localhost:1/a/b?c=d",
        "http://[::1]:65535/x",
        "http://localhost",
    ],
)
def test_loopback_matches_on_any_port_if_allowed(uri: str) -> None:
    assert registered(uri, loopback=True)
    assert not registered(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "https://127.0.0.1/",
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1@evil.example/",
        "http://evil.example/?http://127.0.0.1/",
        "http://127.0.0.1:80@evil.example/",
        "http://localhost\\@evil.example/",
        "http://localhost:0/",
        "http://localhost:65536/",
        "http://127.0.0.2/",
        "http://127.0.0.1/#x",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\nx",
        "//127.0.0.1/",
        "HTTP://127.0.0.1/",
    ],
)
def test_a_uri_that_resembles_loopback_does_not_match(uri: str) -> None:
    assert not registered(uri, loopback=True)


def test_parameters_follow_an_existing_query_and_state_is_last() -> None:
    assert answer_uri("https://a/b", "s", code="c") == "https://a/b?code=c&state=s"
    assert answer_uri("https://a/b?x=%20", "s", code="c") == "https://a/b?x=%20&code=c&state=s"
    assert answer_uri("https://a/b?", None, code="c") == "https://a/b?code=c"
    assert (
        answer_uri("app:/b", None, error="e", error_description="a b&c")
        == "app:/b?error=e&error_description=a%20b%26c"
    )


@given(st.binary(max_size=100))
def test_an_encoded_state_is_safe_in_a_header_and_stable(raw: bytes) -> None:
    state = wire_form(raw.decode("latin-1"))
    assert state.isascii()
    assert state.isprintable()
    assert " " not in state
    assert wire_form(state) == state, "an encoded state is unchanged"


@given(st.text(max_size=60), st.text(max_size=60))
def test_parameters_are_decoded_to_the_same_values(error: str, description: str) -> None:
    error, description = (text.encode("utf-8", "replace").decode() for text in (error, description))
    uri = answer_uri("https://a/b", None, error=error, error_description=description)
    pairs = parse_qsl(urlsplit(uri).query, keep_blank_values=True)
    assert pairs == [("error", error), ("error_description", description)]
