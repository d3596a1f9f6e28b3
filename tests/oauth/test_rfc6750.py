"""RFC 6750, bearer tokens, clause by clause, at both resource servers."""

from datetime import timedelta

import httpx
import pytest

from mock_server.actions.sandboxes.clock import advance_clock
from tests.support import Third

API = "/api/v2/authorizations"
ESPI = "/DataCustodian/espi/1_1/resource/Batch/Subscription/500001"
DOORS = pytest.mark.parametrize("path", [API, ESPI], ids=["JSON", "ESPI"])


def challenge(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    result: str = answer.headers["www-authenticate"]
    assert result.startswith('Bearer realm="DEMOUTILITY"')
    return result


@DOORS
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_2_1_the_scheme_of_the_header_is_case_insensitive(third: Third, path: str, scheme: str) -> None:
    token = third.tokens().access_token
    assert third.http.get(path, headers={"Authorization": f"{scheme} {token}"}).status_code == 200


@DOORS
def test_3_1_without_a_token_the_challenge_has_no_error(third: Third, path: str) -> None:
    assert "error" not in challenge(third.http.get(path), 401)


@DOORS
@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer", "Basic eDp5", "nonsense"])
def test_3_1_a_malformed_token_is_invalid(third: Third, path: str, header: str) -> None:
    third.tokens()
    answer = third.http.get(path, headers={"Authorization": header})
    assert 'error="invalid_token", error_description="' in challenge(answer, 401)


@DOORS
def test_3_1_an_expired_token_is_invalid(third: Third, path: str) -> None:
    token = third.tokens().access_token
    third.sandbox.write_alone(advance_clock, timedelta(hours=1))
    result = challenge(third.get(path, token), 401)
    assert 'error="invalid_token"' in result
    assert "expired" in result


def test_3_1_a_token_without_the_needed_scope_is_insufficient(third: Third) -> None:
    first, _ = third.tokens(), third.tokens("test_commercial")
    other = ESPI.replace("500001", "500002")
    for token in (first.access_token, third.client_token()):
        assert 'error="insufficient_scope"' in challenge(third.get(other, token), 403)


def test_3_a_challenge_has_only_allowed_characters(third: Third) -> None:
    answer = third.http.get(API, headers={"Authorization": 'Bearer \\"<x>'})
    inside = challenge(answer, 401).split('error_description="')[1].removesuffix('"')
    assert '"' not in inside
    assert "\\" not in inside


def test_5_3_green_button_ignores_a_token_in_the_url(third: Third) -> None:
    token = third.tokens().access_token
    challenge(third.http.get(ESPI, params={"access_token": token}), 401)
