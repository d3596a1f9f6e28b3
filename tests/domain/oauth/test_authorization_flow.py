"""The next step of the browser flow, as a table."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mock_server.domain.oauth.authorization_flow import next_step
from mock_server.domain.records import AuthorizationRequest

REQUEST = AuthorizationRequest(
    id="i",
    client_id="c",
    redirect_uri=None,
    state=None,
    scope="FB=4",
    code_challenge=None,
    code_challenge_method=None,
    prompts=False,
    browser_hash="b",
    created=datetime(2026, 1, 1, tzinfo=UTC),
    way="phone",
)


@pytest.mark.parametrize(
    ("answers", "step"),
    [
        ({}, "sign_in"),
        ({"notice": "x", "way": "sso"}, "sign_in"),
        ({"customer_id": "a"}, "code"),
        ({"customer_id": "a", "otp_hash": "h", "otp_attempts": 4}, "code"),
        ({"customer_id": "a", "is_confirmed": True}, "consent"),
        ({"is_confirmed": True}, "sign_in"),
        ({"outcome": "refused"}, "finished"),
        ({"customer_id": "a", "is_confirmed": True, "outcome": "approved"}, "finished"),
        ({"customer_id": "a", "outcome": "declined"}, "finished"),
    ],
)
def test_the_step_follows_from_the_answers(answers: dict[str, Any], step: str) -> None:
    assert next_step(replace(REQUEST, **answers)) == step
