"""Moving the clock at once or in steps: the same events, the same bills, the same deliveries, in the same order."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.support import Third

STEPS = (
    timedelta(0),
    timedelta(hours=1),
    timedelta(days=27, minutes=3),
    timedelta(days=2),
    timedelta(days=150),
)
COMPLETE = timedelta(days=400)
SCOPE = "FB=4_16_51;AdditionalScope=auth-test-{}"


def advance(http: httpx.Client, prefix: str, by: timedelta) -> list[dict[str, Any]]:
    answer = http.post(f"{prefix}/_mock/clock/advance", json={"by": f"PT{by.total_seconds():.0f}S"})
    assert answer.status_code == 200, answer.text
    return answer.json()["happened"]


def everything(http: httpx.Client, prefix: str, token: str) -> dict[str, Any]:
    """What a client can learn of the past, all links without their sandbox."""
    headers = {"Authorization": f"Bearer {token}"}
    result = {
        "bills": http.get(
            f"{prefix}/api/v2/bills", params={"authorizations": "500001", "limit": 500}, headers=headers
        ),
        "events": http.get(f"{prefix}/_mock/events"),
        "authorizations": http.get(f"{prefix}/_mock/authorizations"),
        "clock": http.get(f"{prefix}/_mock/clock"),
    }
    assert all(answer.status_code == 200 for answer in result.values()), result
    return {name: answer.text.replace("/~steps", "") for name, answer in result.items()}


@pytest.mark.parametrize("customer", ["test_residential", "test_gaps"])
def test_four_hundred_days_at_once_or_in_steps(third: Third, customer: str) -> None:
    third.approval(customer, SCOPE.format(customer))
    http, token = third.http, third.client.api_token
    assert http.post("/_mock/sandboxes", json={"name": "steps"}).status_code == 201
    at_once = advance(http, "", COMPLETE)
    rest = COMPLETE - sum(STEPS, timedelta())
    in_steps = [one for step in (*STEPS, rest) for one in advance(http, "/~steps", step)]
    assert {"meter_bills_added", "meter_intervals_added"} <= {one["type"] for one in at_once}
    assert in_steps == at_once
    complete = everything(http, "", token)
    assert complete["bills"].count('"bill_statement_date"') > 12
    assert everything(http, "/~steps", token) == complete


def test_going_back_forgets_nothing_and_repeats_nothing(third: Third) -> None:
    """What was announced once is not announced again when its day comes a second time."""
    third.approval()
    first = advance(third.http, "", timedelta(days=40))
    assert first
    now = third.http.get("/_mock/clock").json()["now"]
    back = third.http.put("/_mock/clock", json={"now": "2026-03-16T00:00:00Z"})
    assert (back.status_code, back.json()["now"]) == (200, "2026-03-16T00:00:00Z")
    again = third.http.put("/_mock/clock", json={"now": now})
    assert again.status_code == 200
    assert len(third.http.get("/_mock/events").json()["events"]) > 0
    assert advance(third.http, "", timedelta()) == []
