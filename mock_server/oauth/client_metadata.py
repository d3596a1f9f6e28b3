"""Converts registrations to and from client metadata (RFC 7591 §2). ESPI's fields have ESPI's names."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mock_server.actions.clients.add_client import NewClient
from mock_server.domain.errors import InvalidClientMetadata
from mock_server.domain.network.client_urls import is_web_address
from mock_server.domain.oauth.redirect_uris import origin_of
from mock_server.domain.records import Client, Particulars, ScopeOfUse
from mock_server.domain.text.expectations import expectation, place_of
from mock_server.domain.text.storable_text import UNSTORABLE, json_can_be_stored
from mock_server.urls import Links

Text = Annotated[str, Field(max_length=2000)]
Name = Annotated[str, Field(max_length=200)]
Short = Annotated[str, Field(max_length=256)]

# The name in the metadata, and the field of Particulars.
_PARTICULARS: Final = (
    ("thirdPartyApplicationDescription", "description"),
    ("thirdPartyPhone", "phone"),
    ("thirdPartyApplicationType", "application_type"),
    ("thirdPartyApplicationUse", "application_use"),
    ("thirdPartyScopeSelectionScreenURI", "scope_selection_uri"),
    ("thirdPartyUserPortalScreenURI", "portal_uri"),
    ("logo_uri", "logo_uri"),
    ("policy_uri", "policy_uri"),
    ("software_id", "software_id"),
    ("software_version", "software_version"),
)


class ClientMetadata(BaseModel):
    """The metadata that a client can send; other fields are ignored (RFC 7591 §2)."""

    model_config = ConfigDict(extra="ignore", strict=True)

    redirect_uris: Annotated[list[Text], Field(max_length=50)] | None = None
    client_name: Name | None = None
    client_uri: Text | None = None
    contacts: Annotated[list[Annotated[str, Field(max_length=254)]], Field(max_length=20)] | None = None
    tos_uri: Text | None = None
    policy_uri: Text | None = None
    logo_uri: Text | None = None
    software_id: Short | None = None
    software_version: Annotated[str, Field(max_length=32)] | None = None
    scope: Annotated[str, Field(max_length=4000)] | None = None
    grant_types: list[Name] | None = None
    response_types: list[Name] | None = None
    token_endpoint_auth_method: Name | None = None
    jwks: dict[str, Any] | None = None
    jwks_uri: Text | None = None
    thirdPartyApplicationDescription: Short | None = None  # ESPI's name
    thirdPartyPhone: Annotated[str, Field(max_length=32)] | None = None
    thirdPartyApplicationType: Annotated[int, Field(ge=1, le=4)] | None = None
    thirdPartyApplicationUse: Annotated[int, Field(ge=1, le=6)] | None = None
    thirdPartyNotifyUri: Text | None = None
    thirdPartyScopeSelectionScreenURI: Text | None = None
    thirdPartyUserPortalScreenURI: Text | None = None


class ChangedMetadata(ClientMetadata):
    """The metadata of an update, which also identifies the client (RFC 7592 §2.2)."""

    client_id: str
    client_secret: str | None = None


Said = TypeVar("Said", bound=ClientMetadata)


def read_metadata(body: bytes, shape: type[Said]) -> Said:
    """The metadata of a registration request, or of an update. Raises InvalidClientMetadata."""
    if not json_can_be_stored(body):
        raise InvalidClientMetadata(UNSTORABLE)
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        raise InvalidClientMetadata(_sentence(error)) from error


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    if not first["loc"]:
        return f"The body must be a JSON object with the client's metadata: {expectation(first)}."
    return f"{place_of(first)} cannot be used: {expectation(first)}."


def new_client(said: ClientMetadata) -> NewClient:
    """The client to create. Its website defaults to the origin of a redirect URI."""
    name = said.client_name or "This company"
    use = ScopeOfUse(
        id="default",
        title=f"How {name} uses your data",
        text=said.thirdPartyApplicationDescription or f"{name} has not yet described how it uses your data.",
        terms_url=said.tos_uri,
    )
    uris = dict.fromkeys(said.redirect_uris or [])
    return NewClient(**_values(said), redirect_uris=tuple(uris), scopes_of_use=(use,), scope=said.scope)


def client_as_said(client: Client, said: ClientMetadata, links: Links) -> Client:
    """The client with the registration in `said`; omitted fields are removed (RFC 7592 §2.2)."""
    own = {uri.replace("{base}", links.base): uri for uri in client.redirect_uris}
    first, *others = client.scopes_of_use
    values = _values(said)
    return replace(
        client,
        **{**values, "company_name": values["company_name"] or client.id},
        redirect_uris=tuple(own.get(uri, uri) for uri in dict.fromkeys(said.redirect_uris or [])),
        scopes_of_use=(replace(first, terms_url=said.tos_uri), *others),
        scope=said.scope or client.scope,
    )


def _values(said: ClientMetadata) -> dict[str, Any]:  # Any: fields of Client by name
    mail, *further = said.contacts or [""]
    particulars = {field: getattr(said, name) for name, field in _PARTICULARS}
    return {
        "company_name": said.client_name or "",
        "website": said.client_uri or _website(said),
        "contact_email": mail,
        "notify_uri": said.thirdPartyNotifyUri or None,
        "particulars": Particulars(**particulars, further_contacts=tuple(further)),
        "auth_method": said.token_endpoint_auth_method or "client_secret_basic",  # RFC 7591 §2
        "jwks": said.jwks,
        "jwks_uri": said.jwks_uri,
    }


def _website(said: ClientMetadata) -> str:
    """The origin of the first redirect URI that is a web address, or none (RFC 7591 §2 allows defaults)."""
    for uri in said.redirect_uris or ():
        if is_web_address(uri):
            return f"{origin_of(uri)}/"
    return ""


def metadata_of(client: Client, links: Links) -> dict[str, Any]:
    """The registration as client metadata (RFC 7591 §3.2.1); fields that were not registered are absent."""
    metadata: dict[str, Any] = {
        "client_id": client.id,
        "client_id_issued_at": int(client.created.timestamp()),
        "client_secret": client.secret or None,
        "client_secret_expires_at": 0 if client.secret else None,
        "registration_client_uri": links.registration(client.id),
        "registration_access_token": client.registration_access_token,
        "redirect_uris": [uri.replace("{base}", links.base) for uri in client.redirect_uris],
        "client_name": client.company_name,
        "client_uri": client.website or None,
        "contacts": list(filter(None, (client.contact_email, *client.particulars.further_contacts))) or None,
        "tos_uri": client.scopes_of_use[0].terms_url,
        "scope": client.scope,
        "grant_types": list(client.grant_types),
        "response_types": ["code"],
        "token_endpoint_auth_method": client.auth_method,
        "jwks": client.jwks,
        "jwks_uri": client.jwks_uri,
        "thirdPartyNotifyUri": client.notify_uri,
        **_particulars(client),
    }
    return {name: value for name, value in metadata.items() if value is not None}


def _particulars(client: Client) -> Mapping[str, Any]:
    return {name: getattr(client.particulars, field) for name, field in _PARTICULARS}
