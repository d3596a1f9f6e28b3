"""The codes of ESPI 4.0 by name. No behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mock_server.domain.records import Flow, Mode, ServiceKind

CERTIFICATES: Final = "https://cert.greenbuttonalliance.org/certificate/"
"""Base URL of Green Button Alliance certificates; every Atom document links to one."""

MONEY_PER_DOLLAR: Final = 100_000
"""ESPI writes amounts as integers in 1/100000 of the currency unit."""
US_DOLLAR: Final = 840  # Currency, ISO 4217

FORMER_SUMMARY: Final = "ElectricPowerUsageSummary"
"""The deprecated name of UsageSummary. It has its own URL and element, with the same content."""

NORMAL_SERVICE: Final = 1  # ESPIServiceStatus
REVOKED, ACTIVE = 0, 1  # AuthorizationStatus
INFINITE: Final = 0  # DateTimeInterval.duration without an end
LONGEST_DURATION: Final = 2**32 - 1  # UInt32
LONGEST_SCOPE: Final = 256  # String256

DELTA_DATA, INSTANTANEOUS = 4, 12  # AccumulationKind
# FlowDirectionKind, as the schema defines it. Some clients swap forward and reverse.
FLOWS: Final[Mapping[Flow, int]] = {"forward": 1, "net": 4, "reverse": 19}
ENERGY, POWER, VOLUME = 12, 37, 58  # MeasurementKind
WATT, VOLT_AMPERE, VOLT_AMPERE_REACTIVE = 38, 61, 63  # UnitSymbolKind
OTHER_QUALITY: Final = 16  # QualityOfReading
INFORMATION: Final = 10  # ItemKind

# The real system reports households as "other", so clients must not expect a more exact kind.
CUSTOMER_KIND: Final = "other"

SUPPLIER_KIND: Final = "utility"  # SupplierKind
ENROLLMENT_DATE: Final = "CUST_DR_PROGRAM_ENROLLMENT_DATE"  # ProgramDateKind

APPLICATION_STATUS: Final[Mapping[Mode, int]] = {"sandbox": 1, "live": 2}  # DataCustodianApplicationStatus
THIRD_PARTY_STATUS: Final[Mapping[Mode, int]] = {"sandbox": 1, "live": 3}  # ThirdPartyApplicationStatus
REMOVED: Final = 4  # in both enumerations: "revoked" for the custodian, "remove" for the third party
APPLICATION_TYPES: Final = range(1, 5)  # ThirdPartyApplicationType: web, desktop, mobile, device
APPLICATION_USES: Final = range(1, 7)  # ThirdPartyApplicationUse: from energy management to gamification


@dataclass(frozen=True, kw_only=True)
class Commodity:
    """The ESPI codes of one kind of service. A published value is the meter reading times `scale`."""

    service_kind: int
    commodity: int
    measurement: int
    unit: int
    demand_unit: int
    multiplier: int
    scale: int
    phase: int | None
    suffix: str


COMMODITIES: Final[Mapping[ServiceKind, Commodity]] = {
    "electric": Commodity(
        service_kind=0,
        commodity=1,  # electricity, secondary metered
        measurement=ENERGY,
        unit=72,  # Wh
        demand_unit=WATT,
        multiplier=-3,  # the real system publishes mWh
        scale=1000,
        phase=769,  # S12N, the American split phase
        suffix="kwh",
    ),
    "gas": Commodity(
        service_kind=1,
        commodity=7,  # natural gas
        measurement=ENERGY,
        unit=169,  # therm
        demand_unit=169,
        multiplier=-3,
        scale=1,
        phase=None,
        suffix="therms",
    ),
    "water": Commodity(
        service_kind=2,
        commodity=9,  # potable water
        measurement=VOLUME,
        unit=128,  # US gallon
        demand_unit=128,
        multiplier=0,
        scale=1,
        phase=None,
        suffix="gal",
    ),
}
