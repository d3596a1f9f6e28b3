"""The command line: every setting is an option, every mistake a sentence."""

import json
import socket
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from mock_server import __version__
from mock_server.run.cli import cli
from mock_server.settings import Settings
from mock_server.testing.server import MockServer


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, arguments, env={"COLUMNS": "200"})
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def test_help_names_every_setting() -> None:
    code, text = run("--help")
    assert code == 0
    for name, field in Settings.model_fields.items():
        assert f"--{name.replace('_', '-')}" in text
        assert str(field.description).split(",")[0] in " ".join(text.split())
    assert run("-h") == (0, text)


def test_the_version_is_reported() -> None:
    assert run("--version") == (0, f"mock-server {__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (("--port", "many"), "MOCK_SERVER_PORT"),
        (("--fixtures", "/nowhere"), "there is no such folder"),
        (("--colour", "blue"), "--colour"),
        (("dance",), "dance"),
    ],
    ids=str,
)
def test_a_mistake_ends_with_code_2_and_a_sentence(arguments: tuple[str, ...], reported: str) -> None:
    code, text = run(*arguments)
    assert code == 2
    assert reported in text


def test_a_port_that_is_taken_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, text = run("--port", str(taken.getsockname()[1]))
    assert code == 2
    assert "in use" in text


def test_health_asks_a_running_server(mock_server: MockServer) -> None:
    code, text = run("health", "--url", mock_server.url)
    assert code == 0
    assert '"ok"' in text


def test_health_fails_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}"
    code, text = run("health", "--url", url)
    assert code == 1
    assert "not ready" in text


def test_truth_prints_what_the_server_reports(mock_server: MockServer) -> None:
    arguments = (
        "truth",
        "test_residential",
        "--from",
        "2026-01-01",
        "--to",
        "2026-01-02",
        "--url",
        mock_server.url,
    )
    code, text = run(*arguments)
    assert code == 0
    assert [service["kind"] for service in json.loads(text)["services"]] == ["electric", "gas", "water"]
    code, text = run("truth", "nobody", "--url", mock_server.url)
    assert code == 1
    assert "There is no customer" in text


def test_plot_draws_a_picture(tmp_path: Path) -> None:
    target = tmp_path / "week.svg"
    code, text = run("plot", "test_solar", "--from", "2026-01-12", "--days", "2", "--output", str(target))
    assert (code, text) == (0, "")
    drawn = ElementTree.parse(target).getroot()
    axes = [one.get("id") for one in drawn.iter() if str(one.get("id")).startswith("axes_")]
    assert axes == ["axes_1", "axes_2"], "one for each service"


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (("nobody", "--from", "2026-01-12", "--output", "x.png"), "Known customers: "),
        (("test_solar", "--from", "soon", "--output", "x.png"), "soon"),
        (("test_solar", "--from", "2026-01-12", "--output", "x.exe"), "exe"),
        (("test_solar", "--from", "2026-01-12", "--output", "/nowhere/x.png"), "/nowhere"),
    ],
)
def test_what_cannot_be_drawn_is_reported(arguments: tuple[str, ...], reported: str) -> None:
    code, text = run("plot", *arguments)
    assert code == 2
    assert reported in text
