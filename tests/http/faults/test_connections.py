"""Faults of the connection, seen by real clients over real sockets."""

import errno
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from mock_server.testing.server import MockServer

PATH = "/api/v2/meters"


def talk(server: MockServer, path: str = PATH) -> bytes:
    """Everything that comes back on a connection of its own, until it ends. Raises ConnectionResetError."""
    at = urlsplit(server.url)
    with socket.create_connection((at.hostname, at.port), timeout=30) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        read = b""
        while piece := connection.recv(65536):
            read += piece
    return read


def test_a_connection_is_reset(mock_server: MockServer) -> None:
    mock_server.fault(path=PATH, reset=True, times=1)
    with pytest.raises(ConnectionResetError) as raised:
        talk(mock_server)
    assert raised.value.errno == errno.ECONNRESET
    assert httpx.get(mock_server.url + PATH).status_code == 401


def test_a_reset_is_in_the_journal_without_a_status(mock_server: MockServer) -> None:
    fault = mock_server.fault(path=PATH, reset=True, times=1)
    with pytest.raises(httpx.TransportError):
        httpx.get(mock_server.url + PATH)
    (one,) = mock_server.exchanges(status="none")
    assert (one["path"], one["status"], one["fault"]) == (PATH, None, fault)


def test_after_the_action_the_connection_is_reset(mock_server: MockServer) -> None:
    """The commonest cause of lost authorizations: the refresh happened, its answer never came."""
    tokens = mock_server.tokens(scope="FB=4;AdditionalScope=auth-test-test_residential")
    client = mock_server.client
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    mock_server.fault(path="*/oauth/token", reset=True, when="after", times=1)
    with pytest.raises(httpx.TransportError):
        httpx.post(f"{mock_server.url}/oauth/token", data=form, auth=(client.id, client.secret))
    old = httpx.get(mock_server.url + PATH, headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert old.status_code == 401
    again = httpx.post(f"{mock_server.url}/oauth/token", data=form, auth=(client.id, client.secret))
    assert again.status_code == 200


@pytest.mark.parametrize(("truncate", "arrives"), [(True, None), (10, 10), (0, 0)])
def test_a_body_is_cut(mock_server: MockServer, truncate: bool | int, arrives: int | None) -> None:
    mock_server.fault(path=PATH, truncate=truncate, times=1)
    head, _, body = talk(mock_server).partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    assert len(body) == (length // 2 if arrives is None else arrives)


@pytest.mark.parametrize(
    "effect", [{"truncate": True}, {"reset": True}, {"drip": {"bytes": 40, "every_ms": 0}}]
)
def test_what_a_client_saw_end_the_journal_has(mock_server: MockServer, effect: dict[str, Any]) -> None:
    """The next test must not find it, and the next line of this one must."""
    mock_server.fault(path=PATH, **effect)
    for number in range(1, 20):
        with suppress(httpx.TransportError):  # httpx counts bytes; it does not wait for the connection's end
            httpx.get(mock_server.url + PATH)
        assert len(mock_server.exchanges(path=PATH)) == number


def test_a_cut_body_is_an_error_to_a_client(mock_server: MockServer) -> None:
    mock_server.fault(path=PATH, truncate=True, times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(mock_server.url + PATH)


def test_a_body_drips_and_arrives_complete(mock_server: MockServer) -> None:
    mock_server.fault(path=PATH, drip={"bytes": 7, "every_ms": 1}, times=1)
    with httpx.stream("GET", mock_server.url + PATH) as answer:
        pieces = list(answer.iter_raw())
    assert len(pieces) > 1
    assert b"missing_token" in b"".join(pieces)


def test_a_client_gives_up_on_a_server_that_hangs_while_others_are_answered(mock_server: MockServer) -> None:
    mock_server.fault(path=PATH, hang=True, times=1)
    with ThreadPoolExecutor() as pool:
        hanging = pool.submit(httpx.get, mock_server.url + PATH, timeout=httpx.Timeout(30, read=1))
        assert mock_server.control("GET", "health")["status"] == "ok"
        with pytest.raises(httpx.ReadTimeout):
            hanging.result(timeout=30)
    (fault,) = mock_server.faults()
    assert (fault["fired"], fault["times_left"]) == (1, 0)
    assert mock_server.wait_for(PATH)["status"] is None


@pytest.mark.parametrize("seconds", [0.01, 0])
def test_a_server_that_hangs_ends_the_connection_in_the_end(mock_server: MockServer, seconds: float) -> None:
    mock_server.fault(path=PATH, hang=seconds, times=1)
    with pytest.raises(ConnectionResetError):
        talk(mock_server)


def test_other_requests_of_the_same_connection_go_on(mock_server: MockServer) -> None:
    """A fault with an answer leaves the connection usable."""
    mock_server.fault(path=PATH, status=503, times=2)
    with httpx.Client(base_url=mock_server.url) as http:
        assert [http.get(PATH).status_code for _ in range(3)] == [503, 503, 401]
