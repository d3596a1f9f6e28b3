"""Browser sessions of third parties' people and of customers."""

from datetime import timedelta

from mock_server.actions.clients.guess_limits import check_guesses, count_guess
from mock_server.domain.errors import AccessDenied
from mock_server.domain.oauth.passwords import hash_password, password_fits
from mock_server.domain.randomness import fingerprint
from mock_server.domain.records import BrowserSession, Person, SessionKind
from mock_server.domain.signing_in.matching import normal_email
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

BROWSER_SESSION_LIFETIME = timedelta(hours=8)


def start_session(
    sandbox: Sandbox,
    transaction: Transaction,
    kind: SessionKind,
    subject: str,
    *,
    id_token: str | None = None,
) -> str:
    """Start a session; returns the secret for the browser's cookie. Only its hash is stored."""
    secret, now = sandbox.random.secret(), transaction.now
    transaction.browser_sessions.add(
        BrowserSession(
            hash=fingerprint(secret),
            kind=kind,
            subject=subject,
            started=now,
            expires=now + BROWSER_SESSION_LIFETIME,
            id_token=id_token,
        )
    )
    return secret


def log_in_person(sandbox: Sandbox, *, email: str, password: str) -> str:
    """Start a session for a third party's person. Raises AccessDenied, TooManyRequests.

    Checking the password is slow: call this in a thread.
    """
    name = normal_email(email) or ""
    sandbox.read(check_guesses, "person", name)
    with sandbox.reading() as transaction:
        person = transaction.people.find(email=name)
    # Unknown people take as long, so that the response time does not disclose who is registered.
    stored_hash = person.password_hash if person else hash_password("", salt="nobody")
    if not password_fits(password, stored_hash) or person is None:
        sandbox.write(count_guess, "person", name)
        raise AccessDenied("The email address or password is wrong.")
    with sandbox.writing() as transaction:
        return start_session(sandbox, transaction, "third party", person.email)


def log_in_customer(sandbox: Sandbox, transaction: Transaction, customer_id: str, *, id_token: str) -> str:
    """Start a session for a customer who logged in at the utility's single sign-on."""
    return start_session(sandbox, transaction, "customer", customer_id, id_token=id_token)


def subject_of(
    sandbox: Sandbox, transaction: Transaction, secret: str | None, kind: SessionKind
) -> str | None:
    """The subject of the cookie's session; None if the session is unknown or has expired."""
    if not secret:
        return None
    found = transaction.browser_sessions.find(hash=fingerprint(secret), kind=kind)
    return found.subject if found and found.expires > transaction.now else None


def find_person(sandbox: Sandbox, transaction: Transaction, secret: str | None) -> Person | None:
    """The third party's person whose session the cookie names; None if the session is unknown or has expired."""
    email = subject_of(sandbox, transaction, secret, "third party")
    if email is None:
        return None
    return transaction.people.find(email=email)


def end_session(sandbox: Sandbox, transaction: Transaction, secret: str | None) -> BrowserSession | None:
    """Log out; returns the ended session, if there was one."""
    if not secret:
        return None
    found = transaction.browser_sessions.find(hash=fingerprint(secret))
    transaction.browser_sessions.remove(hash=fingerprint(secret))
    return found
