"""RFC 6749, the authorization framework, clause by clause; `test_token_endpoint` has all error cases."""

from base64 import b64encode
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest

from mock_server.actions.sandboxes.clock import advance_clock
from tests.oauth.calls import call, is_refusal, redeem, refresh
from tests.oauth.test_rfc7591 import register
from tests.pages.visitor import AUTHORIZE, answer_of, query
from tests.support import CALLBACK, Third

TOKEN = "/DataCustodian/oauth/token"
OWN = {"grant_type": "client_credentials"}


def approve(http: httpx.Client, **changed: str | None) -> httpx.Response:
    http.post("/_mock/auto-approve", json={"enabled": True, "times": 1})
    return http.get(AUTHORIZE, params=query(**changed))


def test_2_3_1_id_and_secret_are_form_encoded_within_basic(third: Third) -> None:
    encoded = [f"%{ord(text[0]):02X}{text[1:]}" for text in (third.client_id, third.client.secret)]
    header = {"Authorization": "Basic " + b64encode(":".join(encoded).encode()).decode()}
    assert third.http.post(TOKEN, data=OWN, headers=header).status_code == 200


def test_2_3_1_client_credentials_can_be_in_the_body(third: Third) -> None:
    form = {**OWN, "client_id": third.client_id, "client_secret": third.client.secret}
    assert third.http.post(TOKEN, data=form).status_code == 200


def test_2_3_two_authentication_methods_are_rejected(third: Third) -> None:
    assert is_refusal(
        call(third, "token", **OWN, client_id=third.client_id, client_secret="x"),
        400,
        "invalid_request",
        "two authentication methods",
    )


def test_3_1_get_and_post_work_and_unknown_parameters_are_ignored(http: httpx.Client) -> None:
    for answer in (
        http.get(AUTHORIZE, params=query(unknown="x")),
        http.post(AUTHORIZE, data=query(unknown="x")),
    ):
        assert answer.status_code == 303


def test_3_1_a_parameter_without_a_value_counts_as_omitted(http: httpx.Client) -> None:
    assert answer_of(approve(http, response_type=""))["error"] == "invalid_request"


def test_3_1_repeated_parameters_are_rejected(http: httpx.Client) -> None:
    twice = httpx.QueryParams([*query().items(), ("scope", "FB=4")])
    assert answer_of(http.get(AUTHORIZE, params=twice))["error"] == "invalid_request"


def test_3_1_2_the_query_of_the_redirect_uri_is_preserved(http: httpx.Client) -> None:
    uri = "https://app.example/callback?tenant=7"
    client_id = register(http, redirect_uris=[uri]).json()["client_id"]
    location = approve(http, client_id=client_id, redirect_uri=uri).headers["location"]
    assert location.startswith(uri + "&code=")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"redirect_uri": "https://evil.example/"}, 403),
        ({"client_id": "nobody"}, 401),
        ({"client_id": None}, 401),
    ],
    ids=str,
)
def test_3_1_2_4_and_4_1_2_1_there_is_no_redirect_to_an_unregistered_uri(
    http: httpx.Client, changed: dict[str, str | None], status: int
) -> None:
    answer = approve(http, **changed)
    assert (answer.status_code, "location" in answer.headers) == (status, False)


def test_3_2_the_token_endpoint_requires_post(third: Third) -> None:
    answer = third.http.get(TOKEN, params=OWN, auth=(third.client_id, third.client.secret))
    assert is_refusal(answer, 400, "invalid_request", "POST")


def test_3_2_unknown_parameters_are_ignored_and_repeated_ones_rejected(third: Third) -> None:
    assert call(third, "token", **OWN, unknown="x").status_code == 200
    assert is_refusal(call(third, "token", **OWN, scope=["FB=4", "FB=5"]), 400, "invalid_request", "2 times")


def test_3_3_and_5_1_the_response_has_the_granted_scope(third: Third) -> None:
    result = redeem(third, third.approval().code).json()
    assert result["scope"].startswith("FB=")


