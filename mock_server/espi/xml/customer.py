"""Customer payloads, from Customer and CustomerAccount to Meter and Statement (ESPI 4.0)."""

from datetime import datetime

from mock_server.domain.records import Account, Address, Customer, Service, Tariff, Utility
from mock_server.espi import codes
from mock_server.espi.xml.spelling import Element, Spelling, epoch


def customer(make: Spelling, utility: Utility, person: Customer, account: Account) -> Element:
    """ESPI 4.0 Customer, with the billing address of the account."""
    return make(
        "Customer",
        make("Organisation", _address(make, "streetAddress", account.billing_address)),
        make("kind", codes.CUSTOMER_KIND),
        make("pucNumber", utility.puc_number),
        make("customerName", person.name),
    )


def customer_account(make: Spelling, account: Account) -> Element:
    """ESPI 4.0 CustomerAccount."""
    contact = make("contactInfo", _address(make, "streetAddress", account.billing_address))
    return make("CustomerAccount", contact, make("accountId", account.number))


def customer_agreement(make: Spelling, service: Service) -> Element:
    """ESPI 4.0 CustomerAgreement."""
    return make("CustomerAgreement", make("agreementId", service.id))


def service_location(make: Spelling, service: Service, usage_point_href: str) -> Element:
    """ESPI 4.0 ServiceLocation, which links to the usage data."""
    return make(
        "ServiceLocation",
        _address(make, "mainAddress", service.address),
        make("UsagePoints", make("UsagePoint", usage_point_href)),
    )


def meter(make: Spelling, service: Service) -> Element:
    """ESPI 4.0 Meter: the device."""
    return make("Meter", make("serialNumber", service.meter_serial))


def end_device(make: Spelling, service: Service) -> Element:
    """ESPI 4.0 EndDevice: the solar inverter behind a meter."""
    return make("EndDevice", make("type", "inverter"), make("serialNumber", f"INV-{service.meter_serial}"))


def service_supplier(make: Spelling, utility: Utility) -> Element:
    """ESPI 4.0 ServiceSupplier: the utility itself."""
    organisation = make("Organisation", make("organisationName", utility.name))
    return make("ServiceSupplier", organisation, make("kind", codes.SUPPLIER_KIND))


def program_mappings(make: Spelling, tariff: Tariff) -> Element:
    """ESPI 4.0 ProgramDateIdMappings: the time-of-use tariff as a program the service is enrolled in."""
    mapping = make(
        "programDateIdMapping",
        make("programDateType", codes.ENROLLMENT_DATE),
        make("code", tariff.id),
        make("name", tariff.name),
    )
    return make("ProgramDateIdMappings", mapping)


def statement(make: Spelling, *, issued: datetime, url: str) -> Element:
    """ESPI 4.0 Statement: where to download the bill as a PDF file."""
    reference = make(
        "statementRef",
        make("fileName", url.rpartition("/")[2]),
        make("mediaType", "application/pdf"),
        make("statementURL", url),
    )
    return make("Statement", make("issueDateTime", epoch(issued)), reference)


def _address(make: Spelling, name: str, address: Address) -> Element:
    """ESPI 4.0 StreetAddress."""
    return make(
        name,
        make("streetDetail", make("addressGeneral", address.street)),
        make("townDetail", make("name", address.city), make("stateOrProvince", address.state)),
        make("postalCode", address.postal_code),
    )
