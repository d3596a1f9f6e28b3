"""The granted scope determines the available resources and their period, and describes both correctly."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mock_server.actions.connecting.authorize import find_return_address, start_request
from mock_server.actions.connecting.consent import approve
from mock_server.actions.connecting.find_customer import find_customer
from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.actions.tokens.refresh_token import refresh
from mock_server.domain.consent.consent import propose_consent
from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.records import Customer
from mock_server.domain.text.parameters import parameters_of
from mock_server.sandbox import Sandbox
from tests.conftest import NOON
from tests.espi.documents import ATOM, CUST, ESPI, entries, hrefs, parse, payload
from tests.support import BASE, Third

R = "/DataCustodian/espi/1_1/resource"
SHORT = "FB=4_16_51;HistoryLength=6000000;AdditionalScope=auth-test-test_residential"
INTERVAL_KINDS = {"MeterReading", "ReadingType", "IntervalBlock"}
CUSTOMER_KINDS = {"Customer", "CustomerAccount", "CustomerAgreement", "ServiceLocation", "Meter"}
LAG = timedelta(hours=6)


def addresses(third: Third, uid: str, token: str) -> dict[str, dict[str, str]]:
    """The URLs of the first resource of each kind: the entry, its collection, and its PDF if any."""
    found: dict[str, dict[str, str]] = {}
    for batch in ("Subscription", "RetailCustomer"):
        root = parse(third.get(f"{R}/Batch/{batch}/{uid}", token).content)
        for entry in root.iter(f"{ATOM}entry"):
            kind = entry.findtext(f"{ATOM}title") or ""
            pdfs = [url for url in hrefs(entry, "related") if url.endswith(".pdf")]
            forms = {"entry": hrefs(entry, "self")[0], "feed": hrefs(entry, "up")[0]}
            forms |= {"pdf": pdfs[0]} if pdfs else {}
            found[kind] = {**forms, **found.get(kind, {})}
    return found


@pytest.mark.parametrize(
    "scope",
    [
        "FB=4",
        "FB=15",
        "FB=16",
        "FB=46",
        "FB=51",
        "FB=4_15",
        "FB=4_51",
        "FB=16_46",
        "FB=1_3_5_10_39",
        "FB=4_16_51",
    ],
)
def test_data_that_was_not_granted_is_unavailable(third: Third, sandbox: Sandbox, scope: str) -> None:
    issued = third.tokens(scope=SHORT)
    uid, token = issued.authorization.uid, issued.access_token
    everything = addresses(third, uid, token)
    assert everything.keys() == INTERVAL_KINDS | CUSTOMER_KINDS | {
        "UsagePoint",
        "LocalTimeParameters",
        "UsageSummary",
        "Statement",
    }
    with sandbox.writing() as transaction:
        transaction.authorizations.change({"uid": uid}, scope=scope)
    blocks = set(parse_scope(scope).function_blocks)
    granted = {"UsagePoint", "LocalTimeParameters"}
    granted |= INTERVAL_KINDS if 4 in blocks else set()
    granted |= {"UsageSummary"} if blocks & {15, 16} else set()
    granted |= CUSTOMER_KINDS if blocks & {46, 51} else set()
    granted |= {"Statement"} if blocks & {46, 51} and 16 in blocks else set()
    for kind, forms in everything.items():
        about_customer = kind in CUSTOMER_KINDS or (kind == "Statement" and not blocks & {46, 51})
        refused = 403 if about_customer else 404
        for form, url in forms.items():
            response = third.get(url, token)
            if form == "feed" and refused == 404:
                assert response.status_code == 200, url
                assert (b"<entry>" in response.content) == (kind in granted), url
            else:
                assert response.status_code == (200 if kind in granted else refused), (url, response.text)


def in_scope(third: Third, options: str, *, history: str = "") -> tuple[str, str]:
    scope = f"FB=4_16_51;{history}AdditionalScope={options}auth-test-test_residential"
    issued = third.tokens(scope=scope)
    return issued.authorization.uid, issued.refresh_token or ""


def reach(third: Third, uid: str) -> tuple[list[datetime], list[datetime]]:
    """The start times of readings, and the start and end times of bills."""
    root = parse(third.get(f"{R}/Batch/Subscription/{uid}", third.client.api_token).content)
    starts = [int(found.findtext(f"{ESPI}start") or 0) for found in root.iter(f"{ESPI}timePeriod")]
    periods = [found.find(f"{ESPI}billingPeriod") for found in root.iter(f"{ESPI}UsageSummary")]
    edges = [int(found.findtext(f"{ESPI}start") or 0) for found in periods if found is not None]
    edges += [
        edge + int(found.findtext(f"{ESPI}duration") or 0)
        for edge, found in zip(edges, periods, strict=True)
        if found is not None
    ]
    return [datetime.fromtimestamp(start, UTC) for start in starts], [
        datetime.fromtimestamp(edge, UTC) for edge in edges
    ]


@pytest.mark.parametrize(
    ("history", "options", "start"),
    [
        ("HistoryLength=6000000;", "", NOON - timedelta(seconds=6_000_000)),
        ("", "", NOON - timedelta(seconds=63_072_000)),
        ("", "historical-2026-01-01_", datetime(2026, 1, 1, 5, tzinfo=UTC)),
        ("HistoryLength=0;", "", NOON),
        ("", "historical-none_", NOON),
    ],
)
def test_history_begins_at_the_granted_start(
    third: Third, sandbox: Sandbox, history: str, options: str, start: datetime
) -> None:
    uid, _ = in_scope(third, options, history=history)
    sandbox.write_alone(advance_clock, timedelta(days=1))
    readings, bills = reach(third, uid)
    assert timedelta() <= min(readings) - start < timedelta(hours=1)
    assert bills == [] or min(bills) >= start
    assert bool(bills) == (start < NOON - timedelta(days=60))


@pytest.mark.parametrize(
    ("options", "end"),
    [("ongoing-2026-04-20_", datetime(2026, 4, 21, 4, tzinfo=UTC)), ("ongoing-none_", NOON), ("", None)],
)
def test_data_continues_until_the_granted_end(
    third: Third, sandbox: Sandbox, options: str, end: datetime | None
) -> None:
    uid, _ = in_scope(third, options, history="HistoryLength=6000000;")
    sandbox.write_alone(advance_clock, timedelta(days=100))
    readings, bills = reach(third, uid)
    last = end or NOON + timedelta(days=100) - LAG
    assert timedelta() < last - max(readings) <= timedelta(hours=1)
    assert max(bills) <= last


def test_only_chosen_services_are_shared(third: Third, sandbox: Sandbox) -> None:
    parameters = {
        "response_type": "code",
        "client_id": third.client_id,
        "scope": SHORT,
        "redirect_uri": "http://127.0.0.1:5000/callback",
    }
    query = parameters_of(parameters.items())
    request = sandbox.write(
        start_request, query, sandbox.read(find_return_address, query, base=BASE), browser="b"
    )
    customer = sandbox.read(find_customer, "test_residential")
    assert isinstance(customer, Customer)
    complete = propose_consent(parse_scope(SHORT), customer, now=NOON)
    gas = next(service for _, service in customer.services() if service.kind == "gas")
    consent = replace(complete, service_ids=(gas.id,), function_blocks=frozenset({4, 51}))
    approved = sandbox.write(
        approve,
        request,
        client=third.client,
        customer=customer,
        consent=consent,
        receipt_link="x",
        own_link="y",
    )
    uid, token = approved.authorization.uid, third.client.api_token
    granted = parse_scope(approved.authorization.scope)
    assert granted.account_collection == 1
    assert granted.interval_durations == ("3600",)
    assert {10} <= set(granted.function_blocks)
    assert not {5, 11, 15, 16} & set(granted.function_blocks)
    batch = parse(third.get(f"{R}/Batch/Subscription/{uid}", token).content)
    assert [payload(entry).findtext(f".//{ESPI}kind") for entry in entries(batch, "UsagePoint")] == ["1"]
    assert entries(batch, "UsageSummary") == []
    own = parse(third.get(f"{R}/Batch/RetailCustomer/{uid}", token).content)
    assert [found.text for found in own.iter(f"{CUST}serialNumber")] == [gas.meter_serial]


@pytest.mark.parametrize("customer", ["test_residential", "test_commercial", "test_solar", "test_gaps"])
def test_the_granted_scope_matches_the_data(third: Third, customer: str) -> None:
    issued = third.tokens(customer, f"FB=4_16;HistoryLength=8000000;AdditionalScope=auth-test-{customer}")
    granted = parse_scope(issued.authorization.scope)
    root = parse(third.get(f"{R}/Batch/Subscription/{issued.authorization.uid}", issued.access_token).content)
    assert granted.account_collection == len(entries(root, "UsagePoint"))
    lengths = {found.text for found in root.iter(f"{ESPI}intervalLength")}
    assert set(granted.interval_durations) == lengths
    first = min(int(found.findtext(f"{ESPI}start") or 0) for found in root.iter(f"{ESPI}timePeriod"))
    assert granted.history_length is not None
    assert 0 <= first - (NOON.timestamp() - granted.history_length) < 3600
    kinds = {found.findtext(f"{ESPI}kind") for found in root.iter(f"{ESPI}ServiceCategory")}
    blocks = set(granted.function_blocks)
    for block, kind in ((5, "0"), (10, "1"), (11, "2")):
        assert (block in blocks) == (kind in kinds)
    flows = {found.text for found in root.iter(f"{ESPI}flowDirection")}
    for block, flow in ((7, "4"), (8, "19")):
        assert (block in blocks) == (flow in flows)
    assert granted.block_durations == ("daily",)
    durations = [int(found.findtext(f"{ESPI}duration") or 0) for found in root.iter(f"{ESPI}interval")]
    assert max(durations) <= 25 * 3600


def test_an_authorization_without_history_gives_access_to_new_data(third: Third, sandbox: Sandbox) -> None:
    uid, refresh_token = in_scope(third, "historical-none_ongoing-2026-03-20_")
    sandbox.write_alone(advance_clock, timedelta(days=2))
    fresh = sandbox.write(refresh, third.client, refresh_token=refresh_token, scope=None).access_token
    root = parse(third.get(f"{R}/Batch/Subscription/{uid}", fresh).content)
    assert len(entries(root, "IntervalBlock")) == 3 * 3
