"""The types of the customer namespace, `http://naesb.org/espi/customer` (§8)."""

from collections.abc import Mapping
from typing import Final

from mock_server.espi.check.types.notation import Complex, parts, sequence

_OBJECT: Final = "extension* Anything"
_IDENTIFIED: Final = "extension* Anything,  batchItemInfo? BatchItemInfo,  name? String64"
_ROLE: Final = (_IDENTIFIED, "Organisation? Organisation")
_DOCUMENT: Final = (
    _IDENTIFIED,
    parts("String256?", "type authorName"),
    parts("TimeType?", "createdDateTime lastModifiedDateTime"),
    "revisionNumber? String256",
    "electronicAddress? ElectronicAddress",
    parts("String256?", "subject title"),
    parts("Status?", "docStatus status"),
    "comment? String256",
)
_END_DEVICE: Final = (
    _IDENTIFIED,
    parts("String256?", "type utcNumber serialNumber lotNumber"),
    "purchasePrice? Int48",
    "critical? Boolean",
    "electronicAddress? ElectronicAddress",
    "lifecycle? LifecycleDate",
    "acceptanceTest? AcceptanceTest",
    "initialCondition? String256",
    "initialLossOfLife? PerCent",
    "status? Status",
    parts("Boolean?", "isVirtual isPan"),
    parts("String256?", "installCode amrSystem"),
)

RESOURCES: Final[Mapping[str, Complex]] = {
    "Customer": sequence(
        *_ROLE,
        "kind? CustomerKind,  specialNeed? String256,  vip? Boolean,  pucNumber? String256,  status? Status",
        "priority? Priority,  locale? String256,  customerName? String256",
    ),
    "CustomerAccount": sequence(
        *_DOCUMENT,
        parts("String256?", "billingCycle budgetBill"),
        "lastBillAmount? Int48",
        "notifications* AccountNotification",
        "contactInfo? Organisation",
        "accountId? String256",
    ),
    "CustomerAgreement": sequence(
        *_DOCUMENT,
        "signDate? TimeType,  validityInterval? OpenInterval",
        "loadMgmt? String256,  isPrePay? Boolean,  shutOffDateTime? TimeType",
        "DemandResponseProgram* DemandResponseProgram",
        "PricingStructures* Uri",
        "currency? Currency",
        "futureStatus* Status",
        "agreementId? String256",
    ),
    "ServiceSupplier": sequence(
        *_ROLE, "kind? SupplierKind,  issuerIdentificationNumber? String256,  effectiveDate? TimeType"
    ),
    "ServiceLocation": sequence(
        _IDENTIFIED,
        "type? String256",
        parts("StreetAddress?", "mainAddress secondaryAddress"),
        parts("TelephoneNumber?", "phone1 phone2"),
        "electronicAddress? ElectronicAddress",
        parts("String256?", "geoInfoReference direction"),
        "status? Status",
        "positionPoints* PositionPoint",
        parts("String256?", "accessMethod siteAccessProblem"),
        "needsInspection? Boolean,  UsagePoints* UsagePoints,  outageBlock? String32",
    ),
    "EndDevice": sequence(*_END_DEVICE),
    "Meter": sequence(
        *_END_DEVICE,
        "formNumber? String256,  MeterMultipliers* MeterMultiplier,  intervalLength? UInt32",
    ),
    "ProgramDateIdMappings": sequence(_IDENTIFIED, "programDateIdMapping? ProgramDateIdMapping"),
    "Statement": sequence(_IDENTIFIED, "issueDateTime? TimeType,  statementRef* StatementRef"),
    "LocalTimeParameters": sequence(
        _IDENTIFIED,
        "dstEndRule DstRuleType,  dstOffset TimeType,  dstStartRule DstRuleType,  tzOffset TimeType",
    ),
}
"""The payloads of Atom entries about a customer."""

PARTS: Final[Mapping[str, Complex]] = {
    "BatchItemInfo": sequence(
        _OBJECT,
        "name? HexBinary16,  operation? CRUDOperation,  statusCode? StatusCode,  statusReason? String256",
    ),
    "Organisation": sequence(
        _IDENTIFIED,
        parts("StreetAddress?", "streetAddress postalAddress"),
        parts("TelephoneNumber?", "phone1 phone2"),
        "electronicAddress? ElectronicAddress",
        "organisationName? String256",
    ),
    "StreetAddress": sequence(
        _OBJECT,
        "streetDetail? StreetDetail,  townDetail? TownDetail,  status? Status",
        parts("String256?", "postalCode poBox"),
    ),
    "StreetDetail": sequence(
        _OBJECT,
        parts(
            "String256?",
            "number name suffix prefix type code buildingName suiteNumber"
            " addressGeneral addressGeneral2 addressGeneral3",
        ),
        "withinTownLimits? Boolean",
    ),
    "TownDetail": sequence(_OBJECT, parts("String256?", "code section name county stateOrProvince country")),
    "TelephoneNumber": sequence(
        _OBJECT,
        parts(
            "String256?",
            "countryCode areaCode cityCode localNumber ext dialOut internationalPrefix ituPhone",
        ),
    ),
    "ElectronicAddress": sequence(
        _OBJECT, parts("String256?", "lan mac email1 email2 web radio userID password")
    ),
    "Status": sequence(
        _OBJECT, "value? String256,  dateTime? TimeType", parts("String256?", "remark reason")
    ),
    "Priority": sequence(_OBJECT, "rank Integer", parts("String256?", "type justification")),
    "AccountNotification": sequence(
        _OBJECT,
        "methodKind NotificationMethodKind,  time TimeType",
        parts("String256", "note customerNotificationKind"),
    ),
    "DemandResponseProgram": sequence(
        "programName? String256,  enrollmentStatus? CustomerEnrollmentStatus,  programDescription? Uri",
        "programDate* ProgramDate",
        parts("SummaryMeasurement?", "capacityReservationLevel DRProgramNomination"),
    ),
    "ProgramDate": sequence("programDate? TimeType,  programDateDescription? Text"),
    "SummaryMeasurement": sequence(
        _OBJECT,
        "powerOfTenMultiplier? UnitMultiplierKind,  timeStamp? TimeType,  uom? UnitSymbolKind",
        "value? Int48,  readingTypeRef? Uri",
    ),
    "PositionPoint": sequence(_OBJECT, parts("String256?", "xPosition yPosition zPosition")),
    "LifecycleDate": sequence(
        _OBJECT,
        parts(
            "TimeType?", "manufacturedDate purchaseDate receivedDate installationDate removalDate retiredDate"
        ),
    ),
    "AcceptanceTest": sequence(_OBJECT, "type? String256,  success? Boolean,  dateTime? TimeType"),
    "MeterMultiplier": sequence(_OBJECT, "kind? MeterMultiplierKind,  value? Float"),
    "UsagePoints": sequence(_OBJECT, "UsagePoint* Uri"),
    "ProgramDateIdMapping": sequence(
        _OBJECT, "programDateType ProgramDateKind,  code String64,  name String256,  note? String256"
    ),
    "StatementRef": sequence(_OBJECT, "fileName? String512,  mediaType? MediaType,  statementURL Uri"),
    "OpenInterval": sequence(_OBJECT, "duration? UInt32,  start? TimeType"),
}
"""The types of elements inside these payloads."""
