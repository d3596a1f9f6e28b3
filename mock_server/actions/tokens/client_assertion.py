"""Checks client assertions, each of which works once (RFC 7521, RFC 7523)."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from jose import jwk, jws
from jose.exceptions import JOSEError

from mock_server.domain.errors import InvalidClient
from mock_server.domain.oauth.key_sets import ALGORITHMS, fitting_keys
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import Client, KeySet, UsedAssertion
from mock_server.domain.text.quoting import quoted
from mock_server.domain.time.durations import in_words
from mock_server.sandbox import Sandbox
from mock_server.store import NotLaterThan

_SKEW: Final = timedelta(minutes=1)
_LONGEST: Final = timedelta(days=1)
_USUAL: Final = timedelta(minutes=1)


def accept_assertion(
    sandbox: Sandbox,
    client: Client,
    assertion: str,
    claims: Mapping[str, Any],
    *,
    keys: KeySet,
    audiences: Collection[str],
) -> None:
    """Check that the client signed the assertion for this server, that it is valid now, and unused (RFC 7523 §3).

    Its times may follow the machine's clock or the sandbox's, which not every client knows. Raises InvalidClient.
    """
    _check_signature(client, assertion, keys)
    _check_parties(client, claims, audiences)
    expires = _check_times(claims, sandbox)
    number = claims.get("jti")
    if not isinstance(number, str) or not number:
        raise InvalidClient("The client_assertion has no jti. Put a new random one into each assertion.")
    used = UsedAssertion(hash=fingerprint(f"{client.id} {number}"), client_id=client.id, expires=expires)
    now = min(_clocks(sandbox)) - _SKEW
    with sandbox.writing(exclusive=True) as transaction:
        transaction.used_assertions.remove(expires=NotLaterThan(now))
        if transaction.used_assertions.find(hash=used.hash):
            raise InvalidClient(
                "This client_assertion was already used: its jti is known. Sign a new one for each request."
            )
        transaction.used_assertions.add(used)


def _check_signature(client: Client, assertion: str, keys: KeySet) -> None:
    """The algorithm must be in `ALGORITHMS` and match the key's type; the assertion alone decides neither."""
    try:
        head = jws.get_unverified_header(assertion)
    except (JOSEError, RecursionError) as error:
        raise InvalidClient(
            "The client_assertion is not a signed JWT: its first part is not a JSON header (RFC 7515)."
        ) from error
    algorithm, key_id = head.get("alg"), head.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise InvalidClient(
            f"The client_assertion is signed with {quoted(str(algorithm))}. Use one of {', '.join(ALGORITHMS)}."
        )
    for key in fitting_keys(keys, algorithm=algorithm, key_id=key_id if isinstance(key_id, str) else None):
        try:
            jws.verify(assertion, jwk.construct(key, algorithm), algorithms=[algorithm])
        except (JOSEError, ValueError):  # ValueError: the key's point is not on the curve
            continue
        return
    raise InvalidClient(
        f"No key of {client.id} verifies the signature of the client_assertion (alg {algorithm}, kid "
        f"{quoted(str(key_id)) if key_id else 'none'}). Sign with a key of the registered set, and send its kid."
    )


def _check_parties(client: Client, claims: Mapping[str, Any], audiences: Collection[str]) -> None:
    for name in ("iss", "sub"):
        if claims.get(name) != client.id:
            raise InvalidClient(
                f"The {name} of the client_assertion is {quoted(str(claims.get(name)))}; it must be the client_id."
            )
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    if not set(audiences) & {one for one in named if isinstance(one, str)}:
        raise InvalidClient(
            f"The aud of the client_assertion is {quoted(str(audience))}. Use the issuer, {min(audiences, key=len)}."
        )


def _check_times(claims: Mapping[str, Any], sandbox: Sandbox) -> datetime:
    """When the assertion expires."""
    expires = _instant(claims, "exp")
    if expires is None:
        raise InvalidClient(f"The client_assertion has no exp. Set it to {in_words(_USUAL)} after iat.")
    begins = max(filter(None, (_instant(claims, "nbf"), _instant(claims, "iat"))), default=None)
    clocks = _clocks(sandbox)
    if not any(now - _SKEW < expires <= now + _LONGEST for now in clocks):
        raise InvalidClient(
            f"The client_assertion expires at {expires:%Y-%m-%d %H:%M:%S} UTC; it is {clocks[0]:%Y-%m-%d %H:%M:%S}. "
            f"Set exp to {in_words(_USUAL)} after iat, and at most a day from now."
        )
    if begins is not None and not any(begins <= now + _SKEW for now in clocks):
        raise InvalidClient(
            "The iat or nbf of the client_assertion is in the future. Correct the client's clock."
        )
    return expires


def _clocks(sandbox: Sandbox) -> tuple[datetime, datetime]:
    return sandbox.clock.machine_now(), sandbox.clock.now()


def _instant(claims: Mapping[str, Any], name: str) -> datetime | None:
    found = claims.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found < 10**11:
        raise InvalidClient(f"The {name} of the client_assertion is not a number of seconds since 1970.")
    return datetime.fromtimestamp(found, UTC)
