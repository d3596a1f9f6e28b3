"""What a receiver must bear: deliveries twice, late, wrongly signed, and notifications before their data."""

import json
from datetime import timedelta

import pytest

from mock_server.actions.notifying.webhooks import add_webhook, ping_webhook
from mock_server.actions.sandboxes.faults import arm_faults
from mock_server.domain.records import FaultEffect, FaultMatch, FaultPlan
from mock_server.domain.records.faults import WebhookFault
from mock_server.sandbox import Sandbox
from mock_server.webhooks.requests import ahead
from mock_server.webhooks.signing import SALT_HEADER, SIGNATURE_HEADER, signature
from tests.support import Third
from tests.webhooks.receiver import HOOK, Receiver, pass_time


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def pinged(sandbox: Sandbox, third: Third, receiver: Receiver) -> Sandbox:
    """A sandbox with one event on its way to the receiver."""
    hook = sandbox.write(add_webhook, third.client_id, HOOK)
    sandbox.write(ping_webhook, hook.id)
    return receiver.in_front_of(sandbox)


def arm(sandbox: Sandbox, webhook: WebhookFault) -> None:
    match = FaultMatch(surface="webhooks", path="/hook")
    sandbox.write_alone(arm_faults, FaultPlan(match=match, effect=FaultEffect(webhook=webhook), times=1))


def test_twice_sends_the_same_event_again(pinged: Sandbox, third: Third, receiver: Receiver) -> None:
    arm(pinged, "twice")
    pass_time(pinged, timedelta())
    first, second = receiver.events(third.client.webhook_secret)
    assert first == second
    assert [one.headers["X-Simulated-Fault"] for one in receiver.requests] == ["1", "1"]


def test_late_holds_it_back_for_an_hour(pinged: Sandbox, third: Third, receiver: Receiver) -> None:
    arm(pinged, "late")
    (attempt,) = pass_time(pinged, timedelta()).attempts
    assert (attempt.status, receiver.requests) == (None, [])
    pass_time(pinged, timedelta(hours=1))
    assert len(receiver.events(third.client.webhook_secret)) == 1


def test_a_bad_signature_fits_no_secret(pinged: Sandbox, third: Third, receiver: Receiver) -> None:
    arm(pinged, "bad_signature")
    pass_time(pinged, timedelta())
    (request,) = receiver.requests
    right = signature(third.client.webhook_secret, request.headers[SALT_HEADER], request.content)
    assert request.headers[SIGNATURE_HEADER] != right
    assert json.loads(request.content)["events"][0]["type"] == "ping"


def test_another_address_is_left_alone(pinged: Sandbox, receiver: Receiver) -> None:
    match = FaultMatch(surface="webhooks", path="/other")
    pinged.write_alone(arm_faults, FaultPlan(match=match, effect=FaultEffect(webhook="twice")))
    pass_time(pinged, timedelta())
    assert len(receiver.requests) == 1
    assert "X-Simulated-Fault" not in receiver.requests[0].headers


def test_a_notification_before_its_data_leads_a_day_ahead() -> None:
    bounds = "?updated-min=2026-03-15T00:00:01Z&updated-max=2026-03-16T00:00:00Z"
    later = "?updated-min=2026-03-16T00:00:01Z&updated-max=2026-03-17T00:00:00Z"
    assert ahead("/Batch/Bulk/1" + bounds) == "/Batch/Bulk/1" + later
    assert ahead("/Authorization/1") == "/Authorization/1"


def test_a_notification_can_come_before_its_data(sandbox: Sandbox, third: Third, receiver: Receiver) -> None:
    live = Third(receiver.in_front_of(sandbox), third.http, client_id="DEMOUTILITY_livelive1")
    scope = "FB=4_39;SubscriptionFrequency=daily;AdditionalScope=auth-test-test_residential"
    live.approval(scope=scope, redirect_uri="https://live-company.example.com/green-button/callback")
    pass_time(live.sandbox, timedelta())
    match = FaultMatch(surface="webhooks")
    sandbox.write_alone(
        arm_faults, FaultPlan(match=match, effect=FaultEffect(webhook="before_data"), times=1)
    )
    pass_time(live.sandbox, timedelta(days=1))
    ((address,),) = receiver.resources()[1:]
    answer = live.get(address.partition(":8000")[2], live.client_token())
    assert answer.status_code == 200
    assert b"<IntervalBlock" not in answer.content
