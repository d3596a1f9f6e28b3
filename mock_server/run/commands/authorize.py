"""Clients, customers and what these authorize, from a shell."""

from typing import Annotated

import typer

from mock_server.run.commands.server_command import CommandOutput, table
from mock_server.testing.control_client import Remote


def clients(server: Remote) -> CommandOutput:
    """Every client, with its secret."""
    told = server.call("GET", "clients")
    rows = [
        (one["client_id"], one["client_secret"], one["mode"], one["company_name"]) for one in told["clients"]
    ]
    return CommandOutput(told, table([("client_id", "client_secret", "mode", "company"), *rows]))


def customers(server: Remote) -> CommandOutput:
    """Every customer, with what signs them in."""
    told = server.call("GET", "customers")
    rows = [
        (one["id"], one["password"], one["phone"], one["email"], len(one["accounts"]), one["about"])
        for one in told["customers"]
    ]
    return CommandOutput(
        told, table([("user name", "password", "phone", "email", "accounts", "about"), *rows])
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
    told = server.call("POST", "authorizations", {**body, "exchange": not code})
    tokens = told["tokens"] or {}
    made = told["authorization"]
    rows = [
        ("authorization", made["uid"]),
        ("scope", tokens.get("scope", made["scope"])),
        *((name, told[name]) for name in ("code", "location") if told[name] and not tokens),
        *((name, value) for name, value in tokens.items() if name not in ("scope", "token_type")),
    ]
    return CommandOutput(told, table(rows))


COMMANDS = (clients, customers, authorize)
