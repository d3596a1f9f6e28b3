"""Reads recorded responses: the sentence of an error, and formatted bodies."""

import json
from urllib.parse import parse_qs, urlsplit

from mock_server.journal import Exchange, Side


def sentence_of(exchange: Exchange) -> str | None:
    """The error's sentence for the developer, wherever its protocol puts it; None if there is none."""
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
    """The body; JSON on lines of its own. None where it is no text."""
    if not side.body or side.is_cut or "json" not in (side.header("content-type") or ""):
        return side.body
    try:
        return json.dumps(json.loads(side.body), indent=2, ensure_ascii=False)
    except ValueError:
        return side.body
