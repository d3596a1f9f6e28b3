"""Events reach their webhook: signed, in order, each once, hourly for three days where nobody takes them."""

import contextvars
import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import cycle, repeat
from threading import Thread

import httpx
import pytest

from mock_server.actions.authorizations.authorizations import revoke
from mock_server.actions.leases import LEASE
from mock_server.actions.notifying import due_events
from mock_server.actions.notifying.events import announce, fire, list_events
from mock_server.actions.notifying.outbox import (
    Outcome,
    keep_claim,
    list_attempts,
    list_waiting,
    record_outcome,
    take_due,
)
from mock_server.actions.notifying.webhooks import add_webhook, ping_webhook, remove_webhook
from mock_server.actions.sandboxes.clock import advance_clock, set_clock
from mock_server.actions.sandboxes.load import reset
from mock_server.app import compose
from mock_server.domain.errors import InvalidParameter, NotFound, SandboxReplaced
from mock_server.domain.records import Event
from mock_server.espi import write_batch_list
from mock_server.sandbox import Sandbox
from mock_server.webhooks import deliver_due
from tests.support import SCOPE, Third, browser
from tests.webhooks.receiver import HOOK, Receiver, pass_time

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def connected(sandbox: Sandbox, third: Third, receiver: Receiver) -> Sandbox:
    """A sandbox that sends the events of Test Company to the receiver."""
    sandbox.write(add_webhook, third.client_id, HOOK)
    return receiver.in_front_of(sandbox)


def test_a_request_carries_what_happened_together(
    connected: Sandbox, third: Third, receiver: Receiver
) -> None:
    uid = third.approval().authorization.uid
    pass_time(connected, timedelta())
    (request,) = receiver.requests
    assert request.headers["Content-Type"] == "application/json"
    result = json.loads(request.content)
    assert request.content == json.dumps(result, indent=4).encode()
    first = result["events"][0]
    assert first == {
        "uid": first["uid"],
        "type": "authorization_created",
        "ts": "2026-03-15T16:00:00.000000+00:00",
        "delivery_method": "webhook",
        "delivery_target": HOOK,
        "is_delivered": False,
        "authorization_uid": uid,
    }
    assert [one["type"] for one in result["events"][1:]].count("meter_created") == 3


@pytest.mark.parametrize(
    "answers", [[200], [500, 200], [302, 200], [204, 200], [httpx.ConnectError("no"), 200]], ids=str
)
def test_a_month_comes_in_order_and_each_event_once(
    sandbox: Sandbox, third: Third, answers: list[int | Exception]
) -> None:
    """Also where the receiver fails half of the time."""
    receiver = Receiver(answers=cycle(answers))
    sandbox.write(add_webhook, third.client_id, HOOK)
    sandbox = receiver.in_front_of(sandbox)
    uid = third.approval().authorization.uid
    pass_time(sandbox, 31 * DAY)
    sandbox.write(revoke, uid)
    pass_time(sandbox, 4 * HOUR)

    result = receiver.events(third.client.webhook_secret)
    assert len({one["uid"] for one in result}) == len(result)
    if answers != [200]:
        result.sort(key=lambda one: one["ts"])  # what is tried again comes an hour later (utilityapi.md §7)
    types = [one["type"] for one in result]
    assert types[0] == "authorization_created"
    assert types[-1] == "authorization_revoked"
    assert types.count("meter_bills_added") == 3
    assert types.count("meter_intervals_added") == 3 * 31
    assert [one["ts"] for one in result] == sorted(one["ts"] for one in result)
    assert sandbox.read(list_waiting) == []


