"""Finds a type by namespace and name, and lists the resources."""

from collections.abc import Mapping
from typing import Final

from mock_server.espi.check.types import customer, management, usage
from mock_server.espi.check.types.notation import Complex

USAGE_NAMESPACE: Final = "http://naesb.org/espi"
CUSTOMER_NAMESPACE: Final = "http://naesb.org/espi/customer"

_RESOURCES: Final[Mapping[str, Mapping[str, Complex]]] = {
    USAGE_NAMESPACE: {**usage.RESOURCES, **management.RESOURCES},
    CUSTOMER_NAMESPACE: customer.RESOURCES,
}
_BARE: Final[Mapping[str, Mapping[str, Complex]]] = {
    USAGE_NAMESPACE: management.BARE,
    CUSTOMER_NAMESPACE: {"BatchList": management.BARE["BatchList"]},
}
_PARTS: Final[Mapping[str, Mapping[str, Complex]]] = {
    USAGE_NAMESPACE: usage.PARTS,
    CUSTOMER_NAMESPACE: customer.PARTS,
}


def resource_type(namespace: str, name: str) -> Complex | None:
    """The type of a resource in an Atom entry, or None if the standard does not define it."""
    return _RESOURCES.get(namespace, {}).get(name)


def bare_type(namespace: str, name: str) -> Complex | None:
    """The type of a document without Atom, or None if there is none with that name."""
    return _BARE.get(namespace, {}).get(name)


def complex_type(namespace: str, name: str) -> Complex | None:
    """A complex type of elements inside a resource, or None if the type is simple."""
    return _PARTS.get(namespace, {}).get(name)


def resource_names(namespace: str) -> frozenset[str]:
    """The names of all resources of a namespace."""
    return frozenset(_RESOURCES.get(namespace, {}))
