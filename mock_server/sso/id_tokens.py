"""Id tokens and their claims (OpenID Connect Core §2)."""

import hashlib
import json
from base64 import urlsafe_b64encode
from typing import Any, Final

from jose import jws
from jose.exceptions import JOSEError

from mock_server.actions.connecting.single_sign_on import SignedOn
from mock_server.actions.tokens.keys import ALGORITHM, constructed, signing_key
from mock_server.domain.errors import InvalidRequest
from mock_server.domain.records import Customer
from mock_server.sandbox import Sandbox

# The claim of each scope (OpenID Connect Core §5.4), and its field in the customer's record.
CLAIMS: Final = {"profile": ("name", "name"), "email": ("email", "email"), "phone": ("phone_number", "phone")}
SCOPES: Final = ("openid", *CLAIMS)


def claims_about(customer: Customer, scope: str) -> dict[str, str]:
    """The claims about the customer that the scope allows."""
    claims = {
        claim: getattr(customer, field) for name, (claim, field) in CLAIMS.items() if name in scope.split()
    }
    return {"sub": customer.id, **claims}


def make_id_token(sandbox: Sandbox, signed_on: SignedOn, *, issuer: str) -> str:
    """The signed claims about who logged in and when (OpenID Connect Core §2, §3.1.3.6)."""
    key = signing_key(sandbox)
    now = int(sandbox.clock.now().timestamp())
    digest = hashlib.sha256(signed_on.access_token.encode()).digest()
    claims: dict[str, Any] = {
        **claims_about(signed_on.customer, signed_on.scope),
        "iss": issuer,
        "aud": sandbox.fixtures.utility.single_sign_on_client_id,
        "iat": now,
        "exp": now + signed_on.expires_in,
        "auth_time": int(signed_on.authenticated.timestamp()),
        "at_hash": urlsafe_b64encode(digest[:16]).rstrip(b"=").decode(),
    }
    if signed_on.nonce is not None:
        claims["nonce"] = signed_on.nonce
    signed: str = jws.sign(claims, constructed(key.pem), headers={"kid": key.id}, algorithm=ALGORITHM)
    return signed


def subject_of_hint(sandbox: Sandbox, hint: str | None, *, issuer: str) -> str | None:
    """The subject of an `id_token_hint`, which may have expired. Raises InvalidRequest for a foreign token."""
    if hint is None:
        return None
    try:
        body = jws.verify(hint, constructed(signing_key(sandbox).pem).public_key(), algorithms=[ALGORITHM])
        claims = json.loads(body)
    except (JOSEError, ValueError) as error:
        raise InvalidRequest(
            "The id_token_hint was not issued here. Send an id token from this provider, unchanged."
        ) from error
    own = sandbox.fixtures.utility.single_sign_on_client_id
    if claims.get("iss") != issuer or claims.get("aud") != own:
        raise InvalidRequest("The id_token_hint has another issuer or audience. Send your own id token.")
    return str(claims.get("sub"))
