"""One suite for both databases: records in, records out, one transaction at a time."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from mock_server.domain import records
from mock_server.domain.errors import Conflict, InvalidRequest
from mock_server.fixtures import bundled_folder, load_fixtures
from mock_server.store import SNAPSHOT, Store, StoreMistake, Transaction, open_store

FIXTURES = load_fixtures(bundled_folder())
NOW = datetime(2026, 3, 15, 16, 0, 0, 123_456, tzinfo=UTC)


@pytest.fixture(
    params=[
        pytest.param("sqlite", id="sqlite"),
        pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
    ]
)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/test.db"
    url = os.environ.get("TEST_DATABASE_URL")
    if url is None:
        pytest.skip("needs PostgreSQL: set TEST_DATABASE_URL")
    return url


@pytest.fixture
def open_sandbox(url: str) -> Iterator[Callable[[str], Store]]:
    """Opens sandboxes in one database; what they hold goes with the test."""
    opened: list[Store] = []
    mark = uuid4().hex[:8]  # other tests use the same PostgreSQL

    def sandbox(name: str) -> Store:
        opened.append(open_store(url, sandbox=f"{name}-{mark}"))
        with opened[-1].beginning() as transaction:
            transaction.states.add(ONE_OF_EACH["states"])
        return opened[-1]

    yield sandbox
    for store in opened:
        with store.beginning() as transaction:
            transaction.clear()
        store.close()


@pytest.fixture
def store(open_sandbox: Callable[[str], Store]) -> Store:
    return open_sandbox("one")


REQUEST = records.AuthorizationRequest(
    id="r",
    client_id="c",
    redirect_uri="http://127.0.0.1/",
    state="%20;é",
    scope="FB=4",
    code_challenge="x" * 43,
    code_challenge_method="S256",
    prompts=True,
    browser_hash="b" * 64,
    created=NOW,
    way="phone",
    customer_id="x",
    otp_channel="text",
    otp_sent=NOW,
    otp_attempts=3,
)
AUTHORIZATION = records.Authorization(
    uid="500001",
    kind="customer",
    client_id="c",
    customer_id="x",
    scope="FB=4",
    requested_scope="FB=4",
    scope_of_use=None,
    created=NOW,
    history_start=None,
    ongoing_end=NOW,
    expires=None,
    revoked=None,
)
TOKEN = records.Token(
    hash="h",
    token_class="access",
    client_id="c",
    authorization_uid="500001",
    customer_id=None,
    scope="FB=4",
    issued=NOW,
    expires=None,
)
CODE = records.Code(
    hash="h",
    client_id="c",
    authorization_uid="500001",
    redirect_uri=None,
    code_challenge=None,
    code_challenge_method=None,
    issued=NOW,
    expires=NOW,
)
ONE_OF_EACH: dict[str, Any] = {
    "states": records.SandboxState(
        incarnation="i",
        created=NOW,
        fixtures_digest="d" * 64,
        clock_offset_seconds=-1.5,
        clock_frozen=NOW,
        auto_approval=records.AutoApproval(enabled=True, times=3, decision="decline"),
        used=NOW,
    ),
    "demo_runs": records.DemoRun(id="a" * 32, sealed="a.b.c", stored_at=NOW),
    "faults": records.Fault(
        id="1",
        preset="flaky",
        match=records.FaultMatch(path="/api/*", nth=2, probability=0.5),
        effect=records.FaultEffect(
            status=503,
            headers={"Retry-After": "1"},
            body={"a": [1]},
            hang=1.5,
            stale=timedelta(days=1, seconds=5),
        ),
        when="after",
        times_left=None,
        seen=3,
        fired=1,
        created=NOW,
    ),
    "snapshots": records.Snapshot(name="before-migration.2", taken=NOW),
    "tariffs": FIXTURES.tariffs[0],
    "customers": FIXTURES.customers[-1],
    "look_ups": records.LookUp(kind="phone", value="+1", customer_id="x"),
    "clients": replace(FIXTURES.clients[0], jwks={"keys": [{"kty": "EC"}]}),
    "pushed_requests": records.PushedRequest(
        hash="h", client_id="c", on_wire={"state": ("%20;é",)}, expires=NOW
    ),
    "used_assertions": records.UsedAssertion(hash="h", client_id="c", expires=NOW),
    "authorizations": AUTHORIZATION,
    "meters": records.Meter(
        uid="1500001", authorization_uid="500001", account_number="1-1", service_id="s", created=NOW
    ),
    "collections": records.Collection(
        uid="1", meter_uid="1500001", authorization_uid="500001", started=NOW, months=12
    ),
    "templates": records.Template(uid="1", client_id="c", portal="p", created=NOW, updated=NOW),
    "forms": records.Form(
        uid="1", client_id="c", template_uid="1", token="t", created=NOW, updated=NOW, expires="3y"
    ),
    "referrals": records.Referral(code="r", client_id="c", authorization_uid="500001", created=NOW),
    "call_counts": records.CallCount(token_hash="h", second=1_773_590_400, count=3),
    "guesses": records.Guesses(subject="h", count=3, until=NOW),
    "requests": REQUEST,
    "codes": CODE,
    "tokens": TOKEN,
    "grants": records.Grant(
        id="h", client_id="c", authorization_uid="500001", created=NOW, renewed=NOW, generation=3, ended=NOW
    ),
    "sign_on_sessions": records.SignOnSession(hash="h", customer_id="x", started=NOW, expires=NOW),
    "people": records.Person(
        email="a@b.example",
        first_name="A",
        last_name="B",
        password_hash="scrypt",
        client_id="c",
        created=NOW,
    ),
    "browser_sessions": records.BrowserSession(
        hash="h", kind="customer", subject="x", started=NOW, expires=NOW
    ),
    "sign_on_codes": records.SignOnCode(
        hash="h",
        customer_id="x",
        redirect_uri="u",
        scope="openid",
        nonce=None,
        authenticated=NOW,
        expires=NOW,
    ),
    "messages": records.Message(
        id="1", to="+1", channel="call", subject="s", body="🔌 b", code="012345", at=NOW
    ),
    "webhooks": records.Webhook(id="1", client_id="c", url="u", event_types=("ping",), created=NOW),
    "events": records.Event(
        uid="1",
        type="meter_created",
        at=NOW,
        client_id="c",
        authorization_uid="1",
        meter_uid="2",
        form_uid=None,
        delivery_target="u",
        is_delivered=False,
        first_due=NOW,
        due=NOW,
        claimed_until=NOW,
    ),
    "notifications": records.Notification(
        uid="1",
        at=NOW,
        client_id="c",
        resources=("/a", "/b?c=d"),
        delivery_target="u",
        is_delivered=True,
        first_due=NOW,
        due=None,
    ),
    "attempts": records.Attempt(
        uid="1",
        kind="events",
        client_id="c",
        delivery_target="u",
        items=("1", "2"),
        at=NOW,
        status=None,
        problem="refused",
        seconds=0.25,
        is_forged=True,
    ),
    "bulks": records.Bulk(
        id="b", client_id="c", authorization_uids=("1",), since=NOW, until=NOW, expires=NOW
    ),
    "journal_pages": records.JournalPage(page="p", key="k"),
    "exchanges": records.StoredExchange(number="7", page="p", content='{"a": "\\u0000"}'),
    "signing_keys": records.SigningKey(id="k", pem="-----", created=NOW),
}


@pytest.mark.parametrize("table", ONE_OF_EACH)
def test_a_record_comes_out_as_it_went_in(store: Store, table: str) -> None:
    with store.beginning() as transaction:
        transaction.clear()
        getattr(transaction, table).add(ONE_OF_EACH[table])
    with store.reading() as transaction:
        assert getattr(transaction, table).list() == [ONE_OF_EACH[table]]


def test_every_kind_of_row_is_tried_above(store: Store) -> None:
    with store.reading() as transaction:
        held = set(transaction.of_each_kind())
    assert held == set(ONE_OF_EACH)


@pytest.mark.parametrize(
    "record", [*FIXTURES.customers, *FIXTURES.clients, *FIXTURES.tariffs], ids=lambda r: r.id
)
def test_every_fixture_survives(store: Store, record: Any) -> None:
    tables = {records.Customer: "customers", records.Client: "clients", records.Tariff: "tariffs"}
    with store.writing() as transaction:
        getattr(transaction, tables[type(record)]).add(record)
    with store.reading() as transaction:
        assert getattr(transaction, tables[type(record)]).find(id=record.id) == record


def test_money_and_dates_keep_their_exact_value(store: Store) -> None:
    bill = records.LastBill(account_number="1", amount=Decimal("87.60"), statement_date=date(2022, 1, 1))
    with store.writing() as transaction:
        transaction.customers.add(replace(FIXTURES.customers[0], last_bill=bill))
    with store.reading() as transaction:
        [found] = transaction.customers.list()
    assert str(found.last_bill and found.last_bill.amount) == "87.60"


def test_sandboxes_do_not_see_each_other(open_sandbox: Callable[[str], Store]) -> None:
    one, two = open_sandbox("one"), open_sandbox("two")
    with one.writing() as transaction:
        transaction.tokens.add(TOKEN)
    with two.writing() as transaction:
        assert transaction.tokens.list() == []
        assert transaction.tokens.change({"hash": "h"}, scope="x") == transaction.tokens.remove(hash="h") == 0
        transaction.tokens.add(replace(TOKEN, scope="FB=16"))
        assert transaction.next_number("n", first=7) == "7"
        transaction.clear()
    with one.writing() as transaction:
        assert transaction.tokens.list() == [TOKEN]
        assert transaction.next_number("n", first=7) == "7"


def test_a_block_that_raises_is_undone(store: Store) -> None:
    def fail() -> None:
        with store.writing() as transaction:
            transaction.tokens.add(TOKEN)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.reading() as transaction:
        assert transaction.tokens.list() == []


def test_the_same_key_cannot_be_added_twice(store: Store) -> None:
    with store.writing() as transaction:
        transaction.tokens.add(TOKEN)
    with pytest.raises(Conflict, match="the same at the same time"), store.writing() as transaction:
        transaction.tokens.add(TOKEN)


def test_lists_are_filtered_ordered_and_cut(store: Store) -> None:
    uids = ["500002", "500010", "500001", "999999", "1000000"]
    with store.writing() as transaction:
        transaction.authorizations.add(*(replace(AUTHORIZATION, uid=uid) for uid in uids))

        def found(**how: Any) -> list[str]:
            return [one.uid for one in transaction.authorizations.list(**how)]

        assert found(order="uid") == ["500001", "500002", "500010", "999999", "1000000"]
        assert found(order="-uid", limit=2) == ["1000000", "999999"]
        assert found(order="-uid", below=("uid", "500010")) == ["500002", "500001"]
        assert found(order="uid", uid=("500001", "999999", "7")) == ["500001", "999999"]
        assert found(uid="500001", client_id="other") == []
        assert len(found(expires=None)) == 5


def test_rows_come_in_the_order_of_their_keys_however_they_were_added_and_changed(store: Store) -> None:
    uids = ["500002", "500010", "500001", "999999", "1000000"]
    with store.writing() as transaction:
        transaction.authorizations.add(*(replace(AUTHORIZATION, uid=uid) for uid in uids))
        transaction.faults.add(*(replace(ONE_OF_EACH["faults"], id=uid) for uid in uids))
    for uid in ("500001", "999999"):
        with store.writing() as transaction:
            transaction.authorizations.change({"uid": uid}, nickname="moved")
    ordered = ["500001", "500002", "500010", "999999", "1000000"]
    with store.reading() as transaction:
        assert [one.id for one in transaction.faults.list()] == ordered
        assert [one.uid for one in transaction.authorizations.list()] == ordered
        assert [one.uid for one in transaction.authorizations.list(order="created")] == ordered
        assert [one.uid for one in transaction.authorizations.list(order="-created")] == ordered[::-1]
        found = transaction.authorizations.find(client_id=AUTHORIZATION.client_id)
        assert found is not None
        assert found.uid == "500001"


@pytest.mark.parametrize(
    "uid", ["", "x", "-1", "0500001", " 500001", "5" * 300, "\N{ARABIC-INDIC DIGIT FIVE}", "500001.0", "\x00"]
)
def test_what_is_no_number_is_the_id_of_nothing(store: Store, uid: str) -> None:
    with store.writing() as transaction:
        transaction.authorizations.add(AUTHORIZATION)
        assert transaction.authorizations.find(uid=uid) is None


def test_changing_reports_how_many_rows_fitted(store: Store) -> None:
    with store.writing() as transaction:
        transaction.codes.add(CODE)
        assert transaction.codes.change({"hash": "h", "redeemed": None}, redeemed=NOW) == 1
        assert transaction.codes.change({"hash": "h", "redeemed": None}, redeemed=NOW) == 0


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Run the same work in so many threads that begin together; returns what they returned or raised."""
    barrier, results = threading.Barrier(count), [None] * count

    def run(place: int) -> None:
        barrier.wait()
        try:
            results[place] = work(place)
        except Exception as error:
            results[place] = error  # type: ignore[call-overload]  # shown by the assertion

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_twenty_guarded_changes_one_wins(store: Store) -> None:
    with store.writing() as transaction:
        transaction.codes.add(CODE)

    def redeem(_place: int) -> int:
        with store.writing() as transaction:
            return transaction.codes.change({"hash": "h", "redeemed": None}, redeemed=NOW)

    assert sorted(at_once(20, redeem)) == [0] * 19 + [1]


