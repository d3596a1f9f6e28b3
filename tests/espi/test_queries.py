"""Parsing and meaning of query parameters. An error names the parameter."""

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.errors import InvalidParameter
from mock_server.domain.text.parameters import parameters_of, parse_parameters
from mock_server.domain.time.periods import Span
from mock_server.espi.queries import UNRESTRICTED, Bounds, Query, parse_query

INSTANTS = ("published-min", "published-max", "updated-min", "updated-max")
NUMBERS = ("start-index", "max-results", "depth")
MARCH = datetime(2026, 3, 1, tzinfo=UTC)

moments = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001  # hypothesis adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.builds(
        timezone, st.integers(-23 * 60, 23 * 60).map(lambda minutes: timedelta(minutes=minutes))
    ),
)


def requested(query: str) -> Query:
    return parse_query(parse_parameters(query.encode()))


def test_an_empty_query_selects_everything() -> None:
    assert requested("") == UNRESTRICTED
    assert requested("usage-min=5&foo=bar&Published-Min=All&foo=twice") == UNRESTRICTED, (
        "unknown names are ignored"
    )


@given(moment=moments, name=st.sampled_from(INSTANTS))
def test_an_instant_is_the_same_in_every_zone_and_format(moment: datetime, name: str) -> None:
    text = moment.isoformat()
    in_utc = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    expected = requested(f"{name}={in_utc}")
    assert expected != UNRESTRICTED
    for spelling in (quote(text, safe=""), text, in_utc.lower(), quote(in_utc)):
        assert requested(f"{name}={spelling}") == expected, spelling


@pytest.mark.parametrize("name", INSTANTS)
@pytest.mark.parametrize(
    "value",
    [
        *(
            "All",
            "all",
            "03/01/2016",
            "",
            " ",
            "0",
            "1456790400",
            "None",
            "2016-03-01",
            "2016-03-01T00:00:00",
        ),
        *("2016-03-01 00:00:00Z", "2016-02-30T00:00:00Z", "2016-13-01T00:00:00Z", "2016-03-01T25:00:00Z"),
        *("2016-03-01T00:00:60Z", "2016-03-01T00:00:00.Z", "2016-03-01T00:00:00+0100", "20160301T000000Z"),
        *("2016-W09-1T00:00:00Z", "0001-01-01T00:00:00+05:00", "2016-03-01T00:00:00+99:00", "9" * 5000),
        "\u0662\u0660\u0661\u0666-03-01T00:00:00Z",
    ],
)
def test_an_invalid_instant_is_refused_with_the_parameter_name(name: str, value: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        parse_query(parameters_of([(name, value)]))
    assert caught.value.message.startswith(f"{name} is not an instant")
    assert len(caught.value.message) < 250


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize(
    "value", ["All", "", " ", "-1", "+1", "1.0", "1e3", "0x10", "\u0661", "1 ", "9" * 11]
)
def test_an_invalid_number_is_refused_with_the_parameter_name(name: str, value: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        parse_query(parameters_of([(name, value)]))
    assert caught.value.message.startswith(f"{name} is not a whole number")


@pytest.mark.parametrize(
    ("query", "result"),
    [
        ("start-index=0", "start-index is 0"),
        ("depth=1&depth=1", "depth was sent 2 times"),
        (
            "published-min=2026-03-02T00:00:00Z&published-max=2026-03-01T00:00:00Z",
            "published-min is later than",
        ),
        ("updated-min=2026-03-02T00:00:00Z&updated-max=2026-03-01T23:59:59Z", "updated-min is later than"),
    ],
)
def test_contradictory_parameters_are_refused(query: str, result: str) -> None:
    with pytest.raises(InvalidParameter, match=result):
        requested(query)


@given(
    count=st.integers(0, 20),
    start=st.integers(1, 25),
    most=st.none() | st.integers(0, 25),
    depth=st.none() | st.integers(0, 25),
)
def test_a_page_begins_at_the_start_index_and_ends_at_the_smaller_limit(
    count: int, start: int, most: int | None, depth: int | None
) -> None:
    given_limits = {"max-results": most, "depth": depth}
    limits = "".join(f"&{name}={value}" for name, value in given_limits.items() if value is not None)
    found = list(requested(f"start-index={start}{limits}").page(range(count)))
    smallest = min(value for value in (most, depth, 100) if value is not None)
    assert found == list(range(count))[start - 1 :][:smallest]


def test_items_after_a_page_are_not_evaluated() -> None:
    items = iter(range(10))
    assert list(requested("start-index=2&max-results=3").page(items)) == [1, 2, 3]
    assert next(items) == 4


@given(
    start=st.integers(0, 50),
    length=st.integers(0, 50),
    earliest=st.none() | st.integers(0, 100),
    latest=st.none() | st.integers(0, 100),
)
def test_a_period_fits_if_it_is_completely_within_the_bounds(
    start: int, length: int, earliest: int | None, latest: int | None
) -> None:
    def at(hour: int) -> datetime:
        return MARCH + timedelta(hours=hour)

    bounds = Bounds(
        earliest=None if earliest is None else at(earliest), latest=None if latest is None else at(latest)
    )
    inside = all(
        (earliest is None or hour >= earliest) and (latest is None or hour <= latest)
        for hour in range(start, start + length + 1)
    )
    period = Span(start=at(start), end=at(start + length))
    assert Query(published=bounds).fits(period, MARCH) == inside
    assert Query(updated=bounds).fits(period, at(start)) == bounds.hold(at(start), at(start))
