"""The authorize endpoint: it checks the request before it displays a page (ESPI 4.0 §4.2, RFC 6749 §4.1.2.1)."""

from urllib.parse import quote

import httpx
import pytest

from mock_server.domain.signing_in import WAYS
from mock_server.sandbox import Sandbox
from tests.pages.visitor import AUTHORIZE, Visitor, answer_of, query
from tests.support import CALLBACK

SCOPE = "FB=4_16_51;AdditionalScope=auth-test-test_residential"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unsupported_response_type"),
        ({"scope": "FB=????"}, "invalid_scope"),
        ({"scope": "FB="}, "invalid_scope"),
        ({"scope": "Read/Write"}, "invalid_scope"),
        ({"scope": "4_16"}, "invalid_scope"),
        ({"scope": "FB=4;HistoryLength=long"}, "invalid_scope"),
        ({"scope": "FB=4;PreferredAuthEndDate=1"}, "invalid_scope"),
        ({"scope": "FB=4;AdditionalScope=historical-2026-02-30"}, "invalid_scope"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "S256"}, "invalid_request"),
        ({"code_challenge": "a" * 43, "code_challenge_method": "S512"}, "invalid_request"),
    ],
)
def test_a_clients_mistake_is_reported_at_its_redirect_uri(
    http: httpx.Client, changed: dict[str, str | None], error: str
) -> None:
    answer = http.get(AUTHORIZE, params=query(**changed))
    result = answer_of(answer)
    assert result["error"] == error
    assert result["state"] == "s/t a;te"
    assert len(result["error_description"]) > 20
    assert "code=" not in answer.headers["location"], "certified clients recognise success by this text"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"client_id": None}, 401),
        ({"client_id": ""}, 401),
        ({"client_id": "unknown"}, 401),
        ({"client_id": "DEMOUTILITY_CCCCCCCCC"}, 401),
        ({"redirect_uri": "https://services.greenbuttondata.org"}, 403),
        ({"redirect_uri": "http://127.0.0.1:5000.evil.example/"}, 403),
        ({"redirect_uri": "http://127.0.0.1@evil.example/"}, 403),
        ({"redirect_uri": "http://127.0.0.1:5000/callback#x"}, 403),
        ({"redirect_uri": "javascript:alert(1)"}, 403),
        ({"redirect_uri": "//evil.example"}, 403),
        ({"redirect_uri": "not a url"}, 403),
        ({"redirect_uri": "http://127.0.0.1:99999/"}, 403),
        ({"redirect_uri": "http://127.0.0.1:5000/\r\nSet-Cookie: a=b"}, 403),
        ({"state": "s" * 60_000}, 400),
    ],
)
def test_an_unregistered_redirect_uri_gets_a_page_and_no_redirect(
    http: httpx.Client, changed: dict[str, str | None], status: int
) -> None:
    answer = http.get(AUTHORIZE, params=query(**changed))
    assert answer.status_code == status
    assert "location" not in answer.headers
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1" in answer.text


def test_a_huge_state_is_rejected_without_a_redirect(http: httpx.Client) -> None:
    answer = http.post(AUTHORIZE, data=query(state="s" * 100_000))
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "100,000 characters" in answer.text


@pytest.mark.parametrize(
    "raw",
    [
        "client_id=a&client_id=b",
        "client_id=%zz",
        "client_id=%ff%fe",
        "client_id=DEMOUTILITY_ccccccccc&redirect_uri=%",
        f"client_id=DEMOUTILITY_ccccccccc&redirect_uri={CALLBACK}&redirect_uri=http://evil.example",
        "&".join(f"a{number}=1" for number in range(1000)),
    ],
)
def test_an_unreadable_query_gets_a_page(http: httpx.Client, raw: str) -> None:
    answer = http.get(f"{AUTHORIZE}?{raw}")
    assert answer.status_code == 400
    assert "location" not in answer.headers


