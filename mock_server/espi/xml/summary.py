"""The payload of UsageSummary (ESPI 4.0)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mock_server.domain.billing.bills import Bill
from mock_server.domain.billing.period_to_date import Progress
from mock_server.domain.billing.tariffs import LineItem, Peak
from mock_server.domain.records import Service
from mock_server.domain.usage.readings import UNITS_PER_BILL_UNIT
from mock_server.espi import codes
from mock_server.espi.codes import COMMODITIES, Commodity
from mock_server.espi.xml.spelling import Element, Spelling, epoch, period


@dataclass(frozen=True, kw_only=True)
class SummaryContent:
    """Which parts a summary contains: costs (FB 16), cost to date (FB 28), days and demands (FB 27).

    `progress` describes the current period, or the bill's own period if the summary lists days.
    """

    costs: bool
    cost_to_date: bool
    days: bool
    progress: Progress | None


def usage_summary(
    make: Spelling, service: Service, bill: Bill, content: SummaryContent, *, name: str = "UsageSummary"
) -> Element:
    """ESPI 4.0 UsageSummary. Like the real system, it writes unknown measurements as a unit without a value.

    Under its former name, it omits the elements that did not exist then.
    """
    commodity = COMMODITIES[service.kind]
    end, used, total = bill.period.end, bill.usage * commodity.scale, money(bill.total)
    present = content.progress if content.progress and content.progress.at > end else None
    has_money = content.costs or content.cost_to_date
    to_date = money(present.cost) if present and content.cost_to_date else total
    so_far = present.used * commodity.scale if present else used
    status = present.at if present else end
    return make(
        name,
        period(make, "billingPeriod", bill.period),
        make.optional("billLastPeriod", total if content.costs else None),
        make.optional("billToDate", to_date if has_money else None),
        make.optional("costAdditionalLastPeriod", total if content.costs else None),
        *(_line_item(make, service, bill, item) for item in bill.line_items if content.costs),
        make.optional("currency", codes.US_DOLLAR if has_money else None),
        _measured(make, "overallConsumptionLastPeriod", commodity, at=end, value=used),
        _measured(make, "currentBillingPeriodOverAllConsumption", commodity, at=status, value=so_far),
        *_days_and_demands(make, bill, commodity, content.progress if content.days else None),
        make("statusTimeStamp", epoch(status)),
        make("commodity", commodity.commodity),
        None if name == codes.FORMER_SUMMARY else make("tariffProfile", service.tariff),
    )


def _days_and_demands(
    make: Spelling, bill: Bill, commodity: Commodity, known: Progress | None
) -> list[Element]:
    """In the schema's order. Without `known`, all but the bill's own peak are units without values."""
    if known is None:
        return [
            _unknown(make, "currentDayOverallConsumption", commodity.unit),
            _peak(make, "peakDemand", bill.peak, commodity),
            _unknown(make, "previousDayOverallConsumption", commodity.unit),
            make("qualityOfReading", codes.OTHER_QUALITY),
            _unknown(make, "ratchetDemand", commodity.demand_unit),
            period(make, "ratchetDemandPeriod", bill.period),
        ]
    today, yesterday = known.today * commodity.scale, known.yesterday * commodity.scale
    return [
        _measured(make, "currentDayOverallConsumption", commodity, at=known.at, value=today),
        _peak(make, "peakDemand", known.peak, commodity),
        _measured(make, "previousDayOverallConsumption", commodity, at=known.at, value=yesterday),
        make("qualityOfReading", codes.OTHER_QUALITY),
        _peak(make, "ratchetDemand", known.ratchet, commodity),
        period(make, "ratchetDemandPeriod", known.ratchet_span),
    ]


def money(amount: Decimal) -> int:
    """Dollars as an ESPI integer, in 1/100000 of the currency unit."""
    return int(amount * codes.MONEY_PER_DOLLAR)


def _line_item(make: Spelling, service: Service, bill: Bill, item: LineItem) -> Element:
    """ESPI 4.0 LineItem. Like the real system, all have kind 10, and items for a volume have a measurement."""
    return make(
        "costAdditionalDetailLastPeriod",
        make("amount", money(item.cost)),
        make("dateTime", epoch(bill.period.end)),
        make("note", item.name),
        _volume(make, service, bill, item),
        make("itemKind", codes.INFORMATION),
        make.optional("unitCost", None if item.rate is None or item.unit is None else money(item.rate)),
        period(make, "itemPeriod", item.span),
    )


def _volume(make: Spelling, service: Service, bill: Bill, item: LineItem) -> Element | None:
    if item.volume is None:
        return None
    if item.kind == "demand":
        milliwatts = int(item.volume * 1_000_000)
        return _summary(make, "measurement", -3, codes.WATT, at=epoch(bill.period.end), value=milliwatts)
    commodity = COMMODITIES[service.kind]
    used = int(item.volume * UNITS_PER_BILL_UNIT[service.kind] * commodity.scale)
    return _measured(make, "measurement", commodity, at=bill.period.end, value=used)


def _peak(make: Spelling, name: str, peak: Peak | None, commodity: Commodity) -> Element:
    if peak is None:
        return _unknown(make, name, commodity.demand_unit)
    return _summary(make, name, -3, codes.WATT, at=peak.ended, value=peak.watts * 1000)


def _measured(make: Spelling, name: str, commodity: Commodity, *, at: datetime, value: int) -> Element:
    """ESPI 4.0 SummaryMeasurement, in the unit of the readings."""
    return _summary(make, name, commodity.multiplier, commodity.unit, at=epoch(at), value=value)


def _summary(make: Spelling, name: str, multiplier: int, unit: int, *, at: int, value: int) -> Element:
    return make(
        name,
        make("powerOfTenMultiplier", multiplier),
        make("timeStamp", at),
        make("uom", unit),
        make("value", value),
    )


def _unknown(make: Spelling, name: str, unit: int) -> Element:
    return make(name, make("powerOfTenMultiplier", 0), make("uom", unit))
