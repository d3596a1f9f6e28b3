"""Tests that ending a grant ends all its tokens permanently: within and after the grace period, and in races."""

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
    """A client with a grant, and all tokens that were issued for it."""

    sandbox: Sandbox
    client: Client
    approval: Approval
    access: list[str] = field(default_factory=list)
    refresh: list[str] = field(default_factory=list)

    @property
    def uid(self) -> str:
        return self.approval.authorization.uid

    def redeem(self) -> None:
        """Redeem the code, even if it was redeemed before."""
        self._keep(
            self.sandbox.write(
                redeem_code,
                self.client,
                code=self.approval.code,
                redirect_uri=CALLBACK,
                code_verifier=None,
            )
        )

    def renew(self, place: int = -1) -> None:
        """Refresh with one of the refresh tokens, by default the newest."""
        token = self.refresh[place]
        self._keep(
            self.sandbox.attempt(self.sandbox.write, refresh, self.client, refresh_token=token, scope=None)
        )

    def _keep(self, tokens: IssuedTokens) -> None:
        self.access.append(tokens.access_token)
        if tokens.refresh_token is not None:
            self.refresh.append(tokens.refresh_token)

    def working(self) -> list[str]:
        """The uses of a token that still work, over all tokens."""
        found = []
        for token in self.access:
            with suppress(InvalidToken, InsufficientScope):
                self.sandbox.read(check_token, token, allowed=ACCESS)
                found.append("access")
        for token in (*self.access, *self.refresh):
            if self.sandbox.read(find_living_token, self.client, token) is not None:
                found.append("introspected")
        for token in tuple(self.refresh):
            with suppress(InvalidGrant):
                self.sandbox.write(refresh, self.client, refresh_token=token, scope=None)
                found.append("refresh")
        return found


def reuse_the_oldest(made: Connection) -> None:
    made.renew(0)


def revoke_the_newest(made: Connection) -> None:
    made.sandbox.write(revoke_token, made.client, made.refresh[-1])


def revoke_the_replaced(made: Connection) -> None:
    made.sandbox.write(revoke_token, made.client, made.refresh[-2])


def redeem_the_code_again(made: Connection) -> None:
    made.redeem()


def revoke_the_authorization(made: Connection) -> None:
    made.sandbox.write(revoke, made.uid)


def expire_the_authorization(made: Connection) -> None:
    made.sandbox.write(expire, made.uid)


def delete_the_authorization(made: Connection) -> None:
    made.sandbox.write(delete_authorization, made.client.id, made.uid)


def delete_the_test_authorization(made: Connection) -> None:
    made.sandbox.write(delete_test_authorization, made.uid)


def delete_the_registration(made: Connection) -> None:
    made.sandbox.write(remove_registration, made.client.id)


ENDS: tuple[Callable[[Connection], None], ...] = (
    reuse_the_oldest,
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
    """A connection that was refreshed twice; the previous refresh token is within its grace period."""
    found = Connection(sandbox, third.client, third.approval())
    found.redeem()
    found.renew()
    found.renew()
    return found


def test_before_the_end_the_newest_and_the_previous_token_work(made: Connection) -> None:
    made.renew(-2)
    assert len(set(made.refresh)) == 4
    made.sandbox.read(check_token, made.access[-1], allowed=ACCESS)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
@pytest.mark.parametrize("after", [timedelta(), GRACE + timedelta(seconds=1)], ids=["in grace", "after"])
def test_after_the_end_no_token_works(
    made: Connection, end: Callable[[Connection], None], after: timedelta
) -> None:
    made.sandbox.write_alone(advance_clock, after)
    with suppress(MockServerError):
        end(made)
    assert made.working() == []


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_a_token_issued_at_the_same_moment_does_not_work(
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
    assert made.working() == []


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_after_an_export_and_import_no_token_works(
    made: Connection, end: Callable[[Connection], None]
) -> None:
    with suppress(MockServerError):
        end(made)
    import_state(made.sandbox, made.sandbox.read(export_state))
    assert made.working() == []


def test_the_grace_period_covers_only_the_previous_token(made: Connection) -> None:
    with pytest.raises(InvalidGrant, match="reused after it had been replaced"):
        made.renew(0)
    assert made.working() == []


def test_the_grace_period_ends(made: Connection) -> None:
    made.sandbox.write_alone(advance_clock, GRACE)
    with pytest.raises(InvalidGrant, match="reused after it had been replaced"):
        made.renew(-2)
    assert made.working() == []


def test_tokens_issued_within_the_grace_period_do_not_extend_it(made: Connection) -> None:
    made.sandbox.write_alone(advance_clock, GRACE / 2)
    made.renew(1)
    made.sandbox.write_alone(advance_clock, GRACE / 2)
    with pytest.raises(InvalidGrant):
        made.renew(1)


def test_restoring_a_deleted_client_restores_its_tokens(made: Connection) -> None:
    made.sandbox.write(remove_registration, made.client.id)
    with made.sandbox.reading() as transaction:
        removed = transaction.clients.get(id=made.client.id)
    made.sandbox.write(change_registration, removed, removed)
    made.sandbox.read(check_token, made.access[-1], allowed=ACCESS)


def test_undoing_a_deletion_does_not_restore_tokens_revoked_before(made: Connection) -> None:
    made.sandbox.write(revoke_token, made.client, made.refresh[-1])
    made.sandbox.write(delete_authorization, made.client.id, made.uid)
    expires = made.approval.authorization.expires
    made.sandbox.write(replace_authorization, made.client.id, made.uid, is_active=True, expires=expires)
    assert made.working() == []


def test_a_client_cannot_undo_a_deletion_that_the_customer_confirmed_by_revoking(made: Connection) -> None:
    made.sandbox.write(delete_authorization, made.client.id, made.uid)
    made.sandbox.write(revoke, made.uid)
    with pytest.raises(MockServerError, match="only its customer can renew it"):
        made.sandbox.write(replace_authorization, made.client.id, made.uid, is_active=True, expires=None)
    assert made.working() == []
