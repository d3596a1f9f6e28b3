"""RFC 9700, best current practice for OAuth security: requirements for authorization servers, by section.

Rotation of public clients' refresh tokens (§2.2.2) is in `test_policies`, loopback ports (§4.1.3) in `test_rfc8252`.
"""

import httpx
import pytest

from tests.oauth.calls import METADATA, call, is_refusal, reads, redeem, refresh
from tests.oauth.test_rfc7591 import register
from tests.pages.visitor import AUTHORIZE, Visitor, answer_of, query
from tests.support import Third

REGISTERED = "https://app.example/callback"


@pytest.mark.parametrize(
    "uri",
    [
        REGISTERED + "/",
        REGISTERED + "/../evil",
        REGISTERED + "%2f..%2fevil",
        REGISTERED + "?x=1",
        REGISTERED + "#x",
        "https://APP.example/callback",
        "https://app.example:443/callback",
        "https://app.example.evil.example/callback",
        "https://app.example@evil.example/callback",
        "https://evil.example/https://app.example/callback",
        "https://app.example\\@evil.example/callback",
        "https://\N{CYRILLIC SMALL LETTER A}pp.example/callback",
        "http://app.example/callback",
        "//app.example/callback",
        "javascript:alert(1)//https://app.example/callback",
    ],
)
def test_2_1_and_4_1_3_redirect_uris_must_match_exactly(http: httpx.Client, uri: str) -> None:
    client_id = register(http, redirect_uris=[REGISTERED]).json()["client_id"]
    answer = http.get(AUTHORIZE, params=query(client_id=client_id, redirect_uri=uri))
    assert (answer.status_code, "location" in answer.headers) == (403, False)


def test_2_1_1_public_clients_must_use_pkce(http: httpx.Client) -> None:
    result = answer_of(http.get(AUTHORIZE, params=query(client_id="DEMOUTILITY_publicapp", scope="FB=4")))
    assert result["error"] == "invalid_request"
    assert "S256" in http.get(METADATA).json()["code_challenge_methods_supported"]


def test_2_1_2_the_authorization_endpoint_never_issues_tokens(http: httpx.Client) -> None:
    for response_type in ("token", "id_token", "code token", "none"):
        result = answer_of(http.get(AUTHORIZE, params=query(response_type=response_type)))
        assert result["error"] == "unsupported_response_type"
    assert http.get(METADATA).json()["response_types_supported"] == ["code"]


def test_2_4_the_password_grant_is_not_supported(third: Third) -> None:
    answer = call(
        third, "token", grant_type="password", username="test_residential", password="test_residential"
    )
    assert is_refusal(answer, 400, "unsupported_grant_type")


def test_2_3_a_token_reads_the_data_of_one_customer(third: Third) -> None:
    mine = third.tokens().access_token
    other = third.tokens("test_commercial").authorization.uid
    path = f"/DataCustodian/espi/1_1/resource/Batch/Subscription/{other}"
    assert third.get(path, mine).status_code == 403


def test_2_6_the_metadata_is_published(http: httpx.Client) -> None:
    assert http.get(METADATA).status_code == 200


def test_4_2_4_pages_and_redirects_suppress_the_referrer(third: Third) -> None:
    visitor = Visitor.arrives(third.sandbox)
    assert visitor.page.headers["referrer-policy"] in ("no-referrer", "same-origin", "strict-origin")
    third.http.post("/_mock/auto-approve", json={"enabled": True, "times": 1})
    answer = third.http.get(AUTHORIZE, params=query())
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


def test_4_5_a_stolen_code_is_useless(third: Third, http: httpx.Client) -> None:
    """Another client cannot redeem it; reusing it revokes its tokens (also §2.1.1, RFC 6749 §4.1.2)."""
    code = third.approval().code
    other = Third(third.sandbox, http, client_id="DEMOUTILITY_livelive1")
    assert is_refusal(redeem(other, code), 400, "invalid_grant")
    result = redeem(third, code).json()
    assert is_refusal(redeem(third, code), 400, "invalid_grant")
    assert reads(third, result["access_token"]) == 401
    assert refresh(third, result["refresh_token"]).status_code == 400


def test_4_8_2_pkce_cannot_be_removed_by_an_attacker(third: Third) -> None:
    """Neither the challenge in the authorize request nor the verifier in the token request."""
    assert is_refusal(redeem(third, third.approval().code, code_verifier="v" * 43), 400, "invalid_grant")
    code = third.approval(code_challenge="c" * 43).code
    assert is_refusal(redeem(third, code), 400, "invalid_grant")


def test_4_11_the_server_is_not_an_open_redirector(http: httpx.Client) -> None:
    result = register(http, redirect_uris=[REGISTERED]).json()
    answer = http.get(
        AUTHORIZE, params=query(client_id=result["client_id"], redirect_uri="https://evil.example/")
    )
    assert "location" not in answer.headers


def test_4_12_a_posted_form_is_not_forwarded_to_the_client(third: Third) -> None:
    """Never 307, which would send the form's values to the client."""
    visitor = Visitor.arrives(third.sandbox, scope="FB=4;AdditionalScope=auth-account")
    seen = []
    visitor.http.event_hooks["response"].append(lambda answer: seen.append((answer.request.method, answer)))
    visitor.sends(account="111111111-1")
    assert {answer.status_code for method, answer in seen if method == "POST"} <= {303, 302}
    assert 307 not in {answer.status_code for _, answer in seen}


def test_4_14_2_a_refresh_token_is_bound_to_its_client_and_its_scope(
    third: Third, http: httpx.Client
) -> None:
    token = third.tokens().refresh_token or ""
    other = Third(third.sandbox, http, client_id="DEMOUTILITY_livelive1")
    assert is_refusal(refresh(other, token), 400, "invalid_grant")
    assert is_refusal(refresh(third, token, scope="FB=1"), 400, "invalid_scope")


def test_4_16_no_page_of_the_flow_can_be_framed(third: Third) -> None:
    policy = Visitor.arrives(third.sandbox).page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
