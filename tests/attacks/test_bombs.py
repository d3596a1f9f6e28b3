"""Small requests that would cost a lot: bombs of YAML, XML and JSON, bodies that trickle, headers without end."""

import asyncio
import gzip
import socket
from pathlib import Path
from shutil import copytree
from typing import Any

import httpx
import pytest
from starlette.types import Message

from mock_server.app import compose_surfaces
from mock_server.fixtures import FixtureMistake, bundled_folder, load_fixtures
from mock_server.http.sandboxes import Sandboxes
from mock_server.sandbox import Sandbox
from mock_server.testing.server import MockServer
from tests.support import Third

RESOURCE = "/DataCustodian/espi/1_1/resource"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
XML_BOMBS = [
    f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><entry xmlns="http://www.w3.org/2005/Atom">&l9;</entry>',
    '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><entry xmlns="http://www.w3.org/2005/Atom">&f;</entry>',
    '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><entry xmlns="http://www.w3.org/2005/Atom"/>',
    "<a>" * 100_000,
    "<a>" * 1_000 + "</a>" * 1_000,
    f"<a {' '.join(f'a{n}={chr(34)}x{chr(34)}' for n in range(50_000))}/>",
    '<entry xmlns="http://www.w3.org/2005/Atom" xmlns:xi="http://www.w3.org/2001/XInclude">'
    '<content><xi:include href="file:///etc/passwd" parse="text"/></content></entry>',
]
DEEP = "[" * 100_000
JSON_BOMBS = [
    DEEP,
    DEEP + "]" * 100_000,
    '{"a":' * 50_000,
    "9" * 100_000,
    '{"name": ' + "9" * 100_000 + "}",
    "1e999999",
    "NaN",
    '{"scope": "' + "x" * 900_000 + '"}',
    "{" + ",".join(f'"k{n}": 1' for n in range(5_000)) + "}",
    '"\\ud800"',
]
CALLS = [
    ("POST", "/_mock/authorizations"),
    ("POST", "/_mock/customers"),
    ("POST", "/_mock/faults"),
    ("PUT", "/_mock/clock"),
    ("PUT", "/_mock/state"),
    ("POST", "/api/v2/forms"),
    ("POST", "/DataCustodian/espi/1_1/register"),
]


@pytest.mark.parametrize("bomb", XML_BOMBS, ids=range(len(XML_BOMBS)))
def test_a_bomb_of_xml_is_refused_unread(third: Third, bomb: str) -> None:
    before = third.client
    answer = third.http.put(
        f"{RESOURCE}/ApplicationInformation/{third.client_id}",
        content=bomb,
        headers={
            "Authorization": f"Bearer {third.client.registration_access_token}",
            "Content-Type": "application/atom+xml",
        },
    )
    assert 400 <= answer.status_code < 500
    assert len(answer.content) < 2_000
    assert "root:" not in answer.text
    assert third.client == before


@pytest.mark.parametrize("bomb", JSON_BOMBS, ids=range(len(JSON_BOMBS)))
def test_a_bomb_of_json_is_refused(third: Third, bomb: str) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {third.client.api_token}"}
    for method, path in CALLS:
        answer = third.http.request(method, path, content=bomb, headers=headers)
        assert 400 <= answer.status_code < 500, (method, path)
        assert len(answer.content) < 5_000


def test_a_packed_body_is_not_unpacked(third: Third) -> None:
    packed = gzip.compress(b'{"scope": "' + b" " * 50_000_000 + b'"}')
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = third.http.post("/_mock/authorizations", content=packed, headers=headers)
    assert answer.status_code == 415


NINE = "\n".join(f"  l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12))
YAML_BOMBS = [
    f"id: &l0 [x]\nname:\n{NINE}\nphone: *l11\n",
    f"x:\n  l0: &l0 [ha]\n{NINE}\n",
    "[" * 2_000,
    "a: " + "{a: " * 2_000,
    "&a [*a]",
    "id: " + "9" * 100_000,
    "? " * 3_000,
    "x" * 1_000_001,
]


@pytest.mark.parametrize("bomb", YAML_BOMBS, ids=range(len(YAML_BOMBS)))
@pytest.mark.parametrize("place", ["customers/bomb.yaml", "utility.yaml"])
def test_a_bomb_of_yaml_is_a_mistake_in_the_fixtures(tmp_path: Path, place: str, bomb: str) -> None:
    folder = tmp_path / "fixtures"
    copytree(bundled_folder(), folder)
    (folder / place).write_text(bomb)
    with pytest.raises(FixtureMistake) as error_response:
        load_fixtures(folder)
    assert len(str(error_response.value)) < 20_000


def slowly(app: Any, path: str, kind: str, pieces: list[bytes]) -> list[Message]:
    """The answer to a body of which some pieces come and the end never does."""
    waiting = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    result: list[Message] = []

    async def receive() -> Message:
        if waiting:
            return waiting.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        result.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost:8000"), (b"content-type", kind.encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    asyncio.run(app(scope, receive, send))
    return result


SLOW = [
    ("/oauth/token", "application/x-www-form-urlencoded", b"grant_type="),
    ("/oauth/token", "multipart/form-data; boundary=x", b"--x\r\n"),
    ("/_mock/authorizations", "application/json", b"{"),
    ("/third-party/log-in", "application/x-www-form-urlencoded", b"email="),
]


def test_a_body_that_does_not_come_is_given_up(sandbox: Sandbox) -> None:
    app = compose_surfaces(Sandboxes(sandbox), longest_body=0.01)
    for path, kind, piece in SLOW:
        result = slowly(app, path, kind, [piece])
        assert [one.get("status") for one in result] == [408, None], path
        assert (b"connection", b"close") in result[0]["headers"]


def test_a_slow_body_keeps_nobody_else_waiting(sandbox: Sandbox) -> None:
    with MockServer() as server:
        host, port = server.url.removeprefix("http://").split(":")
        slow = [socket.create_connection((host, int(port))) for _ in range(50)]
        for one in slow:
            one.sendall(b"POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\ngrant")
        assert httpx.get(f"{server.url}/_mock/health", timeout=30).status_code == 200
        for one in slow:
            one.close()


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Long": "x" * 70_000},
        {f"X-{n}": "x" * 100 for n in range(700)},
        {"Cookie": "; ".join(f"c{n}={'x' * 50}" for n in range(1_200))},
        {"Authorization": "Bearer " + "x" * 70_000},
    ],
)
def test_headers_without_end_are_refused(http: httpx.Client, headers: dict[str, str]) -> None:
    for path in ("/api/v2/meters", "/oauth/token", "/", "/_mock/clients", "/~x/_mock/clients"):
        answer = http.get(path, headers=headers)
        assert answer.status_code == 431
        assert "too_large" in answer.text or "too large" in answer.text


def test_usual_headers_are_not(http: httpx.Client) -> None:
    assert http.get("/", headers={"Cookie": "a=" + "x" * 16_000}).status_code == 200


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_of_ten_thousand_fields_is_refused(third: Third, kind: str) -> None:
    parts = [b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\n1\r\n'] * 10_000
    body = b"&".join([b"f=1"] * 10_000) if "urlencoded" in kind else b"".join(parts) + b"--x--\r\n"
    auth = (third.client_id, third.client.secret)
    answer = third.http.post("/oauth/token", content=body, headers={"Content-Type": kind}, auth=auth)
    assert answer.status_code == 400
