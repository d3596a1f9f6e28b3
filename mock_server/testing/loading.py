"""Imports that `MockServer` delays until their first use: the review, and the server in this process."""

from functools import cache
from typing import TYPE_CHECKING

from mock_server.http.gc_tuning import without_collection
from mock_server.settings import Settings

if TYPE_CHECKING:
    from mock_server.run.serving import ThreadedServer
    from mock_server.testing.review import Review


@cache
def load_review() -> "type[Review]":
    """The class `Review`. The pytest plugin loads it while the name `mock_server` refers to this package."""
    from mock_server.testing.review import Review

    return Review


def start_threaded(settings: Settings, *, forgets: bool) -> "tuple[ThreadedServer, str]":
    """Start a server in a thread; returns it and its base URL. `forgets` gives it a temporary database."""
    with without_collection():
        from mock_server.run.serving import ThreadedServer

        server = ThreadedServer(settings, forgets=forgets)
        return server, server.start()
