"""RFC 9207, the issuer in the authorization response, against mix-up attacks; enabled by a setting."""

import httpx
import pytest

from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.oauth.calls import METADATA
from tests.pages.visitor import AUTHORIZE, answer_of, query
from tests.support import BASE, CALLBACK


@pytest.fixture
def settings() -> Settings:
    return read_settings({"clock": NOON, "issuer_in_response": True})


def approve(http: httpx.Client, decision: str = "approve", **changed: str) -> httpx.Response:
    http.post("/_mock/auto-approve", json={"enabled": True, "times": 1, "decision": decision})
    return http.get(AUTHORIZE, params=query(**changed))


def test_2_the_response_has_the_issuer_of_the_metadata(http: httpx.Client) -> None:
    answer = approve(http)
    assert answer_of(answer)["iss"] == http.get(METADATA).json()["issuer"] == BASE


def test_the_code_stays_first_and_the_state_last_for_certified_clients(http: httpx.Client) -> None:
    location = approve(http, state="xyz").headers["location"]
    assert location.startswith(f"{CALLBACK}?code=")
    assert location.endswith("&iss=http%3A%2F%2Flocalhost%3A8000&state=xyz")


@pytest.mark.parametrize(
    ("decision", "changed"),
    [("decline", {}), ("approve", {"scope": "FB=?"}), ("approve", {"response_type": "x"})],
)
def test_2_an_error_also_has_the_issuer(http: httpx.Client, decision: str, changed: dict[str, str]) -> None:
    result = answer_of(approve(http, decision, **changed))
    assert result["error"]
    assert result["iss"] == BASE


def test_3_the_metadata_declares_the_parameter(http: httpx.Client) -> None:
    assert http.get(METADATA).json()["authorization_response_iss_parameter_supported"] is True


def test_a_sandbox_has_its_own_issuer(http: httpx.Client) -> None:
    http.post("/~ci-7/_mock/auto-approve", json={"enabled": True, "times": 1})
    assert answer_of(http.get("/~ci-7" + AUTHORIZE, params=query()))["iss"] == f"{BASE}/~ci-7"


def test_the_control_api_gives_the_same_redirect(http: httpx.Client) -> None:
    body = {"scope": query()["scope"], "redirect_uri": CALLBACK}
    assert "&iss=http" in http.post("/_mock/authorizations", json=body).json()["location"]
