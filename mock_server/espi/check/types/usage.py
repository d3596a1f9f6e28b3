"""The types of the usage namespace, `http://naesb.org/espi` (§5 and §7.2)."""

from collections.abc import Mapping
from typing import Final

from mock_server.espi.check.types.notation import Complex, parts, sequence

_OBJECT: Final = "extension* Anything"
_IDENTIFIED: Final = "extension* Anything,  batchItemInfo? BatchItemInfo"
_SUMMARY: Final = (
    _IDENTIFIED,
    "billingPeriod? DateTimeInterval",
    parts("Int48?", "billLastPeriod billToDate costAdditionalLastPeriod"),
    "costAdditionalDetailLastPeriod* LineItem",
    "currency? Currency",
    parts(
        "SummaryMeasurement?",
        "overallConsumptionLastPeriod currentBillingPeriodOverAllConsumption currentDayLastYearNetConsumption"
        " currentDayNetConsumption currentDayOverallConsumption peakDemand"
        " previousDayLastYearOverallConsumption previousDayNetConsumption previousDayOverallConsumption",
    ),
    "qualityOfReading? QualityOfReading",
    "ratchetDemand? SummaryMeasurement",
    "ratchetDemandPeriod? DateTimeInterval",
    "statusTimeStamp TimeType",
    "commodity? CommodityKind",
)

RESOURCES: Final[Mapping[str, Complex]] = {
    "UsagePoint": sequence(
        _IDENTIFIED,
        "roleFlags? HexBinary16",
        "ServiceCategory? ServiceCategory",
        "status? UInt8",
        "serviceDeliveryPoint? ServiceDeliveryPoint",
        "amiBillingReady? AmiBillingReadyKind",
        "checkBilling? Boolean",
        "connectionState? UsagePointConnectedKind",
        "estimatedLoad? SummaryMeasurement",
        parts("Boolean?", "grounded isSdp isVirtual minimalUsageExpected"),
        "nominalServiceVoltage? SummaryMeasurement",
        "outageRegion? String256",
        "phaseCode? PhaseCodeKind",
        parts("SummaryMeasurement?", "ratedCurrent ratedPower"),
        parts("String256?", "readCycle readRoute serviceDeliveryRemark"),
        "servicePriority? String32",
        "pnodeRefs? PnodeRefs",
        "aggregateNodeRefs? AggregateNodeRefs",
    ),
    "LocalTimeParameters": sequence(
        _IDENTIFIED,
        "dstEndRule DstRuleType,  dstOffset TimeType,  dstStartRule DstRuleType,  tzOffset TimeType",
    ),
    "MeterReading": sequence(_IDENTIFIED),
    "ReadingType": sequence(
        _IDENTIFIED,
        "accumulationBehaviour? AccumulationKind",
        "commodity? CommodityKind",
        "consumptionTier? Int16",
        "currency? Currency",
        "dataQualifier? DataQualifierKind",
        "defaultQuality? QualityOfReading",
        "flowDirection? FlowDirectionKind",
        "intervalLength? UInt32",
        "kind? MeasurementKind",
        "phase? PhaseCodeKind",
        "powerOfTenMultiplier? UnitMultiplierKind",
        "timeAttribute? TimePeriodOfInterest",
        "tou? Int16",
        "uom? UnitSymbolKind",
        "cpp? Int16",
        "interharmonic? Ratio",
        "measuringPeriod? TimeAttributeKind",
        "argument? Ratio",
    ),
    "IntervalBlock": sequence(_IDENTIFIED, "interval? DateTimeInterval,  IntervalReading* IntervalReading"),
    "UsageSummary": sequence(
        *_SUMMARY,
        parts("String256?", "tariffProfile readCycle"),
        "tariffRiderRefs? TariffRiderRefs",
        "billingChargeSource? BillingChargeSource",
    ),
    "ElectricPowerUsageSummary": sequence(*_SUMMARY),
    "ElectricPowerQualitySummary": sequence(
        _IDENTIFIED,
        parts("Int48?", "flickerPlt flickerPst harmonicVoltage longInterruptions mainsVoltage"),
        "measurementProtocol? UInt8",
        parts("Int48?", "powerFrequency rapidVoltageChanges shortInterruptions"),
        "summaryInterval DateTimeInterval",
        parts("Int48?", "supplyVoltageDips supplyVoltageImbalance supplyVoltageVariations tempOvervoltage"),
    ),
    "ProgramIdMappings": sequence(_IDENTIFIED, "programIdMapping+ ProgramIdMapping"),
}
"""The payloads of Atom entries about usage."""

PARTS: Final[Mapping[str, Complex]] = {
    "BatchItemInfo": sequence(
        _OBJECT,
        "name? HexBinary16,  operation? CRUDOperation,  statusCode? StatusCode,  statusReason? String256",
    ),
    "DateTimeInterval": sequence(_OBJECT, "duration UInt32,  start TimeType"),
    "IntervalReading": sequence(
        _OBJECT,
        "cost? Int48,  ReadingQuality* ReadingQuality,  timePeriod? DateTimeInterval,  value? Int48",
        parts("Int16?", "consumptionTier tou cpp"),
    ),
    "ReadingQuality": sequence(_OBJECT, "quality QualityOfReading"),
    "ServiceCategory": sequence(_OBJECT, "kind ServiceKind"),
    "ServiceDeliveryPoint": sequence(
        _OBJECT,
        parts("String256?", "name tariffProfile customerAgreement"),
        "tariffRiderRefs? TariffRiderRefs",
    ),
    "SummaryMeasurement": sequence(
        _OBJECT,
        "powerOfTenMultiplier? UnitMultiplierKind,  timeStamp? TimeType,  uom? UnitSymbolKind",
        "value? Int48,  readingTypeRef? Uri",
    ),
    "LineItem": sequence(
        _OBJECT,
        "amount? Int48,  rounding? Int48,  dateTime? TimeType,  note String256",
        "measurement? SummaryMeasurement,  itemKind ItemKind,  unitCost? Int48,  itemPeriod? DateTimeInterval",
    ),
    "Ratio": sequence(_OBJECT, "numerator? Integer,  denominator? Text"),
    "PnodeRefs": sequence(_OBJECT, "pnodeRef+ PnodeRef"),
    "PnodeRef": sequence(
        _OBJECT,
        "apnodeType ApnodeType,  ref String256",
        parts("TimeType?", "startEffectiveDate endEffectiveDate"),
    ),
    "AggregateNodeRefs": sequence(_OBJECT, "aggregateNodeRef+ AggregateNodeRef"),
    "AggregateNodeRef": sequence(
        _OBJECT,
        "anodeType AnodeType,  ref String256",
        parts("TimeType?", "startEffectiveDate endEffectiveDate"),
        "pnodeRef* PnodeRef",
    ),
    "TariffRiderRefs": sequence(_OBJECT, "tariffRiderRef+ TariffRiderRef"),
    "TariffRiderRef": sequence(
        _OBJECT, "riderType String256,  enrollmentStatus EnrollmentStatus,  effectiveDate TimeType"
    ),
    "BillingChargeSource": sequence(_OBJECT, "agencyName? String256"),
    "ProgramIdMapping": sequence(
        "tOUorCPPorConsumptionTier TouOrCppOrConsumptionTier,  code Text,  name Text,  note? Text"
    ),
}
"""The types of elements inside these payloads."""
