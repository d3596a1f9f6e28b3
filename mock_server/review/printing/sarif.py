"""Findings as SARIF 2.1.0 (OASIS), which code hosts display.

An alert needs a place in the repository; ours happen on the wire, so the place is the address that was called.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from mock_server import __version__
from mock_server.review.findings import ReportedFinding
from mock_server.review.rule import Rule, Severity
from mock_server.review.rules import RULES

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_sarif(findings: Sequence[ReportedFinding], _fail_on: Severity) -> str:
    """One run with all rules and a result per finding."""
    driver = {
        "name": "mock-server review",
        "semanticVersion": __version__,
        "rules": [_rule(one) for one in RULES],
    }
    run = {"tool": {"driver": driver}, "results": [_result(one) for one in findings]}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": f"The client {rule.says}."},
        "fullDescription": {"text": f"The client {rule.says} ({rule.clause})."},
        "help": {"text": rule.remedy},
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(found: ReportedFinding) -> dict[str, Any]:
    method, _, address = found.request.partition(" ")
    place = urlsplit(address).path.strip("/") or "/"
    # The same mistake at the same place is the same alert in the next run.
    mark = hashlib.sha256(f"{found.rule}\n{found.client_id}\n{method} {place}".encode()).hexdigest()
    known = {rule.id: number for number, rule in enumerate(RULES)}
    index = {"ruleIndex": known[found.rule]} if found.rule in known else {}
    return {
        "ruleId": found.rule,
        **index,
        "level": found.severity,
        "message": {"text": f"{found.message} {found.remedy} ({found.clause})"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": place},
                    "region": {"startLine": 1},
                },
                "logicalLocations": [{"fullyQualifiedName": found.request, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"mistake/v1": mark},
        "occurrenceCount": found.times,
        "properties": {"exchange_id": found.exchange_id, "client_id": found.client_id, "at": found.at},
    }