def test_numbers_are_never_given_twice(store: Store) -> None:
    with store.writing() as transaction:
        assert transaction.next_number("n", first=10) == "10"

    def take(_place: int) -> str:
        with store.writing() as transaction:
            return transaction.next_number("n", first=10)

    assert sorted(at_once(20, take)) == [str(number) for number in range(11, 31)]


def test_the_first_number_is_not_given_twice_either(store: Store) -> None:
    def take(_place: int) -> str:
        with store.writing() as transaction:
            return transaction.next_number("n", first=10)

    assert sorted(at_once(8, take)) == [str(number) for number in range(10, 18)]


@pytest.mark.parametrize(("first_alone", "second_alone"), [(False, True), (True, False), (True, True)])
def test_who_writes_alone_waits_for_the_others_and_they_for_it(
    store: Store, first_alone: bool, second_alone: bool
) -> None:
    """Else a reset would miss what another transaction is just adding, and give its number again."""
    done: list[str] = []

    def second() -> None:
        with store.writing(exclusive=second_alone) as transaction:
            done.append("second")
            transaction.tokens.remove(hash="h")

    with store.writing(exclusive=first_alone) as transaction:
        transaction.tokens.add(TOKEN)
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(timeout=0.3)
        done.append("first")
    thread.join()
    assert done == ["first", "second"]
    with store.reading() as transaction:
        assert transaction.tokens.list() == []


