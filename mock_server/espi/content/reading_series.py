"""The reading series of a meter: energy per flow direction, and demand if it was granted."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypeAlias

from mock_server.domain.consent.consent import DEMAND_BLOCK
from mock_server.domain.records import Flow, Service
from mock_server.domain.usage.power import apparent_power, mean_power, reactive_power
from mock_server.domain.usage.readings import Readings
from mock_server.espi import codes
from mock_server.espi.codes import COMMODITIES, FLOWS

Quantity: TypeAlias = Literal["energy", "real power", "apparent power", "reactive power"]


@dataclass(frozen=True, kw_only=True)
class ReadingSeries:
    """The contents of a MeterReading in ESPI codes. `suffix` ends its id; a value is the reading times `scale`."""

    suffix: str
    flow: Flow
    quantity: Quantity = "energy"
    accumulation: int = codes.DELTA_DATA
    measurement: int
    unit: int
    multiplier: int
    scale: int

    @property
    def has_cost(self) -> bool:
        """Whether the tariff prices each reading."""
        return self.quantity == "energy"

    def measured(self, energy: Readings, factor: float) -> Readings:
        """Converts energy readings to the quantity of this series, at a power factor."""
        if self.quantity == "real power":
            return mean_power(energy)
        if self.quantity == "apparent power":
            return apparent_power(energy, factor)
        if self.quantity == "reactive power":
            return reactive_power(energy, factor)
        return energy


def series_of(service: Service, function_blocks: Collection[int]) -> list[ReadingSeries]:
    """The series that a service publishes under these function blocks, energy first."""
    commodity = COMMODITIES[service.kind]
    energy = [
        ReadingSeries(
            suffix=f"{commodity.suffix}_{FLOWS[flow]}",
            flow=flow,
            measurement=commodity.measurement,
            unit=commodity.unit,
            multiplier=commodity.multiplier,
            scale=commodity.scale,
        )
        for flow in service.flows
    ]
    is_metered_for_demand = service.kind == "electric" and DEMAND_BLOCK in function_blocks
    return [*energy, *(_DEMAND if is_metered_for_demand else ())]


def _demand(suffix: str, quantity: Quantity, measurement: int, unit: int) -> ReadingSeries:
    return ReadingSeries(
        suffix=f"{suffix}_{FLOWS['forward']}",
        flow="forward",
        quantity=quantity,
        accumulation=codes.INSTANTANEOUS,
        measurement=measurement,
        unit=unit,
        multiplier=0,
        scale=1,
    )


# Certification requires these kinds: power for W, energy for VA and var (FB 6, D071 to D073).
_DEMAND = (
    _demand("w", "real power", codes.POWER, codes.WATT),
    _demand("va", "apparent power", codes.ENERGY, codes.VOLT_AMPERE),
    _demand("var", "reactive power", codes.ENERGY, codes.VOLT_AMPERE_REACTIVE),
)
