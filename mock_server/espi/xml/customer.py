"""Payloads about the customer: Customer, CustomerAccount, CustomerAgreement, ServiceLocation, Meter (ESPI 4.0)."""

from mock_server.core.records import Account, Address, Customer, Service, Utility
from mock_server.espi import codes
from mock_server.espi.xml.spelling import Element, Spelling


def customer(make: Spelling, utility: Utility, person: Customer, account: Account) -> Element:
    """ESPI 4.0 Customer, as the account knows it."""
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
    """ESPI 4.0 ServiceLocation, which leads to the usage data."""
    return make(
        "ServiceLocation",
        _address(make, "mainAddress", service.address),
        make("UsagePoints", make("UsagePoint", usage_point_href)),
    )


def meter(make: Spelling, service: Service) -> Element:
    """ESPI 4.0 Meter: the device."""
    return make("Meter", make("serialNumber", service.meter_serial))


def _address(make: Spelling, name: str, address: Address) -> Element:
    """ESPI 4.0 StreetAddress."""
    return make(
        name,
        make("streetDetail", make("addressGeneral", address.street)),
        make("townDetail", make("name", address.city), make("stateOrProvince", address.state)),
        make("postalCode", address.postal_code),
    )
