"""The target of a fault: a request, its surface, and the application behind it."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from mock_server.http.context import RequestContext
from mock_server.http.surface import Surface
from mock_server.sandbox import Sandbox


@dataclass(frozen=True, kw_only=True)
class FaultTarget:
    """A request that a fault may be applied to."""

    context: RequestContext
    surface: Surface
    app: ASGIApp
    scope: Scope
    receive: Receive
    send: Send

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox that the request is for."""
        return self.context.sandbox
