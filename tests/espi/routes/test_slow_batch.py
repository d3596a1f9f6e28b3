"""The batch of a slow customer: 202 with Retry-After, then the data and a notification (ESPI 4.0 §1.6)."""

from datetime import timedelta

import pytest

from mock_server.sandbox import Sandbox
from tests.support import Third
from tests.webhooks.receiver import Receiver, pass_time

RESOURCE = "/DataCustodian/espi/1_1/resource"
SCOPE = "FB=4_16_39;AdditionalScope=auth-test-test_slow"


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def slow(sandbox: Sandbox, third: Third, receiver: Receiver) -> Sandbox:
    return receiver.in_front_of(sandbox)


def test_the_batch_is_deferred_until_the_time_has_passed(slow: Sandbox, third: Third) -> None:
    issued = third.tokens("test_slow", SCOPE)
    path = f"{RESOURCE}/Batch/Subscription/{issued.authorization.uid}"
    first = third.get(path, issued.access_token)
    assert (first.status_code, first.content, first.headers["Retry-After"]) == (202, b"", "10")
    pass_time(slow, timedelta(seconds=4))
    assert third.get(path, issued.access_token).headers["Retry-After"] == "6"
    pass_time(slow, timedelta(seconds=6))
    assert third.get(path, issued.access_token).status_code == 200
    assert third.get(path, issued.access_token).content.count(b"<title>UsagePoint</title>") >= 1


def test_the_client_is_notified_when_it_is_ready(slow: Sandbox, third: Third, receiver: Receiver) -> None:
    live = Third(slow, third.http, client_id="DEMOUTILITY_livelive1")
    uid = live.approval(
        "test_slow", SCOPE, redirect_uri="https://live-company.example.com/green-button/callback"
    ).authorization.uid
    pass_time(slow, timedelta())
    path = f"{RESOURCE}/Batch/Subscription/{uid}"
    assert live.get(path, live.client.api_token).status_code == 202
    pass_time(slow, timedelta(seconds=10))
    assert [url.partition(RESOURCE)[2] for url in receiver.resources()[-1]] == [f"/Batch/Subscription/{uid}"]
    assert live.get(path, live.client.api_token).status_code == 200


def test_the_batch_of_a_meter_is_deferred_too(slow: Sandbox, third: Third) -> None:
    approval = third.approval("test_slow", SCOPE)
    path = f"{RESOURCE}/Batch/Subscription/{approval.authorization.uid}/UsagePoint/{approval.meters[0].uid}"
    assert third.get(path, third.client.api_token).status_code == 202
    pass_time(slow, timedelta(seconds=10))
    assert third.get(path, third.client.api_token).status_code == 200


def test_single_resources_are_never_deferred(third: Third) -> None:
    issued = third.tokens("test_slow", SCOPE)
    path = f"{RESOURCE}/Subscription/{issued.authorization.uid}/UsagePoint"
    assert third.get(path, issued.access_token).status_code == 200
