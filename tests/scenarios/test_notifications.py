"""Deliveries on bad days: twice, out of order, before their data, forged. What a receiver does with each."""

import json
from collections.abc import Mapping
from hmac import compare_digest

import httpx
import pytest

from mock_server.actions.notifying.webhooks import add_webhook
from mock_server.domain.events import EVENT_TYPES
from mock_server.sandbox import Sandbox
from mock_server.webhooks.signing import SALT_HEADER, SIGNATURE_HEADER, signature
from tests.scenarios.conftest import World
from tests.support import Third
from tests.webhooks.receiver import HOOK, Receiver

LIVE = "DEMOUTILITY_livelive1"
CALLBACK = "https://live-company.example.com/green-button/callback"
DAILY = "FB=4_39;SubscriptionFrequency=daily;AdditionalScope=auth-test-test_residential"


class Inbox:
    """A receiver that does it right: checks the signature, takes each event once, orders by when it happened."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self.events: dict[str, Mapping[str, str]] = {}

    def take(self, request: httpx.Request) -> bool:
        """Whether it is genuine."""
        expected = signature(self._secret, request.headers[SALT_HEADER], request.content)
        if not compare_digest(expected, request.headers[SIGNATURE_HEADER]):
            return False
        for event in json.loads(request.content)["events"]:
            self.events.setdefault(event["uid"], event)
        return True

    def in_order(self) -> list[str]:
        """The types, oldest first."""
        return [one["type"] for one in sorted(self.events.values(), key=lambda one: int(one["uid"]))]


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def sandbox(sandbox: Sandbox, receiver: Receiver) -> Sandbox:
    """One that sends to the receiver, whoever lets it."""
    return receiver.in_front_of(sandbox)


@pytest.fixture
def subscribed(world: World, receiver: Receiver) -> Receiver:
    """The test client's webhook."""
    world.third.sandbox.write(add_webhook, world.third.client_id, HOOK)
    return receiver


def fire(world: World, kind: str) -> None:
    assert kind in EVENT_TYPES
    world.control("POST", "events", {"type": kind})


def naive_count(receiver: Receiver) -> int:
    """A receiver that acts on whatever comes."""
    return sum(len(json.loads(one.content)["events"]) for one in receiver.requests)


def test_what_comes_twice_is_taken_once(world: World, subscribed: Receiver) -> None:
    world.arm("notification-twice")
    fire(world, "ping")
    inbox = Inbox(world.third.client.webhook_secret)
    assert [inbox.take(one) for one in subscribed.requests] == [True, True]
    assert inbox.in_order() == ["ping"]
    assert naive_count(subscribed) == 2


def test_what_comes_late_is_put_where_it_belongs(world: World, subscribed: Receiver) -> None:
    world.arm("notification-late")
    fire(world, "meter_created")
    fire(world, "meter_bills_added")
    world.wait(3_600)
    came = [json.loads(one.content)["events"][0]["type"] for one in subscribed.requests]
    assert came == ["meter_bills_added", "meter_created"]
    inbox = Inbox(world.third.client.webhook_secret)
    assert [inbox.take(one) for one in subscribed.requests] == [True, True]
    assert inbox.in_order() == came[::-1]


def test_what_is_forged_is_refused(world: World, subscribed: Receiver) -> None:
    world.arm("notification-forged")
    fire(world, "ping")
    inbox = Inbox(world.third.client.webhook_secret)
    assert not inbox.take(subscribed.requests[0])
    assert inbox.in_order() == []
    assert "signature-unchecked" in world.rules(), "this subscribed answered 200 all the same"


def test_what_comes_before_its_data_is_requested_again(
    sandbox: Sandbox, world: World, receiver: Receiver
) -> None:
    live = Third(sandbox, world.http, client_id=LIVE)
    live.approval(scope=DAILY, redirect_uri=CALLBACK)
    world.wait(1)
    world.arm("notification-before-data")
    world.wait(86_400)
    ((address,),) = receiver.resources()[1:]
    path = address.partition(":8000")[2]
    first = live.get(path, live.client_token())
    assert (first.status_code, b"<IntervalBlock" in first.content) == (200, False)
    world.wait(86_400)
    assert b"<IntervalBlock" in live.get(path, live.client_token()).content
