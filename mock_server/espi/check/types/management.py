"""The types of authorizations and registrations in the usage namespace (§5)."""

from collections.abc import Mapping
from typing import Final

from mock_server.espi.check.types.notation import Complex, parts, sequence

_IDENTIFIED: Final = "extension* Anything,  batchItemInfo? BatchItemInfo"

RESOURCES: Final[Mapping[str, Complex]] = {
    "ApplicationInformation": sequence(
        _IDENTIFIED,
        "dataCustodianId String64",
        "dataCustodianApplicationStatus DataCustodianApplicationStatus",
        "thirdPartyApplicationDescription? String256",
        "thirdPartyApplicationStatus? ThirdPartyApplicationStatus",
        "thirdPartyApplicationType? ThirdPartyApplicationType",
        "thirdPartyApplicationUse? ThirdPartyApplicationUse",
        "thirdPartyPhone? String32",
        "authorizationServerUri? Uri",
        parts("Uri", "thirdPartyNotifyUri authorizationServerAuthorizationEndpoint"),
        "authorizationServerRegistrationEndpoint? Uri",
        parts("Uri", "authorizationServerTokenEndpoint dataCustodianBulkRequestURI"),
        "dataCustodianResourceEndpoint Uri",
        parts("Uri?", "thirdPartyScopeSelectionScreenURI thirdPartyUserPortalScreenURI"),
        "client_secret String512",
        "logo_uri? Uri",
        "client_name String256",
        "client_uri? Uri",
        "redirect_uri+ Uri",
        "client_id String64",
        parts("Uri?", "tos_uri policy_uri"),
        "software_id String256",
        "software_version String32",
        parts("TimeType", "client_id_issued_at client_secret_expires_at"),
        "contacts* String256",
        "token_endpoint_auth_method TokenEndpointMethod",
        "scope+ String256",
        "grant_types{2,} GrantType",
        "response_types ResponseType",
        parts("Text", "registration_client_uri registration_access_token"),
        "dataCustodianScopeSelectionScreenURI? Text",
    ),
    "Authorization": sequence(
        _IDENTIFIED,
        parts("DateTimeInterval?", "authorizedPeriod publishedPeriod"),
        "status AuthorizationStatus",
        "expires_at TimeType",
        "grant_type? GrantType",
        "scope String256",
        "token_type TokenType",
        "error? OAuthError,  error_description? String256,  error_uri? Uri",
        parts("Uri", "resourceURI authorizationURI"),
        "customerResourceURI? Uri",
    ),
}
"""The payloads of Atom entries about registrations and authorizations."""

BARE: Final[Mapping[str, Complex]] = {
    "ServiceStatus": sequence("extension* Anything,  currentStatus ServiceStatusKind"),
    "BatchList": sequence("resources* Uri"),
}
"""Documents without Atom."""
