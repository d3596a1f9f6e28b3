"""Formats request log entries: the description of an error, and readable bodies."""

import json
from urllib.parse import parse_qs, urlsplit

from mock_server.journal import Exchange, Side


def sentence_of(exchange: Exchange) -> str | None:
    """The error's description, from the redirect or the JSON body; None if there is none."""
    location = exchange.response.header("location")
    if location:
        return parse_qs(urlsplit(location).query).get("error_description", [None])[0]
    try:
        body = json.loads(exchange.response.body or "")
    except ValueError:
        return None
    sentence = body.get("error_description") if isinstance(body, dict) else None
    return sentence if isinstance(sentence, str) else None


def readable(side: Side) -> str | None:
    """The body, with JSON indented; None for binary data."""
    if not side.body or side.is_cut or "json" not in (side.header("content-type") or ""):
        return side.body
    try:
        return json.dumps(json.loads(side.body), indent=2, ensure_ascii=False)
    except ValueError:
        return side.body
