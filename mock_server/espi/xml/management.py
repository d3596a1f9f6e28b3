"""Payloads of ServiceStatus, Authorization and ApplicationInformation (ESPI 4.0)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from mock_server.domain.consent.consent import ACCOUNT_BLOCKS
from mock_server.domain.oauth.scopes import parse_scope, print_scope
from mock_server.domain.records import Authorization, Client
from mock_server.espi import codes
from mock_server.espi.xml.spelling import Element, Spelling, epoch
from mock_server.urls import Links


def service_status(make: Spelling) -> Element:
    """ESPI 4.0 ServiceStatus: always in service."""
    return make("ServiceStatus", make("currentStatus", codes.NORMAL_SERVICE))


def authorization(
    make: Spelling, links: Links, found: Authorization, *, is_active: bool, token_expires: datetime
) -> Element:
    """ESPI 4.0 Authorization. `token_expires` is the expiry of its newest access token."""
    return make(
        "Authorization",
        _period(make, "authorizedPeriod", found.created, found.expires),
        _period(
            make,
            "publishedPeriod",
            found.history_start or found.created,
            found.ongoing_end or found.expires,
        ),
        make("status", codes.ACTIVE if is_active else codes.REVOKED),
        make("expires_at", epoch(token_expires)),
        make("scope", short_scope(found.scope)),
        make("token_type", "Bearer"),
        make("resourceURI", links.readable(found)),
        make("authorizationURI", links.authorization(found.uid)),
        make.optional("customerResourceURI", _customer_uri(links, found)),
    )


def batch_list(make: Spelling, addresses: Iterable[str]) -> Element:
    """ESPI 4.0 BatchList: the URLs of changed resources."""
    return make("BatchList", *(make("resources", address) for address in addresses))


def short_scope(text: str) -> str:
    """A scope within the schema's 256 characters. It drops sign-in options first: they are no longer needed."""
    if len(text) <= codes.LONGEST_SCOPE:
        return text
    scope = replace(parse_scope(text), authentication=None, other_options=(), other_parameters=())
    return print_scope(scope)[: codes.LONGEST_SCOPE]


def _period(make: Spelling, name: str, start: datetime, end: datetime | None) -> Element:
    """DateTimeInterval of an authorization. Without an end, the duration is 0, as the schema documents."""
    seconds = epoch(end) - epoch(start) if end else codes.INFINITE
    duration = min(max(seconds, 0), codes.LONGEST_DURATION)
    return make(name, make("duration", duration), make("start", epoch(start)))


def _customer_uri(links: Links, found: Authorization) -> str | None:
    if found.kind != "customer" or not ACCOUNT_BLOCKS & set(parse_scope(found.scope).function_blocks):
        return None
    return links.batch_customer(found.uid)


def application_information(
    make: Spelling, links: Links, client: Client, *, custodian: str, bulk_uri: str
) -> Element:
    """ESPI 4.0 ApplicationInformation. Required elements without a registered value are empty."""
    particulars, is_removed = client.particulars, client.removed is not None
    return make(
        "ApplicationInformation",
        make("dataCustodianId", custodian),
        make(
            "dataCustodianApplicationStatus",
            codes.REMOVED if is_removed else codes.APPLICATION_STATUS[client.mode],
        ),
        make("thirdPartyApplicationDescription", particulars.description or client.scopes_of_use[0].title),
        make(
            "thirdPartyApplicationStatus",
            codes.REMOVED if is_removed else codes.THIRD_PARTY_STATUS[client.mode],
        ),
        make.optional("thirdPartyApplicationType", particulars.application_type),
        make.optional("thirdPartyApplicationUse", particulars.application_use),
        make.optional("thirdPartyPhone", particulars.phone),
        make("authorizationServerUri", links.data_custodian),
        make("thirdPartyNotifyUri", client.notify_uri),
        make("authorizationServerAuthorizationEndpoint", links.authorize),
        make("authorizationServerRegistrationEndpoint", links.register),
        make("authorizationServerTokenEndpoint", links.token),
        make("dataCustodianBulkRequestURI", bulk_uri),
        make("dataCustodianResourceEndpoint", links.resource()),
        make("thirdPartyScopeSelectionScreenURI", particulars.scope_selection_uri or client.website),
        make("thirdPartyUserPortalScreenURI", particulars.portal_uri or client.website),
        *_registration(make, links, client),
        make("dataCustodianScopeSelectionScreenURI", links.authorize),
    )


def _registration(make: Spelling, links: Links, client: Client) -> list[Element | None]:
    """The elements named by RFC 7591, in the schema's order."""
    particulars = client.particulars
    return [
        make("client_secret", client.secret),
        make.optional("logo_uri", particulars.logo_uri),
        make("client_name", client.company_name),
        make("client_uri", client.website),
        *(make("redirect_uri", uri.replace("{base}", links.base)) for uri in client.redirect_uris or ("",)),
        make("client_id", client.id),
        make.optional("tos_uri", client.scopes_of_use[0].terms_url),
        make.optional("policy_uri", particulars.policy_uri),
        make("software_id", particulars.software_id or client.id),
        make("software_version", particulars.software_version or "1"),
        make("client_id_issued_at", epoch(client.created)),
        make("client_secret_expires_at", 0),
        *(make("contacts", mail) for mail in (client.contact_email, *particulars.further_contacts) if mail),
        make("token_endpoint_auth_method", "client_secret_basic"),  # the only value in the schema
        make("scope", short_scope(client.scope)),
        *(make("grant_types", grant) for grant in client.grant_types),
        make("response_types", "code"),
        make("registration_client_uri", links.resource("ApplicationInformation", client.id)),
        make("registration_access_token", client.registration_access_token),
    ]
