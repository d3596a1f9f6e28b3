"""Commands that renumber an account, exchange a meter, or move a customer out."""

from typing import Annotated, Any

import typer

from mock_server.run.commands.server_command import CommandOutput, table
from mock_server.testing.control_client import Remote, path_of

Customer = Annotated[str, typer.Argument(help="The customer, such as test_residential.")]


def renumber(
    server: Remote,
    customer: Customer,
    account: Annotated[str | None, typer.Option(help="Account to renumber (default: the first).")] = None,
    number: Annotated[str | None, typer.Option(help="New account number (default: random).")] = None,
) -> CommandOutput:
    """Give an account a new number; its history and URLs stay the same."""
    return _changed(server, customer, "renumber", account=account, number=number)


def exchange_meter(
    server: Remote,
    customer: Customer,
    service: Annotated[str | None, typer.Option(help="Service of the meter (default: the first).")] = None,
    serial: Annotated[
        str | None, typer.Option(help="Serial number of the new meter (default: random).")
    ] = None,
) -> CommandOutput:
    """Install a new meter, effective from the next local midnight."""
    return _changed(server, customer, "exchange-meter", service=service, serial=serial)


def move_out(server: Remote, customer: Customer) -> CommandOutput:
    """Move a customer out: authorizations expire, and meters stop."""
    return _changed(server, customer, "move-out")


def _changed(server: Remote, customer: str, action: str, **options: str | None) -> CommandOutput:
    body = {name: value for name, value in options.items() if value is not None}
    response = server.call("POST", path_of("customers", customer, action), body or None)
    return CommandOutput(response, table(_rows(response["customer"])))


def _rows(customer: dict[str, Any]) -> list[tuple[str, str, str]]:
    """A row for each service, and one for the move-out."""
    rows = [
        (account["number"], service["id"], service["meter_serial"])
        for account in customer["accounts"]
        for service in account["services"]
    ]
    left = [("moved out", customer["moved_out"], "")] if customer["moved_out"] else []
    return [("account", "service", "meter"), *rows, *left]


COMMANDS = (renumber, exchange_meter, move_out)
