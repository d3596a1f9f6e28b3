"""A disk that is full and a database that is gone are said in the protocol; what can be answered still is."""

import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine

from tests.databases import postgres_database, postgres_url
from tests.load.running import Running, running

SCOPE = "FB=4_15_16;AdditionalScope=auth-test-test_residential"
_NO_LARGER = 2_000_000  # bytes; a new database and its log fit in, and not much more


@pytest.mark.skipif(sys.platform == "win32", reason="limits are set as Unix has them")
def test_a_full_disk_refuses_what_would_be_written_and_nothing_else(tmp_path: Path) -> None:
    with running(f"sqlite:///{tmp_path}/test.db", before=_limited) as server, _calling(server) as http:
        tokens = http.post("/_mock/authorizations", json={"scope": SCOPE, "exchange": True}).json()["tokens"]
        answer = _until(503, lambda: _client_token(http))
        assert answer.json()["error"] == "temporarily_unavailable"
        path = f"{httpx.URL(tokens['resourceURI']).path.replace('/Batch/', '/')}/UsagePoint"
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        read = httpx.get(f"{server.url}{path}", headers=bearer, timeout=100)
        assert read.status_code == 200


@pytest.mark.postgres
def test_a_database_that_is_gone_is_said_and_found_again() -> None:
    with (
        postgres_database() as url,
        running(url.render_as_string(hide_password=False)) as server,
        _calling(server) as http,
    ):
        assert _client_token(http).status_code == 200
        _report(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false")
        _report(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{url.database}'")
        gone = _client_token(http)
        assert (gone.status_code, gone.json()["error"]) == (503, "temporarily_unavailable")
        _report(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS true")
        assert _client_token(http).status_code == 200


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (_NO_LARGER, _NO_LARGER))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing fails instead, as on a full disk


def _calling(server: Running) -> httpx.Client:
    """As the seeded client."""
    client = httpx.get(f"{server.url}/_mock/clients", timeout=100).json()["clients"][0]
    basic = (client["client_id"], client["client_secret"])
    return httpx.Client(base_url=server.url, timeout=100, auth=basic)


def _client_token(http: httpx.Client) -> httpx.Response:
    return http.post("/oauth/token", data={"grant_type": "client_credentials"})


def _until(status: int, ask: Callable[[], httpx.Response]) -> httpx.Response:
    for _ in range(2_000):
        answer = ask()
        if answer.status_code == status:
            return answer
        assert answer.status_code == 200, answer.text
    raise AssertionError(f"no answer was {status}")


def _report(statement: str) -> None:
    engine = create_engine(postgres_url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
