"""Calls to the authorization server as Test Company."""

from typing import Any

import httpx

from tests.support import BASE, CALLBACK, Third

METADATA = "/.well-known/oauth-authorization-server"


def call(third: Third, endpoint: str, **form: Any) -> httpx.Response:
    """POST a form to /oauth/{endpoint} with HTTP Basic."""
    auth = (third.client_id, third.client.secret)
    return third.http.post(f"/DataCustodian/oauth/{endpoint}", data=form, auth=auth)


def redeem(third: Third, code: str, **form: Any) -> httpx.Response:
    """Exchange a code for tokens."""
    values = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code": code, **form}
    return call(third, "token", **values)


def refresh(third: Third, token: str, **form: Any) -> httpx.Response:
    """Refresh the tokens."""
    return call(third, "token", grant_type="refresh_token", refresh_token=token, **form)


def reads(third: Third, access_token: str) -> int:
    """The status of a resource request with the token."""
    return third.get("/api/v2/authorizations", access_token).status_code


def is_refusal(answer: httpx.Response, status: int, error: str, word: str = "") -> bool:
    """Check that the response is an uncacheable error in the format of RFC 6749 §5.2."""
    result = answer.json()
    assert (answer.status_code, result["error"]) == (status, error), answer.text
    assert word in result["error_description"], result["error_description"]
    assert result["error_uri"] == f"{BASE}/errors/{error}"
    assert answer.headers["cache-control"] == "no-store"
    return True
