"""Builds cases from a sandbox. The only part that reads the store."""

import re
from collections.abc import Iterable, Mapping

from mock_server.domain.errors import NotFound
from mock_server.domain.records import Client
from mock_server.journal import Exchange, Wanted
from mock_server.review.case import Case, Step
from mock_server.sandbox import Sandbox
from mock_server.store import Transaction

_VISIT = re.compile(r"/connect/([0-9a-f]+)(?=/|\Z)")
_NOTHING = ("None", "null", "undefined", "nil", "false", "NaN", "[object Object]", "access_denied")


def gather_cases(sandbox: Sandbox, *, client_id: str | None = None) -> list[Case]:
    """The case of every client, or of one. Raises NotFound for a client that does not exist."""
    steps = [Step(one) for one in sandbox.journal.list(Wanted(), with_answers=False)]
    steps.sort(key=lambda step: step.exchange.started)
    with sandbox.reading() as transaction:
        clients = (
            transaction.clients.list(order="id")
            if client_id is None
            else transaction.clients.list(id=client_id)
        )
        if client_id is not None and not clients:
            raise NotFound(f"There is no client {client_id[:80]!r}. GET /_mock/clients lists them.")
        return [_case(sandbox, transaction, client, steps) for client in clients]


def _case(sandbox: Sandbox, transaction: Transaction, client: Client, steps: Iterable[Step]) -> Case:
    label = sandbox.journal.label_of_fingerprint
    tokens = {label(one.hash): one for one in transaction.tokens.list(client_id=client.id)}
    visits = {one.id: one for one in transaction.requests.list(client_id=client.id)}
    return Case(
        client=client,
        steps=tuple(one for one in steps if _is_of(one, client, tokens, visits)),
        codes={label(one.hash): one for one in transaction.codes.list(client_id=client.id)},
        tokens=tokens,
        authorizations={one.uid: one for one in transaction.authorizations.list(client_id=client.id)},
        attempts=tuple(transaction.attempts.list(client_id=client.id, order="uid")),
        masks_of_nothing=frozenset(map(sandbox.journal.label, _NOTHING)),
    )


def _is_of(step: Step, client: Client, tokens: Mapping[str, object], visits: Mapping[str, object]) -> bool:
    """Matches by the caller, by the token's client (expired or not), or by the client of the customer's browser."""
    exchange = step.exchange
    if exchange.client_id is not None:
        return exchange.client_id == client.id
    return step.bearer in tokens or _visit_of(exchange) in visits


def _visit_of(exchange: Exchange) -> str | None:
    found = _VISIT.match(exchange.path)
    return found[1] if found else None
