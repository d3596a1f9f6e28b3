"""Tests of filling and resetting a sandbox."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from mock_server.actions.authorizations.authorizations import arm_auto_approval, take_auto_approval
from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.actions.sandboxes.load import fresh_copy_of, prepare, reset
from mock_server.domain.records import AutoApproval
from mock_server.sandbox import Sandbox
from tests.conftest import NOON
from tests.support import Third


def test_a_reset_restores_the_fixtures_and_the_clock(sandbox: Sandbox, third: Third) -> None:
    third.tokens()
    sandbox.write_alone(advance_clock, timedelta(days=40))
    sandbox.write_alone(arm_auto_approval, AutoApproval(enabled=True))
    reset(sandbox)
    with sandbox.store.reading() as transaction:
        assert transaction.authorizations.list() == []
        assert transaction.messages.list() == []
        assert {client.id for client in transaction.clients.list()} == {
            one.id for one in sandbox.fixtures.clients
        }
        assert {token.token_class for token in transaction.tokens.list()} == {"api", "registration"}
    assert sandbox.clock.now() == NOON
    assert sandbox.write(take_auto_approval) is None
    assert third.tokens().authorization.uid == "500001", "uids start again"


def test_a_reset_copies_every_table_that_the_fixtures_fill(sandbox: Sandbox) -> None:
    def records() -> dict[str, list[Any]]:
        with sandbox.store.reading() as transaction:
            return {
                name: found.list() for name, found in transaction.of_each_kind().items() if name != "states"
            } | {"counters": [transaction.counters()]}

    fresh = records()
    assert any(fresh.values())
    reset(sandbox)
    assert records() == fresh


def test_the_stored_copy_equals_a_fresh_sandbox(sandbox: Sandbox) -> None:
    with sandbox.store.reading() as transaction:
        copy = transaction.of(fresh_copy_of(sandbox.fixtures.digest)).of_each_kind()
        own = transaction.of_each_kind()
        assert copy["states"].find() == own["states"].find()
        for name in set(own) - {"states"}:
            assert copy[name].list() == own[name].list(), name


def test_a_restart_keeps_authorizations(sandbox: Sandbox, third: Third) -> None:
    issued = third.tokens()
    prepare(sandbox)
    with sandbox.store.reading() as transaction:
        assert transaction.authorizations.find(uid=issued.authorization.uid) is not None


def test_changed_fixtures_are_loaded_on_start_without_losing_authorizations(
    sandbox: Sandbox, third: Third
) -> None:
    issued = third.tokens()
    renamed = tuple(
        replace(one, phone="+19998887777") for one in sandbox.fixtures.customers if one.id == "test_empty"
    )
    fixtures = replace(sandbox.fixtures, customers=renamed, digest="changed")
    prepare(replace(sandbox, fixtures=fixtures))
    with sandbox.store.reading() as transaction:
        assert transaction.authorizations.find(uid=issued.authorization.uid) is not None
        assert transaction.look_ups.list(customer_id="test_empty", kind="phone")[0].value == "+19998887777"
        assert transaction.customers.find(id="test_residential") is not None
