"""The main job: a client library that knows nothing of us connects a customer and reads their data."""

from xml.etree import ElementTree

import httpx
import pytest
from authlib.integrations.requests_client import OAuth2Session

from mock_server.testing.server import MockServer
from tests.journeys.forms import form_with, send
from tests.journeys.stories import CONTENT, CUSTOMERS, NEEDS_CODE, WAYS, Story

pytestmark = pytest.mark.usefixtures("reviewed")

CALLBACK = "http://127.0.0.1:5000/callback"
KINDS = {"0": "electric", "1": "gas", "2": "water"}
ATOM = "{http://www.w3.org/2005/Atom}"
ESPI = "{http://naesb.org/espi}"
CUST = "{http://naesb.org/espi/customer}"


def third_party(server: MockServer, scope: str, redirect_uri: str = CALLBACK) -> OAuth2Session:
    """Authlib's client, configured as for any provider."""
    return OAuth2Session(
        server.client.id,
        server.client.secret,
        scope=scope,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        token_endpoint=f"{server.url}/DataCustodian/oauth/token",
    )


def follow(browser: httpx.Client, answer: httpx.Response) -> httpx.Response:
    """Go where redirects lead, as long as they stay on the server."""
    while answer.has_redirect_location and not answer.headers["location"].startswith(CALLBACK):
        answer = browser.get(answer.url.join(answer.headers["location"]))
    return answer


def sign_in(browser: httpx.Client, page: httpx.Response, story: Story, server: MockServer) -> httpx.Response:
    """Fill in the forms of the sign-in, up to the consent page."""
    if not story.prefilled or story.way == "lastbill":
        assert page.status_code == 200, page.text
        page = follow(browser, send(browser, page, form_with(page.text, *story.answers), **story.answers))
    if story.way in NEEDS_CODE:
        page = follow(browser, send(browser, page, form_with(page.text, "channel"), channel="text"))
        code = server.messages()[0]["code"]
        page = follow(browser, send(browser, page, form_with(page.text, "code"), code=code))
    return page


def play(server: MockServer, story: Story) -> dict[str, object]:
    """The whole path; returns the token answer."""
    client = third_party(server, story.scope)
    verifier = "authlib-sends-a-verifier-of-43-or-more-characters"
    url, state = client.create_authorization_url(
        f"{server.url}/DataCustodian/oauth/authorize", code_verifier=verifier
    )
    with httpx.Client() as browser:
        page = sign_in(browser, follow(browser, browser.get(url)), story, server)
        assert "Test Company" in page.text
        done = send(browser, page, form_with(page.text, "decision"), decision="approve")
    assert done.has_redirect_location, done.text
    assert done.headers["location"].startswith(CALLBACK)
    tokens: dict[str, object] = client.fetch_token(
        authorization_response=done.headers["location"], state=state, code_verifier=verifier
    )
    return tokens


def get(url: object, tokens: dict[str, object], **options: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    answer = httpx.get(str(url), headers=headers, timeout=60, **options)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return answer


def check_content(server: MockServer, tokens: dict[str, object], customer: str) -> None:
    """Accounts and services as the fixtures have them, in Green Button XML and in JSON."""
    expected = CONTENT[customer]
    usage = ElementTree.fromstring(get(tokens["resourceURI"], tokens).content)
    categories = usage.iterfind(f".//{ESPI}ServiceCategory/{ESPI}kind")
    kinds = [KINDS[category.text or ""] for category in categories]
    assert sorted(kinds) == expected["kinds"]
    assert usage.find(f".//{ESPI}IntervalReading") is not None
    assert usage.find(f".//{ESPI}UsageSummary") is not None
    retail = ElementTree.fromstring(get(tokens["customerResourceURI"], tokens).content)
    accounts = {found.text for found in retail.iterfind(f".//{CUST}CustomerAccount/{CUST}accountId")}
    assert accounts == expected["accounts"]
    assert len(retail.findall(f".//{CUST}CustomerAgreement")) == len(expected["kinds"])
    meters = get(f"{server.url}/api/v2/meters", tokens).json()["meters"]
    found = sorted(meter["base"]["service_class"].rpartition("-")[2] for meter in meters)
    assert found == expected["kinds"]
    assert {meter["base"]["billing_account"] for meter in meters} == expected["accounts"]


@pytest.mark.parametrize("customer", CUSTOMERS)
@pytest.mark.parametrize("way", WAYS)
def test_a_client_library_connects_a_customer_and_reads_their_data(
    mock_server: MockServer, way: str, customer: str
) -> None:
    tokens = play(mock_server, Story(way, customer))
    check_content(mock_server, tokens, customer)


@pytest.mark.parametrize("customer", CUSTOMERS)
@pytest.mark.parametrize("way", [way for way in WAYS if way != "sso"])
def test_a_value_in_the_scope_spares_the_customer_the_form(
    mock_server: MockServer, way: str, customer: str
) -> None:
    tokens = play(mock_server, Story(way, customer, prefilled=True))
    authorization = get(f"{mock_server.url}/api/v2/authorizations", tokens).json()["authorizations"][0]
    assert authorization["is_test"] is True
    assert len(get(f"{mock_server.url}/api/v2/meters", tokens).json()["meters"]) == len(
        CONTENT[customer]["kinds"]
    )


def test_authlib_refreshes_and_gets_a_client_token(mock_server: MockServer) -> None:
    first = play(mock_server, Story("test", "test_residential", prefilled=True))
    client = third_party(mock_server, "")
    second = client.refresh_token(
        f"{mock_server.url}/DataCustodian/oauth/token", refresh_token=first["refresh_token"]
    )
    assert second["access_token"] != first["access_token"]
    own = client.fetch_token(f"{mock_server.url}/DataCustodian/oauth/token", grant_type="client_credentials")
    answer = get(second["authorizationURI"], own)
    assert b"Authorization" in answer.content


def test_the_authorization_appears_on_the_dashboard(mock_server: MockServer) -> None:
    play(mock_server, Story("test", "test_commercial", prefilled=True))
    page = httpx.get(f"{mock_server.url}/dashboard")
    assert page.status_code == 200
    assert "ACME CORP" in page.text
    assert "500001" in page.text
