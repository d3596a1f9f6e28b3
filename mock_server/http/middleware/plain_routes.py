"""Routes that are called without the framework's own machinery, which takes longer than most of what they do.

A route is plain if its handler takes the request context and texts of the path, its guards take the context, and it
returns a response. Its place in the OpenAPI document stays the framework's.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from mock_server.http.context import RequestContext, find_context, is_context

Handler = Callable[..., Awaitable[Any]]


class PlainApp:
    """The application of a plain route."""

    def __init__(self, route: APIRoute) -> None:
        self._handler: Handler = route.endpoint
        self._name = _context_name(route.dependant)
        self._texts = [field.name for field in route.dependant.path_params]
        self._guards: list[tuple[Handler, str | None]] = [
            (guard.call, _context_name(guard)) for guard in _guards(route.dependant) if guard.call is not None
        ]

    async def respond(self, context: RequestContext, path: Mapping[str, str]) -> Response:
        """The response to a request with these parameters in its path. Raises what a guard or the handler raises."""
        for guard, name in self._guards:
            await guard(**_arguments(name, context))
        texts = {text: path[text] for text in self._texts}
        response: Response = await self._handler(**_arguments(self._name, context), **texts)
        return response

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the route within the framework, which renders what is raised."""
        context = find_context(scope)
        context.request = Request(scope, receive, send)
        response = await self.respond(context, scope["path_params"])
        await response(scope, receive, send)


def make_plain(route: BaseRoute) -> BaseRoute:
    """The same route, served without the framework if it is plain."""
    if (
        isinstance(route, APIRoute)
        and _returns_response(route.endpoint)
        and _takes_context_and_path(route.dependant)
    ):
        route.app = PlainApp(route)
    return route


def _arguments(name: str | None, context: RequestContext) -> dict[str, RequestContext]:
    return {} if name is None else {name: context}


def _returns_response(handler: Handler) -> bool:
    found = inspect.signature(handler, eval_str=True).return_annotation
    return inspect.iscoroutinefunction(handler) and isinstance(found, type) and issubclass(found, Response)


def _takes_context_and_path(dependant: Dependant) -> bool:
    """Whether nothing has to be parsed, converted or validated to call the function."""
    return (
        not _parameters(dependant)
        and all(field.field_info.annotation is str for field in dependant.path_params)
        and all(
            not _parameters(guard)
            and not guard.path_params
            and all(is_context(inner.call) for inner in guard.dependencies)
            for guard in _guards(dependant)
        )
    )


def _guards(dependant: Dependant) -> list[Dependant]:
    return [inner for inner in dependant.dependencies if not is_context(inner.call)]


def _context_name(dependant: Dependant) -> str | None:
    """The name of the parameter that takes the context."""
    return next((inner.name for inner in dependant.dependencies if is_context(inner.call)), None)


def _parameters(dependant: Dependant) -> bool:
    return bool(
        dependant.query_params
        or dependant.header_params
        or dependant.cookie_params
        or dependant.body_params
        or dependant.request_param_name
        or dependant.response_param_name
        or dependant.background_tasks_param_name
        or dependant.security_scopes_param_name
    )
