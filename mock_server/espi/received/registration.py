"""Applies an ApplicationInformation from a client to its registration (ESPI 4.0 §5.1)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from mock_server.domain.errors import InvalidParameter
from mock_server.domain.records import Client
from mock_server.espi import codes
from mock_server.espi.received.received_xml import check_unchanged, value_of, values_of
from mock_server.espi.xml.spelling import Element
from mock_server.urls import Links

# Element, field of Particulars, and maximum length in the schema.
_PARTICULARS: Final = (
    ("thirdPartyApplicationDescription", "description", 256),
    ("thirdPartyPhone", "phone", 32),
    ("thirdPartyScopeSelectionScreenURI", "scope_selection_uri", 2000),
    ("thirdPartyUserPortalScreenURI", "portal_uri", 2000),
    ("logo_uri", "logo_uri", 2000),
    ("policy_uri", "policy_uri", 2000),
    ("software_id", "software_id", 256),
    ("software_version", "software_version", 32),
)
_NUMBERS: Final = (
    ("thirdPartyApplicationType", "application_type", codes.APPLICATION_TYPES),
    ("thirdPartyApplicationUse", "application_use", codes.APPLICATION_USES),
)
_STATUS: Final = "thirdPartyApplicationStatus"
_CHANGEABLE: Final = (
    *(name for name, _, _ in _PARTICULARS),
    *(name for name, _, _ in _NUMBERS),
    *("thirdPartyNotifyUri", "client_name", "client_uri", "redirect_uri", "tos_uri", "contacts", "scope"),
    _STATUS,
)


def is_removal(sent: Element) -> bool:
    """Whether the client requests the removal of its application."""
    return value_of(sent, _STATUS) == str(codes.REMOVED)


def apply_registration(client: Client, sent: Element, read: Element, links: Links) -> Client:
    """The registration with the changes in `sent`. `read` is the current element.

    Raises InvalidParameter for invalid values, and for changes to fields that only the utility may change.
    """
    moving = () if client.removed is None else ("dataCustodianApplicationStatus",)
    check_unchanged(sent, read, but=_CHANGEABLE, moving=moving)
    _check_status(client, sent)
    changed: dict[str, Any] = {  # Any: fields of Client by name
        **_single(sent, read, "thirdPartyNotifyUri", "notify_uri"),
        **_single(sent, read, "client_name", "company_name", longest=256),
        **_website(sent, read),
        **_scope(sent, read),
        "particulars": replace(client.particulars, **_particulars(sent, read)),
        "redirect_uris": _redirect_uris(client, sent, links),
        "scopes_of_use": _scopes_of_use(client, sent),
    }
    first, *further = values_of(sent, "contacts") or [""]
    particulars = replace(changed["particulars"], further_contacts=tuple(further))
    return replace(client, **{**changed, "contact_email": first, "particulars": particulars})


def _check_status(client: Client, sent: Element) -> None:
    allowed = (str(codes.THIRD_PARTY_STATUS[client.mode]), str(codes.REMOVED), None)
    if value_of(sent, _STATUS) not in allowed:
        raise InvalidParameter(
            f"{_STATUS} must be {allowed[0]} (unchanged) or {codes.REMOVED} (remove the application). To go live, get "
            "the utility's approval, then switch modes in the registration's settings."
        )


def _single(
    sent: Element, read: Element, name: str, field: str, *, longest: int = 2000
) -> Mapping[str, str | None]:
    """The field with its new value, or nothing if the element is unchanged. Raises InvalidParameter."""
    value = value_of(sent, name)
    if value == value_of(read, name):
        return {}
    if value is not None and len(value) > longest:
        raise InvalidParameter(f"{name} has {len(value)} characters. Send at most {longest}.")
    return {field: value}


def _website(sent: Element, read: Element) -> Mapping[str, str | None]:
    found = _single(sent, read, "client_uri", "website")
    if found.get("website", "") is None:
        raise InvalidParameter("client_uri is missing. Send your website, which customers can visit.")
    return found


def _particulars(
    sent: Element, read: Element
) -> Mapping[str, Any]:  # Any: text or number, depending on the field
    found: dict[str, Any] = {}
    for name, field, longest in _PARTICULARS:
        found |= _single(sent, read, name, field, longest=longest)
    for name, field, known in _NUMBERS:
        number = value_of(sent, name)
        if number is not None and number not in map(str, known):
            raise InvalidParameter(f"{name} must be one of {', '.join(map(str, known))}.")
        found[field] = None if number is None else int(number)
    return found


def _scope(sent: Element, read: Element) -> Mapping[str, str]:
    scopes = values_of(sent, "scope")
    if len(scopes) != 1 or not scopes[0]:
        raise InvalidParameter(
            f"scope was sent {len(scopes)} times or is empty. Send it once, with everything that you may request."
        )
    return {} if scopes == values_of(read, "scope") else {"scope": scopes[0]}


def _redirect_uris(client: Client, sent: Element, links: Links) -> tuple[str, ...]:
    """The URIs as sent. Those stored with a {base} placeholder keep it, to work under any host name."""
    uris = [uri for uri in values_of(sent, "redirect_uri") if uri]
    if not uris:
        raise InvalidParameter("redirect_uri is missing. Send at least one; customers are redirected to it.")
    stored = {uri.replace("{base}", links.base): uri for uri in client.redirect_uris}
    return tuple(stored.get(uri, uri) for uri in uris)


def _scopes_of_use(client: Client, sent: Element) -> tuple[Any, ...]:
    first, *others = client.scopes_of_use
    return (replace(first, terms_url=value_of(sent, "tos_uri")), *others)
