"""Signing in as a named test scenario: straight to consent."""

from mock_server.domain.signing_in.way import Field, Way

WAY = Way(
    name="test",
    label="Test scenario",
    title="Test scenario",
    lead="Enter the name of a test scenario.",
    fields=(Field(name="scenario", label="Scenario", hint="Such as test_residential"),),
    example=lambda customer: {"scenario": customer.id},
    not_found="There is no test scenario of this name.",
)
