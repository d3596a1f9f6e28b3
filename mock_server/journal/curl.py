"""Exports exchanges as curl lines. Masked secrets must be replaced by hand."""

import shlex
from collections.abc import Iterable

from mock_server.journal.exchange import Exchange

_ADDED_BY_CURL = ("host", "content-length", "connection", "accept-encoding", "transfer-encoding")


def curl_lines(exchanges: Iterable[Exchange]) -> str:
    """One command for each, under a comment that says what came back."""
    return "\n".join(f"{_comment(exchange)}\n{_command(exchange)}\n" for exchange in exchanges)


def _comment(exchange: Exchange) -> str:
    outcome = "no answer" if exchange.status is None else str(exchange.status)
    cut = " (the body is cut)" if exchange.request.is_cut else ""
    return f"# {exchange.at:%Y-%m-%dT%H:%M:%SZ} {outcome} {exchange.error or ''}".rstrip() + cut


def _command(exchange: Exchange) -> str:
    words = ["curl", "-i", "-X", exchange.method, exchange.url]
    for name, value in exchange.request.headers:
        if name == "authorization" and value.casefold().startswith("basic "):
            words += ["-u", value.partition(" ")[2]]
        elif name not in _ADDED_BY_CURL:
            words += ["-H", f"{name}: {value}"]
    if exchange.request.body:
        words += ["--data-binary", exchange.request.body]
    return shlex.join(words)
