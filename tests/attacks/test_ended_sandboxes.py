"""Whatever writes meets a sandbox that was reset or deleted just before: it is refused, and leaves nothing behind.

The table is made of the routes themselves: a new one that writes has to be called here by an example that does.
"""

import contextvars
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import httpx
import pytest
from sqlalchemy import create_engine, text

from mock_server.actions.sandboxes.life_cycle import end_sandbox
from mock_server.actions.sandboxes.load import SURVIVES_RESET, reset
from mock_server.app import compose
from mock_server.fixtures import Fixtures
from mock_server.http.sandboxes import Sandboxes
from mock_server.sandbox import Sandbox, make_sandbox
from mock_server.settings import read_settings
from mock_server.store import OpenTransaction, Store, Transaction, open_store, tables
from tests.fuzzing.addresses import operations
from tests.fuzzing.calls import JSON, Call
from tests.fuzzing.drawn import documented_in
from tests.fuzzing.reached import NEVER_OPENED, Explorer, Site
from tests.fuzzing.shapes import check_answer
from tests.fuzzing.world import BASE_SNAPSHOT, World, made_world
from tests.fuzzing.writing import REGISTRATION, examples, headers_for, may_write
from tests.support import InProcess, app_around, browser, sent_in_halves

REFUSED_BY_ITSELF = {"GET /connect/signed-on": 403, "GET /my-authorizations/signed-on": 403}
"""Where a request of ours to ourselves is refused, and the page says that the login could not be completed."""


class Interrupted(Store):
    """A store in which something else happens just before the next transaction that writes."""

    writes: ClassVar[int] = 0
    next: ClassVar[Callable[[], None] | None] = None

    def writing(self, *on_begin: Callable[[Transaction], None], exclusive: bool = False) -> OpenTransaction:
        if self._owner == self._sandbox:  # the journal's rows are beside it
            Interrupted.writes += 1
            happens, Interrupted.next = Interrupted.next, None
            if happens is not None:
                contextvars.Context().run(happens)
        return super().writing(*on_begin, exclusive=exclusive)


@dataclass
class Table:
    """A world that a second server serves, whose writes can be interrupted."""

    world: World
    sandbox: Sandbox
    """As somebody else on the same database has it."""
    http: httpx.Client
    sites: Mapping[str, Site]

    def send(self, call: Call, *, prefix: str = "") -> httpx.Response:
        """Send a call to the second server, or to a copy of its sandbox."""
        headers = [
            (name, _renamed(value, prefix) if name == "Cookie" and prefix else value)
            for name, value in call.headers
        ]
        return replace(call, path=prefix + call.path, headers=headers).send(self.http)

    def rows_of(self, name: str) -> dict[str, int]:
        """How many rows each table has under a name, where it has any."""
        engine = create_engine(self.sandbox.settings.database_url)
        named = [one.name for one in tables.metadata.sorted_tables if "sandbox" in one.c]
        with engine.connect() as connection:
            counts = {
                one: connection.execute(
                    text(f'SELECT count(*) FROM "{one}" WHERE sandbox = :name'), {"name": name}
                ).scalar_one()
                for one in named
            }
        engine.dispose()
        return {table: count for table, count in counts.items() if count and table not in SURVIVES_RESET}


def _renamed(cookies: bytes, prefix: str) -> bytes:
    """Cookies as a named sandbox calls them."""
    suffix = "-" + prefix.removeprefix("/~")
    return "; ".join(
        name + suffix + "=" + value
        for name, _, value in (one.partition("=") for one in cookies.decode().split("; "))
    ).encode()


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory, fixtures: Fixtures) -> Iterator[Table]:
    url = f"sqlite:///{tmp_path_factory.mktemp('ended')}/test.db"
    with made_world(database_url=url) as world:
        documented = {
            **documented_in(f"{world.server.url}/openapi.json"),
            **documented_in(f"{world.server.url}/_mock/openapi.json"),
        }
        sites = Explorer(world, operations(), documented).explore()
        settings = read_settings({"database_url": url})
        store = open_store(url, sandbox="default")
        plain = make_sandbox(
            "default", settings=settings, fixtures=fixtures, store=store, open_http=httpx.Client
        )
        second = replace(plain, store=Interrupted(store._engine, "default"))
        transport = InProcess(compose(second))
        with httpx.Client(transport=transport, base_url=world.server.url) as http:
            yield Table(world, plain, http, sites)
        store.close()


