"""CSV that is safe to open in a spreadsheet."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.text.csv_lines import cell, csv_lines


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "-", "=", "-1-1", "+12125550100", "--1"],
)
def test_a_formula_becomes_text(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert cell([text, "x"]) == f"'{text}; x"


@pytest.mark.parametrize(
    "value", [-5, -1.5, Decimal("-12.30"), "-12.30", "-5", "1", None, True, "a-b", "1-2", ""]
)
def test_numbers_and_plain_texts_are_unchanged(value: object) -> None:
    assert cell(value) == value


@given(
    values=st.lists(st.text(max_size=10) | st.integers() | st.floats(allow_nan=False), min_size=2, max_size=2)
)
def test_no_cell_starts_a_formula(values: list[object]) -> None:
    table = "".join(csv_lines(("a", "b"), [dict(zip("ab", values, strict=True))]))
    [_, row] = csv.reader(io.StringIO(table, newline=""))
    for text in row:
        assert not text.startswith(("=", "+", "@", "\t", "\r"))
        assert not text.startswith("-") or float(text) <= 0
