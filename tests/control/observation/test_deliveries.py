"""Deliveries over the control API: an event is sent again only if a webhook receives it."""

from collections.abc import Iterator

import httpx
import pytest

from mock_server.sandbox import Sandbox
from tests.support import app_around, browser
from tests.webhooks.receiver import HOOK, Receiver


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def http(sandbox: Sandbox, receiver: Receiver) -> Iterator[httpx.Client]:
    with browser(app_around(receiver.in_front_of(sandbox))) as client:
        yield client


def test_an_event_that_was_delivered_is_sent_again(http: httpx.Client, receiver: Receiver) -> None:
    http.post("/_mock/webhooks", json={"url": HOOK})
    [event] = http.post("/_mock/events", json={"type": "ping"}).json()["events"]
    answer = http.post(f"/_mock/events/{event['uid']}/redeliver")
    assert (answer.status_code, answer.json()["waiting"]) == (200, 0)
    assert [one["items"] for one in answer.json()["attempts"]] == [[event["uid"]]] * 2
    assert len(receiver.accepted) == 2


def test_an_event_without_a_webhook_is_not_sent_again(http: httpx.Client, receiver: Receiver) -> None:
    [event] = http.post("/_mock/events", json={"type": "ping"}).json()["events"]
    answer = http.post(f"/_mock/events/{event['uid']}/redeliver")
    assert (answer.status_code, receiver.requests) == (400, [])
    assert "with a webhook" in answer.json()["error_description"]
