"""Spelling is forgiven, identity is not."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.signing_in import WAYS, matching


@pytest.mark.parametrize(
    "text", ["+15554443333", "15554443333", "5554443333", "(555) 444-3333", " 1 555.444.3333 "]
)
def test_a_phone_number_may_be_national_or_international(text: str) -> None:
    assert matching.normal_phone(text) == "+15554443333"


@pytest.mark.parametrize(
    "text",
    ["", "555444333", "call me", "+1 555 444 333x", "5" * 16, "+5554443333", "٥٥٥٤٤٤٣٣٣٣", "1\n5554443333"],
)
def test_what_is_no_phone_number_is_none(text: str) -> None:
    assert matching.normal_phone(text) is None


def test_an_email_matches_in_any_case() -> None:
    assert matching.normal_email(" Heather.Homeowner@EXAMPLE.com ") == "heather.homeowner@example.com"
    assert matching.normal_email("heather@a@b") is None
    assert matching.normal_email("@example.com") is None
    assert matching.normal_email("heatherhomeowner@example.com") != "heather.homeowner@example.com"


@pytest.mark.parametrize(
    "text",
    [
        "111 ANYWHERE ST, ANYTOWN, NY 12345",
        "111 Anywhere Street Anytown NY 12345",
        " 111  anywhere st. ; anytown,ny,12345 ",
    ],
)
def test_an_address_matches_in_any_case_and_punctuation(text: str) -> None:
    assert matching.normal_address(text) == "111 ANYWHERE ST ANYTOWN NY 12345"


@pytest.mark.parametrize(
    "text", ["1111 ANYWHERE ST, ANYTOWN, NY 12345", "111 ANYWHERE ST, ANYTOWN, NY 12346"]
)
def test_another_address_does_not_match(text: str) -> None:
    assert matching.normal_address(text) != "111 ANYWHERE ST ANYTOWN NY 12345"


def test_an_account_number_is_exact_but_for_space_around_it() -> None:
    assert matching.normal_account("  111111111-1 ") == "111111111-1"
    assert matching.normal_account("1111111111") != "111111111-1"
    assert matching.normal_account("   ") is None


@pytest.mark.parametrize(
    ("text", "amount"),
    [("100", "100"), ("100.00", "100"), ("$100.00", "100"), ("$ 1,234.5", "1234.50"), ("0", "0")],
)
def test_an_amount_may_have_a_sign_and_cents(text: str, amount: str) -> None:
    assert matching.normal_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "-100", "100.001", "1e2", "one", "NaN", "100 USD", "$", ",", "\N{ARABIC-INDIC DIGIT ONE}00"]
)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert matching.normal_amount(text) is None


@pytest.mark.parametrize("text", ["2022-01-31", "1/31/2022", "01/31/2022", "01-31-2022"])
def test_a_date_may_be_iso_or_american(text: str) -> None:
    assert matching.normal_date(text) == date(2022, 1, 31)


@pytest.mark.parametrize("text", ["", "31/1/2022", "2022-02-30", "31 Jan 2022", "20220131", "1/31/22"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert matching.normal_date(text) is None


@given(st.text(max_size=400))
def test_no_input_crashes_and_normal_forms_are_stable(text: str) -> None:
    matching.normal_amount(text)
    matching.normal_date(text)
    for normal in (way.look_up_key.normalize for way in WAYS if way.look_up_key):
        once = normal(text)
        assert once is None or len(once) > 300 or normal(once) == once
