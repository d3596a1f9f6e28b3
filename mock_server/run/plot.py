"""Draws what meters measured: a row for each service, a column for each start day."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mock_server.domain.randomness import Randomness
from mock_server.domain.records import Customer, Service
from mock_server.domain.time.periods import Span, local_midnight
from mock_server.domain.time.zones import offsets
from mock_server.domain.usage.readings import UNITS_PER_BILL_UNIT, Territory
from mock_server.domain.usage.simulation import read_meter
from mock_server.fixtures import Fixtures

_COLOURS = {"forward": "#b45309", "reverse": "#0b6e4f"}
_PER_HOUR = {"electric": "kW", "gas": "therms per hour", "water": "gallons per hour"}


def plot(
    fixtures: Fixtures, customer: Customer, *, seed: str, beginnings: Sequence[date], days: int, output: Path
) -> None:
    """Draw all services of a customer for `days` local days from each beginning. The suffix decides the format."""
    territory = Territory(
        random=Randomness(seed), climate=fixtures.utility.climate, zone=ZoneInfo(customer.time_zone)
    )
    services = [service for _, service in customer.services()]
    figure = Figure(figsize=(6 * len(beginnings), 2.4 * len(services)), layout="constrained")
    grid = figure.subplots(len(services), len(beginnings), squeeze=False)
    for row, service in zip(grid, services, strict=True):
        for axes, beginning in zip(row, beginnings, strict=True):
            _draw(axes, territory, service, beginning, days)
    figure.savefig(output)


def _draw(axes: Axes, territory: Territory, service: Service, beginning: date, days: int) -> None:
    zone = territory.zone
    end = local_midnight(beginning + timedelta(days=days), zone)
    span = Span(start=local_midnight(beginning, zone), end=end)
    for flow, sign in (("forward", 1), ("reverse", -1)):
        if flow not in service.flows:
            continue
        readings = read_meter(territory, service, span, flow="forward" if sign > 0 else "reverse")
        hours = (readings.starts + offsets(zone, readings.starts)) / 3600
        per_hour = 3600 / readings.interval_seconds / UNITS_PER_BILL_UNIT[service.kind]
        axes.step(
            hours - hours[0],
            sign * readings.values * per_hour,
            where="post",
            color=_COLOURS[flow],
            linewidth=0.8,
        )
    axes.set_title(f"{service.profile} {service.id}, from {beginning:%a %Y-%m-%d}", fontsize=9)
    axes.set_ylabel(_PER_HOUR[service.kind], fontsize=8)
    axes.set_xticks(np.arange(0, 24 * days + 1, 24 if days <= 14 else 24 * 7))
    axes.tick_params(labelsize=7)
    axes.grid(visible=True, linewidth=0.3)
    axes.set_xlim(0, 24 * days)
