"""Signs a customer in to one authorize request: identified, confirmed by a one-time code, or refused."""

from datetime import datetime, timedelta

from mock_server.actions.clients.guess_limits import check_guesses, count_guess
from mock_server.actions.connecting.find_customer import find_customer
from mock_server.actions.notifying.messages import send_message
from mock_server.domain.errors import AccessDenied, AccessLocked, Conflict, InvalidRequest, UnauthorizedClient
from mock_server.domain.oauth.authorization_flow import next_step
from mock_server.domain.randomness import equal_secrets, fingerprint
from mock_server.domain.records import AuthorizationRequest, Channel, Client, Customer
from mock_server.domain.signing_in import DEFAULT_WAY, Way
from mock_server.domain.time.durations import in_words
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

CODE_DIGITS = 6
ONE_TIME_CODE_LIFETIME = timedelta(minutes=10)
MOST_ATTEMPTS = 5
_NOBODY = "nobody:"


def choose_way(
    sandbox: Sandbox,
    transaction: Transaction,
    request: AuthorizationRequest,
    way: str,
    *,
    notice: str | None = None,
) -> AuthorizationRequest:
    """Try another way to sign in. The customer who was found before is discarded."""
    return _change(
        sandbox, transaction, request, way=way, customer_id=None, notice=notice, otp_hash=None, otp_sent=None
    )


def fall_back(
    sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest, *, notice: str
) -> AuthorizationRequest:
    """Switch to the default way with a notice, because the prefilled value matched no customer."""
    return choose_way(sandbox, transaction, request, DEFAULT_WAY, notice=notice)


def identify(
    sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest, customer: Customer, *, way: Way
) -> AuthorizationRequest:
    """Store the customer whom that way found. Ways that verify the customer themselves need no one-time code."""
    return _change(
        sandbox,
        transaction,
        request,
        way=way.name,
        customer_id=customer.id,
        is_confirmed=not way.needs_code,
        notice=None,
        otp_hash=None,
        otp_sent=None,
    )


def identify_nobody(
    sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest, entered: str, *, way: Way
) -> AuthorizationRequest:
    """Continue as if a customer had been found. No code is sent, and none works.

    Only a fingerprint of `entered` is stored, under which wrong codes are counted.
    """
    nobody = f"{_NOBODY}{fingerprint(entered)}"
    return _change(
        sandbox,
        transaction,
        request,
        way=way.name,
        customer_id=nobody,
        is_confirmed=False,
        notice=None,
        otp_hash=None,
        otp_sent=None,
    )


def is_nobody(request: AuthorizationRequest) -> bool:
    """Whether the look-up matched no customer, which the pages do not disclose."""
    return (request.customer_id or "").startswith(_NOBODY)


def send_code(
    sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest, channel: Channel
) -> AuthorizationRequest:
    """Send a new one-time code to the address on file. The previous code stops working; failed attempts still count."""
    name, customer = sandbox.fixtures.utility.name, None
    lifetime = in_words(ONE_TIME_CODE_LIFETIME)
    code = fingerprint(sandbox.random.secret())  # no six digits match it
    if not is_nobody(request):
        customer = get_customer(sandbox, transaction, request)
        code = sandbox.random.digits(CODE_DIGITS)
    _change_row(
        transaction, request, otp_hash=_hash(request, code), otp_channel=channel, otp_sent=transaction.now
    )
    if customer is None:
        return _reread(transaction, request)
    send_message(
        transaction,
        to=customer.email if channel == "email" else customer.phone,
        channel=channel,
        subject=f"Your {name} code",
        body=f"{code} is your {name} code. It expires in {lifetime}. We never ask for it by phone.",
        code=code,
        at=transaction.now,
    )
    return _reread(transaction, request)


