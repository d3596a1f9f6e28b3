"""Token policies of the settings: lifetimes, number of access tokens, rotation of refresh tokens."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.oauth.calls import call, is_refusal, reads, redeem, refresh
from tests.support import SCOPE, Third


@pytest.fixture
def policy() -> Mapping[str, Any]:
    """The settings that differ from the defaults; tests parametrise them."""
    return {}


@pytest.fixture
def settings(policy: Mapping[str, Any]) -> Settings:
    return read_settings({"clock": NOON, **policy})


def tokens(third: Third) -> dict[str, Any]:
    result: dict[str, Any] = redeem(third, third.approval().code).json()
    return result


@pytest.mark.parametrize("policy", [{"code_seconds": 10}, {}], ids=["ten", "default"])
def test_a_code_expires_after_its_lifetime(third: Third, sandbox: Sandbox, policy: Mapping[str, Any]) -> None:
    seconds = policy.get("code_seconds", 300)
    early, late = third.approval().code, third.approval().code
    sandbox.write_alone(advance_clock, timedelta(seconds=seconds - 1))
    assert redeem(third, early).status_code == 200
    sandbox.write_alone(advance_clock, timedelta(seconds=1))
    assert is_refusal(redeem(third, late), 400, "invalid_grant", f"it is valid for {seconds} seconds")


@pytest.mark.parametrize("policy", [{"access_token_seconds": 90}])
def test_an_access_token_expires_after_its_lifetime(third: Third, sandbox: Sandbox) -> None:
    result = tokens(third)
    own = call(third, "token", grant_type="client_credentials").json()
    assert result["expires_in"] == own["expires_in"] == 90
    sandbox.write_alone(advance_clock, timedelta(seconds=89))
    assert reads(third, result["access_token"]) == 200
    sandbox.write_alone(advance_clock, timedelta(seconds=1))
    assert reads(third, result["access_token"]) == 401
    assert refresh(third, result["refresh_token"]).json()["expires_in"] == 90


@pytest.mark.parametrize("policy", [{"refresh_token_seconds": 7200}, {}], ids=["two hours", "default"])
def test_a_refresh_token_expires_after_its_lifetime(
    third: Third, sandbox: Sandbox, policy: Mapping[str, Any]
) -> None:
    result = tokens(third)
    sandbox.write_alone(advance_clock, timedelta(hours=2))
    answer, introspected = (
        refresh(third, result["refresh_token"]),
        call(third, "introspect", token=result["refresh_token"]),
    )
    if policy:
        assert is_refusal(answer, 400, "invalid_grant", "expired at 2026-03-15 18:00:00")
        assert introspected.json() == {"active": False}
    else:
        assert answer.status_code == 200
        assert introspected.json()["active"] is True


@pytest.mark.parametrize("policy", [{"access_tokens": "several"}, {}], ids=["several", "one"])
def test_old_access_tokens_work_if_several_are_allowed(third: Third, policy: Mapping[str, Any]) -> None:
    result = tokens(third)
    newer = refresh(third, result["refresh_token"]).json()
    assert reads(third, newer["access_token"]) == 200
    assert reads(third, result["access_token"]) == (200 if policy else 401)


@pytest.mark.parametrize("policy", [{"refresh_rotation": "on"}])
def test_rotation_issues_a_new_refresh_token_each_time(third: Third) -> None:
    result = tokens(third)
    seen = {result["refresh_token"]}
    for _ in range(3):
        result = refresh(third, result["refresh_token"]).json()
        seen.add(result["refresh_token"])
    assert len(seen) == 4
    assert reads(third, result["access_token"]) == 200


@pytest.mark.parametrize("policy", [{"refresh_rotation": "on"}])
def test_reusing_a_rotated_refresh_token_revokes_only_its_grant(third: Third) -> None:
    result, other = tokens(third), tokens(third)
    newer = refresh(third, result["refresh_token"]).json()
    assert is_refusal(refresh(third, result["refresh_token"]), 400, "invalid_grant", "was reused")
    assert reads(third, newer["access_token"]) == 401
    assert is_refusal(
        refresh(third, newer["refresh_token"]), 400, "invalid_grant", "the same grant was reused"
    )
    assert reads(third, other["access_token"]) == 200
    assert refresh(third, other["refresh_token"]).status_code == 200


@pytest.mark.parametrize("policy", [{"refresh_rotation": "on", "refresh_grace_seconds": 30}])
def test_a_rotated_refresh_token_works_again_within_the_grace_period(third: Third, sandbox: Sandbox) -> None:
    result = tokens(third)
    refresh(third, result["refresh_token"])
    sandbox.write_alone(advance_clock, timedelta(seconds=29))
    newest = refresh(third, result["refresh_token"])
    assert newest.status_code == 200
    sandbox.write_alone(advance_clock, timedelta(seconds=1))
    assert is_refusal(refresh(third, result["refresh_token"]), 400, "invalid_grant", "was reused")
    assert refresh(third, newest.json()["refresh_token"]).status_code == 400


@pytest.mark.parametrize("policy", [{"refresh_rotation": "on"}])
def test_a_rejected_refresh_does_not_rotate(third: Third) -> None:
    result = tokens(third)
    assert is_refusal(refresh(third, result["refresh_token"], scope="FB=1"), 400, "invalid_scope")
    assert refresh(third, result["refresh_token"]).status_code == 200


@pytest.mark.parametrize("policy", [{"refresh_rotation": "on"}])
def test_a_revoked_grant_is_reported_as_revoked(third: Third) -> None:
    result = tokens(third)
    newer = refresh(third, result["refresh_token"]).json()
    call(third, "revoke", token=newer["refresh_token"])
    assert is_refusal(refresh(third, newer["refresh_token"]), 400, "invalid_grant", "its client revoked it")


def test_a_public_clients_refresh_tokens_always_rotate(sandbox: Sandbox, http: httpx.Client) -> None:
    """RFC 9700 §2.2.2: they are not bound to a client secret."""
    app = Third(sandbox, http, client_id="DEMOUTILITY_publicapp")
    verifier = "v" * 43
    code = app.approval(scope="FB=4", code_challenge=verifier, code_challenge_method="plain").code
    own = {"client_id": app.client_id}
    first = http.post(
        "/oauth/token",
        data={
            **own,
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": "http://127.0.0.1:5000/callback",
        },
    ).json()
    again = {**own, "grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = http.post("/oauth/token", data=again).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert is_refusal(http.post("/oauth/token", data=again), 400, "invalid_grant", "was reused")
    assert reads(app, second["access_token"]) == 401


def test_a_refresh_accepts_the_granted_and_the_requested_scope(third: Third) -> None:
    """RFC 6749 §6; requests-oauthlib sends the originally requested scope."""
    result = tokens(third)
    for scope in (result["scope"], SCOPE, None):
        form = {} if scope is None else {"scope": scope}
        assert refresh(third, result["refresh_token"], **form).json()["scope"] == result["scope"]
    assert is_refusal(refresh(third, result["refresh_token"], scope="FB=4_16_51"), 400, "invalid_scope")
