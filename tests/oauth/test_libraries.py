"""OAuth libraries, unmodified, use every feature that they support, over a real connection.

requests-oauthlib and Authlib require https unless an environment variable allows http.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from requests_oauthlib import OAuth2Session

from mock_server.testing.server import MockServer
from tests.oauth.calls import METADATA
from tests.oauth.keys import PRIVATE, PUBLIC
from tests.support import CALLBACK, SCOPE

NODE = Path(__file__).parent / "node"
REGISTRATION = {"client_name": "A library", "client_uri": "https://app.example/", "redirect_uris": [CALLBACK]}


@pytest.fixture(autouse=True)
def plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv(
        "OAUTHLIB_RELAX_TOKEN_SCOPE", "1"
    )  # the granted scope has more parts than the requested one
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture(scope="module", params=["default", "strict"])
def server(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    """A server with default settings, and one with all settings of newer standards."""
    strict = {"access_token_format": "jwt", "refresh_rotation": "on", "issuer_in_response": True}
    with MockServer(**(strict if request.param == "strict" else {})) as started:
        yield started


def is_strict(server: MockServer) -> bool:
    found: bool = metadata_of(server)["authorization_response_iss_parameter_supported"]
    return found


def metadata_of(server: MockServer) -> dict[str, Any]:
    """The metadata, for libraries that do not fetch it."""
    found: dict[str, Any] = httpx.get(server.url + METADATA).json()
    return found


def approve(server: MockServer, address: str) -> str:
    """The URL to which the browser is redirected after the customer approved."""
    server.approve_next()
    return httpx.get(address).headers["location"]


@pytest.fixture(scope="session")
def node() -> str:
    """The node program, with the libraries installed beside the scripts."""
    program = shutil.which("node")
    if program is None or not (NODE / "node_modules/openid-client").is_dir():
        pytest.skip("needs node packages: install Node.js 20 or newer, then `make readers`")
    return program


def result_of(node: str, script: str, server: MockServer) -> dict[str, Any]:
    command = [node, str(NODE / script), server.url]
    done = subprocess.run(command, capture_output=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr.decode()
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_openid_client(node: str, server: MockServer) -> None:
    """Registration, discovery, PAR, PKCE, code, refresh, introspection, revocation, three client authentications."""
    strict = is_strict(server)
    assert result_of(node, "openid-client.mjs", server) == {
        "pushed": True,
        "issuer": server.url if strict else None,
        "data": 200,
        "rotated": strict,
        "active": True,
        "revoked": True,
        "registration": True,
        "basic": True,
        "signed": True,
    }


def test_oauth4webapi(node: str, server: MockServer) -> None:
    """The same steps, each response validated by the library, and the JWT as a resource server does."""
    strict = is_strict(server)
    assert result_of(node, "oauth4webapi.mjs", server) == {
        "issuer": server.url if strict else None,
        "rotated": strict,
        "jwt": strict or None,
        "active": True,
        "revoked": True,
    }


def test_authlib(server: MockServer) -> None:
    """Discovery, registration, PAR, PKCE, code, refresh, introspection, revocation."""
    result = metadata_of(server)
    AuthorizationServerMetadata(result).validate()
    own = httpx.post(result["registration_endpoint"], json=REGISTRATION).json()
    session = AuthlibSession(
        own["client_id"],
        own["client_secret"],
        redirect_uri=CALLBACK,
        scope=SCOPE,
        code_challenge_method="S256",
    )
    verifier = "v" * 48
    address, state = session.create_authorization_url(
        result["authorization_endpoint"], code_verifier=verifier
    )
    form = dict(httpx.URL(address).params)
    proof = session.client_auth(session.token_endpoint_auth_method)
    pushed = session.post(
        result["pushed_authorization_request_endpoint"], data=form, auth=proof, withhold_token=True
    ).json()
    short = httpx.URL(
        result["authorization_endpoint"],
        params={"client_id": own["client_id"], "request_uri": pushed["request_uri"]},
    )
    location = approve(server, str(short))
    tokens = session.fetch_token(
        result["token_endpoint"], authorization_response=location, state=state, code_verifier=verifier
    )
    assert session.get(f"{server.url}/api/v2/authorizations").status_code == 200
    newer = session.refresh_token(result["token_endpoint"])
    assert newer["access_token"] != tokens["access_token"]
    assert (
        session.introspect_token(result["introspection_endpoint"], newer["access_token"]).json()["active"]
        is True
    )
    assert session.revoke_token(result["revocation_endpoint"], newer["refresh_token"]).status_code == 200
    introspected = session.introspect_token(result["introspection_endpoint"], newer["access_token"])
    assert introspected.json() == {"active": False}


def test_authlib_with_a_key(server: MockServer) -> None:
    """private_key_jwt, and management of the registration."""
    result = metadata_of(server)
    registration = {
        **REGISTRATION,
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": {"keys": [PUBLIC]},
    }
    own = httpx.post(result["registration_endpoint"], json=registration).json()
    session = AuthlibSession(own["client_id"], PRIVATE, token_endpoint_auth_method="private_key_jwt")
    session.register_client_auth_method(PrivateKeyJWT(result["token_endpoint"], headers={"kid": "rsa"}))
    assert session.fetch_token(result["token_endpoint"], grant_type="client_credentials")["access_token"]
    headers = {"Authorization": f"Bearer {own['registration_access_token']}"}
    assert httpx.get(own["registration_client_uri"], headers=headers).json() == own
    assert httpx.delete(own["registration_client_uri"], headers=headers).status_code == 204


def test_requests_oauthlib(server: MockServer) -> None:
    """Discovery, registration, PKCE, code, refresh, introspection, revocation; it does not support PAR."""
    result = metadata_of(server)
    own = httpx.post(result["registration_endpoint"], json=REGISTRATION).json()
    secret = own["client_secret"]
    session = OAuth2Session(own["client_id"], redirect_uri=CALLBACK, scope=SCOPE, pkce="S256")
    address, _ = session.authorization_url(result["authorization_endpoint"])
    location = approve(server, address)
    tokens = session.fetch_token(
        result["token_endpoint"],
        authorization_response=location.replace("http://", "https://"),
        client_secret=secret,
    )
    assert session.get(f"{server.url}/api/v2/authorizations").status_code == 200
    auth = (own["client_id"], secret)
    newer = session.refresh_token(result["token_endpoint"], auth=auth)
    assert newer["access_token"] != tokens["access_token"]
    url, headers, body = session._client.prepare_token_revocation_request(
        result["revocation_endpoint"], newer["refresh_token"], token_type_hint="refresh_token"
    )
    assert session.request("POST", url, data=body, headers=headers, auth=auth, withhold_token=True).ok
    introspected = session.request(
        "POST",
        result["introspection_endpoint"],
        data={"token": newer["access_token"]},
        auth=auth,
        withhold_token=True,
    )
    assert introspected.json() == {"active": False}
