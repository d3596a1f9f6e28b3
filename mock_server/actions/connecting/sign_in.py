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
    """Try another way to sign in; who was found before is forgotten unless already proved."""
    return _change(
        sandbox, transaction, request, way=way, customer_id=None, notice=notice, otp_hash=None, otp_sent=None
    )


def fall_back(
    sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest, *, notice: str
) -> AuthorizationRequest:
    """Switch to the default way with a notice, because the prefilled value matched nobody."""
    return choose_way(sandbox, transaction, request, DEFAULT_WAY, notice=notice)


def identify(
    sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest, customer: Customer, *, way: Way
) -> AuthorizationRequest:
    """The customer was found by that way; ways that prove it themselves need no one-time code."""
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
    """Continue as if a customer was found. `entered` becomes one who is sent nothing and cannot sign in."""
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
    """Whether the look-up matched nobody without disclosing it."""
    return (request.customer_id or "").startswith(_NOBODY)


def send_code(
    sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest, channel: Channel
) -> AuthorizationRequest:
    """Send a fresh one-time code to what is on file; an earlier one stops working, its failures still count."""
    name, customer = sandbox.fixtures.utility.name, None
    lifetime = in_words(ONE_TIME_CODE_LIFETIME)
    code = fingerprint(sandbox.random.secret())  # no six digits are it
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
    """Confirm who it is. Raises InvalidRequest for a wrong code, AccessDenied once the sign-in is locked.

    Raises TooManyRequests where codes are guessed for one customer in many requests at once.
    """
    if next_step(request) != "code" or request.otp_hash is None or request.otp_sent is None:
        raise Conflict("There is no one-time code to check at this step. Go on from the page that is shown.")
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
    """Count before comparing, guarded, so that guesses sent at the same time all count."""
    found = transaction.requests.hold(id=request.id)
    if found is None or found.outcome is not None or found.otp_attempts >= MOST_ATTEMPTS:
        raise _locked(request)
    _change_row(transaction, request, otp_attempts=found.otp_attempts + 1)
    return found.otp_attempts + 1


def _locked(request: AuthorizationRequest) -> AccessDenied:
    """Forms have a code of their own for it."""
    kind = AccessDenied if request.template_uid is None else AccessLocked
    return kind(f"The sign-in was locked after {MOST_ATTEMPTS} wrong one-time codes.")


def _is_old(request: AuthorizationRequest, now: datetime) -> bool:
    return request.otp_sent is None or request.otp_sent + ONE_TIME_CODE_LIFETIME < now


def remember_sign_on(
    sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest
) -> AuthorizationRequest:
    """A fresh state and nonce for a round trip to the utility's OpenID provider."""
    return _change(
        sandbox,
        transaction,
        request,
        way=DEFAULT_WAY,
        sso_state=sandbox.random.secret(),
        sso_nonce=sandbox.random.secret(),
    )


def get_customer(sandbox: Sandbox, transaction: Transaction, request: AuthorizationRequest) -> Customer:
    """The customer who was found for the request. Raises Conflict before anybody was."""
    customer = find_customer(sandbox, transaction, request.customer_id) if request.customer_id else None
    if customer is None:
        raise Conflict("Nobody has signed in to this request yet. Go on from the page that is shown.")
    return customer


def check_may_connect(client: Client, customer: Customer) -> None:
    """Check that the client may connect this customer. Raises UnauthorizedClient, AccessDenied."""
    if client.mode == "sandbox" and not customer.is_test_account:
        raise UnauthorizedClient(
            f"{client.company_name} is in sandbox mode, where only test accounts can authorize, and this is a "
            "real customer. Use a test account, or have the utility approve the registration and switch it to live."
        )
    if customer.moved_out is not None:
        raise AccessDenied(
            f"The customer moved out on {customer.moved_out:%Y-%m-%d}: there is nothing to share any more."
        )
    if not any(customer.services()):
        raise AccessDenied("The customer has no eligible account: there is nothing that could be shared.")


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
        raise Conflict("This request was already answered. Start again from the company that sent you here.")


def _reread(transaction: Transaction, request: AuthorizationRequest) -> AuthorizationRequest:
    found = transaction.requests.find(id=request.id)
    assert found is not None  # requests are never deleted while they are used
    return found


def _hash(request: AuthorizationRequest, code: str) -> str:
    return fingerprint(f"{request.id}:{code}")
