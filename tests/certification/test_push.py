"""FB_39 PUSH and FB_35 REST for bulk: what is notified, and that it opens with the right token."""

from datetime import timedelta
from itertools import repeat
from urllib.parse import urlsplit

import pytest
from lxml import etree

from mock_server.actions.clients.find_client import remember_base
from mock_server.actions.notifying.outbox import list_attempts, list_waiting
from mock_server.domain.consent.bulk import bulk_id_of
from mock_server.sandbox import Sandbox
from tests.certification.suite import R, schema
from tests.espi.documents import ATOM, ESPI
from tests.support import Third
from tests.webhooks.receiver import Receiver, pass_time

CALLBACK = "https://live-company.example.com/green-button/callback"
PUBLIC = "https://utility.example.com"
SCOPE = (
    "FB=4_16_39{};SubscriptionFrequency=daily;HistoryLength=864000;AdditionalScope=auth-test-test_residential"
)
DAY = timedelta(days=1)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def live(sandbox: Sandbox, third: Third, receiver: Receiver) -> Third:
    """The client that left a notify URI."""
    return Third(receiver.in_front_of(sandbox), third.http, client_id="DEMOUTILITY_livelive1")


def notified(receiver: Receiver) -> list[str]:
    """The first address of each notification, which is the only one that the suite looks at."""
    found = []
    for request in receiver.accepted:
        root = etree.fromstring(request.content)
        assert root.tag == f"{ESPI}BatchList"
        if (known := schema()) is not None:
            known.assertValid(root)
        found.append(str(root[0].text))
    return found


def opened(live: Third, address: str, token: str) -> etree._Element:
    assert address.startswith("https://")
    parts = urlsplit(address)
    answer = live.get(f"{parts.path}?{parts.query}", token)
    assert answer.status_code == 200, answer.text
    root = etree.fromstring(answer.content)
    if (known := schema()) is not None:
        known.assertValid(root)
    return root


def test_psh001_a_changed_registration(live: Third, receiver: Receiver) -> None:
    token = live.client.registration_access_token
    path = f"{R}/ApplicationInformation/{live.client_id}"
    body = live.get(path, token).content.replace(b">Live Company<", b">Lively Company<")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/atom+xml"}
    assert live.http.put(path, content=body, headers=headers).status_code == 200
    pass_time(live.sandbox, timedelta())
    (address,) = notified(receiver)
    root = opened(live, address, token)
    assert [one.text for one in root.iter(f"{ESPI}client_name")] == ["Lively Company"]


def test_psh002_a_new_authorization(live: Third, receiver: Receiver) -> None:
    live.approval(scope=SCOPE.format(""), redirect_uri=CALLBACK)
    pass_time(live.sandbox, timedelta())
    (address,) = notified(receiver)
    assert len(list(opened(live, address, live.client_token()).iter(f"{ESPI}Authorization"))) == 1


def test_psh003_new_data_of_a_subscription(live: Third, receiver: Receiver) -> None:
    approval = live.approval(scope=SCOPE.format(""), redirect_uri=CALLBACK)
    pass_time(live.sandbox, 2 * DAY)
    address = notified(receiver)[-1]
    root = opened(live, address, live.client.api_token)
    (self_link,) = [one for one in root.findall(f"{ATOM}link") if one.get("rel") == "self"]
    assert f"/Batch/Subscription/{approval.authorization.uid}" in str(self_link.get("href"))
    # Whoever looks the token up by the address without its query finds the resourceURI of the token answer.
    assert address.partition("?")[0] == f"{PUBLIC}{R}/Batch/Subscription/{approval.authorization.uid}"
    assert len(list(root.iter(f"{ESPI}IntervalBlock"))) == 3


def test_psh004_a_failed_notification_is_noticed_and_sent_again(sandbox: Sandbox, third: Third) -> None:
    receiver = Receiver(answers=iter([503, *repeat(200, 5)]))
    live = Third(receiver.in_front_of(sandbox), third.http, client_id="DEMOUTILITY_livelive1")
    live.approval(scope=SCOPE.format(""), redirect_uri=CALLBACK)
    pass_time(live.sandbox, timedelta())
    assert [one.status for one in sandbox.read(list_attempts)] == [503]
    assert len(sandbox.read(list_waiting)) == 1
    pass_time(live.sandbox, timedelta(hours=1))
    assert [one.status for one in sandbox.read(list_attempts)] == [200, 503]
    assert sandbox.read(list_waiting) == []


def test_rbk001_a_bulk_file_of_several_subscriptions(live: Third, receiver: Receiver) -> None:
    requested = SCOPE.format(f"_35;BR={bulk_id_of(live.client_id)}")
    uids = [live.approval(scope=requested, redirect_uri=CALLBACK).authorization.uid for _ in range(2)]
    pass_time(live.sandbox, 2 * DAY)
    (address,) = [one for one in notified(receiver) if "/Batch/Bulk/" in one][-1:]
    token = live.client_token()
    root = opened(live, address, token)
    resources = [
        str(one.text).replace("/Batch", "")
        for one in opened(live, f"{PUBLIC}{R}/Authorization/", token).iter(f"{ESPI}resourceURI")
    ]
    assert len(resources) == len(uids)
    for entry in root.iter(f"{ATOM}entry"):
        (href,) = [one.get("href") for one in entry.findall(f"{ATOM}link") if one.get("rel") == "self"]
        if "/ReadingType/" not in str(href) and "/LocalTimeParameters/" not in str(href):
            assert str(href).startswith(tuple(resources))


def test_addresses_are_those_that_the_client_was_reported(live: Third, receiver: Receiver) -> None:
    live.sandbox.write(remember_base, live.client, PUBLIC)
    live.approval(scope=SCOPE.format(""), redirect_uri=CALLBACK)
    pass_time(live.sandbox, timedelta())
    assert notified(receiver)[0].startswith(PUBLIC)
