"""Hosts with ports, from Host and Origin headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.errors import InvalidRequest
from mock_server.domain.network.hosts import Host, read_host, read_origin, requested_host


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("localhost", Host("localhost")),
        ("localhost:8000", Host("localhost", 8000)),
        ("localhost:", Host("localhost")),
        ("mock_server.example:0080", Host("mock_server.example", 80)),
        ("127.0.0.1:1", Host("127.0.0.1", 1)),
        ("[::1]:8000", Host("[::1]", 8000)),
        ("[0:0:0:0:0:0:0:1]", Host("[::1]")),
    ],
)
def test_a_name_or_an_address_with_or_without_a_port_is_a_host(text: str, host: Host) -> None:
    assert read_host(text) == host


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost:80@evil.example",
        "user@localhost",
        "localhost:[",
        "localhost:x",
        "localhost:\u0663",
        "localhost:65536",
        "localhost:-1",
        "localhost:80:80",
        "localhost\n",
        "localhost/",
        "localhost?",
        "a b",
        "a;b",
        "::1",
        "[::1",
        "[localhost]",
        "[::1]x",
        "[:::]",
        "\xe9.example",
        "例え.jp",
    ],
)
def test_any_other_text_is_not_a_host(text: str) -> None:
    assert read_host(text) is None
    assert read_origin(f"http://{text}") is None


@given(text=st.text(max_size=20) | st.from_regex(r"[a-z:@\[\]0-9.]{0,20}", fullmatch=True))
def test_a_printed_host_parses_to_the_same_host(text: str) -> None:
    host = read_host(text)
    assert host is None or read_host(str(host)) == host


@pytest.mark.parametrize("origin", ["null", "http://[", "localhost", "", "http://localhost/", "//localhost"])
def test_an_origin_is_a_scheme_and_a_host(origin: str) -> None:
    assert read_origin(origin) is None
    assert read_origin("http://localhost:5000") == Host("localhost", 5000)


def test_a_request_has_at_most_one_host() -> None:
    assert requested_host([]) is None
    assert requested_host([(b"host", b"")]) is None
    assert requested_host([(b"host", b"localhost:8000"), (b"x", b"[")]) == Host("localhost", 8000)
    with pytest.raises(InvalidRequest, match="2 Host headers"):
        requested_host([(b"host", b"localhost"), (b"host", b"evil.example")])
    with pytest.raises(InvalidRequest, match="a port in digits"):
        requested_host([(b"host", b"localhost:80@evil.example")])
