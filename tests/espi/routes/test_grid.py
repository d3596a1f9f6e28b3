"""The decision table of ESPI 4.0 §1.8: the status of each URL of §1.1 to §1.4 for each token."""

import pytest

from mock_server.actions.authorizations.authorizations import expire, revoke
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.espi.documents import ATOM, entries, hrefs, parse
from tests.support import Third

R = "/DataCustodian/espi/1_1/resource"
SCOPE = "FB=4_16_51;HistoryLength=4000000;AdditionalScope=auth-test-test_residential"

METER = "/Subscription/{uid}/UsagePoint/{meter}"
AGREEMENT = "/RetailCustomer/{uid}/Customer/{customer}/CustomerAccount/{account}/CustomerAgreement"
LOCATION = AGREEMENT + "/{meter}/ServiceLocation"
OF_ONE_CUSTOMER = (
    "/Batch/Subscription/{uid}",
    "/Batch/Subscription/{uid}/UsagePoint/{meter}",
    "/Subscription/{uid}/UsagePoint",
    METER,
    METER + "/MeterReading",
    METER + "/MeterReading/{reading}",
    METER + "/MeterReading/{reading}/IntervalBlock",
    METER + "/MeterReading/{reading}/IntervalBlock/000001",
    METER + "/UsageSummary",
    METER + "/UsageSummary/{bill}",
    METER + "/ElectricPowerUsageSummary",
    METER + "/ElectricPowerUsageSummary/{bill}",
    METER + "/ElectricPowerQualitySummary",
    "/ReadingType",
    "/ReadingType/{uid}_{meter}_{reading}",
    "/LocalTimeParameters",
    "/LocalTimeParameters/TIMEZONE_{uid}_{meter}",
    "/Batch/RetailCustomer/{uid}",
    "/RetailCustomer/{uid}",
    "/RetailCustomer/{uid}/Customer",
    "/RetailCustomer/{uid}/Customer/{customer}",
    "/RetailCustomer/{uid}/Customer/{customer}/CustomerAccount",
    "/RetailCustomer/{uid}/Customer/{customer}/CustomerAccount/{account}",
    AGREEMENT,
    AGREEMENT + "/{meter}",
    LOCATION,
    LOCATION + "/{location}",
    LOCATION + "/{location}/Meter",
    LOCATION + "/{location}/Meter/{device}",
    LOCATION + "/{location}/EndDevice",
    AGREEMENT + "/{meter}/ServiceSupplier",
    AGREEMENT + "/{meter}/ProgramDateIdMappings",
    "/Statement",
    "/Statement/{uid}_{bill}",
    "/Non-ESPI/pdf_bill/{bill}/2026-03-04.pdf",
)
ALLOWED = [
    *(("GET", path, "access", 200) for path in OF_ONE_CUSTOMER),
    ("GET", "/ReadServiceStatus", "client", 200),
    ("GET", "/Authorization", "client", 200),
    ("GET", "/Authorization/", "client", 200),
    ("GET", "/Authorization/{uid}", "client", 200),
    ("PUT", "/Authorization/{uid}", "client", 400),  # the body is empty
    ("GET", "/ApplicationInformation/{client}", "registration", 200),
    ("PUT", "/ApplicationInformation/{client}", "registration", 400),
    ("DELETE", "/Authorization/{uid}", "client", 200),
    ("DELETE", "/ApplicationInformation/{client}", "registration", 200),
]
OF_ALL_CUSTOMERS = (
    *(
        "/IntervalBlock",
        "/MeterReading",
        "/UsagePoint",
        "/Customer",
        "/CustomerAccount",
        "/CustomerAgreement",
    ),
    *("/ServiceLocation", "/ServiceSupplier", "/EndDevice", "/Meter", "/ProgramDateIdMappings"),
)
READ_ONLY = (
    *("/ReadingType", "/LocalTimeParameters", "/Statement", "/Subscription/{uid}/UsagePoint"),
    *(f"{METER}/{name}" for name in ("MeterReading", "MeterReading/{reading}/IntervalBlock", "UsageSummary")),
    *(f"{METER}/ElectricPower{name}Summary" for name in ("Usage", "Quality")),
    *("/RetailCustomer/{uid}/Customer", "/RetailCustomer/{uid}/Customer/{customer}/CustomerAccount"),
    *(AGREEMENT, AGREEMENT + "/{meter}/ServiceSupplier", AGREEMENT + "/{meter}/ProgramDateIdMappings"),
    *(LOCATION, LOCATION + "/{location}/Meter", LOCATION + "/{location}/EndDevice"),
)
FORBIDDEN = [
    *(("GET", path) for path in OF_ALL_CUSTOMERS),
    *(("POST", path) for path in (*OF_ALL_CUSTOMERS, *READ_ONLY)),
    *((method, f"{path}/1") for path in OF_ALL_CUSTOMERS for method in ("GET", "PUT", "DELETE")),
    *((method, f"{path}/1") for path in READ_ONLY for method in ("PUT", "DELETE")),
    *(("GET", "/ApplicationInformation"), ("POST", "/ApplicationInformation")),
    *(("PUT", "/Batch/RetailCustomer/{uid}"), ("DELETE", "/Batch/RetailCustomer/{uid}")),
    *(("GET", "/Batch/RetailCustomer/{uid}/UsagePoint"), ("POST", "/Batch/RetailCustomer/{uid}/UsagePoint")),
]


