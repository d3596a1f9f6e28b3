"""The scenarios of a test-submit (utilityapi.md §3), as data."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Trouble: TypeAlias = Literal["access_invalid", "access_unsupported", "retrying", "pending_manual", "waiting"]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A scenario for a customer of that `kind`.

    `services` is the number of services that the look-up finds; None for all. `at_once` is the trouble during the
    look-up of the account, `later` the trouble after it, `readings` the share of the readings that is available.
    """

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
    Scenario(name="badlogin", about="The log-in fails.", at_once="access_invalid"),
    Scenario(name="badlogin_after", about="The log-in works once, then fails.", later="access_invalid"),
    Scenario(name="websitedown", about="The utility does not respond.", at_once="retrying"),
    Scenario(name="websitedown_after", about="The utility responds once, then no more.", later="retrying"),
    Scenario(
        name="utilityerror", about="The utility cannot share this account.", at_once="access_unsupported"
    ),
    Scenario(name="empty", about="No meter is found.", services=0),
    Scenario(name="revoked", about="The customer revokes at once.", ends_revoked=True),
    Scenario(name="nointervals", about="There are bills but no readings.", readings="none"),
    Scenario(name="partialintervals", about="The older half has no readings.", readings="half"),
    Scenario(
        name="pending_manual_after", about="The collection needs a manual review.", later="pending_manual"
    ),
    Scenario(name="wait_to_login_after", about="The utility delays the next log-in.", later="waiting"),
)
_BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
NO_SCENARIO = Scenario(name="", about="Nothing goes wrong.", services=None)


def scenario_named(name: str | None) -> Scenario:
    """Returns the scenario of that name; for None or another name, one in which nothing goes wrong."""
    return _BY_NAME.get(name or "", NO_SCENARIO)
