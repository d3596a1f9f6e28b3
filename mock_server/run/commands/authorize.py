"""Commands for clients, customers and authorizations."""

from typing import Annotated

import typer

from mock_server.run.commands.server_command import CommandOutput, table
from mock_server.testing.control_client import Remote


def clients(server: Remote) -> CommandOutput:
    """List the clients with their secrets."""
    response = server.call("GET", "clients")
    rows = [
        (client["client_id"], client["client_secret"], client["mode"], client["company_name"])
        for client in response["clients"]
    ]
    return CommandOutput(response, table([("client_id", "client_secret", "mode", "company"), *rows]))


def customers(server: Remote) -> CommandOutput:
    """List the customers with their sign-in data."""
    response = server.call("GET", "customers")
    rows = [
        (
            customer["id"],
            customer["password"],
            customer["phone"],
            customer["email"],
            len(customer["accounts"]),
            customer["about"],
        )
        for customer in response["customers"]
    ]
    return CommandOutput(
        response, table([("user name", "password", "phone", "email", "accounts", "about"), *rows])
    )


def authorize(
    server: Remote,
    scope: Annotated[str | None, typer.Option(help="Scope to authorize, such as FB=4_16_51.")] = None,
    customer: Annotated[
        str | None, typer.Option(help="User name (default: the customer that the scope names).")
    ] = None,
    client_id: Annotated[
        str | None, typer.Option(help="Client to authorize (default: the default client).")
    ] = None,
    redirect_uri: Annotated[str | None, typer.Option(help="Redirect URI of the request.")] = None,
    code: Annotated[
        bool, typer.Option("--code", help="Print the code only, for your app to redeem.")
    ] = False,
) -> CommandOutput:
    """Authorize a client as the customer would, and print the tokens."""
    options = {"scope": scope, "customer": customer, "client_id": client_id, "redirect_uri": redirect_uri}
    body = {name: value for name, value in options.items() if value is not None}
    response = server.call("POST", "authorizations", {**body, "exchange": not code})
    tokens = response["tokens"] or {}
    authorization = response["authorization"]
    rows = [
        ("authorization", authorization["uid"]),
        ("scope", tokens.get("scope", authorization["scope"])),
        *((name, response[name]) for name in ("code", "location") if response[name] and not tokens),
        *((name, value) for name, value in tokens.items() if name not in ("scope", "token_type")),
    ]
    return CommandOutput(response, table(rows))


COMMANDS = (clients, customers, authorize)
