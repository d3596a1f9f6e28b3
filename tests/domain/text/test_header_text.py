"""Text in headers: the result is valid, and URIs are not rewritten."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.text.header_text import (
    field_text,
    file_name,
    header_problem,
    location_text,
    policy_source,
)

ANY = st.text(alphabet=st.characters(), max_size=30)  # includes lone surrogates


@given(text=ANY)
def test_any_text_becomes_visible_ascii(text: str) -> None:
    for encoded in (field_text(text), location_text(text), file_name(text), policy_source(f"http://{text}")):
        assert re.fullmatch("[ -~]*", encoded), encoded
    assert not set(" ;,'") & set(policy_source(f"http://{text}"))
    assert re.fullmatch(r'filename=([^\s";,]+|"[^"\\]*")', file_name(text))


@pytest.mark.parametrize(
    "uri",
    [
        "https://app.example/cb?code=1&state=%7e%7E+a/b",
        "com.example.app:/cb",
        "/relative?x#y",
        "http://[::1]/",
    ],
)
def test_a_valid_uri_is_unchanged(uri: str) -> None:
    assert location_text(uri) == uri


def test_characters_not_allowed_in_a_uri_are_encoded() -> None:
    assert location_text("http://x/日 \r\n{") == "http://x/%E6%97%A5%20%0D%0A%7B"


@pytest.mark.parametrize(
    ("origin", "source"),
    [
        ("http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("com.example.app:", "com.example.app:"),
        ("http://a; script-src *", "http:"),
        ("http://user@a", "http:"),
        ("; script-src *", ""),
    ],
)
def test_a_policy_source_never_adds_a_directive(origin: str, source: str) -> None:
    assert policy_source(origin) == source


@pytest.mark.parametrize(
    ("name", "value"), [("X-Note", "a b"), ("x", ""), ("X", "é\t\xff"), ("Connection", "close")]
)
def test_a_valid_header_is_no_problem(name: str, value: str) -> None:
    assert header_problem(name, value) is None
