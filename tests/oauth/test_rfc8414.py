"""RFC 8414, authorization server metadata, clause by clause."""

import httpx
import pytest

from mock_server.oauth.grants import GRANTS
from tests.oauth.calls import METADATA
from tests.support import BASE


def test_2_the_metadata_has_the_issuer_and_supported_features(http: httpx.Client) -> None:
    answer = http.get(METADATA)
    result = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert result["issuer"] == BASE
    assert result["response_types_supported"] == ["code"]
    assert result["grant_types_supported"] == [grant.name for grant in GRANTS]
    assert "none" not in result["introspection_endpoint_auth_methods_supported"]
    assert {"client_secret_basic", "client_secret_post", "none"} <= set(
        result["token_endpoint_auth_methods_supported"]
    )


def test_2_every_endpoint_exists(http: httpx.Client) -> None:
    result = http.get(METADATA).json()
    endpoints = {name: url for name, url in result.items() if name.endswith(("_endpoint", "_uri"))}
    assert len(endpoints) >= 4
    for name, url in endpoints.items():
        assert url.startswith(BASE), name
        answer = http.get(url)
        assert answer.status_code != 404, name


@pytest.mark.parametrize("address", ["/~ci-8" + METADATA, METADATA + "/~ci-8"])
def test_3_1_a_sandbox_has_its_own_issuer(http: httpx.Client, address: str) -> None:
    """The well-known path precedes the issuer's path; the order of OpenID Connect works too."""
    result = http.get(address).json()
    assert result["issuer"] == f"{BASE}/~ci-8"
    assert result["token_endpoint"] == f"{BASE}/~ci-8/DataCustodian/oauth/token"
    assert http.get(result["token_endpoint"]).status_code == 401


@pytest.mark.parametrize("path", ["/DataCustodian", "/~ci-8/x", "/~", "/"])
def test_3_3_there_is_no_other_issuer(http: httpx.Client, path: str) -> None:
    """A client must reject metadata of another issuer, so there is none for other paths."""
    answer = http.get(METADATA + path)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert BASE in answer.json()["error_description"]
