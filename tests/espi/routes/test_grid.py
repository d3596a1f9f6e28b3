"""The decision table of ESPI 4.0 §1.8: which token opens which address of §1.1 to §1.4, with which status."""

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
OPENED = [
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
EVERYBODYS = (
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
CLOSED = [
    *(("GET", path) for path in EVERYBODYS),
    *(("POST", path) for path in (*EVERYBODYS, *READ_ONLY)),
    *((method, f"{path}/1") for path in EVERYBODYS for method in ("GET", "PUT", "DELETE")),
    *((method, f"{path}/1") for path in READ_ONLY for method in ("PUT", "DELETE")),
    *(("GET", "/ApplicationInformation"), ("POST", "/ApplicationInformation")),
    *(("PUT", "/Batch/RetailCustomer/{uid}"), ("DELETE", "/Batch/RetailCustomer/{uid}")),
    *(("GET", "/Batch/RetailCustomer/{uid}/UsagePoint"), ("POST", "/Batch/RetailCustomer/{uid}/UsagePoint")),
]


@pytest.fixture(params=["utilityapi", "certification"])
def settings(request: pytest.FixtureRequest) -> Settings:
    return read_settings({"clock": NOON, "dialect": request.param})


class Doors:
    """One authorization: the tokens around it, and the names that its addresses are made of."""

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
            # The batch ends with the meter that was shared first.
            self.names[name] = hrefs(entries(roots[batch], kind)[-1], "self")[0].rsplit("/", 1)[-1]

    def knock(self, method: str, path: str, token: str) -> int:
        """The status of a request with one of the tokens."""
        value = self.tokens[token]
        headers = {} if value is None else {"Authorization": f"Bearer {value}"}
        status: int = self.third.http.request(
            method, R + path.format(**self.names), headers=headers
        ).status_code
        return status


@pytest.fixture
def doors(third: Third) -> Doors:
    return Doors(third)


def refused(token: str, settings: Settings) -> int:
    if token == "none":
        return 403 if settings.dialect == "certification" else 401
    return 401 if token == "unknown" else 403


@pytest.mark.parametrize("token", ["access", "client", "registration", "api", "none", "unknown"])
def test_a_token_opens_the_addresses_of_its_class_and_no_others(
    doors: Doors, settings: Settings, token: str
) -> None:
    wrong = {}
    for method, path, opened_by, status in OPENED:
        expected = status if token in (opened_by, "api") else refused(token, settings)
        if (found := doors.knock(method, path, token)) != expected:
            wrong[method, path] = (found, expected)
    assert wrong == {}


def test_another_customers_token_opens_none_of_a_customers_addresses(doors: Doors) -> None:
    own = {"/ReadingType", "/LocalTimeParameters", "/Statement"}
    found = {path: doors.knock("GET", path, "another customer's") for path in OF_ONE_CUSTOMER}
    assert found == {path: 200 if path in own else 403 for path in OF_ONE_CUSTOMER}


@pytest.mark.parametrize("token", ["access", "client", "registration", "api", "none", "unknown"])
def test_what_only_the_utilitys_staff_may_do_is_closed_to_everybody(
    doors: Doors, settings: Settings, token: str
) -> None:
    expected = refused(token, settings)
    found = {(method, path): doors.knock(method, path, token) for method, path in CLOSED}
    assert {place: status for place, status in found.items() if status != expected} == {}


def test_a_closed_address_names_the_control_api(third: Third) -> None:
    answer = third.http.post(f"{R}/UsagePoint", headers={"Authorization": f"Bearer {third.client.api_token}"})
    assert answer.status_code == 403
    assert answer.json()["error"] == "insufficient_scope"
    assert "/_mock" in answer.json()["error_description"]


def test_what_does_not_exist_is_404_and_a_subscription_is_no_resource(doors: Doors) -> None:
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
        assert doors.knock("GET", path, "access") == 404, path
    assert doors.knock("GET", "/Authorization/1", "client") == 404
    assert doors.knock("PUT", "/Authorization/1", "client") == 404
    assert doors.knock("DELETE", "/Authorization/1", "client") == 404


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/Authorization/1", {"GET", "PUT", "DELETE"}),
        ("/ApplicationInformation/x", {"GET", "PUT", "DELETE"}),
        ("/ReadServiceStatus", {"GET"}),
        ("/UsagePoint", {"GET", "POST"}),
    ],
)
def test_a_wrong_method_is_reported_all_the_right_ones(third: Third, path: str, allowed: set[str]) -> None:
    answer = third.http.patch(R + path)
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) - {"HEAD"} == allowed


def test_shared_collections_hold_what_the_token_opens(doors: Doors) -> None:
    third = doors.third
    for collection in ("LocalTimeParameters", "ReadingType"):
        own = parse(third.get(f"{R}/{collection}", doors.tokens["access"] or "").content)
        batch = third.get(f"{R}/Batch/Subscription/{doors.names['uid']}", doors.tokens["access"] or "")
        count = len(entries(parse(batch.content), collection))
        assert len(entries(own, collection)) == count >= 3
        every = parse(third.get(f"{R}/{collection}", doors.tokens["api"] or "").content)
        assert len(entries(every, collection)) == 2 * count
        for entry in every.iter(f"{ATOM}entry"):
            assert hrefs(entry, "up") == [f"http://localhost:8000{R}/{collection}"]


def test_ended_authorizations_are_left_out_of_what_an_api_token_opens(doors: Doors) -> None:
    third = doors.third
    other = third.tokens(scope=SCOPE).authorization.uid
    third.sandbox.write(revoke, doors.names["uid"])
    third.sandbox.write(expire, other)
    every = parse(third.get(f"{R}/LocalTimeParameters", doors.tokens["api"] or "").content)
    assert len(entries(every, "LocalTimeParameters")) == 3
