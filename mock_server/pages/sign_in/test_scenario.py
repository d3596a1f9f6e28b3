"""Signing in as a named test scenario: straight to consent."""

from mock_server.actions.connecting.sign_in import find_customer
from mock_server.domain.records import Customer
from mock_server.pages.sign_in.way import Answers, Field, Way
from mock_server.sandbox import Sandbox


def _find(sandbox: Sandbox, answers: Answers) -> Customer | None:
    return find_customer(sandbox, answers["scenario"].strip())


def _persona(customer: Customer) -> Answers | None:
    return {"scenario": customer.id}


WAY = Way(
    name="test",
    title="Test scenario",
    lead="Enter the name of a test scenario.",
    fields=(Field(name="scenario", label="Scenario", hint="Such as test_residential"),),
    find=_find,
    persona=_persona,
    not_found="There is no test scenario of this name.",
)
