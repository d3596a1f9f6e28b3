"""Several worker processes on one socket. They share state through the database.

A worker that crashes is restarted. All workers stop together, after the requests in progress. On Linux each worker is
a fork of the process that loaded the program, so it starts at once and shares memory.
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

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_PASS_SECONDS = 1.0
_TIMEOUT = 15.0  # longer than a server takes to finish the requests in progress
_CAN_FORK = sys.platform == "linux"  # elsewhere the system's libraries do not survive a fork
log = logging.getLogger("mock_server")


def prepare(settings: Settings) -> None:
    """Prepare the database once, before the workers start. Raises FixtureMistake, StoreMistake.

    Before a fork it also loads every surface, so that the workers share that memory.
    """
    open_sandbox(settings).store.close()
    if _CAN_FORK:
        routes_within(SURFACES)


def serve(settings: Settings, listener: socket.socket) -> None:
    """Serve with `settings.workers` processes until this process gets a signal to stop."""
    logging.config.dictConfig(log_config(settings))
    with TemporaryDirectory(prefix="mock-server-metrics-") as folder, _stop_requested() as ending:
        os.environ[MULTIPROCESS] = folder
        workers = [_start(settings, listener) for _ in range(settings.workers)]
        log.info("%d workers", len(workers))
        while ending not in wait([ending, *(worker.sentinel for worker in workers)]):
            workers = [_live_worker(worker, settings, listener, ending) for worker in workers]
        _end(workers)


@contextmanager
def _stop_requested() -> Iterator[socket.socket]:
    """A socket that becomes readable when this process gets a signal to stop."""
    readable, writable = socket.socketpair()
    writable.setblocking(False)
    before = {number: signal.signal(number, lambda *_: None) for number in _STOP_SIGNALS}
    signal.set_wakeup_fd(writable.fileno())
    try:
        yield readable
    finally:
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
        readable.close()
        writable.close()


def _start(settings: Settings, listener: socket.socket) -> BaseProcess:
    process = get_context("fork").Process if _CAN_FORK else get_context("spawn").Process
    worker = process(target=_work, args=(settings, listener, os.getpid()))
    worker.start()
    return worker


def _live_worker(
    worker: BaseProcess, settings: Settings, listener: socket.socket, ending: socket.socket
) -> BaseProcess:
    """The worker, or a new one if it ended. Waits before the restart, because the cause may persist."""
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
    """Run one worker."""
    signal.set_wakeup_fd(-1)
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    threading.Thread(target=_end_after, args=(parent,), daemon=True).start()
    server = Server(config_for(settings, application(settings)))
    freeze_loaded_objects()
    server.run(sockets=[listener])


def _end_after(parent: int) -> None:
    """Stop this worker when its parent is gone; otherwise it would serve for ever."""
    never = threading.Event()
    while os.getppid() == parent:
        never.wait(_PASS_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
