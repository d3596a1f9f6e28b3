"""The format of access tokens: random text, or JWTs (RFC 9068).

Both are looked up by hash, so revocation, expiry and introspection are the same for both.
"""

from dataclasses import dataclass, replace
from typing import Any

from mock_server.actions.tokens.keys import ALGORITHM, constructed, signing_key_within
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import Client, SigningKey, Token
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction
from mock_server.urls import Links, links_to


@dataclass(frozen=True, kw_only=True)
class Signer:
    """The key that signs JWTs, and the URLs that they name."""

    key: SigningKey
    links: Links


def signer_for(sandbox: Sandbox, transaction: Transaction, client: Client) -> Signer | None:
    """The signer of the client's access tokens; None if they are opaque.

    The issuer is the base URL that the client uses for this server.
    """
    if sandbox.settings.access_token_format == "opaque":
        return None
    links = links_to(client, sandbox.settings, prefix=sandbox.prefix)
    return Signer(key=signing_key_within(transaction), links=links)


def finished_token(sandbox: Sandbox, token: Token, secret: str, signer: Signer | None) -> tuple[Token, str]:
    """The token to store and the text to issue: the secret, or a JWT with the secret's first 32 characters as `jti`."""
    if signer is None:
        return token, secret
    from jose import jws  # imported here because opaque tokens, the default, need no cryptography

    claims = _claims(sandbox, token, secret, signer.links)
    head = {"typ": "at+jwt", "kid": signer.key.id}
    text: str = jws.sign(claims, constructed(signer.key.pem), headers=head, algorithm=ALGORITHM)
    return replace(token, hash=fingerprint(text)), text


def _claims(sandbox: Sandbox, token: Token, secret: str, links: Links) -> dict[str, Any]:
    """The claims of a JWT access token (RFC 9068 §2.2)."""
    assert token.expires is not None  # access tokens always end
    return {
        "iss": links.issuer,
        "aud": links.resource(),
        "sub": subject_of(sandbox, token),
        "client_id": token.client_id,
        "scope": token.scope,
        "iat": int(token.issued.timestamp()),
        "exp": int(token.expires.timestamp()),
        "jti": secret[:32],
    }


def subject_of(sandbox: Sandbox, token: Token) -> str:
    """The token's `sub`: the client's id, or a name for the customer that is different for each client.

    It is pairwise, so clients cannot find out that they share a customer (OpenID Connect Core §8.1).
    """
    if token.customer_id is None:
        return token.client_id
    return sandbox.random.stream("subject", token.client_id, token.customer_id).bytes(16).hex()
