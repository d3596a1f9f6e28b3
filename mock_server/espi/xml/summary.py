"""The payload about a bill: UsageSummary (ESPI 4.0)."""

from datetime import datetime
from decimal import Decimal

from mock_server.core.bills import Bill, LineItem
from mock_server.core.records import Service
from mock_server.core.usage import UNITS_PER_BILL_UNIT
from mock_server.espi import codes
from mock_server.espi.codes import COMMODITIES, Commodity
from mock_server.espi.xml.spelling import Element, Spelling, epoch, period


def usage_summary(make: Spelling, service: Service, bill: Bill) -> Element:
    """ESPI 4.0 UsageSummary; what the bill does not know stands there as a bare unit, as in the real system."""
    commodity = COMMODITIES[service.kind]
    end, used, total = bill.period.end, bill.usage * commodity.scale, money(bill.total)
    return make(
        "UsageSummary",
        period(make, "billingPeriod", bill.period),
        make("billLastPeriod", total),
        make("billToDate", total),
        make("costAdditionalLastPeriod", total),
        *(_line_item(make, service, bill, item) for item in bill.line_items),
        make("currency", codes.US_DOLLAR),
        _measured(make, "overallConsumptionLastPeriod", commodity, at=end, value=used),
        _measured(make, "currentBillingPeriodOverAllConsumption", commodity, at=end, value=used),
        _unknown(make, "currentDayOverallConsumption", commodity.unit),
        _unknown(make, "peakDemand", commodity.demand_unit),
        _unknown(make, "previousDayOverallConsumption", commodity.unit),
        make("qualityOfReading", codes.OTHER_QUALITY),
        _unknown(make, "ratchetDemand", commodity.demand_unit),
        period(make, "ratchetDemandPeriod", bill.period),
        make("statusTimeStamp", epoch(end)),
        make("commodity", commodity.commodity),
        make("tariffProfile", service.tariff),
    )


def money(amount: Decimal) -> int:
    """Dollars as ESPI counts them: in 1/100000 of the currency's unit."""
    return int(amount * codes.MONEY_PER_DOLLAR)


def _line_item(make: Spelling, service: Service, bill: Bill, item: LineItem) -> Element:
    """ESPI 4.0 LineItem; a fixed charge measures nothing."""
    commodity = COMMODITIES[service.kind]
    is_metered = item.volume is not None and item.unit == bill.unit
    used = int((item.volume or 0) * UNITS_PER_BILL_UNIT[service.kind] * commodity.scale)
    return make(
        "costAdditionalDetailLastPeriod",
        make("amount", money(item.cost)),
        make("dateTime", epoch(bill.period.end)),
        make("note", item.name),
        _measured(make, "measurement", commodity, at=bill.period.end, value=used) if is_metered else None,
        make("itemKind", codes.USAGE_FEE if is_metered else codes.ADMINISTRATIVE_FEE),
    )


def _measured(make: Spelling, name: str, commodity: Commodity, *, at: datetime, value: int) -> Element:
    """ESPI 4.0 SummaryMeasurement in the unit of the readings."""
    return make(
        name,
        make("powerOfTenMultiplier", commodity.multiplier),
        make("timeStamp", epoch(at)),
        make("uom", commodity.unit),
        make("value", value),
    )


def _unknown(make: Spelling, name: str, unit: int) -> Element:
    return make(name, make("powerOfTenMultiplier", 0), make("uom", unit))
