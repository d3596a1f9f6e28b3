"""Exports exchanges as an HTTP Archive (HAR 1.2) for browsers' developer tools."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from mock_server import __version__
from mock_server.journal.exchange import Exchange, Side

Json = dict[str, Any]  # as deep as HAR is


def har(exchanges: Iterable[Exchange]) -> Json:
    """The archive. An answer that never came has status 0, as in browsers."""
    creator = {"name": "mock-server", "version": __version__}
    return {"log": {"version": "1.2", "creator": creator, "entries": [_entry(one) for one in exchanges]}}


def _entry(exchange: Exchange) -> Json:
    duration = exchange.duration_ms
    return {
        "startedDateTime": exchange.at.isoformat().replace("+00:00", "Z"),
        "time": duration,
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": duration, "receive": 0},
        "comment": " ".join(filter(None, (exchange.id, exchange.error, exchange.fault))),
    }


def _request(exchange: Exchange) -> Json:
    side = exchange.request
    request: Json = {
        "method": exchange.method,
        "url": exchange.url,
        "httpVersion": "HTTP/1.1",
        "cookies": _cookies(side.header("cookie") or ""),
        "headers": _headers(side),
        "queryString": [
            {"name": name, "value": value}
            for name, value in parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)
        ],
        "headersSize": -1,
        "bodySize": side.size,
    }
    if side.body:
        request["postData"] = {"mimeType": side.header("content-type") or "", "text": side.body}
    return request


def _response(exchange: Exchange) -> Json:
    side, status = exchange.response, exchange.status or 0
    content: Json = {"size": side.size, "mimeType": side.header("content-type") or "x-unknown"}
    if side.body is not None:
        content["text"] = side.body
    if side.is_cut:
        content["comment"] = "Only the beginning of the body was kept."
    return {
        "status": status,
        "statusText": HTTPStatus(status).phrase if status in set(HTTPStatus) else "",
        "httpVersion": "HTTP/1.1",
        "cookies": _cookies((side.header("set-cookie") or "").partition(";")[0]),
        "headers": _headers(side),
        "content": content,
        "redirectURL": side.header("location") or "",
        "headersSize": -1,
        "bodySize": side.size,
    }


def _headers(side: Side) -> list[Json]:
    return [{"name": name, "value": value} for name, value in side.headers]


def _cookies(header: str) -> list[Json]:
    pairs = [pair.strip().partition("=") for pair in header.split(";") if pair.strip()]
    return [{"name": name, "value": value} for name, _, value in pairs]