@pytest.fixture(params=["utilityapi", "certification"])
def settings(request: pytest.FixtureRequest) -> Settings:
    return read_settings({"clock": NOON, "dialect": request.param})


class Access:
    """The tokens related to one authorization, and the ids in its URLs."""

    def __init__(self, third: Third) -> None:
        self.third = third
        issued = third.tokens(scope=SCOPE)
        uid = issued.authorization.uid
        self.tokens: dict[str, str | None] = {
            "access": issued.access_token,
            "client": third.client_token(),
            "registration": third.client_token("FB=36_40"),
            "api": third.client.api_token,
            "another customer's": third.tokens(scope=SCOPE).access_token,
            "none": None,
            "unknown": "f" * 64,
        }
        self.names = {"uid": uid, "meter": "1500001", "client": third.client_id, "bill": "15000012603"}
        roots = {
            batch: parse(third.get(f"{R}/Batch/{batch}/{uid}", issued.access_token).content)
            for batch in ("Subscription", "RetailCustomer")
        }
        for batch, kind, name in (
            ("Subscription", "MeterReading", "reading"),
            ("RetailCustomer", "Customer", "customer"),
            ("RetailCustomer", "CustomerAccount", "account"),
            ("RetailCustomer", "ServiceLocation", "location"),
            ("RetailCustomer", "Meter", "device"),
        ):
            # The last meter of the batch is the one shared first.
            self.names[name] = hrefs(entries(roots[batch], kind)[-1], "self")[0].rsplit("/", 1)[-1]

    def status_of(self, method: str, path: str, token: str) -> int:
        """The response status of a request with one of the tokens."""
        value = self.tokens[token]
        headers = {} if value is None else {"Authorization": f"Bearer {value}"}
        status: int = self.third.http.request(
            method, R + path.format(**self.names), headers=headers
        ).status_code
        return status


@pytest.fixture
def access(third: Third) -> Access:
    return Access(third)


def refused(token: str, settings: Settings) -> int:
    if token == "none":
        return 403 if settings.dialect == "certification" else 401
    return 401 if token == "unknown" else 403


