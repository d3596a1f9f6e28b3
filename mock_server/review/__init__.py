"""Reviews clients: rules over recorded exchanges that report mistakes and their fixes. Read-only.

A rule is a pure function of a `Case`: the exchanges of one client in order, secrets masked, and the facts that the
sandbox holds beside them. A client that errs is told; a client that bears a fault of ours well did nothing wrong.
"""

from mock_server.review.judge import Finding, review
from mock_server.review.request_facts import RequestFacts
from mock_server.review.rule import SEVERITIES, Rule, Severity
from mock_server.review.rules import RULES
from mock_server.review.strict import check_strictly

__all__ = ["RULES", "SEVERITIES", "Finding", "RequestFacts", "Rule", "Severity", "check_strictly", "review"]
