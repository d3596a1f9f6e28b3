"""Text from outside in headers: whatever is sent, the answer has its surface's shape and headers that can be sent."""

import os
import re
from typing import TypeAlias
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from mock_server.app import SURFACES
from mock_server.http.surface import surface_at
from mock_server.sandbox import Sandbox
from tests.support import RawAnswer, Third, app_around, call_raw

Address: TypeAlias = tuple[str, str, str]

# What is sent in a header that is read somewhere, by the header; and in every one of the others.
NASTY: dict[str, list[bytes]] = {
    "origin": [b"http://[", b"http://localhost:[", b"http://localhost:80@evil.example", b"null", b"\xff"],
    "content-type": [
        b"multipart/form-data; boundary=x; charset=punycode",
        b"multipart/form-data; boundary=x; charset=undefined",
        b"multipart/form-data; boundary=x; charset=unicode_escape",
        b"multipart/form-data; boundary=\xff; charset=\xff",
        b"application/x-www-form-urlencoded; charset=punycode",
        b"application/json; charset=undefined",
    ],
    "cookie": [b'mock_server_browser="\xe9\\377"', b"mock_server_sso_form=" + b"\xe9" * 64, b"=;\xff"],
    "accept": [b"text/html;q=\xb2", b"\xff"],
    "if-none-match": [b'W/"\xff", *, "', b"\xff"],
    "range": [b"bytes=-1-\xff", b"bytes=" + b"0-1," * 500],
}
OTHERS = ("referer", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "accept-encoding")
NASTY |= {name: [b"\xff\xfe", "日本".encode(), b"["] for name in (*OTHERS, "if-modified-since")}
HOSTS = [b"localhost:[", b"[::1", b"localhost:80@evil.example", b"localhost:\xb2", b"\xff", b"a b", b"::1"]
ROUNDS = max(map(len, NASTY.values()))

# What comes back in Location, in a challenge or in a path of a cookie; the first four make a redirect.
PARAMETERS = {
    "response_type": "token",
    "client_id": "DEMOUTILITY_ccccccccc",
    "redirect_uri": "http://127.0.0.1:5000/callback",
    "state": "s",
}
RETURNED = (*PARAMETERS, "scope", "nonce", "post_logout_redirect_uri", "to", "sandbox", "saved", "utility")
RETURNED = (*RETURNED, "f", "username", "login_hint", "id_token_hint", "request_uri", "iss", "error", "email")
TEXTS = ["日本", "\x01", "例え.jp", "a\r\nSet-Cookie: x=y", "[", "\xe9", "{|}", '"', "#"]

ENVELOPE = {"error", "error_description", "status_code", "url", "request_id"}
# What an error says in JSON, and whether it may be a page. A new surface takes its place here.
SHAPES: dict[str, tuple[set[str], bool]] = {
    "oauth": ({"error", "error_description", "error_uri"}, False),
    "espi": (ENVELOPE, False),
    "api": (ENVELOPE, False),
    "sso": ({"error", "error_description"}, True),
    "control": ({"error", "error_description", "request_id"}, False),
    "console": ({"error", "error_description"}, True),
    "portal": ({"error", "error_description"}, True),
    "pages": ({"error", "error_description"}, True),
}
NOT_CALLED = {"/_mock/exchanges/wait"}  # which waits, as it should
ADDRESSES: list[Address] = sorted(
    {
        (surface.name, method, re.sub(r"{\w+(:\w+)?}", "x", route.path))
        for surface in SURFACES
        for route in surface.served.routes
        if isinstance(route, Route) and route.path not in NOT_CALLED
        for method in (route.methods or {"GET"}) - {"HEAD"}
    }
)
REDIRECTING = [one for one in ADDRESSES if re.search("authorize|log-|console/|demo|/par$|signed-on", one[2])]

FEW = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "150")),
    deadline=None,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# What servers let through: no line breaks, no NUL.
BYTES = st.binary(max_size=60).map(lambda raw: bytes(byte for byte in raw if byte >= 32 and byte != 127))
PART = b'--x\r\nContent-Disposition: form-data; name="a\xff"\r\n\r\n\xff_\r\n--x--\r\n'
FORM = ("content-type", b"application/x-www-form-urlencoded")


