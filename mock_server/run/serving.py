"""Serves the application on a socket: in this thread, or in a thread of its own."""

import socket
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from mock_server.app import create_app
from mock_server.http.faults import WithConnection
from mock_server.run.logs import log_config
from mock_server.run.tracing import traced
from mock_server.settings import Settings
from mock_server.testing.control_client import ServerDidNotStart

_START_TIMEOUT = 30.0


def listen(settings: Settings) -> socket.socket:
    """A bound socket; port 0 becomes a free one. Raises OSError if the address cannot be bound."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family)


class _Announcing(uvicorn.Server):
    """Sets an event when it listens, so that callers need not poll."""

    def __init__(self, config: uvicorn.Config, ready: threading.Event | None) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        if self._ready is not None:
            self._ready.set()


def server_for(settings: Settings, *, ready: threading.Event | None = None) -> uvicorn.Server:
    """A server of the application; `ready` is set once it listens."""
    return _Announcing(config_for(settings, application(settings)), ready)


def application(settings: Settings) -> ASGIApp:
    """The application, wrapped in the middleware that needs a real connection."""
    return WithConnection(traced(create_app(settings)))


def config_for(settings: Settings, app: ASGIApp) -> uvicorn.Config:
    """The configuration of uvicorn."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=log_config(settings),
        log_level=settings.log_level,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        ws="none",
    )


class ThreadedServer:
    """A server that runs on a thread of this process from `start` to `stop`.

    With `forgets` it uses a temporary database instead of the settings', and deletes it at the end.
    """

    def __init__(self, settings: Settings, *, forgets: bool = False) -> None:
        self._settings = settings
        self._forgets = forgets
        self._folder: TemporaryDirectory[str] | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> str:
        """Start serving; returns the URL. Raises ServerDidNotStart."""
        listener = listen(self._settings)
        port = listener.getsockname()[1]
        settings = self._settings.model_copy(update={"port": port})
        if self._forgets:
            self._folder = TemporaryDirectory(prefix="mock-server-", ignore_cleanup_errors=True)
            own = f"sqlite:///{Path(self._folder.name)}/sandbox.db"
            settings = settings.model_copy(update={"database_url": own})
        ready = threading.Event()
        try:
            self._server = server_for(settings, ready=ready)
        except BaseException:
            listener.close()
            self._forget()
            raise
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listener]}, name="mock-server", daemon=True
        )
        self._thread.start()
        if not ready.wait(_START_TIMEOUT):
            raise ServerDidNotStart("The mock server did not start. See its log.")
        return settings.public_url or f"http://{settings.host}:{port}"

    def stop(self) -> None:
        """Stop the server and wait until it has stopped."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
        self._forget()

    def _forget(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
