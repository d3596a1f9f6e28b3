"""Forged signatures: no algorithm, the public key as a secret, a key of the attacker's (RFC 8725 §2 and §3)."""

import ast
import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jose import jwk, jwt

import mock_server
from mock_server.domain.errors import Forbidden
from mock_server.pages.sign_in.single_sign_on import check_id_token
from mock_server.sandbox import Sandbox
from tests.support import BASE, Third

ISSUER, AUDIENCE = "https://sso.example.com", "utility-pages"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def pem_of(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EVIL = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CURVE = ec.generate_private_key(ec.SECP256R1())
PUBLIC_PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def public_jwk(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, kid: str = "k") -> dict[str, Any]:
    algorithm = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
    found: dict[str, Any] = jwk.construct(pem_of(key), algorithm).public_key().to_dict()
    result = {name: value.decode() if isinstance(value, bytes) else value for name, value in found.items()}
    return {**result, "kid": kid, "use": "sig", "alg": algorithm}


KEYS: dict[str, Any] = {"keys": [public_jwk(KEY)]}


def part(result: dict[str, Any] | bytes) -> str:
    raw = result if isinstance(result, bytes) else json.dumps(result).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unsigned(claims: dict[str, Any], algorithm: str = "none") -> str:
    return f"{part({'alg': algorithm, 'typ': 'JWT', 'kid': 'k'})}.{part(claims)}."


def hmac_with_public_key(claims: dict[str, Any], secret: bytes) -> str:
    """By hand: the library refuses to make one."""
    result = f"{part({'alg': 'HS256', 'typ': 'JWT', 'kid': 'k'})}.{part(claims)}"
    return f"{result}.{part(hmac.new(secret, result.encode(), hashlib.sha256).digest())}"


def signed(claims: dict[str, Any], key: Any, algorithm: str, **head: Any) -> str:
    made: str = jwt.encode(claims, pem_of(key), algorithm=algorithm, headers={"kid": "k", **head})
    return made


def forgeries(claims: dict[str, Any]) -> dict[str, str]:
    good = signed(claims, KEY, "RS256")
    head, body, signature = good.split(".")
    bigger = part({**claims, "sub": "somebody else"})
    return {
        "none": unsigned(claims),
        "None": unsigned(claims, "None"),
        "nOnE": unsigned(claims, "nOnE"),
        "empty": unsigned(claims, ""),
        "no signature": f"{head}.{body}.",
        "public key as secret": hmac_with_public_key(claims, PUBLIC_PEM),
        "public key as JSON": hmac_with_public_key(claims, json.dumps(KEYS["keys"][0]).encode()),
        "empty secret": hmac_with_public_key(claims, b""),
        "attacker's key": signed(claims, EVIL, "RS256"),
        "attacker's key inside": signed(claims, EVIL, "RS256", jwk=public_jwk(EVIL)),
        "attacker's key elsewhere": signed(claims, EVIL, "RS256", jku="http://127.0.0.1:1/keys"),
        "wrong kid": signed(claims, EVIL, "RS256", kid="other"),
        "other type of key": signed(claims, CURVE, "ES256"),
        "other claims": f"{head}.{bigger}.{signature}",
        "deep": f"{head}.{part(b'[' * 50_000)}.{signature}",
        "nonsense": "x.y.z",
    }


NAMES = list(forgeries({}))


def id_token_claims(sandbox: Sandbox) -> dict[str, Any]:
    now = int(sandbox.clock.now().timestamp())
    result = {"iss": ISSUER, "aud": AUDIENCE, "sub": "test_residential", "nonce": "n"}
    return {**result, "iat": now, "exp": now + 60}


def test_the_genuine_id_token_is_taken(sandbox: Sandbox) -> None:
    claims = id_token_claims(sandbox)
    assert is_taken(sandbox, signed(claims, KEY, "RS256"))


@pytest.mark.parametrize("name", NAMES)
def test_a_forged_id_token_logs_nobody_in(sandbox: Sandbox, name: str) -> None:
    with pytest.raises(Forbidden):
        is_taken(sandbox, forgeries(id_token_claims(sandbox))[name])


def is_taken(sandbox: Sandbox, token: str) -> bool:
    now = sandbox.clock.now()
    result = check_id_token(token, KEYS, issuer=ISSUER, audience=AUDIENCE, nonce="n", now=now)
    return result["sub"] == "test_residential"


@pytest.fixture
def assert_as(third: Third) -> Callable[[str], Any]:
    """Asks for a token with an assertion, as a client that registered its public key."""
    with third.sandbox.writing() as transaction:
        transaction.clients.change({"id": third.client_id}, auth_method="private_key_jwt", jwks=KEYS)

    def ask(assertion: str) -> Any:
        form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION}
        return third.http.post("/oauth/token", data={**form, "client_assertion": assertion})

    return ask


def assertion_claims(third: Third) -> dict[str, Any]:
    now = int(third.sandbox.clock.now().timestamp())
    result = {"iss": third.client_id, "sub": third.client_id, "aud": f"{BASE}/DataCustodian/oauth/token"}
    return {**result, "jti": "1", "iat": now, "exp": now + 60}


def test_the_genuine_assertion_is_taken_once(third: Third, assert_as: Callable[[str], Any]) -> None:
    assertion = signed(assertion_claims(third), KEY, "RS256")
    assert [assert_as(assertion).status_code for _ in range(2)] == [200, 401]


@pytest.mark.parametrize("name", NAMES)
def test_a_forged_assertion_is_no_client(third: Third, assert_as: Callable[[str], Any], name: str) -> None:
    answer = assert_as(forgeries(assertion_claims(third))[name])
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_every_check_of_a_signature_names_its_algorithms() -> None:
    """None of the library's defaults, which follow the token."""
    checks = 0
    for path in Path(mock_server.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if ast.unparse(node.func) in ("jwt.decode", "jws.verify", "jwk.construct"):
                checks += 1
                named = {word.arg for word in node.keywords}
                assert "algorithms" in named or len(node.args) > 1, f"{path}:{node.lineno}"
    assert checks >= 3
