"""Names and values of queries and forms, decoded one by one."""

from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.errors import InvalidRequest
from mock_server.domain.text.parameters import MOST_PARAMETERS, parameters_of, parse_parameters

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(st.dictionaries(TEXTS, TEXTS, max_size=20))
def test_what_was_encoded_is_read_back(values: dict[str, str]) -> None:
    raw = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in values.items())
    for found in (parse_parameters(raw.encode()), parameters_of(values.items())):
        assert {name: found.one(name) for name in values} == values


@given(st.binary(max_size=300))
def test_no_bytes_crash_it(raw: bytes) -> None:
    found = parse_parameters(raw)
    for name in found.on_wire:
        try:
            found.one(name)
        except InvalidRequest as error:
            assert len(error.message) > 20  # noqa: PT017  either it reads or it explains


def test_a_semicolon_is_data_and_doubled_ampersands_are_nothing() -> None:
    found = parse_parameters(b"a=1&&scope=FB=4_16;HistoryLength=0&b=")
    assert found.one("scope") == "FB=4_16;HistoryLength=0"
    assert set(found.on_wire) == {"a", "scope", "b"}


def test_an_empty_value_is_as_good_as_none() -> None:
    assert parse_parameters(b"a=&b").one("a") is None
    assert parse_parameters(b"a=&b").one("b") is None
    assert parse_parameters(b"").one("a") is None


def test_a_leading_question_mark_belongs_to_the_name() -> None:
    found = parse_parameters(b"?grant_type=refresh_token&refresh_token=x")
    assert found.one("grant_type") is None
    assert found.one("refresh_token") == "x"


@pytest.mark.parametrize(
    ("raw", "hint"),
    [(b"a=%", "%25"), (b"a=%zz", "%25"), (b"a=100%", "%25"), (b"a=%ff", "UTF-8"), (b"a=1&a=1", "2 times")],
)
def test_a_broken_value_is_named(raw: bytes, hint: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_parameters(raw).one("a")
    assert "parameter" in caught.value.message
    assert hint in caught.value.message


def test_a_broken_value_harms_no_other() -> None:
    assert parse_parameters(b"a=%zz&b=1").one("b") == "1"


def test_too_many_parameters_are_refused() -> None:
    with pytest.raises(InvalidRequest):
        parse_parameters(b"&".join([b"a=1"] * (MOST_PARAMETERS + 1)))


def test_check_boxes_may_repeat_and_the_wire_is_kept() -> None:
    found = parse_parameters(b"a=x%20y&a=z&s=%2f+%2F")
    assert found.all("a") == ("x y", "z")
    assert found.raw("s") == "%2f+%2F"
    assert found.raw("a") is None


def test_the_body_wins_over_the_query() -> None:
    both = parse_parameters(b"a=body").over(parse_parameters(b"a=query&b=query"))
    assert (both.one("a"), both.one("b")) == ("body", "query")
