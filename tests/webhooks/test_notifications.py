"""Green Button notifications: what changed, as addresses that open with the right token (function block 39)."""

from datetime import timedelta

import pytest

from mock_server.actions.authorizations.authorizations import expire, revoke
from mock_server.actions.clients.find_client import remember_base
from mock_server.sandbox import Sandbox
from tests.support import BASE, Third
from tests.webhooks.receiver import Receiver, pass_time

DAY = timedelta(days=1)
LIVE = "DEMOUTILITY_livelive1"
PUSHED = "FB=4_16_39;SubscriptionFrequency={};AdditionalScope=auth-test-test_residential"
RESOURCE = "/DataCustodian/espi/1_1/resource"


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def pushed(sandbox: Sandbox, receiver: Receiver) -> Sandbox:
    return receiver.in_front_of(sandbox)


@pytest.fixture
def live(pushed: Sandbox, third: Third) -> Third:
    """A client with a notify URI."""
    return Third(pushed, third.http, client_id=LIVE)


def paths(receiver: Receiver) -> list[str]:
    return [one.partition(RESOURCE)[2] for resources in receiver.resources() for one in resources]


def approve(live: Third, frequency: str) -> str:
    redirect = "https://live-company.example.com/green-button/callback"
    return live.approval(scope=PUSHED.format(frequency), redirect_uri=redirect).authorization.uid


def test_a_new_authorization_is_notified(pushed: Sandbox, live: Third, receiver: Receiver) -> None:
    uid = approve(live, "daily")
    pass_time(pushed, timedelta())
    assert paths(receiver) == [f"/Authorization/{uid}"]
    (request,) = receiver.requests
    assert b"<espi:BatchList" in request.content
    assert request.headers["Content-Type"] == "application/xml"


def test_no_function_block_no_notification(pushed: Sandbox, live: Third, receiver: Receiver) -> None:
    redirect = "https://live-company.example.com/green-button/callback"
    live.approval(redirect_uri=redirect)
    pass_time(pushed, 40 * DAY)
    assert receiver.requests == []


@pytest.mark.parametrize(
    ("frequency", "count"), [("daily", 28), ("weekly", 4), ("7", 4), ("604800", 4), ("billingPeriod", 1)]
)
def test_news_comes_as_often_as_the_scope_says(
    pushed: Sandbox, live: Third, receiver: Receiver, frequency: str, count: int
) -> None:
    approve(live, frequency)
    pass_time(pushed, 28 * DAY)
    assert len([one for one in paths(receiver) if one.startswith("/Batch/")]) == count


@pytest.mark.parametrize(("frequency", "first"), [("daily", "04 10:00"), ("billingPeriod", "04 04:00")])
def test_a_bill_is_notified_of_at_its_time_though_nothing_else_happens_then(
    pushed: Sandbox, live: Third, receiver: Receiver, frequency: str, first: str
) -> None:
    """It is made on April 4 at 04:00; days begin with midnight and the publication lag."""
    scope = PUSHED.format(frequency).replace("FB=4_16", "FB=16")
    live.approval(scope=scope, redirect_uri="https://live-company.example.com/green-button/callback")
    pass_time(pushed, 19 * DAY)
    came = {}
    for _ in range(8):
        pass_time(pushed, DAY / 4)
        came[f"{pushed.clock.now():%d %H:%M}"] = len([one for one in paths(receiver) if "/Batch/" in one])
    assert came == {instant: int(instant >= first) for instant in came}


@pytest.mark.parametrize("end", [revoke, expire])
def test_the_end_is_notified_and_nothing_after_it(
    pushed: Sandbox, live: Third, receiver: Receiver, end: object
) -> None:
    uid = approve(live, "daily")
    pushed.write(end, uid)  # type: ignore[arg-type]  # either of the two above
    pass_time(pushed, 5 * DAY)
    assert paths(receiver) == [f"/Authorization/{uid}"] * 2


def test_addresses_are_those_of_the_token_answer(pushed: Sandbox, live: Third, receiver: Receiver) -> None:
    pushed.write(remember_base, live.client, BASE)
    approve(live, "daily")
    pass_time(pushed, timedelta())
    assert receiver.resources()[0][0].startswith(BASE + RESOURCE)


def test_a_client_without_a_notify_uri_is_made_no_bulk_file(sandbox: Sandbox, third: Third) -> None:
    third.approval(
        scope="FB=4_16_35_39;BR=1;SubscriptionFrequency=daily;AdditionalScope=auth-test-test_residential"
    )
    pass_time(sandbox, 5 * DAY)
    with sandbox.store.reading() as transaction:
        assert transaction.bulks.list() == []
