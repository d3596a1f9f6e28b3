"""Delivery of Green Button documents: validators, HEAD, compression, pieces, and disconnecting clients."""

import asyncio
import tracemalloc
import zlib
from collections.abc import Generator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.types import Message

from mock_server.actions.reading.shares import get_share
from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.app import compose
from mock_server.espi.feed.delivery import accepts_gzip, deliver, deliver_pieces, gzipped
from mock_server.sandbox import Sandbox
from tests.conftest import NOON
from tests.espi.content.test_selection import CountingRandomness
from tests.espi.documents import hrefs, parse
from tests.support import Third, browser

R = "/DataCustodian/espi/1_1/resource"
SCOPE = "FB=4_16_51;HistoryLength=8000000;AdditionalScope=auth-test-{}"
PATHS = (
    "/Batch/Subscription/{uid}",
    "/Batch/Subscription/{uid}/UsagePoint/{meter}",
    "/Batch/RetailCustomer/{uid}",
    "/Subscription/{uid}/UsagePoint",
    "/Subscription/{uid}/UsagePoint/{meter}",
    "/Subscription/{uid}/UsagePoint/{meter}/MeterReading",
    "/Subscription/{uid}/UsagePoint/{meter}/UsageSummary",
    "/RetailCustomer/{uid}/Customer",
    "/LocalTimeParameters",
    "/LocalTimeParameters/TIMEZONE_{uid}_{meter}",
    "/ReadingType",
    "/Authorization",
    "/Authorization/{uid}",
    "/ApplicationInformation/{client}",
    "/ReadServiceStatus",
)


@pytest.mark.parametrize(("size", "encoding"), [(999, None), (1000, "gzip")])
def test_a_small_document_is_not_compressed(size: int, encoding: str | None) -> None:
    headers = [(b"accept-encoding", b"gzip")]
    response = deliver(Request({"type": "http", "method": "GET", "headers": headers}), b"x" * size)
    assert response.headers.get("content-encoding") == encoding


@pytest.fixture
def places(third: Third) -> list[str]:
    """One URL of each kind."""
    uid = third.tokens(scope=SCOPE.format("test_residential")).authorization.uid
    meter = third.sandbox.read(get_share, uid).meters[0].meter.uid
    return [R + path.format(uid=uid, meter=meter, client=third.client_id) for path in PATHS]


def fetch(third: Third, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return third.http.request(
        method, path, headers={"Authorization": f"Bearer {third.client.api_token}", **named}
    )


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("br;q=1.0, GZIP;q=0.8", True),
        ("x-gzip", True),
        ("*", True),
        ("gzip;q=0.5, identity;q=0.5", True),
        ("", False),
        ("identity", False),
        ("deflate, br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("gzip;q=0.5, identity", False),
        ("gzip;q=x", False),
        (",;=,", False),
    ],
)
def test_gzip_is_used_if_the_client_prefers_it(header: str, expected: bool) -> None:
    assert accepts_gzip(header) == expected


def test_compressed_and_plain_are_the_same_document(third: Third, places: list[str]) -> None:
    for path in places:
        plain, packed = fetch(third, path, Accept_Encoding="identity"), fetch(third, path)
        assert "content-encoding" not in plain.headers
        assert plain.content == packed.content
        for name in ("etag", "vary", "content-type", "last-modified"):
            assert plain.headers.get(name) == packed.headers.get(name)
        assert plain.headers["vary"] == "Accept-Encoding"
        assert plain.headers["content-type"].startswith("application/atom+xml")
    assert fetch(third, places[0]).headers["content-encoding"] == "gzip"


def numbered(count: int) -> Generator[bytes]:
    for number in range(count):
        yield b"%08d" % number * 20_000


def test_a_compressed_feed_is_one_member_in_large_pieces() -> None:
    pieces = list(gzipped(numbered(500)))
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert reader.decompress(b"".join(pieces)) == b"".join(numbered(500))
    assert reader.eof
    assert reader.unused_data == b""
    assert 2 <= len(pieces) < 50
    assert len(list(gzipped(numbered(0)))) == 2


