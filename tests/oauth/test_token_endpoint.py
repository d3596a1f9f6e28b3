"""The token endpoint over HTTP: parameters, client authentication, responses, errors."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from mock_server.sandbox import Sandbox
from tests.support import CALLBACK, Third

TOKEN = "/DataCustodian/oauth/token"


def basic(third: Third, client_id: str | None = None, secret: str | None = None) -> dict[str, str]:
    result = f"{client_id or third.client_id}:{third.client.secret if secret is None else secret}"
    return {"Authorization": "Basic " + b64encode(result.encode()).decode()}


def redeem(third: Third, **changed: Any) -> dict[str, Any]:
    code = changed["code"] if "code" in changed else third.approval().code
    return {"grant_type": "authorization_code", "redirect_uri": CALLBACK, **changed, "code": code}


def test_the_response_has_the_fields_of_espi(third: Third) -> None:
    answer = third.http.post(TOKEN, data=redeem(third), headers=basic(third))
    tokens = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["pragma"] == "no-cache"
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 3600
    assert len(tokens["access_token"]) == len(tokens["refresh_token"]) == 64
    base = "http://localhost:8000/DataCustodian/espi/1_1/resource"
    assert tokens["resourceURI"] == f"{base}/Batch/Subscription/500001"
    assert tokens["customerResourceURI"] == f"{base}/Batch/RetailCustomer/500001"
    assert tokens["authorizationURI"] == f"{base}/Authorization/500001"
    assert "FB=" in tokens["scope"]


def test_without_account_details_there_is_no_customer_resource(third: Third) -> None:
    code = third.approval(scope="FB=4_16").code
    answer = third.http.post(TOKEN, data=redeem(third, code=code), headers=basic(third))
    assert "customerResourceURI" not in answer.json()


@pytest.mark.parametrize("path", [TOKEN, "/DataCustodian/DemoUtility/oauth/token", "/oauth/token"])
def test_all_three_urls_work(third: Third, path: str) -> None:
    assert third.http.post(path, data=redeem(third), headers=basic(third)).status_code == 200


def test_another_utility_is_not_found(third: Third) -> None:
    answer = third.http.post("/DataCustodian/other/oauth/token", data=redeem(third), headers=basic(third))
    assert answer.status_code == 404
    assert "DEMOUTILITY" in answer.json()["error_description"]


def test_parameters_are_read_from_the_query_of_a_post(third: Third) -> None:
    headers = {**basic(third), "Content-Type": "application/xml"}
    assert third.http.post(TOKEN, params=redeem(third), headers=headers).status_code == 200


def test_parameters_are_read_from_a_multipart_body(third: Third) -> None:
    files = {name: (None, value) for name, value in redeem(third).items()}
    assert third.http.post(TOKEN, files=files, headers=basic(third)).status_code == 200


def test_the_body_wins_over_the_query(third: Third) -> None:
    answer = third.http.post(
        TOKEN, params={"grant_type": "nonsense"}, data=redeem(third), headers=basic(third)
    )
    assert answer.status_code == 200


def test_the_client_can_authenticate_in_the_form(third: Third) -> None:
    data = redeem(third, client_id=third.client_id, client_secret=third.client.secret)
    assert third.http.post(TOKEN, data=data).status_code == 200


@pytest.mark.parametrize("form", ["{}_admin", "registration_{}", "REGISTRATION_{}"])
def test_three_ids_identify_the_certified_client(third: Third, form: str) -> None:
    headers = basic(third, client_id=form.format(third.client_id))
    data = {"grant_type": "client_credentials", "scope": "FB=36_40"}
    answer = third.http.post(TOKEN, data=data, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["resourceURI"].endswith(f"/ApplicationInformation/{third.client_id}")


def test_a_client_token_has_no_refresh_token_and_no_customer(third: Third) -> None:
    answer = third.http.post(TOKEN, data={"grant_type": "client_credentials"}, headers=basic(third)).json()
    assert "refresh_token" not in answer
    assert "customerResourceURI" not in answer
    assert "/Batch/Bulk/" in answer["resourceURI"]
    assert "/Authorization/" in answer["authorizationURI"]


def test_a_scope_without_a_parameter_name_is_ignored(third: Third) -> None:
    """ESPI certification OAD015."""
    query = (
        "?grant_type=client_credentials&FB=4_5_15;IntervalDuration=3600;BlockDuration=daily;HistoryLength=13"
    )
    assert third.http.post(TOKEN + query, headers=basic(third)).status_code == 200


def test_a_refresh_returns_the_same_refresh_token_and_ends_the_old_access_token(third: Third) -> None:
    first = third.http.post(TOKEN, data=redeem(third), headers=basic(third)).json()
    again = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = third.http.post(TOKEN, data=again, headers=basic(third)).json()
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] == first["refresh_token"]
    assert {second[name] for name in ("scope", "resourceURI", "authorizationURI")} == {
        first[name] for name in ("scope", "resourceURI", "authorizationURI")
    }
    old = third.get(httpx.URL(first["resourceURI"]).path, first["access_token"])
    assert old.status_code == 401


def test_a_public_client_redeems_with_pkce_and_without_a_secret(sandbox: Sandbox, http: httpx.Client) -> None:
    app = Third(sandbox, http, client_id="DEMOUTILITY_publicapp")
    verifier = "v" * 50
    code = app.approval(scope="FB=4", code_challenge=verifier, code_challenge_method="plain").code
    data = redeem(app, code=code, client_id=app.client_id, code_verifier=verifier)
    assert http.post(TOKEN, data=data).status_code == 200


def test_of_twenty_concurrent_redemptions_one_succeeds(third: Third) -> None:
    data, headers = redeem(third), basic(third)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: third.http.post(TOKEN, data=data, headers=headers), range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 19
    assert {answer.json()["error"] for answer in answers if answer.is_error} == {"invalid_grant"}


def test_reusing_a_code_revokes_its_tokens(third: Third) -> None:
    data = redeem(third)
    tokens = third.http.post(TOKEN, data=data, headers=basic(third)).json()
    assert third.http.post(TOKEN, data=data, headers=basic(third)).status_code == 400
    assert third.get(httpx.URL(tokens["resourceURI"]).path, tokens["access_token"]).status_code == 401
    again = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    refused = third.http.post(TOKEN, data=again, headers=basic(third))
    assert refused.json()["error"] == "invalid_grant"
    assert "used twice" in refused.json()["error_description"]


ERROR_RESPONSES = [
    # changed parameters, status, error, part of the description
    ({"grant_type": ""}, 400, "invalid_request", "grant_type is missing"),
    ({"grant_type": "password"}, 400, "unsupported_grant_type", "authorization_code, refresh_token"),
    ({"code": ""}, 400, "invalid_request", "code is missing"),
    ({"code": "nonsense"}, 400, "invalid_grant", "unknown"),
    ({"redirect_uri": ""}, 400, "invalid_request", "redirect_uri is missing"),
    ({"redirect_uri": CALLBACK + "/"}, 400, "invalid_grant", "exactly the same"),
    ({"redirect_uri": CALLBACK + "?client_id=x"}, 400, "invalid_grant", "exactly the same"),
    ({"code_verifier": "v" * 43}, 400, "invalid_grant", "no code_challenge"),
    ({"client_id": "somebody_else"}, 400, "invalid_request", "not the one that authenticated"),
    (
        {"client_secret": "x", "client_id": "DEMOUTILITY_ccccccccc"},
        400,
        "invalid_request",
        "two authentication methods",
    ),
    ({"grant_type": ["authorization_code", "refresh_token"]}, 400, "invalid_request", "was sent 2 times"),
    ({"grant_type": "refresh_token"}, 400, "invalid_request", "refresh_token is missing"),
    ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant", "unknown"),
    ({"grant_type": "client_credentials", "scope": "FB=read/write"}, 400, "invalid_scope", "FB"),
]


@pytest.mark.parametrize(("changed", "status", "error", "word"), ERROR_RESPONSES)
def test_an_error_says_what_to_change(
    third: Third, changed: dict[str, Any], status: int, error: str, word: str
) -> None:
    answer = third.http.post(TOKEN, data=redeem(third, **changed), headers=basic(third))
    result = answer.json()
    assert (answer.status_code, result["error"]) == (status, error)
    assert word in result["error_description"]
    assert result["error_uri"] == f"http://localhost:8000/errors/{error}"
    assert all(" " <= char <= "~" and char not in '"\\' for char in result["error_description"])


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic ",
        "Basic bad value",
        "Basic " + b64encode(b"no-colon").decode(),
        "Bearer x",
        "Basic /w==",
    ],
)
def test_missing_authentication_is_401(third: Third, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = third.http.post(TOKEN, data=redeem(third), headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic realm=")


@pytest.mark.parametrize(
    ("client_id", "secret"), [(None, "wrong"), (None, ""), ("nobody", None), ("DEMOUTILITY_publicapp", "x")]
)
def test_a_wrong_id_or_secret_is_401(third: Third, client_id: str | None, secret: str | None) -> None:
    answer = third.http.post(TOKEN, data=redeem(third), headers=basic(third, client_id, secret))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_get_never_returns_tokens(third: Third) -> None:
    assert third.http.get(TOKEN, params=redeem(third), headers=basic(third)).status_code == 400
    assert third.http.get(TOKEN, params=redeem(third)).status_code == 401


def test_other_methods_are_405_in_the_same_format(third: Third) -> None:
    answer = third.http.put(TOKEN)
    assert answer.status_code == 405
    assert answer.json()["error"] == "method_not_allowed"


def test_a_json_body_and_an_empty_body_have_different_errors(third: Third) -> None:
    answer = third.http.post(TOKEN, json=redeem(third), headers=basic(third))
    assert answer.status_code == 400
    assert "application/json" in answer.json()["error_description"]


def test_broken_percent_encoding_names_the_parameter(third: Third) -> None:
    headers = {**basic(third), "Content-Type": "application/x-www-form-urlencoded"}
    answer = third.http.post(TOKEN, content=b"grant_type=authorization_code&code=%zz", headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert "'code'" in answer.json()["error_description"]


@pytest.mark.parametrize(
    "body", [b"--x\r\nnonsense", b"", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb']
)
def test_a_broken_multipart_body_is_a_bad_request(third: Third, body: bytes) -> None:
    headers = {**basic(third), "Content-Type": "multipart/form-data; boundary=x"}
    answer = third.http.post(TOKEN, content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_body_over_a_megabyte_is_rejected(third: Third) -> None:
    answer = third.http.post(TOKEN, data=redeem(third, code="x" * 1_100_000), headers=basic(third))
    assert answer.status_code == 413


def test_after_revocation_a_refresh_is_403(third: Third) -> None:
    """Clients of the real system recognise the customer's revocation by this status."""
    tokens = third.http.post(TOKEN, data=redeem(third), headers=basic(third)).json()
    third.http.post("/_mock/authorizations/500001/revoke")
    again = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    answer = third.http.post(TOKEN, data=again, headers=basic(third))
    assert (answer.status_code, answer.json()["error"]) == (403, "invalid_grant")