def test_clearing_keeps_what_it_is_reported_to(store: Store) -> None:
    with store.writing() as transaction:
        transaction.signing_keys.add(ONE_OF_EACH["signing_keys"])
        transaction.tokens.add(TOKEN)
        transaction.next_number("n", first=5)
        transaction.clear(keep=("signing_keys",))
        assert _counts(transaction) == (1, 0)
        assert transaction.next_number("n", first=5) == "5"
        transaction.clear()
        assert _counts(transaction) == (0, 0)


def test_a_sandbox_is_copied_complete_and_lives_apart(open_sandbox: Callable[[str], Store]) -> None:
    one, two = open_sandbox("one"), open_sandbox("two")
    with one.beginning(source=two._sandbox) as transaction:
        transaction.clear()
        transaction.of(two._sandbox).clear()
        for kind, record in ONE_OF_EACH.items():
            getattr(transaction, kind).add(record)
        transaction.next_number("n", first=5)
        transaction.of(two._sandbox).copy_from(one._sandbox, leave=("signing_keys",))
        transaction.tokens.remove()
    with two.writing() as transaction:
        held = {kind: found.list() for kind, found in transaction.of_each_kind().items()}
        assert held == {kind: [] if kind == "signing_keys" else [one] for kind, one in ONE_OF_EACH.items()}
        assert transaction.next_number("n", first=5) == "6"


