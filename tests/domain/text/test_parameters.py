"""Parameters of query strings and form bodies."""

from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.errors import InvalidRequest
from mock_server.domain.text.parameters import MOST_PARAMETERS, parameters_of, parse_parameters

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(st.dictionaries(TEXTS, TEXTS, max_size=20))
def test_encoded_parameters_are_decoded(values: dict[str, str]) -> None:
    raw = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in values.items())
    for parameters in (parse_parameters(raw.encode()), parameters_of(values.items())):
        assert {name: parameters.one(name) for name in values} == values


@given(st.binary(max_size=300))
def test_any_bytes_are_parsed_or_explained(raw: bytes) -> None:
    parameters = parse_parameters(raw)
    for name in parameters.on_wire:
        try:
            parameters.one(name)
        except InvalidRequest as error:
            assert len(error.message) > 20  # noqa: PT017  either it decodes or it explains


def test_a_semicolon_is_data_and_empty_parameters_are_ignored() -> None:
    parameters = parse_parameters(b"a=1&&scope=FB=4_16;HistoryLength=0&b=")
    assert parameters.one("scope") == "FB=4_16;HistoryLength=0"
    assert set(parameters.on_wire) == {"a", "scope", "b"}


def test_an_empty_value_counts_as_missing() -> None:
    assert parse_parameters(b"a=&b").one("a") is None
    assert parse_parameters(b"a=&b").one("b") is None
    assert parse_parameters(b"").one("a") is None


def test_a_leading_question_mark_belongs_to_the_name() -> None:
    parameters = parse_parameters(b"?grant_type=refresh_token&refresh_token=x")
    assert parameters.one("grant_type") is None
    assert parameters.one("refresh_token") == "x"


@pytest.mark.parametrize(
    ("raw", "hint"),
    [(b"a=%", "%25"), (b"a=%zz", "%25"), (b"a=100%", "%25"), (b"a=%ff", "UTF-8"), (b"a=1&a=1", "2 times")],
)
def test_an_error_names_the_parameter(raw: bytes, hint: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_parameters(raw).one("a")
    assert "parameter" in caught.value.message
    assert hint in caught.value.message


def test_an_invalid_value_does_not_affect_others() -> None:
    assert parse_parameters(b"a=%zz&b=1").one("b") == "1"


def test_too_many_parameters_are_rejected() -> None:
    with pytest.raises(InvalidRequest):
        parse_parameters(b"&".join([b"a=1"] * (MOST_PARAMETERS + 1)))


def test_repeated_values_and_raw_values_are_available() -> None:
    parameters = parse_parameters(b"a=x%20y&a=z&s=%2f+%2F")
    assert parameters.all("a") == ("x y", "z")
    assert parameters.raw("s") == "%2f+%2F"
    assert parameters.raw("a") is None


def test_body_parameters_take_precedence_over_the_query() -> None:
    both = parse_parameters(b"a=body").over(parse_parameters(b"a=query&b=query"))
    assert (both.one("a"), both.one("b")) == ("body", "query")