def test_a_client_with_the_current_document_gets_304(third: Third, places: list[str]) -> None:
    for path in places:
        complete = fetch(third, path)
        tag = complete.headers["etag"]
        assert tag.startswith('W/"')
        for known in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
            response = fetch(third, path, If_None_Match=known)
            assert response.status_code == 304, (path, known)
            assert response.content == b""
            assert response.headers["etag"] == tag
            assert response.headers["vary"] == "Accept-Encoding"
            assert "content-length" not in response.headers
        assert fetch(third, path, If_None_Match='"x"').status_code == 200
        date = complete.headers.get("last-modified")
        if date is not None:
            assert fetch(third, path, If_Modified_Since=date).status_code == 304
            assert fetch(third, path, If_Modified_Since=date, If_None_Match='"x"').status_code == 200
        for other in ("Sun, 15 Mar 2099 16:00:00 GMT", "yesterday"):
            assert fetch(third, path, If_Modified_Since=other).status_code == 200


def test_a_feed_states_when_it_last_changed(third: Third) -> None:
    uid = third.tokens(scope=SCOPE.format("test_residential")).authorization.uid
    path = f"{R}/Batch/Subscription/{uid}"
    for minutes, expected in ((0, 0), (59, 0), (1, 60), (30, 60)):
        third.sandbox.write_alone(advance_clock, timedelta(minutes=minutes))
        response = fetch(third, path)
        result = NOON + timedelta(minutes=expected)
        assert f"<updated>{result:%Y-%m-%dT%H:%M:%S.%fZ}</updated>".encode() in response.content
        assert response.headers["last-modified"] == f"{result:%a, %d %b %Y %H:%M:%S} GMT"


@pytest.mark.parametrize("batch", ["Subscription", "RetailCustomer"])
@pytest.mark.parametrize(("customer", "options"), [("test_gaps", ""), ("test_solar", "ongoing-2026-03-20_")])
def test_the_tag_changes_when_the_document_does_and_only_then(
    third: Third, batch: str, customer: str, options: str
) -> None:
    """Covers new readings, corrections, bills, reissued bills, and the end of the granted period."""
    scope = f"FB=4_16_51;HistoryLength=2000000;AdditionalScope={options}auth-test-{customer}"
    uid = third.tokens(customer, scope).authorization.uid
    path = f"{R}/Batch/{batch}/{uid}"
    seen: list[tuple[str, bytes]] = []
    for step in [timedelta(minutes=25)] * 4 + [timedelta(hours=11)] * 30:
        third.sandbox.write_alone(advance_clock, step)
        response = fetch(third, path)
        seen.append((response.headers["etag"], response.content))
    tags, bodies = {tag for tag, _ in seen}, {body for _, body in seen}
    assert len(set(seen)) == len(tags) == len(bodies)
    assert len(tags) < len(seen)


def test_a_correction_alone_changes_the_tag(third: Third) -> None:
    scope = "FB=4;AdditionalScope=historical-2026-03-01_ongoing-2026-03-18_auth-test-test_gaps"
    uid = third.tokens("test_gaps", scope).authorization.uid
    third.sandbox.write_alone(advance_clock, timedelta(days=4))  # publishes all; the 17th is an estimate
    tags = []
    for _ in range(8):
        tags.append(fetch(third, f"{R}/Batch/Subscription/{uid}", "HEAD").headers["etag"])
        third.sandbox.write_alone(advance_clock, timedelta(days=1))
    assert [earlier != later for earlier, later in pairwise(tags)] == [False] * 3 + [True] + [False] * 3


def test_a_different_request_gets_a_different_tag(third: Third) -> None:
    uid = third.tokens(scope=SCOPE.format("test_residential")).authorization.uid
    path = f"{R}/Batch/Subscription/{uid}"
    tags = [fetch(third, path, "HEAD").headers["etag"]]
    tags.append(fetch(third, f"{path}?max-results=5", "HEAD").headers["etag"])
    tags.append(fetch(third, path, "HEAD", Host="127.0.0.1:8000").headers["etag"])
    with third.sandbox.writing() as transaction:
        transaction.authorizations.change({"uid": uid}, scope="FB=4")
    tags.append(fetch(third, path, "HEAD").headers["etag"])
    assert len(set(tags)) == 4


