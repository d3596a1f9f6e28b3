"""What tests start from: a fresh sandbox whose clock stands still, and a server around it."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
import hypothesis
import pytest

from mock_server.actions.sandboxes.load import prepare
from mock_server.domain.time.clock import Clock
from mock_server.fixtures import Fixtures, bundled_folder, load_fixtures
from mock_server.http.outgoing import open_http
from mock_server.sandbox import Sandbox, make_sandbox
from mock_server.settings import Settings, read_settings
from mock_server.store import open_store
from tests.databases import Databases, Files, refilled
from tests.support import Third, app_around, browser

# No test asserts a time: not even that an example takes no longer than a fifth of a second.
hypothesis.settings.register_profile("untimed", hypothesis.settings.default, deadline=None)
hypothesis.settings.load_profile("untimed")

NOON = datetime(2026, 3, 15, 16, 0, tzinfo=UTC)
ON_POSTGRES = "--on-postgres"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make test-postgres`: run on PostgreSQL what asks a sandbox, and nothing else."""
    parser.addoption(ON_POSTGRES, action="store_true", help="tests with a sandbox only, each on PostgreSQL")


# They compute for minutes from records that other tests have shown to come out of every database alike.
ALIKE = (
    "certification/test_data.py",
    "espi/check",
    "espi/feed/test_delivery.py",
    "espi/content/test_documents.py",
    "espi/content/test_function_blocks.py",
    "espi/routes/test_grid.py",
    "espi/feed/test_infoset.py",
    "espi/content/test_quality.py",
    "espi/content/test_selection.py",
    "journeys",
    "portal/test_dashboard.py",
    "readers",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What touches no store is the same on every database, and what names its own was run with the others."""
    if config.getoption(ON_POSTGRES):
        here = Path(__file__).parent
        alike = tuple(str(here / path) for path in ALIKE)
        chosen = [
            one
            for one in items
            if "sandbox" in getattr(one, "fixturenames", ()) and not str(one.path).startswith(alike)
        ]
        config.hook.pytest_deselected(items=[one for one in items if one not in set(chosen)])
        items[:] = chosen


@pytest.fixture(scope="session")
def fixtures() -> Fixtures:
    """The bundled fixtures, read once."""
    return load_fixtures(bundled_folder())


@pytest.fixture
def settings() -> Settings:
    """The default settings, in a world whose clock was set; override this fixture to change some."""
    return read_settings({"clock": NOON})


def open_at_noon(url: str, fixtures: Fixtures, settings: Settings) -> Sandbox:
    """The sandbox in a database, whose machine's clock stands still."""
    store = open_store(url, sandbox="default")
    made = make_sandbox(
        "default",
        settings=settings,
        fixtures=fixtures,
        store=store,
        open_http=partial(open_http, allows_private=settings.allows_private_targets),
    )
    return replace(made, clock=Clock(made.clock.read_state, machine_now=lambda: NOON))


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, fixtures: Fixtures
) -> Iterator[Databases]:
    """Where each test gets its database from: SQLite, or PostgreSQL where that was asked for."""

    def fill(url: str) -> None:
        sandbox = open_at_noon(url, fixtures, read_settings({"clock": NOON}))
        prepare(sandbox)
        sandbox.store.close()

    if request.config.getoption(ON_POSTGRES):
        with refilled(fill) as made:
            yield made
    else:
        yield Files(tmp_path_factory.mktemp("filled"), fill)


@pytest.fixture
def sandbox(
    tmp_path: Path, databases: Databases, fixtures: Fixtures, settings: Settings
) -> Iterator[Sandbox]:
    """A filled sandbox in a database of its own; its clock stands at NOON until a test moves it."""
    is_as_filled = settings.clock == NOON and not settings.auto_approve
    url = databases.filled(tmp_path) if is_as_filled else databases.empty(tmp_path)
    made = open_at_noon(url, fixtures, settings)
    prepare(made)
    yield made
    made.store.close()


@pytest.fixture
def http(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """A browser without pages in front of the whole application; it does not follow redirects."""
    with browser(app_around(sandbox)) as client:
        yield client


@pytest.fixture
def third(sandbox: Sandbox, http: httpx.Client) -> Third:
    """Test Company, with shortcuts to what it holds."""
    return Third(sandbox, http)


@pytest.fixture(scope="session")
def schema_dir() -> Path:
    """Where the ESPI schemas are; the project does not carry them."""
    folder = Path(os.environ.get("ESPI_SCHEMA_DIR", "../shared/reference/xsd"))
    if not (folder / "espi.xsd").is_file():
        pytest.skip(
            "needs the ESPI schemas: set ESPI_SCHEMA_DIR to a folder with atom, espi and customer.xsd"
        )
    return folder.resolve()
