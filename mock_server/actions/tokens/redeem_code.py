"""Redeems an authorization code, once (RFC 6749 §4.1.3, RFC 7636 §4.6)."""

import hashlib
import re
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Final

from mock_server.actions.tokens.access_tokens import Signer, signer_for
from mock_server.actions.tokens.explain_mistake import recognise
from mock_server.actions.tokens.grants import begin_grant, end_grant
from mock_server.actions.tokens.issue import (
    IssuedTokens,
    access_expiry,
    add_access_token,
    add_refresh_token,
    live_authorization,
    seconds,
)
from mock_server.domain.errors import InvalidGrant, InvalidRequest
from mock_server.domain.oauth.redirect_uris import difference
from mock_server.domain.randomness import equal_secrets, fingerprint
from mock_server.domain.records import Authorization, Client, Code
from mock_server.domain.text.quoting import quoted
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

USED_TWICE: Final = "the code it came from was used twice"
_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


def redeem_code(
    sandbox: Sandbox,
    transaction: Transaction,
    client: Client,
    *,
    code: str,
    redirect_uri: str | None,
    code_verifier: str | None,
) -> IssuedTokens:
    """Exchange a code for tokens, once (RFC 6749 §4.1.3, RFC 7636 §4.6). Raises InvalidGrant, InvalidRequest.

    A second use ends the tokens from the first one (RFC 6749 §4.1.2).
    """
    found = transaction.codes.hold(hash=fingerprint(code))
    now = transaction.now
    if found is None or found.client_id != client.id:
        raise InvalidGrant(_not_yours(found, client) or _unknown(sandbox, transaction, code))
    if found.redeemed is None:
        _check_redemption(found, now=now, redirect_uri=redirect_uri, code_verifier=code_verifier)
        authorization = live_authorization(transaction, found.authorization_uid, now)
        signer = signer_for(sandbox, transaction, client)
        transaction.codes.change({"hash": found.hash}, redeemed=now)
        return _issue(sandbox, transaction, authorization, now, code_hash=found.hash, signer=signer)
    end_grant(transaction, found.hash, USED_TWICE)
    error = InvalidGrant(
        "This code was already used, so its tokens were ended as well. Redeem a code once and store the tokens; "
        "start a new authorization to get another code."
    )
    raise transaction.commit_with(error)


def _not_yours(found: Code | None, client: Client) -> str | None:
    if found is None:
        return None
    return (
        f"This code was issued to {found.client_id}, but {client.id} sent it. Redeem a code with the client that "
        "requested it."
    )


def _unknown(sandbox: Sandbox, transaction: Transaction, code: str) -> str:
    return recognise(sandbox, transaction, code) or (
        f"The code {quoted(code[:6] + '…')} ({len(code)} characters) is unknown. Send the code from the redirect "
        "unchanged, percent-decoded once; a reset of the server deletes codes."
    )


def _check_redemption(
    code: Code, *, now: datetime, redirect_uri: str | None, code_verifier: str | None
) -> None:
    if code.expires <= now:
        raise InvalidGrant(
            f"This code expired at {code.expires:%Y-%m-%d %H:%M:%S} UTC (it is {now:%H:%M:%S}). Redeem a code "
            f"at once; it is valid for {seconds(code.expires, code.issued)} seconds."
        )
    if code.redirect_uri is not None and redirect_uri is None:
        raise InvalidRequest(
            "The parameter redirect_uri is missing. Send the same one as in the authorize request."
        )
    if redirect_uri != code.redirect_uri:
        raise InvalidGrant(
            f"The redirect_uri {quoted(redirect_uri or '')} differs from the authorize request's, which was "
            f"{quoted(code.redirect_uri or 'not sent')}. {_hint(redirect_uri, code)}Send exactly the same one."
        )
    _check_verifier(code, code_verifier)


def _hint(redirect_uri: str | None, code: Code) -> str:
    found = difference(redirect_uri or "", code.redirect_uri or "")
    return f"They differ only in {found}. " if found else ""


def _check_verifier(code: Code, verifier: str | None) -> None:
    """RFC 7636 §4.6. A verifier without a challenge is refused too (RFC 9700 §4.8.2, downgrade)."""
    if code.code_challenge is None:
        if verifier is not None:
            raise InvalidGrant(
                "A code_verifier was sent, but the authorize request had no code_challenge. Send both."
            )
        return
    if verifier is None:
        raise InvalidGrant(
            "The code_verifier is missing: the authorize request had a code_challenge (RFC 7636)."
        )
    if not _VERIFIER.fullmatch(verifier):
        raise InvalidGrant(
            "The code_verifier is malformed. Send 43 to 128 characters from A-Z a-z 0-9 - . _ ~."
        )
    digest = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    expected = digest if code.code_challenge_method == "S256" else verifier
    if not equal_secrets(expected, code.code_challenge):
        raise InvalidGrant(
            "The code_verifier does not match the code_challenge of the authorize request (method "
            f"{code.code_challenge_method}). Send the verifier of that challenge, not the challenge itself."
        )


def _issue(
    sandbox: Sandbox,
    transaction: Transaction,
    authorization: Authorization,
    now: datetime,
    *,
    code_hash: str,
    signer: Signer | None,
) -> IssuedTokens:
    grant = begin_grant(
        transaction, code_hash, client_id=authorization.client_id, authorization=authorization, now=now
    )
    access = add_access_token(sandbox, transaction, authorization, now, signer=signer, grant=grant)
    refresh_token = add_refresh_token(sandbox, transaction, authorization, now, grant=grant)
    expires_in = seconds(access_expiry(sandbox, authorization, now), now)
    return IssuedTokens(
        access_token=access, refresh_token=refresh_token, expires_in=expires_in, authorization=authorization
    )
