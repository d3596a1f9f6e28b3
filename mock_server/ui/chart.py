"""Computes a bar chart's coordinates for an SVG template. Pure arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

WIDTH, HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 20, 12, 28
_LINES = 4
_LABELS = 12


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A bar and its label; lengths are in units of the view box."""

    x: float
    y: float
    width: float
    height: float
    label: str
    amount: Decimal
    middle: float
    is_labelled: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """A horizontal grid line and its amount."""

    y: float
    amount: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Bars and grid lines; `zero` is the y coordinate of amount 0."""

    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    zero: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    base: int = HEIGHT - 10


def bar_chart(amounts: Sequence[tuple[str, Decimal]]) -> Chart:
    """A chart of labelled amounts, oldest first; negative amounts have bars below zero."""
    values = [amount for _, amount in amounts] or [Decimal(0)]
    step = _step(max(*values, Decimal(0)) - min(*values, Decimal(0)))
    lowest = -_steps_up(-min(*values, Decimal(0)), step)
    highest = max(_steps_up(max(*values, Decimal(0)), step), lowest + 1)
    scale = Decimal(HEIGHT - _TOP - _BOTTOM) / ((highest - lowest) * step)

    def y(amount: Decimal) -> float:
        return round(float(_TOP + (highest * step - amount) * scale), 1)

    room = (WIDTH - _LEFT - _RIGHT) / max(len(amounts), 1)
    every = -(-len(amounts) // _LABELS) or 1
    bars = tuple(
        Bar(
            x=round(_LEFT + room * (place + 0.1), 1),
            y=y(max(amount, Decimal(0))),
            width=round(room * 0.8, 1),
            height=round(abs(y(amount) - y(Decimal(0))), 1),
            label=label,
            amount=amount,
            middle=round(_LEFT + room * (place + 0.5), 1),
            is_labelled=place % every == 0,
        )
        for place, (label, amount) in enumerate(amounts)
    )
    lines = tuple(
        Line(y=y(number * step), amount=f"{(number * step).normalize():f}")
        for number in range(lowest, highest + 1)
    )
    return Chart(bars=bars, lines=lines, zero=y(Decimal(0)))


def _step(span: Decimal) -> Decimal:
    """1, 2 or 5 times a power of ten, so that about four lines cover the span."""
    if span <= 0:
        return Decimal(1)
    power = Decimal(10) ** (span / _LINES).adjusted()
    return next(power * times for times in (1, 2, 5, 10) if power * times * _LINES >= span)


def _steps_up(amount: Decimal, step: Decimal) -> int:
    return int((amount / step).to_integral_value(ROUND_CEILING))
