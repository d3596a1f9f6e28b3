"""Tests of revoking and expiring authorizations, and of approving without a browser."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from mock_server.actions.authorizations.authorizations import (
    arm_auto_approval,
    expire,
    revoke,
    shorten,
    take_auto_approval,
)
from mock_server.actions.authorizations.manage_authorization import (
    delete_authorization,
    replace_authorization,
)
from mock_server.actions.authorizations.own_authorizations import (
    change_authorization,
    delete_test_authorization,
)
from mock_server.actions.connecting.find_customer import find_by_scope
from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.actions.tokens.check_token import check_token
from mock_server.actions.tokens.refresh_token import refresh
from mock_server.domain.errors import InsufficientScope, InvalidGrant, InvalidToken, NotFound, RevokedGrant
from mock_server.domain.oauth.scopes import Authentication
from mock_server.domain.records import Authorization, AutoApproval, TokenClass
from mock_server.sandbox import Sandbox
from tests.support import Third

ACCESS: tuple[TokenClass, ...] = ("access",)


def test_revoking_ends_all_tokens_and_a_second_call_changes_nothing(sandbox: Sandbox, third: Third) -> None:
    issued, other = third.tokens(), third.tokens()
    first = sandbox.write(revoke, issued.authorization.uid)
    sandbox.write_alone(advance_clock, timedelta(hours=1))
    assert sandbox.write(revoke, issued.authorization.uid).revoked == first.revoked
    with pytest.raises(InsufficientScope, match="revoked"):
        sandbox.read(check_token, issued.access_token, allowed=ACCESS)
    with pytest.raises(RevokedGrant):
        sandbox.write(refresh, third.client, refresh_token=issued.refresh_token or "", scope=None)
    assert sandbox.write(
        refresh, third.client, refresh_token=other.refresh_token or "", scope=None
    ).access_token


def delete_and_restore(sandbox: Sandbox, uid: str) -> None:
    sandbox.write(delete_authorization, "DEMOUTILITY_ccccccccc", uid)
    sandbox.write(
        replace_authorization,
        "DEMOUTILITY_ccccccccc",
        uid,
        is_active=True,
        expires=sandbox.clock.now() + SOON,
    )


SOON = timedelta(days=9)
CHANGES: dict[str, Callable[[Sandbox, str], object]] = {
    "revoke": lambda sandbox, uid: sandbox.write(revoke, uid),
    "expire": lambda sandbox, uid: sandbox.write(expire, uid),
    "shorten": lambda sandbox, uid: sandbox.write(shorten, uid, expires=sandbox.clock.now() + SOON),
    "delete": lambda sandbox, uid: sandbox.write(delete_authorization, "DEMOUTILITY_ccccccccc", uid),
    "delete and restore": delete_and_restore,
    "rename": lambda sandbox, uid: sandbox.write(change_authorization, uid, {"nickname": "mine"}),
    "delete as a test": lambda sandbox, uid: sandbox.write(delete_test_authorization, uid),
}


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_changing_one_authorization_leaves_the_others_unchanged(
    sandbox: Sandbox, third: Third, change: Callable[[Sandbox, str], object], place: int
) -> None:
    uids = [third.tokens().authorization.uid for _ in range(3)]

    def stored(uid: str) -> object:
        with sandbox.store.reading() as transaction:
            return transaction.authorizations.find(uid=uid), transaction.tokens.list(
                authorization_uid=uid, order="hash"
            )

    before = {uid: stored(uid) for uid in uids}
    sandbox.write(revoke, third.tokens().authorization.uid)
    returned = change(sandbox, uids[place])
    assert not isinstance(returned, Authorization) or returned.uid == uids[place]
    assert [uid for uid in uids if stored(uid) != before[uid]] == [uids[place]]


def test_undoing_a_deletion_leaves_the_tokens_unchanged(sandbox: Sandbox, third: Third) -> None:
    uid = third.tokens().authorization.uid
    with sandbox.store.reading() as transaction:
        before = transaction.tokens.list(authorization_uid=uid, order="hash")
    delete_and_restore(sandbox, uid)
    with sandbox.store.reading() as transaction:
        assert transaction.tokens.list(authorization_uid=uid, order="hash") == before


def test_an_expired_authorization_opens_nothing(sandbox: Sandbox, third: Third) -> None:
    issued = third.tokens()
    assert sandbox.write(expire, issued.authorization.uid).expires == sandbox.clock.now()
    with pytest.raises(InvalidToken, match="expired"):
        sandbox.read(check_token, issued.access_token, allowed=ACCESS)
    with pytest.raises(InvalidGrant, match="expired"):
        sandbox.write(refresh, third.client, refresh_token=issued.refresh_token or "", scope=None)


def test_a_token_never_outlives_its_authorization(sandbox: Sandbox, third: Third) -> None:
    soon = round(sandbox.clock.now().timestamp()) + 600
    issued = third.tokens(
        scope=f"FB=4;PreferredAuthEndDate={soon};AdditionalScope=auth-test-test_residential"
    )
    assert issued.expires_in == 600


@pytest.mark.parametrize("uid", ["1", "x", "9" * 40])
def test_an_unknown_authorization_cannot_be_ended(sandbox: Sandbox, uid: str) -> None:
    for end in (revoke, expire):
        with pytest.raises(NotFound):
            sandbox.write(end, uid)


def test_an_armed_approval_is_counted_down(sandbox: Sandbox) -> None:
    assert sandbox.write(take_auto_approval) is None
    sandbox.write_alone(arm_auto_approval, AutoApproval(enabled=True, times=2, decision="decline"))
    taken = [sandbox.write(take_auto_approval) for _ in range(3)]
    assert [one.decision if one else None for one in taken] == ["decline", "decline", None]
    sandbox.write_alone(arm_auto_approval, AutoApproval(enabled=True))
    assert all(sandbox.write(take_auto_approval) for _ in range(5))
    sandbox.write_alone(arm_auto_approval, AutoApproval(enabled=False))
    assert sandbox.write(take_auto_approval) is None


@pytest.mark.parametrize(
    ("way", "value", "expected"),
    [
        ("test", "test_commercial", "test_commercial"),
        ("account", "222222222-3", "test_commercial"),
        ("lastbill", "111111111-1", "test_residential"),
        ("phone", "1111111111", "test_residential"),
        ("email", "ACMECORP@example.com", "test_commercial"),
        ("address", "111 Anywhere Street, Anytown NY 12345", "test_residential"),
        ("address", "224 MAIN ST COLD STORAGE, ANYTOWN, NY 12345", None),
        ("account", "1", None),
        ("phone", "nonsense", None),
        ("sso", None, None),
        ("test", None, None),
    ],
)
def test_a_scope_identifies_its_customer(
    sandbox: Sandbox, way: str, value: str | None, expected: str | None
) -> None:
    found = sandbox.read(find_by_scope, Authentication(way=way, value=value))
    assert (found.id if found else None) == expected


def test_without_an_option_no_customer_is_identified(sandbox: Sandbox) -> None:
    assert sandbox.read(find_by_scope, None) is None
