"""What tests start from: a fresh sandbox whose clock stands still, and a server around it."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from mock_server.actions.world.load import prepare
from mock_server.core.clock import Clock
from mock_server.fixtures import Fixtures, bundled_folder, load_fixtures
from mock_server.sandbox import Sandbox, make_sandbox
from mock_server.settings import Settings, read_settings
from mock_server.store import open_store
from tests.support import Third, app_around, browser

NOON = datetime(2026, 3, 15, 16, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def fixtures() -> Fixtures:
    """The bundled fixtures, read once."""
    return load_fixtures(bundled_folder())


@pytest.fixture
def settings() -> Settings:
    """The default settings, in a world whose clock was set; override this fixture to change some."""
    return read_settings({"clock": NOON})


def open_at_noon(file: Path, fixtures: Fixtures, settings: Settings) -> Sandbox:
    """The sandbox in a database file, whose machine's clock stands still."""
    store = open_store(f"sqlite:///{file}", sandbox="default")
    made = make_sandbox("default", settings=settings, fixtures=fixtures, store=store)
    return replace(made, clock=Clock(made.clock.read_state, machine_now=lambda: NOON))


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, fixtures: Fixtures) -> Path:
    """A database as it is after the first start: a copy is a hundred times faster than another start."""
    file = tmp_path_factory.mktemp("filled") / "test.db"
    sandbox = open_at_noon(file, fixtures, read_settings({"clock": NOON}))
    prepare(sandbox)
    sandbox.store.close()
    return file


@pytest.fixture
def sandbox(tmp_path: Path, filled: Path, fixtures: Fixtures, settings: Settings) -> Iterator[Sandbox]:
    """A filled sandbox in a database of its own; its clock stands at NOON until a test moves it."""
    file = tmp_path / "test.db"
    if settings.clock == NOON and not settings.auto_approve:
        shutil.copyfile(filled, file)
    made = open_at_noon(file, fixtures, settings)
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
