"""What a recorded request says: its parameters, wherever they stood and however they were written."""

import httpx
import pytest

from mock_server.review.request_facts import NOTHING, kind_of, read_query, read_text

FORM = {
    "grant_type": "authorization_code",
    "code": "***12345678",
    "redirect_uri": "http://127.0.0.1:5000/cb?a=b",
}


def body(**sent: object) -> tuple[str, str]:
    request = httpx.Request("POST", "http://localhost/oauth/token", **sent)  # type: ignore[arg-type]  # httpx's own
    return request.headers["content-type"], request.read().decode()


@pytest.mark.parametrize(
    "sent", [{"data": FORM}, {"files": {name: (None, value) for name, value in FORM.items()}}]
)
def test_urlencoded_and_multipart_forms_say_the_same(sent: dict[str, object]) -> None:
    result = read_text(*body(**sent))
    assert {name: result.one(name) for name in FORM} == FORM


def test_other_bodies_say_nothing() -> None:
    assert read_text("application/json", "{}") == NOTHING


def test_a_query_that_no_client_sends_says_nothing() -> None:
    assert read_query("a=b&" * 300) == NOTHING
    assert read_query("scope=FB=4;x\N{SNOWMAN}").raw("scope") is not None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/DataCustodian/oauth/authorize", "authorize"),
        ("/oauth/token", "token"),
        ("/api/v2/meters", "read"),
        ("/DataCustodian/espi/1_1/resource/Batch/Subscription/7", "read"),
        ("/authorize/portal", "other"),
        ("/sso/authorize", "other"),
        ("/connect/ab/consent", "other"),
    ],
)
def test_addresses_are_sorted_by_kind(path: str, kind: str) -> None:
    assert kind_of(path) == kind
