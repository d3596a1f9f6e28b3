"""FB_01 Common, FB_03 Core Connect My Data, FB_13 Security and privacy."""

import pytest

from mock_server.sandbox import Sandbox
from tests.certification.suite import CERTIFICATES, Suite, certificates, path_of, text, valid
from tests.espi.documents import ATOM, ESPI
from tests.support import Third


@pytest.mark.parametrize(
    ("address", "token_class"),
    [
        pytest.param("application", "registration", id="CERT001"),
        pytest.param("authorizations", "client", id="CERT002"),
        pytest.param("authorization", "client", id="CERT003"),
        pytest.param("batch", "access", id="CERT004"),
    ],
)
def test_a_document_has_the_certification_link(
    suite: Suite, sandbox: Sandbox, address: str, token_class: str
) -> None:
    root = valid(suite.get(suite.addresses[address], token_class))
    assert certificates(root) == [CERTIFICATES + sandbox.fixtures.utility.certificate_id]


def test_fnd001_the_registration_token_leads_to_the_registration(suite: Suite) -> None:
    answer = suite.answer("registration")
    assert answer["access_token"]
    assert answer["authorizationURI"]
    root = valid(suite.get(answer["resourceURI"], "registration"))
    assert root.tag == f"{ATOM}entry"
    assert path_of(answer["resourceURI"]).rsplit("/", 1)[-1]
    assert "espi/1_1/resource" in str(text(root, "dataCustodianResourceEndpoint"))
    assert len(list(root.iter(f"{ESPI}dataCustodianScopeSelectionScreenURI"))) == 1
    for name in ("dataCustodianId", "client_id", "client_secret", "authorizationServerUri", "redirect_uri"):
        assert text(root, name)


def test_fnd002_the_registration_is_complete(suite: Suite) -> None:
    root = valid(suite.get(suite.addresses["application"], "registration"))
    assert text(root, "dataCustodianApplicationStatus") in ("1", "2", "3", "4")
    assert text(root, "token_endpoint_auth_method") == "client_secret_basic"
    assert text(root, "response_types") == "code"
    grants = {one.text for one in root.iter(f"{ESPI}grant_types")}
    assert grants == {"authorization_code", "client_credentials", "refresh_token"}


def test_fnd003_the_client_token_opens_the_authorizations(suite: Suite) -> None:
    uri = path_of(suite.answer("access")["authorizationURI"])
    root = valid(suite.get(suite.addresses["authorizations"], "client"))
    assert uri in [path_of(str(text(one, "authorizationURI"))) for one in root.iter(f"{ATOM}entry")]


def test_fnd004_an_authorization_says_what_the_token_answer_said(suite: Suite) -> None:
    answer = suite.answer("access")
    root = valid(suite.get(answer["authorizationURI"], "client"))
    assert text(root, "status") in (None, "0", "1", "2")
    assert text(root, "expires_at")
    for name in ("scope", "token_type", "resourceURI", "authorizationURI"):
        assert text(root, name) == answer[name]


def test_fnd005_the_access_token_opens_the_data(suite: Suite) -> None:
    root = valid(suite.get(suite.addresses["batch"], "access"))
    assert root.tag == f"{ATOM}feed"
    valid(suite.get(suite.answer("access")["authorizationURI"], "client"))


def test_fnd006_the_service_is_in_operation(suite: Suite) -> None:
    root = valid(suite.get(suite.addresses["status"], "client"))
    assert root.tag == f"{ESPI}ServiceStatus"
    assert text(root, "currentStatus") == "1"


OF_THE_UTILITY = (
    "authorizationServerUri",
    "authorizationServerAuthorizationEndpoint",
    "authorizationServerTokenEndpoint",
    "dataCustodianBulkRequestURI",
    "dataCustodianResourceEndpoint",
    "registration_client_uri",
    "dataCustodianScopeSelectionScreenURI",
)
OF_THE_CLIENT = (
    "thirdPartyNotifyUri",
    "thirdPartyScopeSelectionScreenURI",
    "thirdPartyUserPortalScreenURI",
    "client_uri",
    "redirect_uri",
)


@pytest.mark.parametrize("name", [*OF_THE_UTILITY, *OF_THE_CLIENT])
def test_tc001_addresses_begin_with_https(third: Third, sandbox: Sandbox, name: str) -> None:
    """Where the utility has a public https address and the client registered its own; a laptop's are http."""
    suite = Suite(Third(sandbox, third.http, client_id="DEMOUTILITY_livelive1"))
    root = valid(suite.get(suite.answer("registration")["resourceURI"], "registration"))
    assert str(text(root, name)).startswith("https://")
