"""Missing, estimated, edited and corrected readings; a replaced meter; a cancelled and reissued bill."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from mock_server.domain.billing.bills import make_bill
from mock_server.domain.randomness import Randomness
from mock_server.domain.records import Exchange, Flaw, Service
from mock_server.domain.time.periods import Span, local_days, local_midnight
from mock_server.domain.usage.readings import EDITED, ESTIMATED, GOOD, Territory
from mock_server.domain.usage.simulation import corrections, missing_days, read_meter
from mock_server.fixtures import bundled_folder, load_fixtures

FIXTURES = load_fixtures(bundled_folder())
ZONE = ZoneInfo("America/New_York")
TERRITORY = Territory(random=Randomness("demo"), climate=FIXTURES.utility.climate, zone=ZONE)
FLAWLESS = next(
    service
    for customer in FIXTURES.customers
    for _, service in customer.services()
    if service.id == "11100-00000"
)
MARCH = Span(start=local_midnight(date(2026, 3, 1), ZONE), end=local_midnight(date(2026, 4, 1), ZONE))


def flawed(*flaws: Flaw) -> Service:
    return replace(FLAWLESS, flaws=flaws)


def day(number: int) -> Span:
    [span] = [item for item in local_days(ZONE, MARCH) if item.start.astimezone(ZONE).day == number]
    return span


def test_a_missing_day_has_no_readings_and_other_days_are_unchanged() -> None:
    service = flawed(Flaw(kind="missing", day_of_month=8))
    flawless, gappy = (read_meter(TERRITORY, item, MARCH) for item in (FLAWLESS, service))
    assert len(flawless.starts) - len(gappy.starts) == 92, "a day of 23 hours"
    assert len(gappy.within(day(8)).starts) == 0
    assert gappy.total == flawless.total - flawless.within(day(8)).total
    assert missing_days(service, ZONE, MARCH) == [day(8)]


def test_an_estimate_is_the_expected_usage_until_it_is_corrected() -> None:
    service = flawed(Flaw(kind="estimated", day_of_month=10, corrected_after_days=5))
    [(estimated, corrected)] = corrections(service, ZONE, MARCH)
    assert estimated == day(10)
    assert corrected == day(10).end + timedelta(days=5)
    before = read_meter(TERRITORY, service, MARCH, as_of=corrected - timedelta(seconds=1))
    after = read_meter(TERRITORY, service, MARCH, as_of=corrected)
    truth = read_meter(TERRITORY, FLAWLESS, MARCH)
    assert (after.values == truth.values).all()
    assert (after.qualities == GOOD).all()
    assert (read_meter(TERRITORY, service, MARCH).values == truth.values).all(), (
        "all corrections apply by default"
    )
    changed = before.values != truth.values
    assert changed.sum() > 80
    assert (before.qualities[changed] == ESTIMATED).all()
    assert set(np.unique(before.within(day(10)).qualities)) == {ESTIMATED}
    assert before.within(day(10)).total == pytest.approx(truth.within(day(10)).total, rel=0.5)


def test_an_edited_day_stays_edited() -> None:
    service = flawed(Flaw(kind="edited", day_of_month=12))
    edited = read_meter(TERRITORY, service, MARCH)
    assert set(np.unique(edited.within(day(12)).qualities)) == {EDITED}
    assert corrections(service, ZONE, MARCH) == []


def test_a_replacement_meter_has_its_own_random_values_from_its_first_day() -> None:
    service = replace(FLAWLESS, exchange=Exchange(former_serial="before", since=date(2026, 3, 15)))
    former = replace(FLAWLESS, meter_serial="before")
    readings, old, new = (read_meter(TERRITORY, item, MARCH) for item in (service, former, FLAWLESS))
    before = Span(start=MARCH.start, end=local_midnight(date(2026, 3, 15), ZONE))
    after = Span(start=before.end, end=MARCH.end)
    assert (readings.within(before).values == old.within(before).values).all()
    assert (readings.within(after).values == new.within(after).values).all()
    assert service.meter_serials == (FLAWLESS.meter_serial, "before")


def test_a_late_correction_cancels_and_reissues_the_bill() -> None:
    service = flawed(Flaw(kind="estimated", day_of_month=27, corrected_after_days=15))
    tariff = next(item for item in FIXTURES.tariffs if item.id == service.tariff)
    first = make_bill(TERRITORY, service, tariff, MARCH, as_of=MARCH.end + timedelta(days=4))
    again = make_bill(TERRITORY, service, tariff, MARCH, as_of=MARCH.end + timedelta(days=20))
    assert first.billed_again is None
    assert again.billed_again == day(27).end + timedelta(days=15)
    assert first.published == again.published < again.billed_again
    assert again.statement_date == date(2026, 4, 12)
    assert again.usage == read_meter(TERRITORY, FLAWLESS, MARCH).total != first.usage
    assert first.usage == read_meter(TERRITORY, service, MARCH, as_of=first.published).total


def test_a_correction_before_the_statement_does_not_reissue_the_bill() -> None:
    service = flawed(Flaw(kind="estimated", day_of_month=10, corrected_after_days=5))
    tariff = next(item for item in FIXTURES.tariffs if item.id == service.tariff)
    bill = make_bill(TERRITORY, service, tariff, MARCH, as_of=datetime(2027, 1, 1, tzinfo=UTC))
    assert bill.billed_again is None
    assert bill.usage == read_meter(TERRITORY, FLAWLESS, MARCH).total


@pytest.mark.parametrize(
    "part", [lambda: day(8), lambda: day(10), lambda: Span(start=day(8).start, end=day(12).end)]
)
def test_a_part_has_the_values_of_the_complete_despite_flaws(part: Callable[[], Span]) -> None:
    service = flawed(
        Flaw(kind="missing", day_of_month=8), Flaw(kind="estimated", day_of_month=10, corrected_after_days=9)
    )
    as_of = MARCH.end - timedelta(days=15)
    complete = read_meter(TERRITORY, service, MARCH, as_of=as_of).within(part())
    alone = read_meter(TERRITORY, service, part(), as_of=as_of)
    for name in ("starts", "values", "qualities"):
        assert (getattr(complete, name) == getattr(alone, name)).all()
