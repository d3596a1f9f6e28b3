"""Log lines for requests and deliveries, as text or JSON. They contain no secrets.

Each line that is written during a request has the request's id, which the response has in `X-Request-Id`.
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
    """Adds the id of the current request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Accept every record."""
        if (request_id := REQUEST.get()) is not None:
            record.request_id = request_id
        return True


class Text(logging.Formatter):
    """`2026-03-15 16:00:00,123 INFO GET /api/v2/meters 200 duration_ms=3.1 request_id=5f…`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # logging's own name
        """The line with its fields at the end. Control characters are escaped, so a path cannot start a new line."""
        fields = _fields(record).items()
        suffix = "".join(f" {name}={value}" for name, value in fields if name not in _IN_THE_MESSAGE)
        line = super().formatMessage(record) + suffix
        return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), line)


class Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record with its fields; `exception` holds a traceback."""
        at = datetime.fromtimestamp(record.created, UTC)
        document: dict[str, Any] = {  # any fields
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
    """The argument of `logging.config.dictConfig`: our log lines and uvicorn's go to standard error."""
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
    """The fields given as `extra`, except None."""
    return {name: value for name, value in vars(record).items() if name not in _KNOWN and value is not None}
