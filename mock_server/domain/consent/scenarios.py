"""What a test-submit lets happen to a customer: the scenarios of utilityapi.md §3, as data.

`services` is how many of the customer's services are found (None: all). `at_once` is what goes wrong while the
account is looked through, `later` what goes wrong from then on, and `readings` how much of them there is.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Trouble: TypeAlias = Literal["access_invalid", "access_unsupported", "retrying", "pending_manual", "waiting"]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One course of events. `kind` is the kind of customer that it happens to."""

    name: str
    about: str
    kind: Literal["residential", "commercial"] = "residential"
    services: int | None = 1
    at_once: Trouble | None = None
    later: Trouble | None = None
    readings: Literal["all", "half", "none"] = "all"
    ends_revoked: bool = False


SCENARIOS = (
    Scenario(name="residential", about="A home with one meter."),
    Scenario(name="commercial", about="A company with four meters.", kind="commercial", services=4),
    Scenario(name="badlogin", about="The log-in is wrong.", at_once="access_invalid"),
    Scenario(name="badlogin_after", about="The log-in works once.", later="access_invalid"),
    Scenario(name="websitedown", about="The utility does not answer.", at_once="retrying"),
    Scenario(name="websitedown_after", about="The utility answers once.", later="retrying"),
    Scenario(
        name="utilityerror", about="The utility cannot share this account.", at_once="access_unsupported"
    ),
    Scenario(name="empty", about="There is no meter.", services=0),
    Scenario(name="revoked", about="The customer revokes at once.", ends_revoked=True),
    Scenario(name="nointervals", about="There are bills and no readings.", readings="none"),
    Scenario(name="partialintervals", about="The older half has no readings.", readings="half"),
    Scenario(name="pending_manual_after", about="A person has to look at it.", later="pending_manual"),
    Scenario(name="wait_to_login_after", about="The next log-in has to wait.", later="waiting"),
)
_BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
PLAIN = Scenario(name="", about="Nothing goes wrong.", services=None)


def scenario_named(name: str | None) -> Scenario:
    """The scenario of that name; without one, or for a customer's own name, nothing goes wrong."""
    return _BY_NAME.get(name or "", PLAIN)
