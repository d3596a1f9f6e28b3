"""Simulates readings as a pure function of seed, meter and time. Readings are not stored.

Values are in the meter's resolution: watt-hours, thousandths of a therm, US gallons.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from mock_server.domain.randomness import Randomness
from mock_server.domain.records import Climate, Flaw, FlawKind, Flow, Service, ServiceKind
from mock_server.domain.time.holidays import holidays
from mock_server.domain.time.periods import Span, local_days, local_midnight
from mock_server.domain.time.zones import offsets, standard_offset
from mock_server.domain.usage.arrays import Flags, Floats, Ints, np
from mock_server.domain.usage.profiles import PROFILES, Profile
from mock_server.domain.usage.readings import (
    EDITED,
    ESTIMATED,
    GOOD,
    INTERVAL_SECONDS,
    MISSING,
    UNITS_PER_BILL_UNIT,
    Readings,
    Territory,
)
from mock_server.domain.usage.weather import DAY, normals, weather_over

_QUALITIES: dict[FlawKind, int] = {"missing": MISSING, "edited": EDITED, "estimated": ESTIMATED}

_HOUR = 3600
_EPOCH = date(1970, 1, 1)
_MAX_IDLE_FACTOR = 4.0
_HOURS_OF_NORMALS = 12 * 24
# Deviations of a day's temperature from the usual one (degrees Fahrenheit), with their weights.
_DEVIATIONS = ((-13.0, 1), (-6.5, 4), (0.0, 6), (6.5, 4), (13.0, 1))


def read_meter(
    territory: Territory,
    service: Service,
    span: Span,
    *,
    flow: Flow = "forward",
    as_of: datetime | None = None,
) -> Readings:
    """Returns the readings of a flow whose intervals lie in the span, ascending, as known at `as_of`.

    `forward` is delivered to the customer, `reverse` received from the customer, `net` is forward minus reverse.
    With `as_of` None all corrections are applied. Missing readings are omitted.
    """
    interval = INTERVAL_SECONDS[service.kind]
    start, end = int(span.start.timestamp()), int(span.end.timestamp())
    first, last = -(-start // interval) * interval, end // interval * interval
    if last <= first:
        empty = np.empty(0, np.int64)
        return Readings(empty, empty, empty, interval)
    days = range(first // DAY, (last - 1) // DAY + 1)
    starts = np.arange(days[0] * DAY, (days[-1] + 1) * DAY, interval, dtype=np.int64)
    qualities = _qualities(territory.zone, service, starts, as_of)
    values = _flow_values(territory, service, days, starts, flow, is_estimate=qualities > GOOD)
    all_days = Readings(starts, values, qualities, interval)
    part = all_days[(first - days[0] * DAY) // interval : (last - days[0] * DAY) // interval]
    return part if not service.flaws else part[part.qualities != MISSING]


def corrections(service: Service, zone: ZoneInfo, span: Span) -> list[tuple[Span, datetime]]:
    """Returns the local days of a span with estimated readings, each with the time (UTC) of their correction."""
    return [
        (day, day.end + timedelta(days=flaw.corrected_after_days))
        for flaw in service.flaws
        if flaw.kind == "estimated"
        for day in local_days(zone, span)
        if day.start.astimezone(zone).day == flaw.day_of_month
    ]


def missing_days(service: Service, zone: ZoneInfo, span: Span) -> list[Span]:
    """Returns the local days of a span, cut to the span, that have no readings."""
    missing = {flaw.day_of_month for flaw in service.flaws if flaw.kind == "missing"}
    if not missing:
        return []
    return [day for day in local_days(zone, span) if day.start.astimezone(zone).day in missing]


def _qualities(zone: ZoneInfo, service: Service, starts: Ints, as_of: datetime | None) -> Ints:
    """Returns the quality of each interval by its local day, (n,); MISSING included."""
    qualities = np.zeros(len(starts), np.int64)
    if not service.flaws:
        return qualities
    local_day = (starts + offsets(zone, starts)) // DAY
    for number in np.unique(local_day).tolist():
        day = _EPOCH + timedelta(days=number)
        for flaw in service.flaws:
            if day.day == flaw.day_of_month and not _is_corrected(flaw, day, zone, as_of):
                qualities[local_day == number] = _QUALITIES[flaw.kind]
    return qualities


def _is_corrected(flaw: Flaw, day: date, zone: ZoneInfo, as_of: datetime | None) -> bool:
    if flaw.kind != "estimated":
        return False
    end = local_midnight(day + timedelta(days=1), zone)
    return as_of is None or as_of >= end + timedelta(days=flaw.corrected_after_days)


def _flow_values(
    territory: Territory,
    service: Service,
    days: range,
    starts: Ints,
    flow: Flow,
    *,
    is_estimate: Flags,
) -> Ints:
    """Returns the values of a flow, (n,)."""
    if flow == "reverse" and not service.generation_kw:
        return np.zeros_like(starts)
    consumed = _consumption(territory, service, days, starts, is_estimate)
    if not service.generation_kw:
        return consumed
    net = consumed - _generation(territory, service, starts)
    if flow == "net":
        return net
    return np.asarray(np.maximum(net if flow == "forward" else -net, 0))


def _consumption(
    territory: Territory,
    service: Service,
    days: range,
    starts: Ints,
    is_estimate: Flags,
) -> Ints:
    """Returns the consumption in whole UTC days, (n,): expected usage times random factors.

    Estimates are the expected usage without the random factors.
    """
    profile = PROFILES[service.profile]
    interval = INTERVAL_SECONDS[service.kind]
    per_hour = _HOUR // interval
    expected = _by_interval(_relative_use(territory, profile, days), per_hour)
    actual = expected * _random_factors(territory, service, profile, days, starts)
    per_interval = float(service.daily_usage) * UNITS_PER_BILL_UNIT[service.kind] * interval / DAY
    relative = np.where(is_estimate, expected, actual) if service.flaws else actual
    return np.asarray(np.floor(relative * per_interval + 0.5), dtype=np.int64)


def _random_factors(
    territory: Territory, service: Service, profile: Profile, days: range, starts: Ints
) -> Floats:
    """Returns the random factor of each interval, (n,). They depend on the serial number of the meter in place."""
    factors = _meter_factors(territory, service.meter_serial, profile, service.kind, days)
    if service.exchange is None:
        return factors
    former = _meter_factors(territory, service.exchange.former_serial, profile, service.kind, days)
    exchanged = local_midnight(service.exchange.since, territory.zone).timestamp()
    return np.asarray(np.where(starts < exchanged, former, factors))


def _meter_factors(
    territory: Territory, serial: str, profile: Profile, kind: ServiceKind, days: range
) -> Floats:
    per_hour = _HOUR // INTERVAL_SECONDS[kind]
    count = 24 * per_hour
    drawn = _draws(territory.random, serial, days, 25 + count * (2 if profile.idle else 1))
    by_day = 1.0 + profile.day_spread * drawn[:, :1]
    by_hour = np.repeat(1.0 + profile.hour_spread * drawn[:, 1:25], per_hour, axis=1)
    by_interval = 1.0 + profile.interval_spread * drawn[:, 25 : 25 + count]
    factors = np.asarray((by_day * by_hour * by_interval).ravel())
    if profile.idle is None:
        return factors
    hours = np.arange(days[0] * DAY, (days[-1] + 1) * DAY, _HOUR, dtype=np.int64)
    idle_draws = drawn[:, 25 + count :].ravel()
    return factors * _idle_factors(territory.zone, profile.idle, hours, idle_draws, per_hour)


def _draws(random: Randomness, serial: str, days: range, count: int) -> Floats:
    """Returns `count` random numbers from -1 to 1 for each UTC day, (days, count)."""
    raw = b"".join(random.stream("usage", serial, day).bytes(2 * count) for day in days)
    return np.asarray(np.frombuffer(raw, dtype="<u2").reshape(-1, count) / 32_768 - 1.0)


def _by_interval(hourly: Floats, per_hour: int) -> Floats:
    """Interpolates hourly values (n + 1,) linearly to `per_hour` values an hour, (n * per_hour,)."""
    share = np.arange(per_hour) / per_hour
    return np.asarray((hourly[:-1, None] + (hourly[1:] - hourly[:-1])[:, None] * share).ravel())


@lru_cache(maxsize=50)  # bills and all flows of a period need the same
def _relative_use(territory: Territory, profile: Profile, days: range) -> Floats:
    """Returns expected usage at the hours of UTC days and one more, (n + 1,), relative to a usual year's mean."""
    hours = np.arange(days[0] * DAY, (days[-1] + 1) * DAY + _HOUR, _HOUR, dtype=np.int64)
    zone = territory.zone
    year = (_EPOCH + timedelta(days=int(hours[0]) // DAY)).year
    weather = weather_over(
        territory.random, territory.climate, hours, length=_HOUR, standard=standard_offset(zone, year)
    )
    scale = _scale(profile, territory.climate)
    if profile.lit:
        return np.asarray((1.0 - weather.daylight) * scale.base)
    local = hours + offsets(zone, hours)
    shape = np.where(is_offday(local // DAY), *_shapes(profile, local % DAY // _HOUR))
    cold = np.maximum(profile.heats_below_f - weather.temperature, 0.0)
    heat = np.maximum(weather.temperature - profile.cools_above_f, 0.0)
    return np.asarray(shape * scale.base + cold * scale.per_cold_degree + heat * scale.per_hot_degree)


def _shapes(profile: Profile, hour: Ints) -> tuple[Floats, Floats]:
    return np.array(profile.offday, dtype=np.float64)[hour], np.array(profile.workday, dtype=np.float64)[hour]


def is_offday(day: Ints) -> Flags:
    """Returns whether local days are weekends or holidays, (n,). `day` (n,) ascends and counts days since 1970."""
    if not len(day):
        return np.empty(0, np.bool_)
    years = range(_year(int(day[0])), _year(int(day[-1])) + 1)
    holiday_numbers = [(holiday - _EPOCH).days for year in years for holiday in holidays(year)]
    return np.asarray(((day + 3) % 7 >= 5) | np.isin(day, holiday_numbers))


def _year(day: int) -> int:
    return (_EPOCH + timedelta(days=day)).year


@dataclass(frozen=True)
class _Scale:
    """Factors that make the mean of a usual year 1."""

    base: float
    per_cold_degree: float
    per_hot_degree: float


@lru_cache(maxsize=200)
def _scale(profile: Profile, climate: Climate) -> _Scale:
    temperature, lit = normals(climate)
    if profile.lit:
        return _Scale(_HOURS_OF_NORMALS / float((1.0 - lit).sum()), 0.0, 0.0)
    weekly = (5 * sum(profile.workday) + 2 * sum(profile.offday)) / 7 / 24
    cold = _usual_degrees(profile.heats_below_f - temperature)
    heat = _usual_degrees(temperature - profile.cools_above_f)
    return _Scale(
        profile.base / weekly,
        profile.heating / cold if cold else 0.0,
        profile.cooling / heat if heat else 0.0,
    )


def _usual_degrees(beyond: Floats) -> float:
    """Returns the mean of the positive part of `beyond` (degrees), over warmer and colder days than usual."""
    weighted = [weight * float(np.maximum(beyond + shift, 0.0).mean()) for shift, weight in _DEVIATIONS]
    return sum(weighted) / sum(weight for _, weight in _DEVIATIONS)


def _idle_factors(
    zone: ZoneInfo, idle: tuple[float, ...], hours: Ints, drawn: Floats, per_hour: int
) -> Floats:
    """Returns 0 for idle intervals and a factor above 1 for the others, (n,).

    The factor roughly preserves the mean; its limit avoids huge values at night.
    """
    local = np.repeat((hours + offsets(zone, hours)) % DAY // _HOUR, per_hour)
    idle_probability = np.array(idle)[local]
    return np.asarray(
        np.where(
            (drawn + 1.0) / 2.0 < idle_probability,
            0.0,
            np.minimum(1.0 / (1.0 - idle_probability), _MAX_IDLE_FACTOR),
        )
    )


def _generation(territory: Territory, service: Service, starts: Ints) -> Ints:
    """Returns the energy from solar panels in each interval in Wh, (n,)."""
    interval = INTERVAL_SECONDS[service.kind]
    year = (_EPOCH + timedelta(days=int(starts[0]) // DAY)).year
    standard = standard_offset(territory.zone, year)
    weather = weather_over(territory.random, territory.climate, starts, length=interval, standard=standard)
    peak = float(service.generation_kw or 0) * UNITS_PER_BILL_UNIT[service.kind] * interval / _HOUR
    return np.asarray(np.floor(weather.sun * peak + 0.5), dtype=np.int64)
