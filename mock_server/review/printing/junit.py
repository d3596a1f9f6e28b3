"""Findings as JUnit XML: a test per rule, failed if the rule found something."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mock_server.review.findings import ReportedFinding, format_findings
from mock_server.review.rule import Rule, Severity
from mock_server.review.rules import RULES


def as_junit(findings: Sequence[ReportedFinding], fail_on: Severity) -> str:
    """One suite; findings below `fail_on` are the output of a passed test."""
    failed = {one.rule for one in findings if one.is_at_least(fail_on)}
    about = {"name": "mock-server review", "tests": str(len(RULES)), "failures": str(len(failed))}
    suites = Element("testsuites", about)
    suite = SubElement(suites, "testsuite", {**about, "errors": "0", "skipped": "0"})
    for rule in RULES:
        _test(suite, rule, [one for one in findings if one.rule == rule.id], fails=rule.id in failed)
    indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suites, encoding="unicode")


def _test(suite: Element, rule: Rule, findings: Sequence[ReportedFinding], *, fails: bool) -> None:
    test = SubElement(suite, "testcase", {"classname": "mock_server.review", "name": rule.id, "time": "0"})
    if not findings:
        return
    if fails:
        failure = SubElement(test, "failure", {"message": findings[0].message, "type": rule.severity})
        failure.text = format_findings(findings)
    else:
        SubElement(test, "system-out").text = format_findings(findings)
