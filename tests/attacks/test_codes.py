"""Stolen and repeated codes, and PKCE taken away (RFC 9700 §4.5 and §4.8, RFC 7636 §7)."""

from base64 import urlsafe_b64encode
from hashlib import sha256

import pytest

from mock_server.sandbox import Sandbox
from tests.oauth.calls import is_refusal, reads, redeem, refresh
from tests.pages.visitor import Visitor, answer_of
from tests.support import CALLBACK, Third

VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


@pytest.fixture
def other(third: Third) -> Third:
    """A client that got hold of what is not its own."""
    return Third(third.sandbox, third.http, client_id="DEMOUTILITY_livelive1")


def test_a_code_injected_into_another_client_is_worth_nothing(third: Third, other: Third) -> None:
    code = third.approval().code
    assert is_refusal(redeem(other, code), 400, "invalid_grant", "issued to")
    assert redeem(third, code).status_code == 200


def test_a_code_injected_into_another_session_lacks_its_verifier(third: Third) -> None:
    """The attacker's browser brings a victim's code; the client sends the verifier of the attacker's request."""
    code = third.approval(**PKCE).code
    assert is_refusal(redeem(third, code, code_verifier="a" * 43), 400, "invalid_grant", "does not match")


def test_a_code_replayed_ends_what_it_gave(third: Third) -> None:
    code = third.approval().code
    tokens = redeem(third, code).json()
    assert is_refusal(redeem(third, code), 400, "invalid_grant", "already used")
    assert reads(third, tokens["access_token"]) == 401
    assert refresh(third, tokens["refresh_token"]).status_code == 400


def test_a_code_is_dead_after_five_minutes(third: Third) -> None:
    code = third.approval().code
    third.http.post("/_mock/clock/advance", json={"by": "PT5M"})
    assert is_refusal(redeem(third, code), 400, "invalid_grant", "expired")


def test_a_code_needs_the_redirect_uri_that_it_was_sent_to(third: Third) -> None:
    code = third.approval().code
    stolen = redeem(third, code, redirect_uri="http://127.0.0.1:5001/callback")
    assert is_refusal(stolen, 400, "invalid_grant", "exactly the same")
    assert redeem(third, code).status_code == 200


def test_a_code_of_one_sandbox_is_none_of_another(third: Third) -> None:
    auth = (third.client_id, third.client.secret)
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code": third.approval().code}
    assert third.http.post("/~other/oauth/token", data=form, auth=auth).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "downgrade",
    [
        {},  # the verifier left out
        {"code_verifier": CHALLENGE},  # the challenge itself, as if the method were plain
        {"code_verifier": VERIFIER[:42]},
        {"code_verifier": VERIFIER + "="},
    ],
)
def test_pkce_is_not_left_out_once_it_was_begun(third: Third, downgrade: dict[str, str]) -> None:
    code = third.approval(**PKCE).code
    assert is_refusal(redeem(third, code, **downgrade), 400, "invalid_grant", "code_verifier")
    assert redeem(third, code, code_verifier=VERIFIER).status_code == 200


def test_a_challenge_taken_out_of_the_request_is_noticed(third: Third) -> None:
    """RFC 9700 §4.8.2: whoever removes the challenge on the way does not get away with it."""
    code = third.approval().code
    assert is_refusal(redeem(third, code, code_verifier=VERIFIER), 400, "invalid_grant", "no code_challenge")


@pytest.mark.parametrize("method", ["none", "s256", "S384", "S256 plain"])
def test_another_challenge_method_is_not_taken_for_plain(sandbox: Sandbox, method: str) -> None:
    visitor = Visitor.arrives(sandbox, code_challenge=CHALLENGE, code_challenge_method=method)
    assert answer_of(visitor.page)["error"] == "invalid_request"


def test_a_public_client_cannot_leave_pkce_out(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, client_id="DEMOUTILITY_publicapp")
    assert answer_of(visitor.page)["error"] == "invalid_request"