def _call_that_writes(table: Table, site: Site) -> Call | None:
    """A call of the operation by which rows change; None if no example does."""
    for values, query, body, kind in examples(table.world, site, table.http):
        table.world.restore()
        table.world.remake(site.operation.path)
        call = Call(
            method=site.operation.method,
            path=site.operation.path,
            values=table.world.actual(values),
            query=query,
            body=body,
            kind=kind,
            headers=headers_for(table.world, site),
        )
        Interrupted.writes = 0
        table.send(call)
        if Interrupted.writes:
            return call
    return None


@pytest.fixture(scope="module")
def writers(table: Table) -> dict[str, Call]:
    """Every operation that writes, with a call that does."""
    reached = [site for site in table.sites.values() if site.operation.handler not in NEVER_OPENED]
    wanted = [site for site in reached if site.operation.method == "GET" or may_write(site.operation)]
    found = {site.operation.label: _call_that_writes(table, site) for site in wanted}
    return {label: call for label, call in found.items() if call is not None}


@pytest.mark.parametrize(
    ("path", "body"),
    [("/DataCustodian/espi/1_1/register", REGISTRATION), ("/_mock/customers", {"name": "ADA LOVELACE"})],
)
def test_a_sandbox_that_ends_between_head_and_body_works_again(
    sandbox: Sandbox, path: str, body: Mapping[str, Any]
) -> None:
    app = app_around(sandbox)

    def end() -> None:
        with browser(app) as other:
            assert other.delete("/_mock/sandboxes/zz").status_code == 204

    answer = sent_in_halves(
        app, "POST", f"/~zz{path}", json.dumps(body).encode(), headers={"Content-Type": JSON}, between=end
    )
    assert answer.status_code == 404, answer.text
    assert "was deleted during this request" in answer.json()["error_description"]
    with browser(app) as http:
        again = http.post(f"/~zz{path}", json=body)
        assert again.status_code == 201, again.text
        assert http.delete("/_mock/sandboxes/zz").status_code == 204


def test_every_operation_that_may_write_does_so_in_this_table(table: Table, writers: dict[str, Call]) -> None:
    wanted = {site.operation.label for site in table.sites.values() if may_write(site.operation)}
    missing = sorted(wanted - {*writers})
    assert not missing, "\n".join(missing)


def test_who_meets_a_reset_is_refused_and_changes_nothing(
    table: Table, writers: dict[str, Call], subtests: pytest.Subtests
) -> None:
    reset(table.sandbox)
    fresh = table.rows_of("default")
    for label, call in writers.items():
        with subtests.test(label):
            table.world.restore()
            table.world.remake(call.path)
            Interrupted.next = lambda: reset(table.sandbox)
            answer = table.send(call)
            check_answer(answer, call.decoded_path)
            assert Interrupted.next is None
            assert answer.status_code == REFUSED_BY_ITSELF.get(label, 409), answer.text
            assert table.rows_of("default") == fresh
            assert table.http.get("/_mock/clients").status_code == 200


def test_who_meets_the_end_of_the_sandbox_is_refused_and_leaves_no_row(
    table: Table, writers: dict[str, Call], subtests: pytest.Subtests
) -> None:
    sandboxes, met = Sandboxes(table.sandbox), 0
    for label, call in writers.items():
        with subtests.test(label):
            table.world.restore()
            table.world.remake(call.path)
            copy = {"name": "zz", "from": "default", "snapshot": BASE_SNAPSHOT}
            assert table.world.http.post("/_mock/sandboxes", json=copy).status_code == 201
            Interrupted.next = lambda: end_sandbox(sandboxes.get("zz"))
            answer = table.send(call, prefix="/~zz")
            check_answer(answer, call.decoded_path)
            if Interrupted.next is None:  # else it wanted what a copy has not
                met += 1
                assert answer.status_code == REFUSED_BY_ITSELF.get(label, 404), answer.text
                assert table.rows_of("zz") == {}
            Interrupted.next = None
            assert table.http.get("/~zz/_mock/clients").status_code == 200
            end_sandbox(sandboxes.get("zz"))
            assert table.rows_of("zz") == {}
    assert met > len(writers) * 0.8