def check(answer: RawAnswer, surface: str, *, most: int = 499) -> None:
    """The status is at most that, the headers can be sent, there is an id, and an error has the surface's shape."""
    assert answer.status <= most, answer.body[:300]
    for name, value in answer.headers:
        assert re.fullmatch(rb"[!-9;-~]+", name), name
        assert re.fullmatch(rb"[\t -~]*", value), (name, value)
    assert re.fullmatch(r"[0-9a-f]{32}", answer.header("x-request-id"))
    if answer.status < 400:
        return
    names, may_be_page = SHAPES[surface]
    if answer.header("content-type").startswith("text/html"):
        assert may_be_page
        assert b"<h1" in answer.body
    else:
        assert names <= set(answer.json())


def encoded(parameters: dict[str, str]) -> bytes:
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items()).encode()


def test_every_surface_has_its_shape_here() -> None:
    assert {surface.name for surface in SURFACES} == set(SHAPES)
    assert {surface for surface, _, _ in ADDRESSES} == set(SHAPES)
    assert {surface for surface, _, _ in REDIRECTING} > {"oauth", "sso", "console", "portal"}


def test_every_address_answers_nasty_headers_in_its_shape(third: Third) -> None:
    app, token = app_around(third.sandbox), ("authorization", f"Bearer {third.client.api_token}".encode())
    for turn in range(ROUNDS):
        sent = [token, *((name, values[turn % len(values)]) for name, values in NASTY.items())]
        # The many of Green Button pass the same few functions, so that each of them gets one turn.
        called = [one for place, one in enumerate(ADDRESSES) if one[0] != "espi" or place % ROUNDS == turn]
        for surface, method, path in called:
            check(call_raw(app, method, path, headers=sent, body=PART), surface)


def test_every_address_refuses_a_host_that_is_none_in_its_shape(sandbox: Sandbox) -> None:
    app = app_around(sandbox)
    for place, (surface, method, path) in enumerate(ADDRESSES):
        answer = call_raw(app, method, path, headers=[("host", HOSTS[place % len(HOSTS)])])
        check(answer, surface)
        assert answer.status == 400, (path, answer.status)


def test_every_address_answers_nasty_parameters_in_its_shape(sandbox: Sandbox) -> None:
    app = app_around(sandbox)
    for place, (surface, method, path) in enumerate(ADDRESSES):
        text = TEXTS[place % len(TEXTS)]
        query = encoded(dict.fromkeys(RETURNED, text))
        check(call_raw(app, method, path, query=query), surface)
        check(call_raw(app, method, path, query=encoded(PARAMETERS) + text.encode()), surface)


def test_documents_and_pages_answer_nasty_headers(third: Third) -> None:
    issued = third.tokens()
    app, token = app_around(third.sandbox), ("authorization", f"Bearer {issued.access_token}".encode())
    feed = f"/DataCustodian/espi/1_1/resource/Subscription/{issued.authorization.uid}/UsagePoint"
    for path in (feed, "/api/v2/meters", "/static/style.css", "/"):
        for name, values in NASTY.items():
            for value in values:
                answer = call_raw(app, "GET", path, headers=[token, (name, value)])
                check(answer, surface_at(SURFACES, path).name)


@FEW
@given(
    address=st.sampled_from(ADDRESSES),
    headers=st.dictionaries(st.sampled_from(["host", *NASTY]), BYTES, max_size=4),
    body=st.sampled_from([b"", b"{}", PART]),
)
def test_no_header_ends_in_a_500(
    sandbox: Sandbox, address: Address, headers: dict[str, bytes], body: bytes
) -> None:
    surface, method, path = address
    check(call_raw(app_around(sandbox), method, path, headers=headers.items(), body=body), surface)


@FEW
@given(
    address=st.sampled_from(REDIRECTING),
    parameters=st.dictionaries(st.sampled_from(RETURNED), st.text(max_size=30), max_size=2),
    follows=st.text(max_size=10),
)
def test_no_parameter_that_comes_back_ends_in_a_500(
    sandbox: Sandbox, address: Address, parameters: dict[str, str], follows: str
) -> None:
    surface, method, path = address
    values = {**PARAMETERS, **parameters}
    values["redirect_uri"] += follows
    app, query = app_around(sandbox), encoded(values)
    check(call_raw(app, method, path, query=query), surface)
    if method == "POST":
        check(call_raw(app, method, path, headers=[FORM], body=query), surface)


@FEW
@given(path=st.text(max_size=20), query=st.binary(max_size=20))
def test_no_path_and_no_query_ends_in_a_500(sandbox: Sandbox, path: str, query: bytes) -> None:
    """Also a path without a slash at its beginning, as in `OPTIONS *`."""
    app = app_around(sandbox)
    check(call_raw(app, "GET", path, query=query), surface_at(SURFACES, path).name)
    check(call_raw(app, "GET", "/_mock/console/key", query=query), "console")
