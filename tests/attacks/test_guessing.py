"""Guessing secrets: clients', people's, customers', one-time codes, bills, the control token."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import FrameType
from typing import Any

import httpx
import pytest

from mock_server.actions.clients.find_client import authenticate
from mock_server.actions.connecting.browser_sessions import log_in_person
from mock_server.actions.connecting.sign_in import check_code
from mock_server.actions.connecting.single_sign_on import log_in
from mock_server.domain.errors import AccessDenied, Conflict, InvalidClient, TooManyRequests
from mock_server.domain.time.clock import Clock
from mock_server.sandbox import Sandbox
from mock_server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.pages.visitor import Visitor
from tests.portal.people import ANSWERS, Person
from tests.support import Third, app_around, browser

LIMIT = 6  # instead of 20, for a quick test
TOKEN = "/DataCustodian/oauth/token"
REQUESTED = {"grant_type": "client_credentials"}


@pytest.fixture
def settings() -> Settings:
    return read_settings({"clock": NOON, "guess_limit": LIMIT})


def a_minute_later(sandbox: Sandbox) -> Sandbox:
    """The same sandbox, when the machine's clock has moved on."""
    later = NOON + timedelta(seconds=61)
    return replace(sandbox, clock=Clock(lambda: sandbox.clock.read_state(), machine_now=lambda: later))


def guess(answer: Callable[[], object]) -> None:
    """Be wrong as often as may be, and then once more."""
    for _ in range(LIMIT):
        with pytest.raises((AccessDenied, InvalidClient)):
            answer()
    with pytest.raises(TooManyRequests):
        answer()


