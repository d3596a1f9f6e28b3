"""Tests of events: announced once, in order, and listed even without a webhook."""

from mock_server.actions.authorizations.authorizations import revoke
from mock_server.domain.events import EVENT_TYPES, MEANINGS
from mock_server.domain.records import Event
from mock_server.sandbox import Sandbox
from tests.support import Third


def events(sandbox: Sandbox) -> list[Event]:
    with sandbox.store.reading() as transaction:
        return transaction.events.list(order="uid")


def test_there_are_23_types_with_descriptions() -> None:
    assert len(EVENT_TYPES) == 23
    assert set(MEANINGS) == set(EVENT_TYPES)


def test_an_approval_is_reported_before_its_meters(sandbox: Sandbox, third: Third) -> None:
    approval = third.approval()
    result = [(one.type, one.authorization_uid, one.meter_uid) for one in events(sandbox)]
    uid = approval.authorization.uid
    assert result == [
        ("authorization_created", uid, None),
        ("authorization_update_started", uid, None),
        *[("meter_created", uid, meter.uid) for meter in approval.meters],
    ]
    assert {one.delivery_target for one in events(sandbox)} == {None}
    assert [one.uid for one in events(sandbox)[:2]] == ["3000001", "3000002"], "the real system's numbers"


def test_a_revocation_is_reported_once(sandbox: Sandbox, third: Third) -> None:
    uid = third.approval().authorization.uid
    sandbox.write(revoke, uid)
    sandbox.write(revoke, uid)
    assert [one.type for one in events(sandbox)].count("authorization_revoked") == 1
