"""RFC 7636, proof key for code exchange, clause by clause."""

import httpx
import pytest

from tests.oauth.calls import is_refusal, redeem
from tests.pages.visitor import AUTHORIZE, answer_of, query
from tests.support import Third

# Appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
S256 = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


def test_appendix_b_s256(third: Third) -> None:
    assert redeem(third, third.approval(**S256).code, code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize("method", [{"code_challenge_method": "plain"}, {}], ids=["plain", "unsaid"])
def test_4_2_and_4_3_plain_is_the_verifier_itself_and_the_default(
    third: Third, method: dict[str, str]
) -> None:
    code = third.approval(code_challenge=VERIFIER, **method).code
    assert redeem(third, code, code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize("verifier", ["a" * 43, "a" * 128, "A-._~09" * 7], ids=len)
def test_4_1_a_verifier_has_43_to_128_unreserved_characters(third: Third, verifier: str) -> None:
    code = third.approval(code_challenge=verifier).code
    assert redeem(third, code, code_verifier=verifier).status_code == 200


@pytest.mark.parametrize("verifier", ["a" * 42, "a" * 129, "a" * 42 + " ", "a" * 42 + "\xe9"])
def test_4_1_other_verifiers_are_malformed(third: Third, verifier: str) -> None:
    answer = redeem(third, third.approval(**S256).code, code_verifier=verifier)
    assert is_refusal(answer, 400, "invalid_grant", "43 to 128")


@pytest.mark.parametrize(
    ("verifier", "word"),
    [
        (None, "missing"),
        ("b" * 43, "does not match"),
        (CHALLENGE, "not the challenge itself"),
        (VERIFIER + "=", "malformed"),
    ],
    ids=str,
)
def test_4_6_a_wrong_verifier_is_rejected_and_the_code_still_works(
    third: Third, verifier: str | None, word: str
) -> None:
    code = third.approval(**S256).code
    form = {} if verifier is None else {"code_verifier": verifier}
    assert is_refusal(redeem(third, code, **form), 400, "invalid_grant", word)
    assert redeem(third, code, code_verifier=VERIFIER).status_code == 200


def test_a_verifier_without_a_challenge_is_rejected(third: Third) -> None:
    """RFC 9700 §4.8.2: otherwise an attacker could remove the challenge unnoticed."""
    answer = redeem(third, third.approval().code, code_verifier=VERIFIER)
    assert is_refusal(answer, 400, "invalid_grant", "no code_challenge")


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"code_challenge": CHALLENGE, "code_challenge_method": "S512"}, "S256"),
        ({"code_challenge": "short"}, "malformed"),
        ({"code_challenge": CHALLENGE + "="}, "malformed"),
        ({"code_challenge_method": "S256"}, "without code_challenge"),
        ({"client_id": "DEMOUTILITY_publicapp", "scope": "FB=4"}, "PKCE"),
    ],
    ids=str,
)
def test_4_4_1_a_mistake_is_reported_at_the_authorization_endpoint(
    http: httpx.Client, changed: dict[str, str], word: str
) -> None:
    result = answer_of(http.get(AUTHORIZE, params=query(**changed)))
    assert result["error"] == "invalid_request"
    assert word in result["error_description"]
