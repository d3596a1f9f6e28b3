"""Findings for code hosts and continuous integration: SARIF and JUnit in the shapes that those read."""

import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from mock_server.review import RULES
from mock_server.review.findings import ReportedFinding
from mock_server.review.printing import PRINTED

ERROR = ReportedFinding(
    rule="state-missing",
    severity="error",
    message="The authorize request has no state.",
    remedy="Send a random state.",
    clause="RFC 6749 §10.12",
    client_id="me",
    exchange_id="e1",
    request="GET /DataCustodian/oauth/authorize",
    at="2026-03-15T16:00:00Z",
    times=3,
)
NOTE = replace(ERROR, rule="polling-fast", severity="note", message="It asks <often> & again.", times=1)
SENT = replace(
    ERROR, rule="notify-not-200", exchange_id=None, request="POST https://app.example.com/hook?a=b"
)


def sarif(*findings: ReportedFinding) -> dict[str, Any]:
    reported = json.loads(PRINTED["sarif"](findings, "warning"))
    assert (reported["version"], len(reported["runs"])) == ("2.1.0", 1)
    assert reported["$schema"].endswith("sarif-schema-2.1.0.json")
    return reported["runs"][0]


def test_sarif_describes_every_rule() -> None:
    driver = sarif()["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == [rule.id for rule in RULES]
    for rule in driver["rules"]:
        assert rule["defaultConfiguration"]["level"] in ("note", "warning", "error")
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]


@pytest.mark.parametrize("found", [ERROR, NOTE, SENT])
def test_a_sarif_result_has_what_code_hosts_ask_for(found: ReportedFinding) -> None:
    """SARIF 2.1.0 §3.27: a message, a level, a relative place, and what recognises it in the next run."""
    run = sarif(found)
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == found.rule
    assert result["level"] == found.severity
    assert found.message in result["message"]["text"]
    place = result["locations"][0]["physicalLocation"]
    assert place["region"]["startLine"] == 1
    assert not place["artifactLocation"]["uri"].startswith(("/", "http"))
    assert len(result["partialFingerprints"]["mistake/v1"]) == 64


def test_the_same_mistake_is_the_same_alert_in_the_next_run() -> None:
    later = replace(ERROR, exchange_id="e2", at="2026-04-15T16:00:00Z", times=1)
    one, again, other = sarif(ERROR, later, NOTE)["results"]
    assert one["partialFingerprints"] == again["partialFingerprints"] != other["partialFingerprints"]


@pytest.mark.parametrize(
    ("fail_on", "failed"),
    [
        ("note", ["state-missing", "polling-fast"]),
        ("warning", ["state-missing"]),
        ("error", ["state-missing"]),
    ],
)
def test_junit_has_a_test_per_rule_and_a_failure_for_what_is_bad_enough(
    fail_on: Any, failed: list[str]
) -> None:
    suites = ElementTree.fromstring(PRINTED["junit"]([ERROR, NOTE], fail_on))
    (suite,) = suites.findall("testsuite")
    tests = suite.findall("testcase")
    assert [test.get("name") for test in tests] == [rule.id for rule in RULES]
    assert sorted(str(test.get("name")) for test in tests if test.find("failure") is not None) == sorted(
        failed
    )
    assert suite.get("tests") == str(len(RULES))
    assert suite.get("failures") == str(len(failed))
    said = next(test for test in tests if test.get("name") == "polling-fast")
    assert NOTE.message in "".join(said.itertext())


def test_text_says_what_happened_where_and_how_to_mend_it() -> None:
    reported = PRINTED["text"]([ERROR], "warning")
    for part in (ERROR.message, ERROR.remedy, ERROR.clause, "e1", "3 times", ERROR.request, "1 finding."):
        assert part in reported
    assert "Nothing to object to" in PRINTED["text"]([], "warning")


def test_json_is_what_the_server_says() -> None:
    printed = PRINTED["json"]([ERROR], "warning")
    assert printed.startswith('{\n  "findings": [\n    {\n      "rule": "state-missing",'), (
        "and people can read it"
    )
    (found,) = json.loads(printed)["findings"]
    assert found["rule"] == "state-missing"
    assert found["exchange_id"] == "e1"
