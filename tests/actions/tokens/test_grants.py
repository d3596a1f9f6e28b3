"""What ends a grant ends all its tokens and for good: before, within and after a grace, raced or not."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from mock_server.actions.authorizations.authorizations import expire, revoke
from mock_server.actions.authorizations.manage_authorization import (
    delete_authorization,
    replace_authorization,
)
from mock_server.actions.authorizations.own_authorizations import delete_test_authorization
from mock_server.actions.clients.manage_registration import change_registration, remove_registration
from mock_server.actions.connecting.consent import Approval
from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.actions.sandboxes.state import export_state, import_state
from mock_server.actions.tokens.check_token import check_token
from mock_server.actions.tokens.introspect_token import find_living_token
from mock_server.actions.tokens.issue import IssuedTokens
from mock_server.actions.tokens.redeem_code import redeem_code
from mock_server.actions.tokens.refresh_token import refresh
from mock_server.actions.tokens.revoke_token import revoke_token
from mock_server.domain.errors import InsufficientScope, InvalidGrant, InvalidToken, MockServerError
from mock_server.domain.records import Client, TokenClass
from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.support import CALLBACK, Third

GRACE = timedelta(seconds=30)
RACERS = 8
ACCESS: tuple[TokenClass, ...] = ("access",)


@dataclass
class Connection:
    """A client with a grant, and every token that it ever got of it."""

    sandbox: Sandbox
    client: Client
    approval: Approval
    access: list[str] = field(default_factory=list)
    refresh: list[str] = field(default_factory=list)

    @property
    def uid(self) -> str:
        return self.approval.authorization.uid

    def redeem(self) -> None:
        """Redeem the code, once more if it was redeemed before."""
        self._keep(
            redeem_code(
                self.sandbox,
                self.client,
                code=self.approval.code,
                redirect_uri=CALLBACK,
                code_verifier=None,
            )
        )

    def renew(self, place: int = -1) -> None:
        """Refresh with one of the refresh tokens, by default the newest."""
        work = self.sandbox.attempt
        self._keep(work(refresh, self.sandbox, self.client, refresh_token=self.refresh[place], scope=None))

    def _keep(self, tokens: IssuedTokens) -> None:
        self.access.append(tokens.access_token)
        if tokens.refresh_token is not None:
            self.refresh.append(tokens.refresh_token)

    def living(self) -> list[str]:
        """Which tokens open anything, by any of the ways to use one."""
        found = []
        for token in self.access:
            with suppress(InvalidToken, InsufficientScope):
                check_token(self.sandbox, token, allowed=ACCESS)
                found.append("access")
        for token in (*self.access, *self.refresh):
            if find_living_token(self.sandbox, self.client, token) is not None:
                found.append("introspected")
        for token in tuple(self.refresh):
            with suppress(InvalidGrant):
                refresh(self.sandbox, self.client, refresh_token=token, scope=None)
                found.append("refresh")
        return found


def use_again_what_was_replaced_long_ago(made: Connection) -> None:
    made.renew(0)


def revoke_the_newest(made: Connection) -> None:
    revoke_token(made.sandbox, made.client, made.refresh[-1])


def revoke_the_replaced(made: Connection) -> None:
    revoke_token(made.sandbox, made.client, made.refresh[-2])


def redeem_the_code_again(made: Connection) -> None:
    made.redeem()


def revoke_the_authorization(made: Connection) -> None:
    revoke(made.sandbox, made.uid)


def expire_the_authorization(made: Connection) -> None:
    expire(made.sandbox, made.uid)


def delete_the_authorization(made: Connection) -> None:
    delete_authorization(made.sandbox, made.client.id, made.uid)


def delete_the_test_authorization(made: Connection) -> None:
    delete_test_authorization(made.sandbox, made.uid)


def delete_the_registration(made: Connection) -> None:
    remove_registration(made.sandbox, made.client.id)


ENDS: tuple[Callable[[Connection], None], ...] = (
    use_again_what_was_replaced_long_ago,
    revoke_the_newest,
    revoke_the_replaced,
    redeem_the_code_again,
    revoke_the_authorization,
    expire_the_authorization,
    delete_the_authorization,
    delete_the_test_authorization,
    delete_the_registration,
)


@pytest.fixture(params=["one", "several"])
def settings(request: pytest.FixtureRequest) -> Settings:
    return read_settings(
        {
            "clock": NOON,
            "refresh_rotation": "on",
            "refresh_grace_seconds": int(GRACE.total_seconds()),
            "access_tokens": request.param,
        }
    )


@pytest.fixture
def made(sandbox: Sandbox, third: Third) -> Connection:
    """A connection that was refreshed twice; the last but one token is within its grace."""
    found = Connection(sandbox, third.client, third.approval())
    found.redeem()
    found.renew()
    found.renew()
    return found


def test_until_then_the_newest_and_the_one_before_work(made: Connection) -> None:
    made.renew(-2)
    assert len(set(made.refresh)) == 4
    check_token(made.sandbox, made.access[-1], allowed=ACCESS)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
@pytest.mark.parametrize("after", [timedelta(), GRACE + timedelta(seconds=1)], ids=["in grace", "after"])
def test_after_it_no_token_opens_anything(
    made: Connection, end: Callable[[Connection], None], after: timedelta
) -> None:
    advance_clock(made.sandbox, after)
    with suppress(MockServerError):
        end(made)
    assert made.living() == []


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_nor_does_one_that_was_issued_at_the_same_moment(
    made: Connection, end: Callable[[Connection], None]
) -> None:
    barrier = Barrier(RACERS + 1)

    def race(work: Callable[[], object]) -> None:
        barrier.wait()
        with suppress(MockServerError):
            work()

    racers = [Thread(target=race, args=(lambda: made.renew(3),)) for _ in range(RACERS)]
    made.renew()
    racers.append(Thread(target=race, args=(lambda: made.sandbox.attempt(end, made),)))
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert made.living() == []


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_nor_does_it_after_an_export_and_an_import(
    made: Connection, end: Callable[[Connection], None]
) -> None:
    with suppress(MockServerError):
        end(made)
    import_state(made.sandbox, export_state(made.sandbox))
    assert made.living() == []


def test_a_grace_is_for_the_token_before_the_newest_alone(made: Connection) -> None:
    with pytest.raises(InvalidGrant, match="reused after it had been replaced"):
        made.renew(0)
    assert made.living() == []


def test_the_grace_is_over_when_it_is_over(made: Connection) -> None:
    advance_clock(made.sandbox, GRACE)
    with pytest.raises(InvalidGrant, match="reused after it had been replaced"):
        made.renew(-2)
    assert made.living() == []


def test_tokens_issued_within_the_grace_do_not_lengthen_it(made: Connection) -> None:
    advance_clock(made.sandbox, GRACE / 2)
    made.renew(1)
    advance_clock(made.sandbox, GRACE / 2)
    with pytest.raises(InvalidGrant):
        made.renew(1)


def test_one_client_that_was_deleted_by_mistake_has_its_tokens_again(made: Connection) -> None:
    remove_registration(made.sandbox, made.client.id)
    with made.sandbox.reading() as transaction:
        removed = transaction.clients.get(id=made.client.id)
    change_registration(made.sandbox, removed, removed)
    check_token(made.sandbox, made.access[-1], allowed=ACCESS)


def test_what_was_revoked_before_the_deletion_is_not_taken_back_with_it(made: Connection) -> None:
    revoke_token(made.sandbox, made.client, made.refresh[-1])
    delete_authorization(made.sandbox, made.client.id, made.uid)
    expires = made.approval.authorization.expires
    replace_authorization(made.sandbox, made.client.id, made.uid, is_active=True, expires=expires)
    assert made.living() == []


def test_a_client_cannot_take_back_what_the_customer_ended_after_it(made: Connection) -> None:
    delete_authorization(made.sandbox, made.client.id, made.uid)
    revoke(made.sandbox, made.uid)
    with pytest.raises(MockServerError, match="only its customer can renew it"):
        replace_authorization(made.sandbox, made.client.id, made.uid, is_active=True, expires=None)
    assert made.living() == []