def test_a_clients_secret_is_guessed_so_many_times_a_minute(third: Third) -> None:
    auths = [(third.client_id, "wrong")] * LIMIT + [(third.client_id, third.client.secret)]
    answers = [third.http.post(TOKEN, data=REQUESTED, auth=auth) for auth in auths]
    assert [one.status_code for one in answers] == [401] * LIMIT + [429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert answers[-1].json()["error"] == "too_many_requests"
    later = a_minute_later(third.sandbox).write(authenticate, third.client_id, third.client.secret)
    assert later.id == third.client_id


def test_a_client_is_guessed_under_all_its_ids_together(third: Third) -> None:
    ids = (third.client_id, f"{third.client_id}_admin", f"registration_{third.client_id}")
    for count in range(LIMIT):
        with pytest.raises(InvalidClient):
            third.sandbox.write(authenticate, ids[count % 3], "wrong")
    with pytest.raises(TooManyRequests):
        third.sandbox.write(authenticate, ids[1], third.client.secret)


def test_guessing_one_client_keeps_no_other_out(third: Third) -> None:
    guess(lambda: third.sandbox.write(authenticate, third.client_id, "wrong"))
    other = Third(third.sandbox, third.http, client_id="DEMOUTILITY_livelive1").client
    assert third.sandbox.write(authenticate, other.id, other.secret) == other


@pytest.mark.parametrize("name", ["test_residential", "nobody"])
def test_a_customers_password_is_guessed_as_often_whether_or_not_there_is_one(
    sandbox: Sandbox, name: str
) -> None:
    guess(lambda: sandbox.write(log_in, username=name, password="wrong"))
    sandbox.write(log_in, username="test_commercial", password="test_commercial")


def test_a_persons_password_is_guessed_as_often(sandbox: Sandbox) -> None:
    Person.registered(sandbox)
    guess(lambda: log_in_person(sandbox, email=ANSWERS["email"], password="wrong"))
    later = a_minute_later(sandbox)
    assert log_in_person(later, email=ANSWERS["email"], password=ANSWERS["password"])


def test_a_page_says_how_long_to_wait(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope="FB=4")
    guess(lambda: sandbox.write(log_in, username="test_residential", password="wrong"))
    page = visitor.sends(username="test_residential", password="test_residential").page
    assert (page.status_code, page.headers["Retry-After"]) == (429, "60")
    assert "Too many attempts" in page.text


def test_a_one_time_code_is_tried_five_times(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-phone-%2B11111111111")
    visitor.sends(channel="text")
    for _ in range(5):
        assert "code" not in (visitor.page.headers.get("location") or "")
        visitor.sends(code="000000")
    assert "error=access_denied" in visitor.page.headers["location"]
    assert visitor.opens(f"/connect/{visitor.page.url.path.split('/')[2]}/code").page.status_code == 409


def test_a_sign_in_that_was_locked_checks_no_code(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-phone-%2B11111111111")
    visitor.sends(channel="text")
    for _ in range(5):
        visitor.sends(code="000000")
    with sandbox.reading() as transaction:
        (locked,) = transaction.requests.list()
    with pytest.raises(Conflict, match="does not expect a one-time code"):
        sandbox.write(check_code, locked, "000000")


def test_one_time_codes_are_not_guessed_in_many_requests_at_once(sandbox: Sandbox) -> None:
    for tries in (4, LIMIT - 4):
        visitor = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-phone-%2B11111111111")
        visitor.sends(channel="text")
        assert [visitor.sends(code="000000").page.status_code for _ in range(tries)] == [422] * tries
    assert visitor.sends(code="000000").page.status_code == 429


def test_a_bill_is_not_guessed(sandbox: Sandbox) -> None:
    visitor = Visitor.arrives(sandbox, scope="FB=4;AdditionalScope=auth-lastbill")
    for cents in range(LIMIT):
        visitor.sends(account="111111111-1", amount=f"99.{cents:02}", date="2022-01-01")
        assert visitor.page.status_code == 422
    visitor.sends(account="111111111-1", amount="100", date="2022-01-01")
    assert visitor.page.status_code == 429


def test_without_a_word_the_limit_is_twenty() -> None:
    assert read_settings(environment={}).guess_limit == 20


class TestWithAToken:
    """Where the control API needs a token."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings(
            {"clock": NOON, "control": "token", "control_token": "correct horse", "guess_limit": LIMIT}
        )

    def test_the_control_token_is_guessed_as_often_for_all_sandboxes(self, http: httpx.Client) -> None:
        def status(path: str, token: str) -> int:
            return http.get(path, headers={"Authorization": f"Bearer {token}"}).status_code

        assert status("/_mock/clients", "correct horse") == 200
        found = [status("/~guess/_mock/clients", "wrong")]
        found += [status("/_mock/clients", "wrong") for _ in range(LIMIT - 1)]
        assert found == [401] * LIMIT
        assert status("/_mock/clients", "correct horse") == 429


class TestWithoutALimit:
    """`--guess-limit 0` is for those whose tests are wrong on purpose."""

    @pytest.fixture
    def settings(self) -> Settings:
        return read_settings({"clock": NOON, "guess_limit": 0})

    def test_everybody_may_guess_for_ever(self, third: Third) -> None:
        for _ in range(3 * LIMIT):
            with pytest.raises(InvalidClient):
                third.sandbox.write(authenticate, third.client_id, "wrong")
        assert third.sandbox.write(authenticate, third.client_id, third.client.secret).id == third.client_id


def calls_of(name: str, work: Callable[[], object]) -> int:
    """How often a function of that name is called within; what it raises is of no interest here."""
    count = 0

    def watch(frame: FrameType, event: str, _: Any) -> None:
        nonlocal count
        count += event == "call" and frame.f_code.co_name == name

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        work()
    except (AccessDenied, InvalidClient):
        pass
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("client_id", ["DEMOUTILITY_ccccccccc", "DEMOUTILITY_publicapp", "nobody"])
def test_a_secret_is_compared_whether_or_not_there_is_such_a_client(sandbox: Sandbox, client_id: str) -> None:
    assert calls_of("equal_secrets", lambda: sandbox.write(authenticate, client_id, "wrong")) == 1


@pytest.mark.parametrize("email", [ANSWERS["email"], "nobody@example.com", "no address"])
def test_a_password_is_computed_whether_or_not_somebody_has_it(sandbox: Sandbox, email: str) -> None:
    Person.registered(sandbox)
    passwords = calls_of("password_fits", lambda: log_in_person(sandbox, email=email, password="wrong"))
    assert passwords == 1


def test_cookies_of_one_guess_do_not_begin_another_count(sandbox: Sandbox) -> None:
    guess(lambda: sandbox.write(log_in, username="test_residential", password="wrong"))
    fresh = browser(app_around(sandbox))
    page = Visitor(fresh, fresh.get("/my-authorizations")).follow()
    assert page.sends(username="test_residential", password="wrong").page.status_code == 429
