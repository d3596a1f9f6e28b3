"""Streams depend only on seed and name; secrets are unpredictable."""

from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.randomness import Randomness, equal_secrets, fingerprint


@given(st.text(max_size=10), st.integers(0, 300), st.integers(0, 300))
def test_a_longer_draw_begins_with_the_shorter_one(name: str, short: int, more: int) -> None:
    stream = Randomness("seed").stream(name)
    assert stream.bytes(short + more)[:short] == Randomness("seed").stream(name).bytes(short)


def test_seed_and_every_part_of_the_name_matter() -> None:
    drawn = {
        Randomness(seed).stream(*name).bytes(8)
        for seed in ("one", "two")
        for name in (("usage", "m", 1), ("usage", "m", 2), ("usage", "n", 1), ("bill", "m", 1))
    }
    assert len(drawn) == 8


def test_numbers_and_choices_stay_in_range() -> None:
    numbers = [Randomness("s").stream(number).integer(7) for number in range(200)]
    assert set(numbers) == set(range(7))
    assert {Randomness("s").stream(number).choice("abc") for number in range(50)} == set("abc")


def test_secrets_are_64_hex_digits_and_never_the_same() -> None:
    secrets = {Randomness("s").secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(len(secret) == 64 and int(secret, 16) >= 0 for secret in secrets)
    assert all(len(Randomness("s").digits(6)) == 6 for _ in range(100))


@given(st.text(max_size=20), st.text(max_size=20))
def test_secrets_are_equal_only_to_themselves(first: str, second: str) -> None:
    assert equal_secrets(first, second) == (first == second)
    assert (fingerprint(first) == fingerprint(second)) == (first == second)


def test_digits_use_the_complete_range() -> None:
    drawn = {Randomness("s").digits(4) for _ in range(200)}
    assert all(len(digits) == 4 and digits.isdecimal() for digits in drawn)
    assert len(drawn) > 150, "of 10,000"
