"""The document /_mock/openapi.json and the page /_mock/docs. They contain no data and require no token."""

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from mock_server import __version__
from mock_server.control.console.frame import console_page
from mock_server.control.docs.schemas import Field, Schema, Words, usual
from mock_server.http.context import Context

_METHODS = ("get", "post", "put", "delete")
_ABOUT = (
    "Do what a real utility does not allow: move its clock, make requests fail, act as its customers. "
    "Each call affects the sandbox that its path names."
)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call, as the page displays it."""

    method: str
    path: str
    anchor: str
    title: str
    about: str
    query: list[Field]
    body: list[Field]
    status: str
    answer: list[Field]
    curl: str


def docs_routes(routes: tuple[BaseRoute, ...]) -> list[BaseRoute]:
    """The routes of the document and the page that describe these routes."""
    router = APIRouter(prefix="/_mock", include_in_schema=False)
    described = cache(partial(_document, routes))  # building it takes some tenths of a second

    @router.get("/openapi.json")
    async def document(context: Context) -> Response:
        """The OpenAPI document, for client generators."""
        return JSONResponse({**described(), "servers": [{"url": context.links.base}]})

    @router.get("/docs")
    async def docs(context: Context) -> Response:
        """The page."""
        links = context.links
        groups: dict[str, list[Call]] = {}
        for call in _calls(described(), links.base):
            groups.setdefault(call.path.split("/")[2].split(".")[0], []).append(call)
        return console_page(
            context,
            "docs.html",
            here="Docs",
            groups=groups,
            about=_ABOUT,
            document=links.page("_mock", "openapi.json"),
        )

    return router.routes


def _document(routes: tuple[BaseRoute, ...]) -> dict[str, Any]:  # OpenAPI's own shape
    return get_openapi(
        title="Control API of the mock utility",
        version=__version__,
        description=_ABOUT,
        routes=routes,
    )


def _calls(document: Schema, base: str) -> Iterator[Call]:
    words = Words(document)
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield _call(words, method, path, methods[method], base)


def _call(words: Words, method: str, path: str, operation: Schema, base: str) -> Call:
    title, _, about = str(operation.get("description", "")).partition("\n")
    body = _schema_in(operation.get("requestBody", {}))
    responses = operation["responses"].items()
    status, success = next((code, response) for code, response in responses if code.startswith("2"))
    return Call(
        method=method.upper(),
        path=path,
        anchor=f"{method}-{path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}",
        title=title,
        about=about.strip(),
        query=[
            Field(
                name=parameter["name"],
                kind=words.kind(parameter.get("schema", {})),
                is_required=parameter.get("required", False),
                about=parameter.get("description", ""),
                usual=usual(parameter.get("schema", {})),
            )
            for parameter in operation.get("parameters", ())
            if parameter["in"] == "query"
        ],
        body=list(words.fields(body)),
        status=status,
        answer=list(words.fields(_schema_in(success))),
        curl=_curl(method, base + path, words.example(body) if body else None),
    )


def _schema_in(message: Schema) -> Schema:
    schema: Schema = message.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _curl(method: str, url: str, body: dict[str, Any] | None) -> str:
    parts = (
        ["curl"]
        if method == "get" or (body is not None and method == "post")
        else ["curl", "-X", method.upper()]
    )
    parts.append(shlex.quote(url))
    if body is not None:
        parts += ["-H", "'Content-Type: application/json'", "-d", shlex.quote(json.dumps(body))]
    return " ".join(parts)
