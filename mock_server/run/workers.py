"""Several worker processes on one socket; they share everything by the database.

Where one dies another begins; all end together, and what is being answered then is answered first. Each is a copy of
the process that loaded the program, where the system has that, so that a worker starts at once and shares its memory.
"""

import logging
import logging.config
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from tempfile import TemporaryDirectory

from uvicorn import Server

from mock_server.app import SURFACES, open_sandbox
from mock_server.http.gc_tuning import freeze_loaded_objects
from mock_server.http.metrics import MULTIPROCESS
from mock_server.http.middleware.dispatch import routes_within
from mock_server.run.logs import log_config
from mock_server.run.serving import application, config_for
from mock_server.settings import Settings

_ENDINGS = (signal.SIGINT, signal.SIGTERM)
_PASS_SECONDS = 1.0
_TIMEOUT = 15.0  # longer than a server takes to answer what it has begun
_COPIES = sys.platform == "linux"  # elsewhere a copied process breaks in the system's own libraries
log = logging.getLogger("mock_server")


def prepare(settings: Settings) -> None:
    """Make the database ready, once and before all workers. Raises FixtureMistake, StoreMistake.

    Where workers are copies, they are copies of a process that has loaded every surface: they share that memory.
    """
    open_sandbox(settings).store.close()
    if _COPIES:
        routes_within(SURFACES)


def serve(settings: Settings, listener: socket.socket) -> None:
    """Serve with `settings.workers` processes until this process gets a signal to stop."""
    logging.config.dictConfig(log_config(settings))
    with TemporaryDirectory(prefix="mock-server-metrics-") as folder, _stop_requested() as ending:
        os.environ[MULTIPROCESS] = folder
        workers = [_start(settings, listener) for _ in range(settings.workers)]
        log.info("%d workers", len(workers))
        while ending not in wait([ending, *(worker.sentinel for worker in workers)]):
            workers = [_alive(worker, settings, listener, ending) for worker in workers]
        _end(workers)


@contextmanager
def _stop_requested() -> Iterator[socket.socket]:
    """A socket that becomes readable when this process gets a signal to stop."""
    readable, writable = socket.socketpair()
    writable.setblocking(False)
    before = {one: signal.signal(one, lambda *_: None) for one in _ENDINGS}
    signal.set_wakeup_fd(writable.fileno())
    try:
        yield readable
    finally:
        signal.set_wakeup_fd(-1)
        for one, handler in before.items():
            signal.signal(one, handler)
        readable.close()
        writable.close()


def _start(settings: Settings, listener: socket.socket) -> BaseProcess:
    process = get_context("fork").Process if _COPIES else get_context("spawn").Process
    worker = process(target=_work, args=(settings, listener, os.getpid()))
    worker.start()
    return worker


def _alive(
    worker: BaseProcess, settings: Settings, listener: socket.socket, ending: socket.socket
) -> BaseProcess:
    """The worker, or another one in its place; not at once, since what ended it may last."""
    if worker.is_alive():
        return worker
    log.error("A worker exited with %s; starting another one.", worker.exitcode)
    worker.join()
    wait([ending], timeout=_PASS_SECONDS)
    return _start(settings, listener)


def _end(workers: list[BaseProcess]) -> None:
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(_TIMEOUT)
        if worker.is_alive():
            worker.kill()
            worker.join()


def _work(settings: Settings, listener: socket.socket, parent: int) -> None:
    """What one worker does."""
    signal.set_wakeup_fd(-1)
    for one in _ENDINGS:
        signal.signal(one, signal.SIG_DFL)
    threading.Thread(target=_end_after, args=(parent,), daemon=True).start()
    server = Server(config_for(settings, application(settings)))
    freeze_loaded_objects()
    server.run(sockets=[listener])


def _end_after(parent: int) -> None:
    """End this worker when its parent is gone; otherwise it would serve for ever."""
    never = threading.Event()
    while os.getppid() == parent:
        never.wait(_PASS_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