def test_head_has_the_headers_of_get_without_computing_data(sandbox: Sandbox) -> None:
    random = CountingRandomness("uncached")  # a different seed, so no feed is cached
    counted = replace(sandbox, random=random)
    with browser(compose(counted)) as http:
        third = Third(counted, http)
        uid = third.tokens(scope=SCOPE.format("test_residential")).authorization.uid
        meter = sandbox.read(get_share, uid).meters[0].meter.uid
        for path in PATHS:
            url = R + path.format(uid=uid, meter=meter, client=third.client_id)
            random.drawn.clear()
            head = fetch(third, url, "HEAD")
            assert not [name for name in random.drawn if name[0] == "usage"]
            get = fetch(third, url)
            assert head.status_code == get.status_code == 200
            assert head.content == b""
            assert dict(head.headers) | {"x-request-id": ""} == dict(get.headers) | {"x-request-id": ""}
        bad = fetch(third, f"{R}/Batch/Subscription/{uid}?depth=All", "HEAD")
        assert bad.status_code == 400
        assert http.head(f"{R}/Authorization").status_code == 401


def test_a_batch_is_an_attachment(third: Third, places: list[str]) -> None:
    for path in places:
        result = fetch(third, path).headers.get("content-disposition")
        assert result == ("attachment; filename=GreenButtonDownload.xml" if "/Batch/" in path else None)


def test_a_wrong_method_gets_the_allowed_ones(third: Third, places: list[str]) -> None:
    for path in places:
        response = fetch(third, path, "PATCH")
        assert response.status_code == 405, path
        assert response.headers["allow"].startswith("GET, HEAD")
        assert response.json()["error"] == "method_not_allowed"


def test_a_disconnecting_client_stops_the_work() -> None:
    events: list[str] = []

    def pieces() -> Generator[bytes]:
        try:
            for number in range(1000):
                events.append(str(number))
                yield b"x" * 300_000
        finally:
            events.append("closed")

    async def scenario(headers: list[tuple[bytes, bytes]]) -> None:
        disconnected = asyncio.Event()
        sent = 0

        async def receive() -> dict[str, Any]:
            await disconnected.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            nonlocal sent
            sent += 1
            if sent == 3:
                disconnected.set()
                await asyncio.Event().wait()  # a full buffer that is never emptied

        scope = {"type": "http", "method": "GET", "headers": headers, "asgi": {"spec_version": "2.3"}}
        response = deliver_pieces(Request(scope), pieces(), version="1", changed=None)
        await asyncio.wait_for(response(scope, receive, send), 5)

    asyncio.run(scenario([]))
    assert events == ["0", "1", "closed"]


def test_an_abandoned_compressed_feed_closes_its_source() -> None:
    closed: list[bool] = []

    def pieces() -> Generator[bytes]:
        try:
            while True:
                yield bytes(range(256)) * 1000
        finally:
            closed.append(True)

    packed = gzipped(pieces())
    assert len(next(packed) + next(packed)) > 20
    packed.close()
    assert closed == [True]


def test_a_feed_is_never_complete_in_memory(sandbox: Sandbox) -> None:
    """Two years of five services are 38 MB. Only a small part is in memory at once."""
    with browser(compose(sandbox)) as http:
        third = Third(sandbox, http)
        issued = third.tokens("test_commercial", "FB=4_16;AdditionalScope=auth-test-test_commercial")
        path = f"{R}/Batch/Subscription/{issued.authorization.uid}"
        app: Any = compose(sandbox)
        size = 0

        async def receive() -> dict[str, Any]:
            await asyncio.Event().wait()
            return {}

        async def send(message: dict[str, Any]) -> None:
            nonlocal size
            size += len(message.get("body", b""))

        token = f"Bearer {issued.access_token}".encode()
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": b"",
            "scheme": "http",
            "headers": [(b"host", b"localhost"), (b"authorization", token)],
        }
        tracemalloc.start()
        try:
            asyncio.run(app(scope, receive, send))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert size > 30_000_000
    assert peak < 16_000_000


def test_links_and_tags_depend_on_the_host_name(third: Third) -> None:
    uid = third.tokens(scope=SCOPE.format("test_residential")).authorization.uid
    here, there = (
        fetch(third, f"{R}/Batch/Subscription/{uid}", Host=host)
        for host in ("localhost:8000", "127.0.0.1:8000")
    )
    assert hrefs(parse(there.content), "self")[0] == hrefs(parse(here.content), "self")[0].replace(
        "localhost", "127.0.0.1"
    )
    assert here.headers["etag"] != there.headers["etag"]
