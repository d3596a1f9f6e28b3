"""The utility DEMOUTILITY on your own machine: OAuth, Green Button and a JSON API over fake customers."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_server.testing.server import MockServer

__all__ = ["MockServer"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # a class or nothing
    """Import `MockServer` when it is first used: most of what imports this package needs only a part of it."""
    if name == "MockServer":
        return import_module("mock_server.testing.server").MockServer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
