"""`mock-server validate`: its input, output and exit code."""

import gzip
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mock_server.run.cli import cli
from mock_server.testing.server import MockServer
from tests.espi.check.samples import PLAIN, SAMPLES

CORRUPTED = PLAIN.replace("<espi:value>450<", "<espi:value>450.5<")


def run(*arguments: str, given: bytes | None = None) -> tuple[int, str]:
    environment = {"COLUMNS": "200", "ESPI_SCHEMA_DIR": ""}
    result = CliRunner().invoke(cli, ("validate", *arguments), env=environment, input=given)
    assert "Traceback" not in result.output
    return result.exit_code, result.output


@pytest.fixture
def plain(tmp_path: Path) -> str:
    path = tmp_path / "plain.xml"
    path.write_text(PLAIN, encoding="utf-8")
    return str(path)


@pytest.fixture
def corrupted(tmp_path: Path) -> str:
    path = tmp_path / "corrupted.xml"
    path.write_text(CORRUPTED, encoding="utf-8")
    return str(path)


def test_a_valid_file_exits_with_0_and_a_summary(plain: str) -> None:
    code, text = run(plain)
    assert code == 0
    assert text.startswith(f"{plain}: valid; no errors, no warnings, no notes; contains 2 IntervalBlock, ")


def test_an_invalid_file_exits_with_1_and_the_lines_to_change(corrupted: str) -> None:
    code, text = run(corrupted)
    assert code == 1
    line = next(number for number, text in enumerate(CORRUPTED.splitlines(), 1) if "450.5" in text)
    first, last = text.splitlines()
    assert first.startswith(f"{corrupted}:{line}: error value-type IntervalBlock https://")
    assert "'450.5'; it must be a whole number" in first
    assert last.startswith(f"{corrupted}: not valid; 1 error, no warnings, no notes")


def test_json_output_has_the_same_findings(corrupted: str) -> None:
    code, text = run(corrupted, "--format", "json")
    report = json.loads(text)
    assert code == 1
    assert report["valid"] is False
    assert report["errors"] == 1
    assert report["counts"] == {"value-type": 1}
    assert set(report["findings"][0]) == {"line", "severity", "rule", "says", "place", "message"}


def test_standard_input_and_gzip_are_read(tmp_path: Path) -> None:
    assert run("-", given=PLAIN.encode())[0] == 0
    compressed = gzip.compress(PLAIN.encode())
    assert run("-", given=compressed)[0] == 0
    (tmp_path / "plain.xml.gz").write_bytes(compressed)
    assert run(str(tmp_path / "plain.xml.gz"))[0] == 0


def test_function_blocks_add_their_rules(plain: str) -> None:
    assert run(plain, "--function-blocks", "1,4,5,12,15,16")[0] == 0
    code, text = run(plain, "--function-blocks", "FB=4_10")
    assert code == 1
    assert "error D079" in text


def test_a_url_is_read_with_its_token(mock_server: MockServer) -> None:
    tokens = mock_server.tokens(scope="FB=4_16;HistoryLength=0;AdditionalScope=auth-test-test_residential")
    url, token = tokens["resourceURI"], tokens["access_token"]
    for arguments in (("--token", token), ("--header", f"Authorization: Bearer {token}")):
        code, text = run(url, *arguments)
        assert (code, text.splitlines()[-1][: len(url) + 7]) == (0, f"{url}: valid")
    code, text = run(url)
    assert code == 2
    assert "401" in text
    assert "--token" in text


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (("/nowhere.xml",), "No such file"),
        (("/tmp",), "directory"),
        (("http://127.0.0.1:9/feed",), "Cannot read"),
        (("http://[bad",), "Cannot read"),
        (("-", "--function-blocks", "four"), "'four' is not a function block"),
        (("-", "--header", "Cookie: x"), "--token"),
        (("-", "--token", "x", "--header", "Authorization: Bearer y"), "--token"),
        (("-", "--schema", "/nowhere"), "atom.xsd"),
        (("-", "--format", "html"), "html"),
    ],
    ids=str,
)
def test_an_unusable_source_or_option_exits_with_2_and_a_sentence(
    arguments: tuple[str, ...], reported: str
) -> None:
    code, text = run(*arguments, given=PLAIN.encode())
    assert code == 2
    assert reported in text


@pytest.mark.schemas
def test_a_schema_is_checked_if_it_is_given(plain: str, corrupted: str, schema_dir: Path) -> None:
    assert run(plain, "--schema", str(schema_dir))[0] == 0
    assert run(plain, "--schema", os.path.relpath(schema_dir))[0] == 0
    code, text = run(corrupted, "--schema", str(schema_dir))
    assert code == 1
    assert "error schema" in text
    code, text = run("-", "--schema", str(schema_dir), given=SAMPLES["status"].replace(">1<", ">x<").encode())
    assert "error schema ServiceStatus" in text


def test_a_broken_schema_is_reported(tmp_path: Path, plain: str) -> None:
    for name in ("atom.xsd", "espi.xsd"):
        (tmp_path / name).write_text("<nothing/>", encoding="utf-8")
    code, text = run(plain, "--schema", str(tmp_path))
    assert code == 2
    assert "cannot be used" in text
