"""Tests that a code is redeemed once, even by simultaneous requests."""

import threading
from typing import Any

import pytest

from mock_server.actions.connecting.consent import Approval
from mock_server.actions.tokens.check_token import check_token
from mock_server.actions.tokens.redeem_code import redeem_code
from mock_server.actions.tokens.refresh_token import refresh
from mock_server.domain.errors import InvalidGrant, InvalidToken
from mock_server.domain.records import TokenClass
from mock_server.sandbox import Sandbox
from tests.support import CALLBACK, Third

ACCESS: tuple[TokenClass, ...] = ("access",)


def redeem(sandbox: Sandbox, third: Third, approval: Approval) -> Any:
    return sandbox.write(
        redeem_code, third.client, code=approval.code, redirect_uri=CALLBACK, code_verifier=None
    )


def test_of_twenty_simultaneous_redemptions_one_succeeds_and_its_tokens_end(
    sandbox: Sandbox, third: Third
) -> None:
    approval = third.approval()
    barrier, given, refused = threading.Barrier(20), [], []

    def run() -> None:
        barrier.wait()
        try:
            given.append(redeem(sandbox, third, approval))
        except InvalidGrant as error:
            refused.append(error)

    threads = [threading.Thread(target=run) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(given), len(refused)) == (1, 19)
    with pytest.raises(InvalidToken, match="used twice"):
        sandbox.read(check_token, given[0].access_token, allowed=ACCESS)


def test_a_replay_ends_the_refreshed_tokens_too(sandbox: Sandbox, third: Third) -> None:
    approval = third.approval()
    first = redeem(sandbox, third, approval)
    second = sandbox.write(refresh, third.client, refresh_token=first.refresh_token, scope=None)
    with pytest.raises(InvalidGrant):
        redeem(sandbox, third, approval)
    with pytest.raises(InvalidToken):
        sandbox.read(check_token, second.access_token, allowed=ACCESS)
    with pytest.raises(InvalidGrant):
        sandbox.write(refresh, third.client, refresh_token=first.refresh_token, scope=None)


def test_codes_and_tokens_are_not_stored_in_plain_text(sandbox: Sandbox, third: Third) -> None:
    approval = third.approval()
    issued = redeem(sandbox, third, approval)
    with sandbox.store.reading() as transaction:
        stored = repr([transaction.codes.list(), transaction.tokens.list(), transaction.requests.list()])
    for secret in (approval.code, issued.access_token, issued.refresh_token, third.client.api_token):
        assert secret not in stored
