"""Commands for clients, customers and authorizations."""

from typing import Annotated

import typer

from mock_server.run.commands.server_command import CommandOutput, table
from mock_server.testing.control_client import Remote


def clients(server: Remote) -> CommandOutput:
    """Every client, with its secret."""
    response = server.call("GET", "clients")
    rows = [
        (one["client_id"], one["client_secret"], one["mode"], one["company_name"])
        for one in response["clients"]
    ]
    return CommandOutput(response, table([("client_id", "client_secret", "mode", "company"), *rows]))


def customers(server: Remote) -> CommandOutput:
    """Every customer, with what signs them in."""
    response = server.call("GET", "customers")
    rows = [
        (one["id"], one["password"], one["phone"], one["email"], len(one["accounts"]), one["about"])
        for one in response["customers"]
    ]
    return CommandOutput(
        response, table([("user name", "password", "phone", "email", "accounts", "about"), *rows])
    )


def authorize(
    server: Remote,
    scope: Annotated[str | None, typer.Option(help="What to authorize, such as FB=4_16_51.")] = None,
    customer: Annotated[str | None, typer.Option(help="Who; unset, the one whom the scope names.")] = None,
    client_id: Annotated[str | None, typer.Option(help="For whom; unset, the default client.")] = None,
    redirect_uri: Annotated[str | None, typer.Option(help="Where the code would be sent.")] = None,
    code: Annotated[bool, typer.Option("--code", help="The code alone: your app redeems it.")] = False,
) -> CommandOutput:
    """Play the customer: an authorization, and the tokens for it."""
    wish = {"scope": scope, "customer": customer, "client_id": client_id, "redirect_uri": redirect_uri}
    body = {name: value for name, value in wish.items() if value is not None}
    response = server.call("POST", "authorizations", {**body, "exchange": not code})
    tokens = response["tokens"] or {}
    made = response["authorization"]
    rows = [
        ("authorization", made["uid"]),
        ("scope", tokens.get("scope", made["scope"])),
        *((name, response[name]) for name in ("code", "location") if response[name] and not tokens),
        *((name, value) for name, value in tokens.items() if name not in ("scope", "token_type")),
    ]
    return CommandOutput(response, table(rows))


COMMANDS = (clients, customers, authorize)
