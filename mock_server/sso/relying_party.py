"""The provider's only relying party: the utility's own pages."""

from mock_server.domain.errors import InvalidClient, InvalidRedirectUri, InvalidRequest
from mock_server.domain.oauth.basic_credentials import user_and_password
from mock_server.domain.randomness import equal_secrets
from mock_server.domain.text.parameters import Parameters
from mock_server.http.context import RequestContext
from mock_server.urls import Links


def check_relying_party(context: RequestContext, query: Parameters, links: Links) -> str:
    """The redirect URI. Raises if it or the client is unknown; these errors are pages, never redirects."""
    known = context.sandbox.fixtures.utility.single_sign_on_client_id
    if query.one("client_id") != known:
        raise InvalidClient(
            f"The client_id must be {known}. Only the utility's own pages can use this provider."
        )
    redirect_uri = query.one("redirect_uri")
    if redirect_uri is None:
        raise InvalidRequest("The parameter redirect_uri is missing. Send the registered redirect URI.")
    own_pages = ("connect", "my-authorizations")
    if redirect_uri not in [links.browser(name, "signed-on") for name in own_pages]:
        raise InvalidRedirectUri("This redirect_uri is not registered with the utility's login.")
    return redirect_uri


def authenticate_relying_party(context: RequestContext) -> None:
    """HTTP Basic with the relying party's id and secret. Raises InvalidClient."""
    utility = context.sandbox.fixtures.utility
    credentials = user_and_password(context.headers.get("authorization", "")) or ("", "")
    expected = f"{utility.single_sign_on_client_id}:{utility.single_sign_on_client_secret}"
    if not equal_secrets(":".join(credentials), expected):
        raise InvalidClient(
            "Client authentication failed. Send the id and secret of the utility's relying party with HTTP Basic."
        )