def test_a_text_that_the_database_cannot_hold_is_refused_or_found_nowhere(store: Store) -> None:
    with suppress(InvalidRequest), store.reading() as transaction:
        assert transaction.clients.find(id="a\0b") is None
    with store.reading() as transaction:
        assert transaction.clients.list() == []


def test_copies_stored_as_snapshots_are_no_sandboxes(open_sandbox: Callable[[str], Store]) -> None:
    one, stored = open_sandbox("one"), open_sandbox(f"{SNAPSHOT}one")
    with one.writing() as transaction:
        transaction.of(stored._sandbox).clear()
        transaction.of(stored._sandbox).copy_from(one._sandbox, leave=())
    known = one.list_states()
    assert one._sandbox in known
    assert stored._sandbox not in known


@pytest.mark.parametrize(
    ("kind", "change", "result"),
    [
        ("authorizations", {"uid": "x"}, "uid: it must be a number"),
        ("authorizations", {"uid": "05"}, "uid: it must be a number"),
        ("authorizations", {"client_id": "c" * 65}, "client_id: it is longer than 64 characters"),
        ("authorizations", {"nickname": "a\x00b"}, "nickname: it contains characters"),
        ("authorizations", {"nickname": "\ud800"}, "nickname: it contains characters"),
        ("authorizations", {"created": datetime(2026, 1, 1)}, "created: an instant needs its offset"),  # noqa: DTZ001
        ("authorizations", {"created": None}, "created: it must not be null"),
        ("collections", {"months": 2**31}, "months: the number is too large"),
    ],
)
def test_what_a_table_cannot_hold_is_reported_before(
    store: Store, kind: str, change: dict[str, Any], result: str
) -> None:
    record = replace(ONE_OF_EACH[kind], **change)
    with store.reading() as transaction:
        assert getattr(transaction, kind).column_problem(ONE_OF_EACH[kind]) is None
        assert str(getattr(transaction, kind).column_problem(record)).startswith(result)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("authorizations", {"client_id": "c" * 64}),
        ("collections", {"months": 2**31 - 1}),
        ("collections", {"months": -(2**31)}),
    ],
)
def test_the_utmost_that_a_table_can_hold_comes_back_as_it_is(
    store: Store, kind: str, change: dict[str, Any]
) -> None:
    record = replace(ONE_OF_EACH[kind], **change)
    with store.writing() as transaction:
        table = getattr(transaction, kind)
        assert table.column_problem(record) is None
        table.add(record)
        assert table.list() == [record]


