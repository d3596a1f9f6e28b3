"""The utility's own accounts: logins, sessions, and the codes and tokens of its OpenID provider."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mock_server.actions.clients.guess_limits import check_guesses, count_guess
from mock_server.actions.connecting.find_customer import find_customer
from mock_server.actions.tokens.grants import begin_grant, end_grant, facts_of
from mock_server.actions.tokens.redeem_code import USED_TWICE
from mock_server.domain.errors import AccessDenied, InvalidGrant, InvalidToken
from mock_server.domain.oauth.token_validity import token_end
from mock_server.domain.randomness import equal_secrets, fingerprint
from mock_server.domain.records import Customer, SignOnCode, SignOnSession, Token
from mock_server.domain.time.durations import in_words
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

SIGN_ON_SESSION_LIFETIME = timedelta(hours=8)
SIGN_ON_CODE_LIFETIME = timedelta(minutes=1)
SIGN_ON_TOKEN_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class SignedOn:
    """The result of redeeming the provider's code: the customer, when they logged in, and a token for userinfo."""

    customer: Customer
    nonce: str | None
    scope: str
    authenticated: datetime
    access_token: str
    expires_in: int


def log_in(
    sandbox: Sandbox, transaction: Transaction, *, username: str, password: str
) -> tuple[SignOnSession, str]:
    """Start a session; returns it and the secret for the browser's cookie. Raises AccessDenied, TooManyRequests."""
    name = username.strip()
    check_guesses(sandbox, transaction, "customer", name)
    customer = find_customer(sandbox, transaction, name)
    expected = customer.password if customer else sandbox.random.secret()
    if not equal_secrets(expected, password) or customer is None:
        count_guess(sandbox, transaction, "customer", name)
        raise transaction.commit_with(AccessDenied("The user name or password is wrong."))
    secret = sandbox.random.secret()
    session = SignOnSession(
        hash=fingerprint(secret),
        customer_id=customer.id,
        started=transaction.now,
        expires=transaction.now + SIGN_ON_SESSION_LIFETIME,
    )
    transaction.sign_on_sessions.add(session)
    return session, secret


def find_session(sandbox: Sandbox, transaction: Transaction, secret: str | None) -> SignOnSession | None:
    """The cookie's session; None if it is unknown or has expired."""
    if secret is None:
        return None
    session = transaction.sign_on_sessions.find(hash=fingerprint(secret))
    return session if session and session.expires > transaction.now else None


def log_out(sandbox: Sandbox, transaction: Transaction, secret: str | None) -> None:
    """End the session, if there is one."""
    if secret is not None:
        transaction.sign_on_sessions.remove(hash=fingerprint(secret))


def issue_sign_on_code(
    sandbox: Sandbox,
    transaction: Transaction,
    session: SignOnSession,
    *,
    redirect_uri: str,
    scope: str,
    nonce: str | None,
) -> str:
    """Issue a code for the relying party, bound to its redirect URI, scope and nonce."""
    code = sandbox.random.secret()
    transaction.sign_on_codes.add(
        SignOnCode(
            hash=fingerprint(code),
            customer_id=session.customer_id,
            redirect_uri=redirect_uri,
            scope=scope,
            nonce=nonce,
            authenticated=session.started,
            expires=transaction.now + SIGN_ON_CODE_LIFETIME,
        )
    )
    return code


def redeem_sign_on_code(
    sandbox: Sandbox, transaction: Transaction, *, code: str, redirect_uri: str | None
) -> SignedOn:
    """Exchange the provider's code once (OpenID Connect Core §3.1.3.2). Raises InvalidGrant.

    A second use ends the token that the first one returned (RFC 6749 §4.1.2).
    """
    found = transaction.sign_on_codes.hold(hash=fingerprint(code))
    now = transaction.now
    if found is None or found.expires <= now or found.redirect_uri != redirect_uri:
        raise InvalidGrant(
            f"The code is unknown, older than {in_words(SIGN_ON_CODE_LIFETIME)}, or was issued for another "
            "redirect_uri."
        )
    if transaction.sign_on_codes.change({"hash": found.hash, "redeemed": None}, redeemed=now):
        return _sign_on(sandbox, transaction, found, now)
    end_grant(transaction, found.hash, USED_TWICE)
    raise transaction.commit_with(InvalidGrant("This code was already used."))


def _sign_on(sandbox: Sandbox, transaction: Transaction, code: SignOnCode, now: datetime) -> SignedOn:
    customer = transaction.customers.find(id=code.customer_id)
    if customer is None:
        raise InvalidGrant("The account behind this code no longer exists.")
    token = sandbox.random.secret()
    client_id = sandbox.fixtures.utility.single_sign_on_client_id
    begin_grant(transaction, code.hash, client_id=client_id, authorization=None, now=now)
    transaction.tokens.add(_token(sandbox, token, code, now))
    return SignedOn(
        customer=customer,
        nonce=code.nonce,
        scope=code.scope,
        authenticated=code.authenticated,
        access_token=token,
        expires_in=round(SIGN_ON_TOKEN_LIFETIME.total_seconds()),
    )


def account_of_token(sandbox: Sandbox, transaction: Transaction, token: str) -> tuple[Customer, str]:
    """The customer whose userinfo the token opens, and its scope (OpenID Connect Core §5.3). Raises InvalidToken."""
    found = transaction.tokens.find(hash=fingerprint(token), token_class="single_sign_on")
    customer = transaction.customers.find(id=found.customer_id) if found else None
    end = token_end(facts_of(transaction, found), transaction.now) if found else None
    if found is None or customer is None or end is not None:
        raise InvalidToken("The token is unknown or has expired. Send the access_token from /sso/token.")
    return customer, found.scope


def _token(sandbox: Sandbox, secret: str, code: SignOnCode, now: datetime) -> Token:
    return Token(
        hash=fingerprint(secret),
        token_class="single_sign_on",
        client_id=sandbox.fixtures.utility.single_sign_on_client_id,
        authorization_uid=None,
        customer_id=code.customer_id,
        scope=code.scope,
        issued=now,
        expires=now + SIGN_ON_TOKEN_LIFETIME,
        grant_id=code.hash,
    )