def check_code(
    sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest, typed: str
) -> AuthorizationRequest:
    """Confirm the customer. Raises InvalidRequest for a wrong code, AccessDenied once the sign-in is locked.

    Raises TooManyRequests after many wrong codes for one customer, counted over all requests.
    """
    if next_step(request) != "code" or request.otp_hash is None or request.otp_sent is None:
        raise Conflict("This step does not expect a one-time code. Continue from the current page.")
    digits, guessed = "".join(typed.split()), request.customer_id or ""
    check_guesses(sandbox, transaction, "one-time code", guessed)
    attempts, is_old = _count_attempt(transaction, request), _is_old(request, transaction.now)
    if equal_secrets(_hash(request, digits), request.otp_hash) and not is_old:
        _change_row(transaction, request, is_confirmed=True, otp_hash=None)
        return _reread(transaction, request)
    if attempts >= MOST_ATTEMPTS:
        _change_row(transaction, request, outcome="refused")
    count_guess(sandbox, transaction, "one-time code", guessed)
    if attempts >= MOST_ATTEMPTS:
        raise transaction.commit_with(_locked(request))
    sentence = "This is not the code that we sent."
    if is_old:
        sentence = f"This code expired after {in_words(ONE_TIME_CODE_LIFETIME)}. Request a new one."
    raise transaction.commit_with(InvalidRequest(sentence))


def _count_attempt(transaction: Transaction, request: AuthorizationRequest) -> int:
    """Count the attempt before comparing, with the row locked, so that simultaneous guesses all count."""
    found = transaction.requests.hold(id=request.id)
    if found is None or found.outcome is not None or found.otp_attempts >= MOST_ATTEMPTS:
        raise _locked(request)
    _change_row(transaction, request, otp_attempts=found.otp_attempts + 1)
    return found.otp_attempts + 1


def _locked(request: AuthorizationRequest) -> AccessDenied:
    """The error of a locked sign-in; forms have their own error code."""
    kind = AccessDenied if request.template_uid is None else AccessLocked
    return kind(f"The sign-in was locked after {MOST_ATTEMPTS} wrong one-time codes.")


def _is_old(request: AuthorizationRequest, now: datetime) -> bool:
    return request.otp_sent is None or request.otp_sent + ONE_TIME_CODE_LIFETIME < now


def remember_sign_on(
    sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest
) -> AuthorizationRequest:
    """Store a new state and nonce for a redirect to the utility's OpenID provider."""
    return _change(
        sandbox,
        transaction,
        request,
        way=DEFAULT_WAY,
        sso_state=sandbox.random.secret(),
        sso_nonce=sandbox.random.secret(),
    )


def get_customer(sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest) -> Customer:
    """The customer who was found for the request. Raises Conflict if none was found yet."""
    customer = find_customer(sandbox, transaction, request.customer_id) if request.customer_id else None
    if customer is None:
        raise Conflict("You have not signed in yet. Continue from the current page.")
    return customer


def check_may_connect(client: Client, customer: Customer) -> None:
    """Check that the client may connect this customer. Raises UnauthorizedClient, AccessDenied."""
    if client.mode == "sandbox" and not customer.is_test_account:
        raise UnauthorizedClient(
            f"{client.company_name} is in sandbox mode, where only test accounts can authorize, but this is a real "
            "customer. Use a test account, or have the utility approve the registration and switch it to live."
        )
    if customer.moved_out is not None:
        raise AccessDenied(
            f"The customer moved out on {customer.moved_out:%Y-%m-%d}, so there is no data to share."
        )
    if not any(customer.services()):
        raise AccessDenied("The customer has no eligible account, so there is no data to share.")


def refuse(sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest) -> None:
    """End the request without an authorization."""
    transaction.requests.change({"id": request.id, "outcome": None}, outcome="refused")


def _change(
    sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest, **values: object
) -> AuthorizationRequest:
    _change_row(transaction, request, **values)
    return _reread(transaction, request)


def _change_row(transaction: Transaction, request: AuthorizationRequest, **values: object) -> None:
    if not transaction.requests.change({"id": request.id, "outcome": None}, **values):
        raise Conflict(
            "You have already completed this step. Start again from the company that sent you here."
        )


def _reread(transaction: Transaction, request: AuthorizationRequest) -> AuthorizationRequest:
    found = transaction.requests.find(id=request.id)
    assert found is not None  # requests are never deleted while they are used
    return found


def _hash(request: AuthorizationRequest, code: str) -> str:
    return fingerprint(f"{request.id}:{code}")
