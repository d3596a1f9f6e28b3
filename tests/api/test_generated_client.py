"""A client that a program wrote from our OpenAPI document lists, pages and changes, and knows the types."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mock_server.testing.server import MockServer

SCOPE = "FB=4_16_51;HistoryLength=8000000;AdditionalScope=auth-test-test_residential"
STORY = Path(__file__).with_name("generated_client_story.py")


@pytest.fixture
def result(mock_server: MockServer, tmp_path: Path) -> dict[str, Any]:
    """What the story of a generated client got from a running server with three authorizations."""
    generator = shutil.which("openapi-python-client")
    if generator is None:
        pytest.skip("needs openapi-python-client: have pipx install it")
    target = tmp_path / "generated_client"
    _run(
        generator,
        "generate",
        "--url",
        f"{mock_server.url}/openapi.json",
        "--meta=none",
        f"--output-path={target}",
    )
    for _ in range(3):
        mock_server.tokens(scope=SCOPE)
    python = Path(generator).resolve().with_name("python")
    output = _run(str(python), str(STORY), str(tmp_path), mock_server.url, mock_server.client.api_token)
    return dict(json.loads(output))


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_generated_client_lists_pages_changes_and_knows_refusals(result: dict[str, Any]) -> None:
    assert len(result["authorizations"]) == 3
    assert result["created_is_an_instant"] is True
    assert result["classes"] == ["res-electric", "res-gas", "res-water"]
    assert len(result["meters"]) == len(set(result["meters"])) == 9
    assert result["nickname"] == "mine"
    assert result["refusal"] == ["Refusal", "invalid_param", 400]
    assert result["form"] == "Form"
