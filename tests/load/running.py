"""The command as a process that can be killed, and a third party's receiver that notes what it is sent."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_TIMEOUT = 100


class Running:
    """`mock-server` on a database, approving what scopes ask for; killed or ended by whoever started it."""

    def __init__(self, url: str, *options: str, before: Callable[[], None] | None = None) -> None:
        result = ("--port", "0", "--database-url", url, "--auto-approve", "--log-level", "error", *options)
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed when the process is over
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mock_server", *result],
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            preexec_fn=before,  # a limit can be set in no other way
        )
        assert self._process.stdout is not None
        opened = self._process.stdout.readline()
        assert "is open: " in opened, opened
        self.url = opened.rpartition("is open: ")[2].strip().rstrip("/")

    def kill(self) -> None:
        """End it as a failing machine does: nothing is said, nothing is finished."""
        self._process.kill()
        self._over()

    def stop(self) -> None:
        """End it as one should: what is being answered is answered first."""
        self._process.terminate()
        self._over()

    def log(self) -> str:
        """What it wrote about errors until now."""
        self._log.seek(0)
        return self._log.read()

    def _over(self) -> None:
        assert self._process.stdout is not None
        self._process.wait(timeout=_TIMEOUT)
        self._process.stdout.close()
        self._log.close()


@contextmanager
def running(url: str, *options: str, before: Callable[[], None] | None = None) -> Iterator[Running]:
    """One that does not outlive the block, with more options; `before` is done in its process first."""
    made = Running(url, *options, before=before)
    try:
        yield made
    finally:
        made.kill()


class Receiver:
    """Answers 200 to everything, and has the events that came by uid."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.events: dict[str, dict] = {}


@contextmanager
def receiver() -> Iterator[Receiver]:
    """One that listens until the end of the block."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found.events.update({event["uid"]: event for event in body["events"]})
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    found = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
