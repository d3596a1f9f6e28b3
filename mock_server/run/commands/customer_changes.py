"""Commands that change a customer's account number, meter or home."""

from typing import Annotated, Any

import typer

from mock_server.run.commands.server_command import CommandOutput, table
from mock_server.testing.control_client import Remote, path_of

Customer = Annotated[str, typer.Argument(help="The customer, such as test_residential.")]


def renumber(
    server: Remote,
    customer: Customer,
    account: Annotated[str | None, typer.Option(help="Which account; unset, their first.")] = None,
    number: Annotated[str | None, typer.Option(help="The new number; unset, one is drawn.")] = None,
) -> CommandOutput:
    """Give an account another number; its past and its addresses stay."""
    return _changed(server, customer, "renumber", account=account, number=number)


def exchange_meter(
    server: Remote,
    customer: Customer,
    service: Annotated[str | None, typer.Option(help="At which service; unset, their first.")] = None,
    serial: Annotated[str | None, typer.Option(help="The new meter's; unset, one is drawn.")] = None,
) -> CommandOutput:
    """Hang another meter, from the next local midnight on."""
    return _changed(server, customer, "exchange-meter", service=service, serial=serial)


def move_out(server: Remote, customer: Customer) -> CommandOutput:
    """Let a customer leave: what they share expires, and nothing new is measured."""
    return _changed(server, customer, "move-out")


def _changed(server: Remote, customer: str, what: str, **wish: str | None) -> CommandOutput:
    body = {name: value for name, value in wish.items() if value is not None}
    response = server.call("POST", path_of("customers", customer, what), body or None)
    return CommandOutput(response, table(_rows(response["customer"])))


def _rows(customer: dict[str, Any]) -> list[tuple[str, str, str]]:
    """A line for each service, and one for who left."""
    rows = [
        (account["number"], service["id"], service["meter_serial"])
        for account in customer["accounts"]
        for service in account["services"]
    ]
    left = [("moved out", customer["moved_out"], "")] if customer["moved_out"] else []
    return [("account", "service", "meter"), *rows, *left]


COMMANDS = (renumber, exchange_meter, move_out)
