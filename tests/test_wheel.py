"""Somebody else's project, with nothing of ours but the wheel, uses the fixture `mock_server`."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

THEIR_TEST = """
import httpx


def test_the_fixture_serves_tokens_and_data(mock_server):
    tokens = mock_server.tokens(scope="FB=4_16_51;AdditionalScope=auth-test-test_residential")
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert len(httpx.get(f"{mock_server.url}/api/v2/meters", headers=headers).json()["meters"]) == 3
    assert httpx.get(tokens["resourceURI"], headers=headers).status_code == 200
    assert httpx.get(mock_server.url).status_code == 200


def test_each_test_starts_anew(mock_server):
    assert mock_server.messages() == []
    code = mock_server.authorize(scope="FB=4;AdditionalScope=auth-test-test_commercial")
    assert len(code) == 64


def test_and_so_does_the_next(mock_server):
    assert mock_server.messages() == []
    assert mock_server.client.id == "DEMOUTILITY_ccccccccc"
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built here without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_a_project_that_only_has_the_wheel_can_use_the_fixture(wheel: Path, tmp_path: Path) -> None:
    """A fresh environment gets the wheel; its dependencies, already here and pinned, are lent to it."""
    venv.create(tmp_path / "env", with_pip=False)
    python = tmp_path / "env" / "bin" / "python"
    (theirs,) = (tmp_path / "env" / "lib").glob("python*/site-packages")
    _unpack(wheel, theirs)
    _lend_dependencies(theirs)
    project = tmp_path / "project"
    project.mkdir()
    (project / "test_app.py").write_text(THEIR_TEST, encoding="utf-8")
    command = [str(python), "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "-p", "no:asyncio"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=120, env=environment)
    assert "3 passed" in done.stdout, done.stdout + done.stderr
    where = [str(python), "-c", "import mock_server; print(mock_server.__file__)"]
    found = subprocess.run(where, cwd=project, capture_output=True, text=True, timeout=60, env=environment)
    assert Path(found.stdout.strip()).is_relative_to(theirs)


def _unpack(wheel: Path, folder: Path) -> None:
    """Install without dependencies and without an index."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(folder),
    ]
    done = subprocess.run([*command, str(wheel)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def _lend_dependencies(folder: Path) -> None:
    """Everything else that is installed here, but not this project itself."""
    for here in {Path(entry) for entry in sys.path if entry.endswith("site-packages")}:
        for item in here.iterdir():
            is_ours = item.name.startswith(("mock_utility_server", "_mock_utility_server", "mock_server"))
            target = folder / item.name
            if not is_ours and not target.exists() and item.suffix != ".pth":
                target.symlink_to(item)
