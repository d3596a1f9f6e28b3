"""The examples are true: each app's tests pass, against a server of ours."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from mock_server.testing.server import MockServer

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def run(command: list[str], folder: Path, **environment: str) -> str:
    own = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=110, env=own)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_python_app_passes_its_tests_against_a_shared_server(
    mock_server: MockServer, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "examples" / "python", tmp_path / "app")  # away from our own pytest's settings
    plugins = ["-p", "no:cacheprovider", "-p", "pytest_mock_utility_server"]
    result = run(
        [sys.executable, "-m", "pytest", "-q", *plugins, "."],
        tmp_path / "app",
        MOCK_SERVER_URL=mock_server.url,
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
    )
    assert "4 passed" in result


def test_the_node_app_passes_its_tests_against_a_shared_server(mock_server: MockServer) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node: install Node.js 20 or newer, and this runs examples/node")
    result = run([node, "--test"], ROOT / "examples" / "node", MOCK_SERVER_URL=mock_server.url)
    assert "# pass 4" in result or "pass 4" in result
    assert [one["name"] for one in mock_server.control("GET", "sandboxes")["sandboxes"]] == ["default"]


def test_the_workflow_in_readme_is_one() -> None:
    (source,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    workflow = yaml.safe_load(source)
    (job,) = workflow["jobs"].values()
    steps = [step.get("run", step.get("uses", "")) for step in job["steps"]]
    assert workflow[True] == ["push"], "YAML reads `on` as true"
    assert any("actions/checkout@" in step for step in steps)
    assert "docker compose up --wait" in "\n".join(steps)
    assert job["env"]["MOCK_SERVER_URL"] == "http://localhost:8000"


def test_the_container_says_when_it_is_healthy() -> None:
    """So that `depends_on: {condition: service_healthy}` and `up --wait` have something to wait for."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    check = compose["services"]["mock-server"]["healthcheck"]
    assert check["test"] == ["CMD", "mock-server", "health"]
    assert {"interval", "timeout", "start_period", "retries"} <= set(check)
