"""Every document of the server passes the validator, for every customer in both dialects."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.espi.check.check import check_document
from mock_server.fixtures import bundled_folder, load_fixtures
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.espi.check.samples import find
from tests.espi.documents import parse
from tests.support import Third

R = "/DataCustodian/espi/1_1/resource"
USUAL = "4_16_51"
EVERYTHING = "1_3_4_5_6_7_8_9_10_11_12_13_14_15_16_17_18_19_27_28_31_37_39_46_51"
COSTS = {12}  # required of every block, but demand has no cost: `tests/certification` claims it alone
LARGE = ("test_large",)  # 100 services of the same kinds as other customers'
CUSTOMERS = [
    customer.id
    for customer in load_fixtures(bundled_folder()).customers
    if customer.is_test_account and customer.accounts and customer.id not in LARGE
]


@pytest.fixture
def dialect() -> str:
    """The default; test parameters override it."""
    return "utilityapi"


@pytest.fixture
def settings(dialect: str) -> Settings:
    return read_settings({"clock": NOON, "dialect": dialect})


def documents(third: Third, customer: str, blocks: str) -> Iterator[tuple[str, bytes, str]]:
    """URL, bytes and granted scope of the batches, the authorization, and one linked document of each kind."""
    scope = f"FB={blocks};HistoryLength=4000000;AdditionalScope=auth-test-{customer}"
    issued = third.tokens(customer, scope)
    uid, token, granted = issued.authorization.uid, issued.access_token, issued.authorization.scope
    own, registration = third.client_token(), third.client.registration_access_token
    for path, bearer in (
        ("Authorization", own),
        (f"Authorization/{uid}", own),
        ("ReadServiceStatus", own),
        (f"ApplicationInformation/{third.client_id}", registration),
    ):
        yield path, third.get(f"{R}/{path}", bearer).content, granted
    seen: set[str] = set()
    for batch in (f"Batch/Subscription/{uid}", f"Batch/RetailCustomer/{uid}"):
        response = third.get(f"{R}/{batch}", token)
        if response.status_code == 202:  # a slow customer's batch
            third.sandbox.write_alone(advance_clock, timedelta(seconds=int(response.headers["Retry-After"])))
            response = third.get(f"{R}/{batch}", token)
        body = response.content
        yield batch, body, granted
        for link in find(
            parse(body), "//a:entry/a:link[starts-with(@type, 'espi') or starts-with(@type, 'cust')]"
        ):
            url, kind = str(link.get("href")), str(link.get("type"))
            if kind not in seen and not url.endswith(("/ReadingType", "/LocalTimeParameters")):
                seen.add(kind)
                yield url, third.get(url, token).content, granted


@pytest.mark.parametrize(
    ("dialect", "blocks"),
    [("utilityapi", USUAL), ("utilityapi", EVERYTHING), ("certification", EVERYTHING)],
    ids=["usual", "everything", "certification"],
)
@pytest.mark.parametrize("customer", CUSTOMERS)
def test_no_document_of_the_server_breaks_a_rule(
    third: Third, settings: Settings, customer: str, blocks: str
) -> None:
    allowed = {"prefix"} if settings.dialect == "utilityapi" else set()
    allowed |= {"block-gap"} if customer == "test_gaps" else set()
    count = 0
    for path, body, granted in documents(third, customer, blocks):
        is_usage = path.startswith("Batch/Subscription/")
        claimed = frozenset(parse_scope(granted).function_blocks) - COSTS if is_usage else frozenset()
        report = check_document([body], function_blocks=claimed)
        broken = [
            (finding.rule.id, finding.place, finding.message)
            for finding in report.findings
            if finding.rule.id not in allowed
        ]
        assert (path, broken) == (path, [])
        count += 1
    assert count > 20