def _counts(transaction: Transaction) -> tuple[int, int]:
    return len(transaction.signing_keys.list()), len(transaction.tokens.list())


def test_a_database_of_another_version_is_refused_with_a_sentence(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    with sqlite3.connect(tmp_path / "old.db") as old:
        old.execute("CREATE TABLE tariffs (id TEXT)")
    old.close()
    with pytest.raises(StoreMistake, match=r"another version.*--database-url"):
        open_store(url, sandbox="default")
    other = f"sqlite:///{tmp_path}/new.db"
    open_store(other, sandbox="default").close()
    open_store(other, sandbox="default").close()
    with sqlite3.connect(tmp_path / "new.db") as changed:
        changed.execute("UPDATE mock_server_layout SET digest = 'x'")
    changed.close()
    with pytest.raises(StoreMistake, match="another version"):
        open_store(other, sandbox="default")


@pytest.mark.parametrize(
    ("url", "result"),
    [
        ("sqlite:////nowhere/at/all.db", "unable to open"),
        ("postgresql+psycopg://someone:secret@/none?host=/nowhere", "/nowhere"),
    ],
)
def test_a_database_that_cannot_be_opened_is_reported_without_its_password(url: str, result: str) -> None:
    with pytest.raises(StoreMistake, match=result) as caught:
        open_store(url, sandbox="default")
    assert "secret" not in str(caught.value)


def test_what_must_be_there_and_was_taken_away_is_a_conflict(store: Store) -> None:
    with store.reading() as transaction, pytest.raises(Conflict, match="Send it again"):
        transaction.signing_keys.get()


def test_every_name_that_has_rows_is_listed_once(open_sandbox: Callable[[str], Store]) -> None:
    opened = [open_sandbox(name) for name in ("one", "two", "three")]
    names = opened[0].list_names()
    assert names == sorted(set(names))
    assert set(names) >= {one._sandbox for one in opened}