@pytest.mark.parametrize(
    "state", ["xyz", "a b", "a+b", "%7B%22a%22%3A1%7D", "s;t=u", "\N{GREEK SMALL LETTER ALPHA}"]
)
def test_4_1_2_the_state_is_returned_unchanged(http: httpx.Client, state: str) -> None:
    assert answer_of(approve(http, state=state))["state"] == state


def test_4_1_2_without_a_state_none_is_returned(http: httpx.Client) -> None:
    assert "state" not in answer_of(approve(http, state=None))


def test_4_1_2_a_code_expires_within_ten_minutes_and_works_once(third: Third) -> None:
    code, late = third.approval().code, third.approval().code
    assert [redeem(third, code).status_code for _ in range(2)] == [200, 400]
    third.sandbox.write_alone(advance_clock, timedelta(minutes=10))
    assert is_refusal(redeem(third, late), 400, "invalid_grant", "expired")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"scope": "FB=????"}, "invalid_scope"),
        ({"scope": "FB=99"}, "invalid_scope"),
        ({"scope": "FB=1_5_39"}, "invalid_scope"),
        ({"scope": "FB=4;AdditionalScope=auth-test-test_error_access_denied"}, "access_denied"),
        (
            {"scope": "FB=4;AdditionalScope=auth-test-test_error_temporarily_unavailable"},
            "temporarily_unavailable",
        ),
    ],
    ids=str,
)
def test_4_1_2_1_an_error_is_reported_at_the_redirect_uri_with_the_state(
    http: httpx.Client, changed: dict[str, str | None], error: str
) -> None:
    result = answer_of(approve(http, **changed))
    assert (result["error"], result["state"]) == (error, "s/t a;te")
    assert "code" not in result


def test_4_1_3_a_code_is_bound_to_its_client_and_its_redirect_uri(third: Third, http: httpx.Client) -> None:
    code = third.approval().code
    other = Third(third.sandbox, http, client_id="DEMOUTILITY_livelive1")
    assert is_refusal(redeem(other, code), 400, "invalid_grant", "issued to")
    assert is_refusal(
        redeem(third, code, redirect_uri=CALLBACK + "2"), 400, "invalid_grant", "exactly the same"
    )
    assert redeem(third, code).status_code == 200


def test_4_4_3_client_credentials_give_no_refresh_token(third: Third) -> None:
    assert "refresh_token" not in call(third, "token", **OWN).json()


def test_5_1_the_response_is_json_and_not_cacheable(third: Third) -> None:
    answer = call(third, "token", **OWN)
    assert answer.headers["content-type"] == "application/json"
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")
    assert answer.json()["token_type"] == "Bearer"
    assert isinstance(answer.json()["expires_in"], int)


def test_5_2_failed_basic_authentication_gets_a_challenge(third: Third) -> None:
    answer = third.http.post(TOKEN, data=OWN, auth=(third.client_id, "wrong"))
    assert is_refusal(answer, 401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic realm=")


def test_5_2_an_unsupported_grant_is_rejected(third: Third) -> None:
    for name in ("password", "urn:ietf:params:oauth:grant-type:device_code"):
        assert is_refusal(
            call(third, "token", grant_type=name), 400, "unsupported_grant_type", "refresh_token"
        )


def test_6_a_refresh_token_is_bound_to_its_client(third: Third, http: httpx.Client) -> None:
    token = third.tokens().refresh_token or ""
    other = Third(third.sandbox, http, client_id="DEMOUTILITY_livelive1")
    assert is_refusal(refresh(other, token), 400, "invalid_grant", "issued to")
    assert refresh(third, token).status_code == 200


def test_6_a_refresh_never_widens_the_scope(third: Third) -> None:
    token = third.tokens(scope="FB=4;AdditionalScope=auth-test-test_residential").refresh_token or ""
    assert is_refusal(refresh(third, token, scope="FB=4_16_51"), 400, "invalid_scope", "granted")


def test_appendix_b_names_and_values_are_form_encoded(third: Third) -> None:
    body = f"grant_type=client%5Fcredentials&scope={quote('FB=4_16', safe='')}".encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = third.http.post(
        TOKEN, content=body, headers=headers, auth=(third.client_id, third.client.secret)
    )
    assert answer.json()["scope"] == "FB=4_16"
