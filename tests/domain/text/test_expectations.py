"""Descriptions of validation errors, and short durations."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from mock_server.domain.text.expectations import INSTANT, expectation, place_of
from mock_server.domain.time.durations import short_duration


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    count: int = Field(1, ge=1, le=5)


class Shape(BaseModel):
    text: str = Field("", max_length=3, pattern="^[a-z]*$")
    yes: bool = False
    share: float = 0
    price: Decimal = Decimal()
    mode: Literal["live", "sandbox"] = "live"
    at: datetime | None = None
    aware: AwareDatetime | None = None
    day: date | None = None
    by: timedelta | None = None
    inner: Inner = Inner()
    many: list[Inner] = Field([], max_length=1)


@pytest.mark.parametrize(
    ("value", "place", "description"),
    [
        ({"text": 7}, "text", "it must be text"),
        ({"text": "abcd"}, "text", "it must have 3 characters or fewer"),
        ({"text": "7"}, "text", "it must look like ^[a-z]*$"),
        ({"yes": "perhaps"}, "yes", "it must be true or false"),
        ({"share": "x"}, "share", "it must be a number"),
        ({"price": "x"}, "price", "it must be a decimal number such as 1.50"),
        ({"mode": "x"}, "mode", "it must be 'live' or 'sandbox'"),
        ({"at": "soon"}, "at", INSTANT),
        ({"aware": "2026-01-31T12:00:00"}, "aware", INSTANT),
        ({"day": "soon"}, "day", "it must be a date such as 2026-01-31"),
        ({"by": "soon"}, "by", "it must be a duration such as PT1H, P40D or 40d"),
        ({"inner": 7}, "inner", "it must be an object"),
        ({"inner": {"count": 0}}, "inner.count", "it must be 1 or more"),
        ({"inner": {"count": 6}}, "inner.count", "it must be 5 or less"),
        ({"inner": {"count": 1.5}}, "inner.count", "it must be a whole number"),
        ({"inner": {"colour": 1}}, "inner.colour", "there is no such field"),
        ({"many": {}}, "many", "it must be a list"),
        ({"many": [{}, {}]}, "many", "it must have 1 items or fewer"),
        ({"many": [7]}, "many.0", "it must be an object"),
    ],
)  # fmt: skip
def test_an_error_is_described_in_plain_words(value: dict[str, Any], place: str, description: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Shape.model_validate(value)
    first = caught.value.errors()[0]
    assert (place_of(first), expectation(first)) == (place, description)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("40d", timedelta(days=40)),
        ("1h30m", timedelta(minutes=90)),
        ("2w 1d", timedelta(days=15)),
        ("90S", timedelta(seconds=90)),
        ("0d", timedelta()),
        ("P40D", None),
        ("40", None),
        ("40 days", None),
        ("1.5h", None),
        ("-1d", None),
        ("", None),
        ("999999999w", None),
        ("\N{ARABIC-INDIC DIGIT FIVE}d", None),
    ],
)
def test_a_short_duration_is_parsed(text: str, duration: timedelta | None) -> None:
    assert short_duration(text) == duration
