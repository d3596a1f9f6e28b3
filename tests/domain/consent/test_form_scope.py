"""The end date of a form: a duration or a timestamp."""

from datetime import UTC, datetime

import pytest

from mock_server.domain.consent.form_scope import parse_end
from mock_server.domain.errors import InvalidParameter

NOW = datetime(2026, 3, 15, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("until_revoked", None),
        ("1d", datetime(2026, 3, 16, 16, tzinfo=UTC)),
        ("2w", datetime(2026, 3, 29, 16, tzinfo=UTC)),
        ("6m", datetime(2026, 9, 15, 16, tzinfo=UTC)),
        ("3y", datetime(2029, 3, 15, 16, tzinfo=UTC)),
        ("100y", datetime(2126, 3, 15, 16, tzinfo=UTC)),
        ("999m", datetime(2109, 6, 15, 16, tzinfo=UTC)),
        ("999w", datetime(2045, 5, 7, 16, tzinfo=UTC)),
        ("2027-01-31T00:00:00Z", datetime(2027, 1, 31, tzinfo=UTC)),
        ("2027-01-31T00:00:00", datetime(2027, 1, 31, tzinfo=UTC)),
        ("2027-01-31T00:00:00-05:00", datetime(2027, 1, 31, 5, tzinfo=UTC)),
        ("2099-12-31T23:59:59Z", datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-03-15T16:00:01Z", datetime(2026, 3, 15, 16, 0, 1, tzinfo=UTC)),
    ],
)
def test_an_end_is_parsed(text: str, end: datetime | None) -> None:
    assert parse_end(text, now=NOW) == end


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("101y", "too far away"),
        ("999y", "too far away"),
        ("2100-01-01T00:00:00Z", "too far away"),
        ("2026-03-15T16:00:00Z", "in the past"),
        ("1999-12-31T00:00:00Z", "in the past"),
        ("0d", "cannot be used"),
        ("1000d", "cannot be used"),
        ("2027-01-31", "cannot be used"),
        ("0001-01-01T00:00:00+14:00", "cannot be used"),
        ("soon", "cannot be used"),
    ],
)
def test_an_invalid_end_is_rejected(text: str, problem: str) -> None:
    with pytest.raises(InvalidParameter, match=problem) as caught:
        parse_end(text, now=NOW)
    assert str(caught.value).startswith(f"scope.expires={text!r}")
