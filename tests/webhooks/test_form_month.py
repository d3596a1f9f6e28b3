"""The life of a form's authorization as its webhook hears it: found, collected, kept up to date, revoked."""

from datetime import timedelta
from itertools import cycle

import pytest

from mock_server.actions.authorizations.authorizations import revoke
from mock_server.actions.notifying.outbox import list_waiting
from mock_server.actions.notifying.webhooks import add_webhook
from mock_server.sandbox import Sandbox
from tests.api.calls import call
from tests.api.test_forms import submitted
from tests.support import Third
from tests.webhooks.receiver import HOOK, Answer, Receiver, pass_time

CHAPTERS = [
    "authorization_created",
    "authorization_update_started",
    "meter_created",
    "authorization_update_finished_successful",
    "meter_historical_collection_started",
    "meter_historical_collection_progress",
    "meter_historical_collection_finished_successful",
    "meter_bills_added",
    "meter_intervals_added",
    "authorization_revoked",
]


@pytest.mark.parametrize("answers", [[200], [500, 200]], ids=["always", "half of the time"])
def test_each_section_comes_in_its_place_and_each_event_once(
    sandbox: Sandbox, third: Third, answers: list[Answer]
) -> None:
    receiver = Receiver(answers=cycle(answers))
    sandbox.write(add_webhook, third.client_id, HOOK)
    sandbox = receiver.in_front_of(sandbox)
    result = submitted(third, "test_residential")
    pass_time(sandbox, timedelta(minutes=1))
    meters = [one["uid"] for one in result["meters"]["meters"]]
    assert call(third, "POST", "meters/historical-collection", body={"meters": meters})[0] == 200
    assert (
        call(third, "POST", "meters/ongoing-monitoring", body={"meters": meters, "frequency": "weekly"})[0]
        == 200
    )
    pass_time(sandbox, timedelta(days=31))
    sandbox.write(revoke, result["uid"])
    pass_time(sandbox, timedelta(hours=4))

    events = [
        one
        for one in receiver.events(third.client.webhook_secret)
        if one.get("authorization_uid") == result["uid"]
    ]
    assert len({one["uid"] for one in events}) == len(events)
    events.sort(key=lambda one: (one["ts"], int(one["uid"])))
    first = {one["type"]: place for place, one in reversed(list(enumerate(events)))}
    assert sorted(CHAPTERS, key=lambda name: first[name]) == CHAPTERS
    assert events[-1]["type"] == "authorization_revoked"
    of_meters = {uid: [one["type"] for one in events if one.get("meter_uid") == uid] for uid in meters}
    assert all(
        types.count("meter_historical_collection_finished_successful") == 1 for types in of_meters.values()
    )
    assert all(
        types.count("meter_intervals_added") == 5 for types in of_meters.values()
    )  # collected, 4 weeks
    assert sandbox.read(list_waiting) == []
