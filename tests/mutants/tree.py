"""A copy of the project, in which code may be changed and tests run. The checked-out files are only read."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.databases import postgres_database

ROOT = Path(__file__).parent.parent.parent
_LEFT_OUT = shutil.ignore_patterns(
    ".git",
    ".venv",
    ".mutants",
    ".hypothesis",
    ".*_cache",
    "__pycache__",
    "node_modules",
    "artifacts",
    "mock-server.db*",
)
# schemathesis takes a second to load, and the tests that need it are not run on mutants.
_WITHOUT = ("-p", "no:cacheprovider", "-p", "no:schemathesis")
DATABASE = "TEST_DATABASE_URL"
_SCHEMAS = "ESPI_SCHEMA_DIR"
_SCHEMAS_BESIDE = ROOT.parent / "shared/reference/xsd"


class Tree:
    """A copy of the project in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def pytest(
        self, arguments: Sequence[str], *, seconds: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run pytest in the copy, which comes before the installed package. Raises TimeoutExpired after `seconds`."""
        environment = {**os.environ, "PYTHONPATH": str(self.folder)}
        if _SCHEMAS not in environment and _SCHEMAS_BESIDE.is_dir():
            environment[_SCHEMAS] = str(_SCHEMAS_BESIDE)
        command = [sys.executable, "-m", "pytest", "-q", "--color=no", *_WITHOUT, *arguments]
        with _own_database() as database:
            return _run(command, self.folder, {**environment, **database}, seconds=seconds)

    @contextmanager
    def changed(self, path: str, text: bytes) -> Iterator[None]:
        """A file with another text, until the end of the block."""
        file = self.folder / path
        before = file.read_bytes()
        try:
            _write(file, text)
            yield
        finally:
            _write(file, before)


@contextmanager
def copied(root: Path = ROOT) -> Iterator[Tree]:
    """A copy of a project, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name) / "project"
        shutil.copytree(root, folder, ignore=_LEFT_OUT)
        yield Tree(folder)


@contextmanager
def _own_database() -> Iterator[dict[str, str]]:
    """What tests find PostgreSQL by, where there is one. A mutant may damage tables, so each run has its own."""
    if DATABASE not in os.environ:
        yield {}
        return
    with postgres_database() as url:
        yield {DATABASE: url.render_as_string(hide_password=False)}


def _run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], *, seconds: float | None
) -> subprocess.CompletedProcess[str]:
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # so that servers which a test started end with it
    ) as process:
        try:
            output, _ = process.communicate(timeout=seconds)
        finally:
            _end_group(process)
    return subprocess.CompletedProcess(command, process.returncode, output)


def _write(file: Path, text: bytes) -> None:
    """Python takes byte code for current by the second and the size: two mutants may have both in common."""
    file.write_bytes(text)
    Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)


def _end_group(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
