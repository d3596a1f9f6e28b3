"""Exchanges made up for tests."""

from datetime import UTC, datetime
from typing import Any

from mock_server.journal import Head, Taken

NOON = datetime(2026, 3, 15, 16, 0, tzinfo=UTC)


def taken(number: int = 1, **fields: Any) -> Taken:
    """One exchange; its id is its number."""
    usual: dict[str, Any] = {
        "id": str(number),
        "at": NOON,
        "method": "GET",
        "origin": "http://localhost:8000",
        "prefix": "",
        "path": "/api/v2/meters",
        "query": "",
        "request_headers": [],
        "status": 200,
    }
    given = usual | fields
    return Taken(raw_path=given["path"], **given)


def body(content: bytes) -> Head:
    """A body that came in one piece."""
    head = Head()
    head.take(content)
    return head
