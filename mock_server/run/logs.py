"""Log lines for requests and deliveries, as text or JSON. They contain no secrets.

Every line that is written while a request is answered carries its id, the `X-Request-Id` of the answer.
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from mock_server.http.middleware.request_log import REQUEST
from mock_server.settings import Settings

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_IN_THE_MESSAGE = ("method", "path", "status", "surface")
_KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}


class WithRequest(logging.Filter):
    """Adds the id of the request at hand."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        if (request_id := REQUEST.get()) is not None:
            record.request_id = request_id
        return True


class Text(logging.Formatter):
    """`2026-03-15 16:00:00,123 INFO GET /api/v2/meters 200 duration_ms=3.1 request_id=5f…`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # the library's name
        """The line, and what it is about at its end; a path with a line break in it begins no line of its own."""
        fields = _fields(record).items()
        suffix = "".join(f" {name}={value}" for name, value in fields if name not in _IN_THE_MESSAGE)
        line = super().formatMessage(record) + suffix
        return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), line)


class Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record with its fields; a traceback stands in `exception`."""
        at = datetime.fromtimestamp(record.created, UTC)
        document: dict[str, Any] = {  # whatever the fields are
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            document["exception"] = self.formatException(record.exc_info)
        return json.dumps(document, ensure_ascii=False, default=str)


def log_config(settings: Settings) -> dict[str, Any]:  # logging.config's own shape
    """What `logging.config.dictConfig` takes: everything of ours and of the server to standard error."""
    kind = {"text": Text, "json": Json}[settings.log_format]
    logger = {"handlers": ["stderr"], "level": settings.log_level.upper(), "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request": {"()": WithRequest}},
        "formatters": {"line": {"()": kind}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["request"],
                "stream": "ext://sys.stderr",
            }
        },
        "loggers": {"mock_server": logger, "uvicorn": logger, "uvicorn.error": {"level": "INFO"}},
    }


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What was given as `extra`; nothing that has no value."""
    return {name: value for name, value in vars(record).items() if name not in _KNOWN and value is not None}
