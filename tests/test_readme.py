"""README stays true: its settings, commands, errors, calls and snippets are compared with the program."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from mock_server.domain.events import EVENT_TYPES
from mock_server.domain.signing_in import WAYS
from mock_server.fixtures import Fixtures
from mock_server.pages.help.explanations import EXPLANATIONS
from mock_server.review import RULES
from mock_server.run.cli import cli
from mock_server.settings import Settings
from mock_server.testing.server import MockServer

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def settings_table() -> str:
    """One row per setting, as README must have it."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = (
            ""
            if field.default in (None, ())
            else f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"
        )
        rows.append(f"| `--{name.replace('_', '-')}` | {default} | {field.description} |")
    return "\n".join(rows)


def snippets(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_settings_table_is_the_settings() -> None:
    found = re.search(r"<!-- settings -->\n(.*?)\n<!-- /settings -->", README, re.DOTALL)
    assert found
    assert found.group(1) == settings_table()


def test_every_command_is_named() -> None:
    for command in cli.registered_commands:
        name = command.name or (command.callback.__name__ if command.callback else "")
        assert f"`mock-server {name}`" in README


def test_every_explained_error_is_named() -> None:
    assert {code for code in EXPLANATIONS if f"`{code}`" not in README} == set()


def test_every_event_is_named() -> None:
    assert [name for name in EVENT_TYPES if f"`{name}`" not in README] == []


def test_every_rule_of_the_review_is_in_the_table() -> None:
    rows = [f"| `{rule.id}` | {rule.severity} | {rule.says} |" for rule in RULES]
    assert [row for row in rows if row not in README] == []


def test_every_preset_is_named_and_none_that_is_not(fixtures: Fixtures) -> None:
    table = README[
        README.index("| presets | what happens |") : README.index("Each response that a fault changed")
    ]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    named = {name for row in rows for name in re.findall("`([^`]+)`", row)}
    assert named == {preset.id for preset in fixtures.presets}


def test_every_scenario_of_the_table_can_be_made(fixtures: Fixtures, http: httpx.Client) -> None:
    table = README[README.index("| scenario | how to create it |") :].partition("\n\n")[0]
    calls = set(re.findall("`POST (/_mock/[^`]+)`", table))
    assert len(calls) > 6
    assert calls <= set(http.get("/openapi.json").json()["paths"])
    options = {name.replace("-", "_") for name in re.findall("`--([a-z-]+)`", table)}
    assert options
    assert options <= set(Settings.model_fields)
    assert set(re.findall("`(test_[a-z]+)`", table)) <= {one.id for one in fixtures.customers}


def test_every_control_call_is_named(http: httpx.Client) -> None:
    listed = README[README.index("## For tests in any language") :]
    calls = [
        f"{method.upper()} {path}"
        for path, methods in http.get("/openapi.json").json()["paths"].items()
        for method in methods
        if path.startswith("/_mock/")
    ]
    assert len(calls) > 8
    assert [
        call for call in calls if f"`{call.replace('/{uid}/expire', '/{uid}/revoke')}`" not in listed
    ] == []


def test_the_sign_in_table_has_a_row_for_each_way_with_what_each_customer_enters(fixtures: Fixtures) -> None:
    table = README[README.index("| way | residential") : README.index("One-time codes are not sent")]
    rows = [line.strip("| ").split(" | ") for line in table.strip().splitlines()[2:]]
    assert [row[0] for row in rows] == [f"`{way.name}`" for way in WAYS]
    customers = [
        next(customer for customer in fixtures.customers if customer.id == name)
        for name in ("test_residential", "test_commercial")
    ]
    for way, (_, *cells) in zip(WAYS, rows, strict=True):
        for customer, cell in zip(customers, cells, strict=True):
            answers = way.example(customer)
            assert answers
            assert [text for text in answers.values() if text not in cell] == []


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make (\w+)", README):
        assert f"\n{target}:" in makefile


def test_the_first_success_in_a_minute_works(mock_server: MockServer, tmp_path: Path) -> None:
    """The shell commands of README, as they stand but for the port."""
    if shutil.which("curl") is None:
        pytest.skip("needs curl: install it, and this runs README's commands")
    (script,) = [snippet for snippet in snippets("sh") if "BASE=" in snippet]
    script = script.replace("BASE=http://localhost:8000", f"BASE={mock_server.url}")
    assert "scope=FB%3D4_16_51%3BAdditionalScope%3Dauth-test-test_residential".partition("=")[2] in script
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    feed = (tmp_path / "green-button.xml").read_text(encoding="utf-8")
    assert feed.count("<title>UsagePoint</title>") == 3
    mock_server.review.assert_clean(at_least="note")


@pytest.mark.parametrize("example", snippets("python"))
def test_a_python_example_is_a_passing_test(tmp_path: Path, example: str) -> None:
    (tmp_path / "test_example.py").write_text(example, encoding="utf-8")
    # Only our own plugin: to load all that happen to be installed takes longer than the example.
    plugins = ["-p", "no:cacheprovider", "-p", "pytest_mock_utility_server"]
    command = [sys.executable, "-m", "pytest", "-q", *plugins, str(tmp_path)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, env=environment)
    count = example.count("\ndef test_") + example.count("\nasync def test_")
    assert f"{count} passed" in done.stdout, done.stdout + done.stderr


def test_the_scope_of_the_brief_is_displayed_percent_encoded() -> None:
    assert "scope=FB%3D4_16_51%3BAdditionalScope%3Dauth-test-test_residential" in README


def test_the_changelog_knows_the_version() -> None:
    from mock_server import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(
        encoding="utf-8"
    ) or f"[{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
