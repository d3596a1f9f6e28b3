"""A grant: the value of `grant_type`, and a function that issues tokens."""

from collections.abc import Callable
from dataclasses import dataclass

from mock_server.actions.tokens.issue import IssuedTokens
from mock_server.domain.errors import InvalidRequest
from mock_server.domain.records import Client
from mock_server.domain.text.parameters import Parameters
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A grant type: `name` is the value of `grant_type`."""

    name: str
    answer: Callable[[Sandbox, Transaction, Client, Parameters], IssuedTokens]


def required(parameters: Parameters, name: str, *, where_from: str) -> str:
    """The parameter. Raises InvalidRequest; `where_from` says what the client should send."""
    value = parameters.one(name)
    if value is None:
        raise InvalidRequest(f"The parameter {name} is missing. Send {where_from}.")
    return value
