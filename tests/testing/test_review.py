"""The review from a test and from a shell, of a running server."""

import json

import httpx
import pytest
from typer.testing import CliRunner

from mock_server.run.cli import cli
from mock_server.testing.server import MockServer

SCOPE = "FB=4_16;HistoryLength=86400;AdditionalScope=auth-test-test_residential"


def connect(server: MockServer, **changed: str) -> httpx.Response:
    server.approve_next()
    query = {"response_type": "code", "client_id": server.client.id, "scope": SCOPE, **changed}
    return httpx.get(f"{server.url}/oauth/authorize", params=query)


def test_a_clean_client_passes(mock_server: MockServer) -> None:
    connect(mock_server, state="a")
    mock_server.review.assert_clean()


def test_a_failure_lists_findings_with_remedies_and_exchanges(mock_server: MockServer) -> None:
    answer = connect(mock_server)
    with pytest.raises(AssertionError) as failure:
        mock_server.review.assert_clean()
    result = str(failure.value)
    (found,) = mock_server.review.findings()
    assert found.exchange_id == answer.headers["x-request-id"]
    for part in ("state-missing", found.message, found.remedy, found.exchange_id, found.clause):
        assert part in result


def test_rules_can_be_ignored_by_their_ids(mock_server: MockServer) -> None:
    connect(mock_server)
    mock_server.review.assert_clean(ignore=["state-missing"])
    mock_server.review.assert_clean(client_id="DEMOUTILITY_publicapp")


def test_a_misspelt_rule_is_a_mistake(mock_server: MockServer) -> None:
    with pytest.raises(ValueError, match="state-missing"):
        mock_server.review.assert_clean(ignore=["state-mising"])
    with pytest.raises(ValueError, match="list"):
        mock_server.review.assert_clean(ignore="state-missing")


def review(server: MockServer, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["review", "--url", server.url, *options])
    return done.exit_code, done.output


def test_the_command_says_so_by_its_exit_code(mock_server: MockServer) -> None:
    assert review(mock_server)[0] == 0
    connect(mock_server)
    code, result = review(mock_server)
    assert code == 1
    assert "state-missing" in result
    assert review(mock_server, "--client-id", "DEMOUTILITY_publicapp")[0] == 0


def test_the_command_fails_from_the_severity_on_that_is_requested(mock_server: MockServer) -> None:
    bare = f"response_type=code&state=s&client_id={mock_server.client.id}&scope=FB=4;HistoryLength=86400"
    httpx.get(f"{mock_server.url}/oauth/authorize?{bare}")
    codes = [review(mock_server, "--fail-on", one)[0] for one in ("note", "warning", "error")]
    assert codes == [1, 1, 0]


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_the_command_prints_forms_for_programs(mock_server: MockServer, form: str) -> None:
    connect(mock_server)
    assert "state-missing" in json.dumps(json.loads(review(mock_server, "--format", form)[1]))


def test_without_a_server_the_command_ends_with_2(mock_server: MockServer) -> None:
    done = CliRunner().invoke(cli, ["review", "--url", "http://127.0.0.1:1"])
    assert done.exit_code == 2
    assert review(mock_server, "--client-id", "nobody")[0] == 2


def test_the_command_reviews_a_sandbox_behind_a_token() -> None:
    with MockServer(control="token", control_token="a-secret") as server:
        with server.sandbox("ci-7") as sandbox:
            connect(sandbox)
        result = ["--sandbox", "ci-7", "--token", "a-secret"]
        assert "state-missing" in review(server, *result)[1]
        assert [review(server, *result)[0], review(server, *result[2:])[0], review(server)[0]] == [1, 0, 2]
