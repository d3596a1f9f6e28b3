"""The request log: a list that refreshes itself, and a page per entry with its error and curl command."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from mock_server.control.console.frame import FORMS, console_page, pages, to_console
from mock_server.control.console.refusals import readable, sentence_of
from mock_server.domain.errors import BY_CODE, InvalidParameter, NotFound
from mock_server.http.browser import checked_form
from mock_server.http.context import Context
from mock_server.journal import STATUS, Exchange, Side, Wanted, curl_lines
from mock_server.urls import Links

router = pages("/console/exchanges")

_MOST_LISTED = 100
_STATIC_FILES = "/static/"  # requests for stylesheets and pictures say nothing about a client
_CONDITIONS = {"path": "Path, such as /api/v2/*", "status": "Status, such as 4xx", "client_id": "Client"}


@router.get("")
async def show(context: Context) -> Response:
    """The newest matching entries, newest first."""
    sandbox, query, links = context.sandbox, context.query, context.links
    conditions = {name: query.one(name) for name in _CONDITIONS}
    given = {name: value for name, value in conditions.items() if value}
    search = f"?{urlencode(given)}" if given else ""
    found = [
        exchange
        for exchange in await sandbox.run(sandbox.journal.list, _wanted(conditions))
        if conditions["path"] or not exchange.path.startswith(_STATIC_FILES)
    ][-_MOST_LISTED:]
    return console_page(
        context,
        "exchanges.html",
        here="Request log",
        script="live.js",
        action=links.page("_mock", "console", "exchanges"),
        conditions=[
            {"name": name, "label": label, "value": conditions[name] or ""}
            for name, label in _CONDITIONS.items()
        ],
        exchanges=[_summary(exchange, links) for exchange in reversed(found)],
        most=_MOST_LISTED,
        downloads=[
            {"title": title, "url": links.page("_mock", "console", f"exchanges.{kind}") + search}
            for title, kind in (("HAR", "har"), ("curl", "curl"), ("pytest", "py"))
        ],
    )


@router.post("/clear")
async def clear(context: Context) -> Response:
    """Clear the request log."""
    await checked_form(context, FORMS)
    sandbox = context.sandbox
    await sandbox.run(sandbox.journal.clear)
    return to_console(context, "exchanges")


@router.get("/{exchange_id}")
async def show_one(context: Context, exchange_id: str) -> Response:
    """One entry with its headers and bodies."""
    sandbox, links = context.sandbox, context.links
    found = await sandbox.run(sandbox.journal.find, exchange_id)
    if found is None:
        raise NotFound("This entry is not in the request log, which keeps only the newest entries.")
    return console_page(
        context,
        "exchange.html",
        here="Request log",
        script="copy.js",
        back_url=links.page("_mock", "console", "exchanges"),
        exchange=_summary(found, links),
        url=found.url,
        sentence=sentence_of(found),
        help_url=links.page("errors", found.error) if found.error in BY_CODE else None,
        sides=[
            {"title": "Request", **_side(found.request)},
            {"title": "Response", **_side(found.response)},
        ],
        curl=curl_lines([found]).strip(),
    )


def _wanted(conditions: Mapping[str, str | None]) -> Wanted:
    status = conditions["status"]
    if status is not None and not STATUS.fullmatch(status):
        raise InvalidParameter("`status` must be a number such as 401, a class such as 4xx, or none.")
    return Wanted(path=conditions["path"], status=status, client_id=conditions["client_id"])


def _summary(exchange: Exchange, links: Links) -> dict[str, Any]:
    return {
        "url": links.page("_mock", "console", "exchanges", exchange.id),
        "id": exchange.id,
        "at": f"{exchange.at:%Y-%m-%d %H:%M:%S}",
        "method": exchange.method,
        "path": exchange.path,
        "status": exchange.status,
        "client_id": exchange.client_id,
        "error": exchange.error,
        "fault": exchange.fault,
        "took": f"{exchange.duration_ms:.0f} ms",
        "failed": exchange.status is None or exchange.status >= 400 or exchange.error is not None,
    }


def _side(side: Side) -> dict[str, object]:
    return {"headers": side.headers, "body": readable(side), "size": f"{side.size:,}", "is_cut": side.is_cut}