def test_steps_and_a_leap_bring_the_same(sandbox: Sandbox, third: Third) -> None:
    def result(steps: list[timedelta]) -> list[tuple[str, str, str | None]]:
        uid = third.approval().authorization.uid
        happened = [one for step in steps for one in pass_time(sandbox, step).happened]
        mine = [one for one in happened if one.authorization_uid == uid]
        sandbox.write(revoke, uid)
        start = sandbox.clock.now() - sum(steps, timedelta())
        meters = sorted({one.meter_uid for one in mine if one.meter_uid})
        return [
            (one.type, str(one.at - start), str(meters.index(one.meter_uid)) if one.meter_uid else None)
            for one in mine
        ]

    year, begun = timedelta(days=364), sandbox.clock.now()
    at_once = result([year])
    sandbox.write_alone(set_clock, now=begun, frozen=None)
    in_steps = result([timedelta(days=1, hours=7)] * 200 + [year - 200 * timedelta(days=1, hours=7)])
    assert at_once == in_steps
    assert len(at_once) > 1000


def test_much_at_once_lets_others_write_in_between(
    sandbox: Sandbox, third: Third, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is told in the same order as if nobody had waited."""
    monkeypatch.setattr(due_events, "_DAYS_AT_ONCE", 10)
    uids = [third.approval().authorization.uid for _ in range(4)]
    ended: list[str] = []

    def end_another(_: float) -> None:
        if len(ended) < 2:
            ended.append(sandbox.write(revoke, uids[len(ended)]).uid)

    sandbox.write_alone(advance_clock, timedelta(days=40))
    happened = due_events.let_time_pass(sandbox, pause=end_another)
    assert ended == uids[:2]
    assert [one.at for one in happened] == sorted(one.at for one in happened)
    result = [
        one
        for one in reversed(sandbox.read(list_events, limit=10_000))
        if one.type.startswith("meter_intervals")
    ]
    assert [one.at for one in result] == sorted(one.at for one in result)
    days = {uid: len({one.at for one in result if one.authorization_uid == uid}) for uid in uids}
    assert days == dict.fromkeys(uids, 40)  # they were ended at the end of these days


def test_three_days_of_failure_end_the_attempts(sandbox: Sandbox, third: Third) -> None:
    receiver = Receiver(answers=repeat(500))
    hook = sandbox.write(add_webhook, third.client_id, HOOK)
    sandbox = receiver.in_front_of(sandbox)
    sandbox.write(ping_webhook, hook.id)
    pass_time(sandbox, 5 * DAY)
    attempts = sandbox.read(list_attempts)
    assert len(attempts) == 73
    assert attempts[0].at - attempts[-1].at == 72 * HOUR
    assert {one.status for one in attempts} == {500}
    assert sandbox.read(list_waiting) == []


def test_an_attempt_that_got_no_answer_says_why(sandbox: Sandbox, third: Third) -> None:
    receiver = Receiver(answers=repeat(httpx.ConnectError("refused")))
    hook = sandbox.write(add_webhook, third.client_id, HOOK)
    sandbox = receiver.in_front_of(sandbox)
    sandbox.write(ping_webhook, hook.id)
    (attempt,) = pass_time(sandbox, timedelta()).attempts
    assert (attempt.status, attempt.problem) == (None, "ConnectError: refused")


def test_a_receiver_that_never_answers_is_requested_once_in_a_call(sandbox: Sandbox, third: Third) -> None:
    receiver = Receiver(answers=repeat(httpx.ReadTimeout("slow")))
    hook = sandbox.write(add_webhook, third.client_id, HOOK)
    sandbox = receiver.in_front_of(sandbox)
    sandbox.write(ping_webhook, hook.id)
    assert len(pass_time(sandbox, 5 * DAY).attempts) == 1
    assert len(sandbox.read(list_waiting)) == 1


def test_a_webhook_gets_the_types_it_chose(connected: Sandbox, third: Third, receiver: Receiver) -> None:
    chosen = "https://third-party.example.com/chosen"
    connected.write(add_webhook, third.client_id, chosen, event_types=("authorization_created",))
    third.approval()
    pass_time(connected, DAY)
    sent = [json.loads(one.content)["events"] for one in receiver.requests if str(one.url) == chosen]
    assert [one["type"] for events in sent for one in events] == ["authorization_created"]


def test_nothing_goes_to_a_webhook_that_was_removed(
    connected: Sandbox, third: Third, receiver: Receiver
) -> None:
    hook = connected.write(add_webhook, third.client_id, "https://third-party.example.com/gone")
    third.approval()
    connected.write(remove_webhook, hook.id)
    pass_time(connected, DAY)
    assert {str(one.url) for one in receiver.requests} == {HOOK}
    with pytest.raises(NotFound):
        connected.write(ping_webhook, hook.id)


def test_another_client_hears_nothing(connected: Sandbox, receiver: Receiver, third: Third) -> None:
    other = Third(connected, third.http, client_id="DEMOUTILITY_publicapp")
    other.approval(code_challenge="x" * 43)
    pass_time(connected, DAY)
    assert receiver.requests == []


def test_of_several_workers_one_has_a_parcel(connected: Sandbox, third: Third) -> None:
    third.approval()
    taken = []
    workers = [Thread(target=lambda: taken.append(take_due(connected))) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len([one for one in taken if one is not None]) == 1


def let_leases_end(sandbox: Sandbox) -> None:
    """As if nobody had renewed them for a while."""
    with sandbox.writing() as transaction:
        over = transaction.lease_now() - timedelta(seconds=1)
        for one in transaction.events.list():
            if one.claimed_by is not None:
                transaction.events.change({"uid": one.uid}, claimed_until=over)


def test_a_parcel_of_a_worker_that_died_is_taken_over(connected: Sandbox, third: Third) -> None:
    third.approval()
    assert take_due(connected) is not None
    assert take_due(connected) is None
    let_leases_end(connected)
    assert take_due(connected) is not None


def test_who_lives_keeps_a_parcel_however_long_its_receiver_takes(connected: Sandbox, third: Third) -> None:
    third.approval()
    delivery = take_due(connected)
    assert delivery is not None
    let_leases_end(connected)
    connected.write(keep_claim, delivery)
    assert take_due(connected) is None


def test_who_renews_too_late_holds_nothing_that_was_noted(connected: Sandbox, third: Third) -> None:
    """The heartbeat of a sender may come once more after its outcome."""
    third.approval()
    delivery = take_due(connected)
    assert delivery is not None
    connected.write(record_outcome, delivery, Outcome(status=500))
    connected.write(keep_claim, delivery)
    connected.write_alone(advance_clock, HOUR)
    again = take_due(connected)
    assert again is not None
    assert {one.uid for one in again.items} >= {one.uid for one in delivery.items}


def test_what_is_due_first_goes_first_whenever_it_happened(connected: Sandbox, third: Third) -> None:
    third.approval()
    refused = take_due(connected)
    assert refused is not None
    connected.write(record_outcome, refused, Outcome(status=500))
    connected.write_alone(advance_clock, HOUR / 2)
    later = announce_now(connected, third)
    connected.write_alone(advance_clock, HOUR)
    first, second = take_due(connected), take_due(connected)
    assert first is not None
    assert second is not None
    assert later.uid in {one.uid for one in first.items if isinstance(one, Event)}
    assert first.at < second.at
    assert {one.uid for one in second.items} == {one.uid for one in refused.items}


def announce_now(sandbox: Sandbox, third: Third) -> Event:
    (event,) = sandbox.write(fire, "meter_created", client_id=third.client_id)
    return event


def test_what_was_taken_over_is_not_marked_by_who_lost_it(connected: Sandbox, third: Third) -> None:
    third.approval()
    lost = take_due(connected)
    let_leases_end(connected)
    taken = take_due(connected)
    assert lost is not None
    assert taken is not None
    connected.write(record_outcome, lost, Outcome(status=200))
    with connected.reading() as transaction:
        assert not any(one.is_delivered for one in transaction.events.list())
    connected.write(record_outcome, taken, Outcome(status=200))
    with connected.reading() as transaction:
        assert all(one.is_delivered for one in transaction.events.list() if one.delivery_target)


@pytest.mark.parametrize("dies", [True, False])
def test_a_call_waits_for_what_another_holds_and_takes_it_over_if_that_one_died(
    connected: Sandbox, third: Third, dies: bool
) -> None:
    receiver = Receiver()
    third.approval()
    delivery, waits = take_due(connected), list[float]()
    assert delivery is not None

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if dies:
            let_leases_end(connected)
        else:
            connected.write(keep_claim, delivery)

    sandbox = receiver.in_front_of(connected)
    assert deliver_due(sandbox, write_batch_list=write_batch_list) == []
    sent = deliver_due(sandbox, write_batch_list=write_batch_list, takes_over=True, wait=wait)
    assert len(sent) == (1 if dies else 0)
    assert len(waits) == 1
    assert 0 < waits[0] < LEASE.total_seconds() + 1


def test_what_belongs_to_a_former_incarnation_marks_nothing_of_the_present_one(
    connected: Sandbox, third: Third
) -> None:
    """After a reset numbers begin anew: the same uid is another event."""
    third.approval()
    with connected.store.observing_state():
        delivery = take_due(connected)
        assert delivery is not None
        contextvars.Context().run(reset, connected)
        add_webhook_elsewhere = partial(connected.write, add_webhook, third.client_id, HOOK)
        contextvars.Context().run(add_webhook_elsewhere)
        contextvars.Context().run(third.approval)
        with pytest.raises(SandboxReplaced):
            connected.write(record_outcome, delivery, Outcome(status=200))
    with connected.reading() as transaction:
        assert transaction.events.list()
        assert not any(one.is_delivered for one in transaction.events.list())


@pytest.mark.parametrize("url", ["http://[::1", "http://exa mple/", "ftp://x/", "http://127.0.0.1:99999/"])
def test_an_address_that_cannot_be_is_refused(sandbox: Sandbox, third: Third, url: str) -> None:
    with pytest.raises(InvalidParameter):
        sandbox.write(add_webhook, third.client_id, url)


def test_an_address_that_broke_on_the_way_is_a_failed_attempt(sandbox: Sandbox, third: Third) -> None:
    with sandbox.writing() as transaction:
        announce(transaction, "ping", client_id=third.client_id, at=sandbox.clock.now(), target="http://[::1")
    (attempt,) = pass_time(sandbox, timedelta()).attempts
    assert attempt.status is None
    assert attempt.problem


@pytest.mark.parametrize(
    "meanwhile", [("POST", "/_mock/reset", 409), ("DELETE", "/_mock/sandboxes/one", 404)]
)
def test_a_move_of_the_clock_says_so_where_its_sandbox_is_replaced_meanwhile(
    third: Third, meanwhile: tuple[str, str, int]
) -> None:
    """Its answer would list what has never happened in the sandbox that there is now."""
    method, path, expected = meanwhile
    prefix = "/~one"
    in_sandbox = f"{prefix}{path}" if path == "/_mock/reset" else path

    def answer(_: httpx.Request) -> httpx.Response:
        with browser(app) as other:
            contextvars.Context().run(other.request, method, in_sandbox)
        return httpx.Response(200)

    sandbox = replace(third.sandbox, open_http=lambda: httpx.Client(transport=httpx.MockTransport(answer)))
    app = compose(sandbox)
    with browser(app) as http:
        http.post(f"{prefix}/_mock/webhooks", json={"url": HOOK}).raise_for_status()
        made = http.post(f"{prefix}/_mock/authorizations", json={"scope": SCOPE})
        assert made.status_code == 201
        moved = http.post(f"{prefix}/_mock/clock/advance", json={"by": "P3D"})
        assert moved.status_code == expected, moved.text
        assert "during this request" in moved.json()["error_description"]
        assert http.get(f"{prefix}/_mock/events").json()["events"] == []
