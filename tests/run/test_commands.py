"""Commands that ask a running server: readable by people, JSON for programs, mistakes as sentences."""

import json
import socket
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from mock_server.run.cli import cli
from mock_server.run.commands import COMMANDS
from mock_server.testing.server import MockServer
from tests.support import SCOPE

Ask = Callable[..., str]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, list(arguments), env={"COLUMNS": "300"})
    return result.exit_code, result.output


@pytest.fixture
def ask(mock_server: MockServer) -> Ask:
    """Runs a command against the server; what it printed."""

    def requested(command: str, *arguments: str, code: int = 0) -> str:
        got, text = run(command, "--url", mock_server.url, *arguments)
        assert got == code, text
        return text

    return requested


def test_time_is_read_set_and_advanced(mock_server: MockServer, ask: Ask) -> None:
    assert ask("clock", "--set", "2026-01-01T00:00:00Z", "--freeze") == "2026-01-01T00:00:00Z (frozen)\n"
    mock_server.tokens(SCOPE)
    lines = ask("advance", "40d").splitlines()
    assert lines[-1] == "2026-02-10T00:00:00Z (frozen)"
    assert any("meter_bills_added" in line for line in lines[:-1])
    assert ask("clock") == "2026-02-10T00:00:00Z (frozen)\n"
    assert "(frozen)" not in ask("clock", "--run")


def test_faults_are_armed_listed_and_disarmed(mock_server: MockServer, ask: Ask) -> None:
    assert "Armed: 1" in ask("fault", "--path", "/api/*", "--status", "503", "--times", "2")
    assert "Armed: flaky" in ask("fault", "flaky")
    ask("fault", "--effect", '{"truncate": true}', "--when", "after")
    ask("fault", "--effect", '{"truncate": 0}')
    reported = ask("faults")
    assert '{"truncate": 0}' in reported
    assert '{"status": 503}' in reported
    assert "2 left" in reported
    ask("disarm", "flaky")
    assert "flaky" not in ask("faults")
    ask("disarm")
    assert ask("faults") == "No faults are armed.\n"
    assert mock_server.faults() == []


def test_a_customer_is_played(mock_server: MockServer, ask: Ask) -> None:
    reported = ask("authorize", "--scope", SCOPE)
    assert "access_token" in reported
    assert "resourceURI" in reported
    assert "code" in ask("authorize", "--customer", "test_commercial", "--code")
    tokens = json.loads(ask("authorize", "--scope", SCOPE, "--json"))["tokens"]
    assert len(tokens["access_token"]) == 64
    assert [one["customer"] for one in mock_server.authorizations()] == [
        "test_residential",
        "test_commercial",
        "test_residential",
    ]


def test_a_customer_lives_on(mock_server: MockServer, ask: Ask) -> None:
    assert ask("renumber", "test_residential", "--number", "9-9").splitlines()[1].startswith("9-9 ")
    service = mock_server.customers()[0]["accounts"][0]["services"][1]["id"]
    reported = ask("exchange-meter", "test_residential", "--service", service, "--serial", "NEW-1")
    assert "NEW-1" in reported
    assert "moved out" not in reported
    assert ask("move-out", "test_residential").splitlines()[-1].startswith("moved out ")
    assert json.loads(ask("move-out", "test_residential", "--json"))["customer"]["moved_out"]
    assert "There is no customer 'nobody'" in ask("renumber", "nobody", code=1)
    assert mock_server.customers()[0]["accounts"][0]["number"] == "9-9"


def test_clients_and_customers_are_listed(mock_server: MockServer, ask: Ask) -> None:
    client = mock_server.client
    line = ask("clients").splitlines()[1]
    assert line.split()[:3] == [client.id, client.secret, "sandbox"]
    assert "test_residential" in ask("customers")
    assert json.loads(ask("clients", "--json")) == mock_server.control("GET", "clients")


def test_what_was_sent_and_got_is_listed(mock_server: MockServer, ask: Ask) -> None:
    assert ask("exchanges") == ask("messages") == "Nothing yet.\n"
    httpx.get(f"{mock_server.url}/api/v2/meters?x=1")
    mock_server.wait_for("/api/v2/meters")
    mock_server.authorize(SCOPE)
    assert "GET  /api/v2/meters?x=1  401  missing_token" in ask("exchanges", "--status", "4xx")
    assert "email to heather.homeowner@example.com" in ask(
        "messages", "--to", "heather.homeowner@example.com"
    )


def test_a_sandbox_is_stored_and_gone_back_to(mock_server: MockServer, ask: Ask, tmp_path: Path) -> None:
    mock_server.authorize(SCOPE)
    assert ask("snapshot", "one") == "Saved as one.\n"
    file = tmp_path / "state.json"
    file.write_text(ask("state"), encoding="utf-8")
    assert ask("reset") == "Reset to the fixtures.\n"
    assert mock_server.authorizations() == []
    assert "Restored one." in ask("restore", "one")
    assert len(mock_server.authorizations()) == 1
    ask("reset")
    assert "Loaded." in ask("state", "--load", str(file))
    assert len(mock_server.authorizations()) == 1
    assert ask("snapshots").startswith("one")
    mock_server.control("DELETE", "snapshots/one")


def test_a_sandbox_is_named_and_ended(mock_server: MockServer, ask: Ask) -> None:
    ask("clock", "--set", "2030-01-01T00:00:00Z", "--sandbox", "ci-7")
    assert mock_server.now().year != 2030
    assert "ci-7" in ask("sandboxes")
    assert "ci-7" not in ask("sandboxes", "--end", "ci-7")


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (("advance", "soon"), "a duration such as PT1H, P40D or 40d"),
        (("advance", "--", "-P1D"), "only advances forward"),
        (("fault", "nonsense"), "There is no preset"),
        (("fault",), "effect"),
        (("restore", "nothing"), "Known snapshots: none."),
        (("authorize",), "does not identify a customer"),
    ],
)
def test_a_refusal_is_the_servers_sentence(ask: Ask, arguments: tuple[str, ...], reported: str) -> None:
    text = ask(arguments[0], *arguments[1:], code=1)
    assert reported in text
    assert "Traceback" not in text


@pytest.mark.parametrize("effect", ["{", "[]"])
def test_an_effect_that_is_no_object_is_reported(ask: Ask, effect: str) -> None:
    assert "--effect" in ask("fault", "--effect", effect, code=2)


def test_without_a_server_the_command_says_how_to_start_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}"
    code, text = run("clock", "--url", url)
    assert code == 1
    assert "Start one with: mock-server" in text


@pytest.mark.parametrize("command", [one.__name__.replace("_", "-") for one in COMMANDS])
def test_help_names_the_options_that_all_have(command: str) -> None:
    code, text = run(command, "--help")
    assert code == 0
    assert [flag for flag in ("--url", "--sandbox", "--token", "--json") if flag not in text] == []
