"""The payload of ElectricPowerQualitySummary (ESPI 4.0)."""

from mock_server.domain.time.periods import Span
from mock_server.domain.usage.power import PowerQuality
from mock_server.espi.xml.spelling import Element, Spelling
from mock_server.espi.xml.spelling import period as written_period


def power_quality_summary(make: Spelling, quality: PowerQuality, period: Span) -> Element:
    """ESPI 4.0 ElectricPowerQualitySummary with all 13 elements of function block 17."""
    return make(
        "ElectricPowerQualitySummary",
        make("flickerPlt", quality.flicker_long),
        make("flickerPst", quality.flicker_short),
        make("harmonicVoltage", quality.harmonic_voltage),
        make("longInterruptions", quality.long_interruptions),
        make("mainsVoltage", quality.voltage),
        make("powerFrequency", quality.frequency),
        make("rapidVoltageChanges", quality.rapid_changes),
        make("shortInterruptions", quality.short_interruptions),
        written_period(make, "summaryInterval", period),
        make("supplyVoltageDips", quality.dips),
        make("supplyVoltageImbalance", quality.imbalances),
        make("supplyVoltageVariations", quality.variations),
        make("tempOvervoltage", quality.overvoltages),
    )