@pytest.mark.parametrize("path", ["token", "revoke", "introspect", "par"])
@pytest.mark.parametrize("charset", ["punycode", "undefined", "unicode_escape", "raw_unicode_escape", "none"])
def test_a_charset_that_is_not_a_text_encoding_is_a_bad_request(
    third: Third, path: str, charset: str
) -> None:
    """Python codecs that do not decode to text, or raise other errors."""
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    body = b'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n\xff_\\x\r\n--x--\r\n'
    answer = third.http.post(f"/oauth/{path}", content=body, headers={**basic(third), "Content-Type": kind})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert f"The charset '{charset}'" in answer.json()["error_description"]


@pytest.mark.parametrize("charset", ["", "; charset=UTF-8", '; charset="utf-8"', "; charset=us-ascii"])
def test_a_multipart_body_can_have_a_charset(third: Third, charset: str) -> None:
    headers = {**basic(third), "Content-Type": f"multipart/form-data; boundary=x{charset}"}
    body = b'--x\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\nclient_credentials\r\n--x--\r\n'
    assert third.http.post("/oauth/token", content=body, headers=headers).status_code == 200


def test_the_openapi_description_has_only_post(http: httpx.Client) -> None:
    """GET only returns an error, so it is not documented."""
    paths = http.get("/openapi.json").json()["paths"]
    found = {path: set(methods) for path, methods in paths.items() if path.endswith("/oauth/token")}
    assert found
    assert all(methods == {"post"} for methods in found.values())
