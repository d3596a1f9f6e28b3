"""Bulk feeds contain many authorizations, for the client's own token. A notification's file expires after 3 days."""

from datetime import timedelta

import pytest
from lxml import etree

from mock_server.sandbox import Sandbox
from tests.support import BASE, Third
from tests.webhooks.receiver import Receiver, pass_time

RESOURCE = "/DataCustodian/espi/1_1/resource"
ATOM = "{http://www.w3.org/2005/Atom}"
CALLBACK = "https://live-company.example.com/green-button/callback"
SCOPE = "FB=4_16_39;SubscriptionFrequency=daily;AdditionalScope=auth-test-{}"
DAY = timedelta(days=1)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def live(sandbox: Sandbox, third: Third, receiver: Receiver) -> Third:
    return Third(receiver.in_front_of(sandbox), third.http, client_id="DEMOUTILITY_livelive1")


def connect(live: Third, customer: str) -> str:
    return live.approval(customer, SCOPE.format(customer), redirect_uri=CALLBACK).authorization.uid


def selves(body: bytes) -> list[str]:
    entries = etree.fromstring(body, etree.XMLParser(huge_tree=True)).findall(f"{ATOM}entry")
    links = [
        next(link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "self") for entry in entries
    ]
    return [str(link.get("href")) for link in links]


def bulk_addresses(receiver: Receiver) -> list[str]:
    return [url for found in receiver.resources() for url in found if "/Batch/Bulk/" in url]


def test_the_clients_bulk_contains_exactly_its_authorizations(live: Third) -> None:
    uids = [connect(live, "test_residential"), connect(live, "test_solar")]
    response = live.get(
        f"{RESOURCE}/Batch/Bulk/DEMOUTILITY-livelive1?max-results=100000", live.client_token()
    )
    assert response.status_code == 200
    found = selves(response.content)
    of_meters = [url for url in found if "/ReadingType/" not in url and "/LocalTimeParameters/" not in url]
    assert {url.partition("/Subscription/")[2].split("/")[0] for url in of_meters} == set(uids)
    short = live.get(f"{RESOURCE}/Bulk/DEMOUTILITY-livelive1", live.client_token())
    assert selves(short.content) == found


def test_the_granted_scope_names_the_bulk(live: Third, third: Third) -> None:
    assert (
        ";BR=DEMOUTILITY-livelive1"
        in live.approval(scope=SCOPE.format("test_residential"), redirect_uri=CALLBACK).authorization.scope
    )
    assert "BR=" not in third.approval().authorization.scope


def test_a_notification_links_to_the_changes_since_the_last(live: Third, receiver: Receiver) -> None:
    uid = connect(live, "test_residential")
    pass_time(live.sandbox, 2 * DAY)
    first, second = bulk_addresses(receiver)
    assert first.startswith(f"http://127.0.0.1:8000{RESOURCE}/Batch/Bulk/")
    token = live.client_token()
    path = second.partition(":8000")[2]
    days = [url for url in selves(live.get(path, token).content) if "/IntervalBlock/" in url]
    assert len(days) == 3  # one day of three meters
    assert all(f"/Subscription/{uid}/" in url for url in days)
    bare = live.get(path.partition("?")[0], token)
    assert [url for url in selves(bare.content) if "/IntervalBlock/" in url] == days


def test_the_file_of_a_notification_expires_after_three_days(live: Third, receiver: Receiver) -> None:
    connect(live, "test_residential")
    pass_time(live.sandbox, DAY)
    (address,) = bulk_addresses(receiver)
    path, token = address.partition(":8000")[2], live.client_token
    pass_time(live.sandbox, 2 * DAY)
    assert live.get(path, token()).status_code == 200
    pass_time(live.sandbox, 2 * DAY)
    response = live.get(path, token())
    assert response.status_code == 404
    assert "expired" in response.json()["error_description"]


@pytest.mark.parametrize("kind", ["access", "registration", "other client", "none"])
def test_only_the_clients_own_token_can_read_a_bulk(live: Third, third: Third, kind: str) -> None:
    """RBK002, RBK003, RBK004."""
    connect(live, "test_residential")
    path = f"{RESOURCE}/Batch/Bulk/DEMOUTILITY-livelive1"
    if kind == "none":
        assert third.http.get(path, headers={"Authorization": "Bearer null"}).status_code == 401
        return
    tokens = {
        "access": third.tokens().access_token,
        "registration": live.client_token("FB=36_40"),
        "other client": third.client_token(),
    }
    expected = 404 if kind == "other client" else 403
    assert live.get(path, tokens[kind]).status_code == expected


def test_the_error_for_an_unknown_bulk_names_the_clients_own(live: Third) -> None:
    response = live.get(f"{RESOURCE}/Batch/Bulk/nope", live.client_token())
    assert response.status_code == 404
    assert "DEMOUTILITY-livelive1" in response.json()["error_description"]


def test_a_client_without_customers_has_an_empty_bulk(live: Third) -> None:
    response = live.get(f"{RESOURCE}/Batch/Bulk/DEMOUTILITY-livelive1", live.client_token())
    assert (response.status_code, selves(response.content)) == (200, [])


def test_the_token_response_links_to_the_bulk(live: Third) -> None:
    response = live.http.post(
        "/DataCustodian/oauth/token",
        data={"grant_type": "client_credentials"},
        auth=(live.client_id, live.client.secret),
    ).json()
    assert response["resourceURI"] == f"{BASE}{RESOURCE}/Batch/Bulk/DEMOUTILITY-livelive1"
