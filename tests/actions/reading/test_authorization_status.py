"""Tests of the status and order of a client's authorizations."""

from datetime import timedelta

from mock_server.actions.authorizations.authorizations import revoke
from mock_server.actions.reading.authorization_status import list_authorization_statuses
from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.sandbox import Sandbox
from tests.conftest import NOON
from tests.support import Third

HOUR = timedelta(hours=1)


def test_authorizations_are_listed_newest_first_even_if_created_at_the_same_instant(
    sandbox: Sandbox, third: Third
) -> None:
    first, second = (third.tokens().authorization.uid for _ in range(2))
    sandbox.write_alone(advance_clock, HOUR)
    third_one = third.tokens().authorization.uid
    found = sandbox.read(list_authorization_statuses, third.client_id)
    assert [one.authorization.uid for one in found] == [third_one, second, first]


def test_a_status_has_the_expiry_of_the_newest_token(sandbox: Sandbox, third: Third) -> None:
    ended, untouched = third.tokens().authorization.uid, third.approval().authorization.uid
    sandbox.write_alone(advance_clock, HOUR / 2)
    sandbox.write(revoke, ended)
    found = {one.authorization.uid: one for one in sandbox.read(list_authorization_statuses, third.client_id)}
    assert (found[ended].status, found[untouched].status) == ("revoked", "active")
    assert found[ended].token_expires == NOON + HOUR
    assert found[untouched].token_expires == NOON, "no token was fetched"
