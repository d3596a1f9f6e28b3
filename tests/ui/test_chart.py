"""The chart's arithmetic: bars are proportional to their amounts and stay inside the view box."""

from decimal import Decimal

import pytest

from mock_server.ui.chart import HEIGHT, WIDTH, bar_chart


def labelled(*amounts: str) -> list[tuple[str, Decimal]]:
    return [(str(place), Decimal(amount)) for place, amount in enumerate(amounts)]


@pytest.mark.parametrize(
    "amounts",
    [
        (),
        ("0",),
        ("1",),
        ("211", "54"),
        ("0.003", "0.001"),
        ("-5", "3"),
        ("-7",),
        ("99999.5", "-0.1"),
        ("1",) * 31,
    ],
)
def test_bars_and_lines_stay_inside_and_in_proportion(amounts: tuple[str, ...]) -> None:
    chart = bar_chart(labelled(*amounts))
    assert 2 <= len(chart.lines) <= 7
    for line in chart.lines:
        assert 0 <= line.y <= HEIGHT
    longest = max((abs(bar.amount) for bar in chart.bars), default=Decimal(0))
    for bar in chart.bars:
        assert 0 <= bar.x < bar.x + bar.width <= WIDTH
        assert chart.lines[-1].y - 0.2 <= bar.y <= bar.y + bar.height <= chart.lines[0].y + 0.2
        assert (bar.y if bar.amount < 0 else bar.y + bar.height) == pytest.approx(chart.zero, abs=0.2)
        if longest:
            highest = max(other.height for other in chart.bars)
            assert bar.height / highest == pytest.approx(float(abs(bar.amount) / longest), abs=0.01)


def test_lines_are_at_round_amounts() -> None:
    assert [line.amount for line in bar_chart(labelled("211", "54")).lines] == ["0", "100", "200", "300"]
    assert [line.amount for line in bar_chart(labelled("-5", "3")).lines] == ["-6", "-4", "-2", "0", "2", "4"]
