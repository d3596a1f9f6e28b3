"""Commands that check an app: the answer key and the review."""

import json
from typing import Annotated, Literal

import typer

from mock_server.run.commands.server_command import CommandOutput, NoVerdict
from mock_server.testing.control_client import Remote, RequestRefused, Unreachable

Form = Literal["text", "json", "sarif", "junit"]
FailOn = Literal["note", "warning", "error"]


def truth(
    server: Remote,
    customer: Annotated[str, typer.Argument(help="The customer, such as test_residential.")],
    first: Annotated[str | None, typer.Option("--from", help="First local day, such as 2026-01-01.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last local day (inclusive).")] = None,
) -> CommandOutput:
    """Print the totals that a correct reader of a customer's data gets, as JSON."""
    response = server.call("GET", "truth", query={"customer": customer, "from": first, "to": last})
    return CommandOutput(response, [json.dumps(response, indent=2, ensure_ascii=False)])


def review(
    server: Remote,
    client_id: Annotated[str | None, typer.Option(help="Client to review (default: all).")] = None,
    form: Annotated[Form, typer.Option("--format", help="How the findings are printed.")] = "text",
    fail_on: Annotated[FailOn, typer.Option(help="Lowest severity that makes the exit code 1.")] = "warning",
) -> CommandOutput:
    """List what clients did wrong. Exit code 0 without findings, 1 with findings, 2 if the review fails."""
    from mock_server.review.findings import parse_findings
    from mock_server.review.printing import PRINTED

    try:
        response = server.call("GET", "review", query={"client_id": client_id})
    except (RequestRefused, Unreachable) as error:
        raise NoVerdict(str(error)) from error
    findings = parse_findings(response)
    has_failed = any(finding.is_at_least(fail_on) for finding in findings)
    return CommandOutput(response, [PRINTED[form](findings, fail_on)], exit_code=int(has_failed))


COMMANDS = (truth, review)
