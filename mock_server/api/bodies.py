"""Request bodies in, responses out: parses JSON into objects, and reports errors in sentences."""

import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.responses import Response

from mock_server.api.objects.error import Refusal
from mock_server.api.objects.shape import Shape
from mock_server.domain.errors import EncodedBody, InvalidParameter, InvalidRequest, MockServerError, TooLarge
from mock_server.domain.text.expectations import expectation
from mock_server.domain.text.storable_text import UNSTORABLE, can_be_stored
from mock_server.http.body import read_body
from mock_server.http.context import RequestContext

Wanted = TypeVar("Wanted", bound=Shape)

DEEPEST = 10
ERROR_RESPONSES: dict[int | str, dict[str, Any]] = {  # OpenAPI's own shape
    status: {"model": Refusal, "description": about}
    for status, about in (
        (400, "Invalid request; the sentence says what to change"),
        (401, "No token, or an invalid one"),
        (403, "The token does not give access to this"),
        (404, "Not found, or not readable by this token"),
        (429, "Too many calls; wait as long as Retry-After says"),
        ("4XX", "Any other error, in the same format"),
    )
}


def calls(prefix: str) -> APIRouter:
    """A router for the paths with a prefix."""
    return APIRouter(
        prefix=prefix,
        tags=["JSON API"],
        responses=ERROR_RESPONSES,
        generate_unique_id_function=lambda route: route.name,  # generated clients name their calls so
    )


def answer(shape: Shape) -> Response:
    """A response with the object as JSON."""
    return Response(shape.to_json(), media_type="application/json")


def takes(shape: type[Shape], *, optional: bool = False) -> dict[str, Any]:  # OpenAPI's own shape
    """A body for the OpenAPI document; `json_body` reads it, with any content type."""
    schema = shape.model_json_schema(ref_template="#/components/schemas/{model}")
    nested = schema.pop("$defs", {})
    for name, inner in nested.items():
        schema = _inlined(schema, f"#/components/schemas/{name}", inner)
    return {"requestBody": {"required": not optional, "content": {"application/json": {"schema": schema}}}}


def _inlined(schema: Any, reference: str, inner: Any) -> Any:
    """The schema with an inner schema in place of its reference."""
    if isinstance(schema, list):
        return [_inlined(one, reference, inner) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("$ref") == reference:
        return inner
    return {name: _inlined(value, reference, inner) for name, value in schema.items()}


@dataclass(frozen=True)
class JsonBody(Generic[Wanted]):
    """A received body. It is parsed after the token is checked, because a wrong token is reported first."""

    shape: type[Wanted]
    received: bytes | MockServerError

    def value(self) -> Wanted:
        """The object in it; no body is an empty object. Raises InvalidParameter, TooLarge, EncodedBody."""
        if isinstance(self.received, MockServerError):
            raise self.received
        found = _parsed(self.received) if self.received.strip() else {}
        if not isinstance(found, dict):
            raise InvalidParameter("The body must be a JSON object, such as {}.")
        try:
            return self.shape.model_validate(found)
        except ValidationError as error:
            raise InvalidParameter(_sentence(self.shape, error)) from error


async def json_body(context: RequestContext, shape: type[Wanted]) -> JsonBody[Wanted]:
    """The JSON body, with any Content-Type."""
    try:
        return JsonBody(shape, await read_body(context))
    except (InvalidRequest, TooLarge, EncodedBody) as error:
        return JsonBody(shape, error)


def _parsed(raw: bytes) -> object:
    try:
        found = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidParameter(
            "The body is not JSON. Send an object such as {} in UTF-8; its Content-Type does not matter."
        ) from error
    _check(found, deep=0)
    return found


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _check(value: object, *, deep: int) -> None:
    """Check depth and characters. Raises InvalidParameter for text that a database cannot store."""
    if deep > DEEPEST:
        raise InvalidParameter(f"The body nests more than {DEEPEST} levels deep.")
    if isinstance(value, dict):
        for name, inner in value.items():
            _check(name, deep=deep)
            _check(inner, deep=deep + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, deep=deep + 1)
    elif isinstance(value, str) and not can_be_stored(value):
        raise InvalidParameter(UNSTORABLE)


def _sentence(shape: type[Shape], error: ValidationError) -> str:
    """The first error, with the name of its parameter."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])[:80]
    if first["type"] == "extra_forbidden":
        return f"There is no parameter {name!r} here. Known are: {', '.join(shape.model_fields)}."
    if first["type"] == "missing":
        return f"The parameter {name} is missing. Known are: {', '.join(shape.model_fields)}."
    return f"The parameter {name} cannot be used: {expectation(first)}."