@pytest.mark.parametrize("name", ["response_type", "scope", "code_challenge"])
def test_a_repeated_parameter_is_reported_to_the_client(http: httpx.Client, name: str) -> None:
    raw = str(httpx.QueryParams(query())) + f"&{name}=x&{name}=y"
    assert answer_of(http.get(f"{AUTHORIZE}?{raw}"))["error"] == "invalid_request"


def test_an_unencoded_query_of_a_certified_client_is_accepted(http: httpx.Client) -> None:
    """Unencoded semicolons and a doubled ampersand."""
    raw = f"client_id=DEMOUTILITY_ccccccccc&redirect_uri={CALLBACK}&response_type=code&&scope=FB=????&state=x"
    assert answer_of(http.get(f"{AUTHORIZE}?{raw}"))["error"] == "invalid_scope"
    raw = raw.replace("FB=????", SCOPE)
    assert http.get(f"{AUTHORIZE}?{raw}").headers["location"].startswith("/connect/")


@pytest.mark.parametrize(
    "state", ["abc", "a%20b", "a+b", "%E2%82%AC", "a;b=c", "%26%3D%25", "a=b", "%7B%22a%22%3A1%7D", "%ff"]
)
def test_the_state_is_returned_byte_for_byte(http: httpx.Client, state: str) -> None:
    raw = str(httpx.QueryParams(query(state=None, response_type="x"))) + f"&state={state}"
    location = http.get(f"{AUTHORIZE}?{raw}").headers["location"]
    assert location.partition("state=")[2] == state


@pytest.mark.parametrize(
    "path",
    [
        "/DataCustodian/oauth/authorize",
        "/DataCustodian/DEMOUTILITY/oauth/authorize",
        "/DataCustodian/demoutility/oauth/authorize",
        "/oauth/authorize",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_form_of_the_endpoint_works(http: httpx.Client, path: str, method: str) -> None:
    sent = {"params": query()} if method == "GET" else {"data": query()}
    answer = http.request(method, path, **sent)  # type: ignore[arg-type]
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/connect/")


def test_another_utility_is_not_found(http: httpx.Client) -> None:
    assert http.get("/DataCustodian/OTHER/oauth/authorize", params=query()).status_code == 404


def test_a_public_client_must_use_pkce(http: httpx.Client) -> None:
    public = {"client_id": "DEMOUTILITY_publicapp", "redirect_uri": "com.example.pocketmeter:/callback"}
    result = answer_of(http.get(AUTHORIZE, params=query(**public)), at=public["redirect_uri"])
    assert result["error"] == "invalid_request"
    assert "code_challenge" in result["error_description"]
    with_challenge = query(**public, code_challenge="c" * 43, code_challenge_method="S256")
    assert http.get(AUTHORIZE, params=with_challenge).status_code == 303


@pytest.mark.parametrize("way", [way.name for way in WAYS])
def test_a_prefilled_value_never_breaks_the_request(sandbox: Sandbox, way: str) -> None:
    """For any value in the scope, the customer gets a page, or the client an invalid_scope error."""
    for value in ("", "nobody", "a_b_c", "%25", quote("<script>alert(1)</script>"), "9" * 500):
        scope = f"FB=4;AdditionalScope=auth-{way}-{value}"
        visitor = Visitor.arrives(sandbox, scope=scope)
        if visitor.page.has_redirect_location:
            assert answer_of(visitor.page)["error"] == "invalid_scope"
        else:
            assert visitor.page.status_code == 200, visitor.page.text
            assert "<script>" not in visitor.page.text


def test_the_pages_forbid_scripts_frames_and_foreign_forms(sandbox: Sandbox) -> None:
    page = Visitor.arrives(sandbox).page
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:5000" in policy
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


def test_the_cookie_is_http_only_and_same_site(http: httpx.Client) -> None:
    cookie = http.get(AUTHORIZE, params=query()).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