@pytest.mark.parametrize("token", ["access", "client", "registration", "api", "none", "unknown"])
def test_a_token_can_use_only_the_urls_of_its_class(access: Access, settings: Settings, token: str) -> None:
    wrong = {}
    for method, path, token_class, status in ALLOWED:
        expected = status if token in (token_class, "api") else refused(token, settings)
        if (found := access.status_of(method, path, token)) != expected:
            wrong[method, path] = (found, expected)
    assert wrong == {}


def test_a_token_cannot_read_another_customers_urls(access: Access) -> None:
    own = {"/ReadingType", "/LocalTimeParameters", "/Statement"}
    found = {path: access.status_of("GET", path, "another customer's") for path in OF_ONE_CUSTOMER}
    assert found == {path: 200 if path in own else 403 for path in OF_ONE_CUSTOMER}


@pytest.mark.parametrize("token", ["access", "client", "registration", "api", "none", "unknown"])
def test_urls_for_the_utilitys_staff_are_forbidden_for_every_token(
    access: Access, settings: Settings, token: str
) -> None:
    expected = refused(token, settings)
    found = {(method, path): access.status_of(method, path, token) for method, path in FORBIDDEN}
    assert {place: status for place, status in found.items() if status != expected} == {}


def test_the_error_of_a_forbidden_url_names_the_control_api(third: Third) -> None:
    response = third.http.post(
        f"{R}/UsagePoint", headers={"Authorization": f"Bearer {third.client.api_token}"}
    )
    assert response.status_code == 403
    assert response.json()["error"] == "insufficient_scope"
    assert "/_mock" in response.json()["error_description"]


def test_missing_resources_and_subscriptions_get_404(access: Access) -> None:
    for path in (
        "/Subscription/{uid}",
        "/Subscription",
        "/Nothing",
        METER + "/Nothing",
        METER + "/ElectricPowerUsageSummary/1",
        METER + "/ElectricPowerQualitySummary/1",
        "/Statement/{uid}_1",
        "/Statement/1",
        "/RetailCustomer/{uid}/Nothing",
        "/Batch",
        "/Batch/Nothing/{uid}",
    ):
        assert access.status_of("GET", path, "access") == 404, path
    assert access.status_of("GET", "/Authorization/1", "client") == 404
    assert access.status_of("PUT", "/Authorization/1", "client") == 404
    assert access.status_of("DELETE", "/Authorization/1", "client") == 404


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/Authorization/1", {"GET", "PUT", "DELETE"}),
        ("/ApplicationInformation/x", {"GET", "PUT", "DELETE"}),
        ("/ReadServiceStatus", {"GET"}),
        ("/UsagePoint", {"GET", "POST"}),
    ],
)
def test_a_wrong_method_gets_all_allowed_ones(third: Third, path: str, allowed: set[str]) -> None:
    response = third.http.patch(R + path)
    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) - {"HEAD"} == allowed


def test_shared_collections_contain_what_the_token_may_read(access: Access) -> None:
    third = access.third
    for collection in ("LocalTimeParameters", "ReadingType"):
        own = parse(third.get(f"{R}/{collection}", access.tokens["access"] or "").content)
        batch = third.get(f"{R}/Batch/Subscription/{access.names['uid']}", access.tokens["access"] or "")
        count = len(entries(parse(batch.content), collection))
        assert len(entries(own, collection)) == count >= 3
        complete = parse(third.get(f"{R}/{collection}", access.tokens["api"] or "").content)
        assert len(entries(complete, collection)) == 2 * count
        for entry in complete.iter(f"{ATOM}entry"):
            assert hrefs(entry, "up") == [f"http://localhost:8000{R}/{collection}"]


def test_an_api_token_cannot_read_ended_authorizations(access: Access) -> None:
    third = access.third
    other = third.tokens(scope=SCOPE).authorization.uid
    third.sandbox.write(revoke, access.names["uid"])
    third.sandbox.write(expire, other)
    complete = parse(third.get(f"{R}/LocalTimeParameters", access.tokens["api"] or "").content)
    assert len(entries(complete, "LocalTimeParameters")) == 3
