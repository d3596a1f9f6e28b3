"""A third party's receiver for tests: it keeps what comes, and answers as it is told."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import Any

import httpx
from lxml import etree

from mock_server.actions.sandboxes.clock import advance_clock
from mock_server.espi import write_batch_list
from mock_server.sandbox import Sandbox
from mock_server.webhooks import CaughtUp, catch_up
from mock_server.webhooks.signing import SALT_HEADER, SIGNATURE_HEADER, signature

Answer = int | Exception
HOOK = "https://third-party.example.com/hook"


@dataclass
class Receiver:
    """Takes requests; `answers` are statuses, or exceptions in place of an answer, one after the other."""

    answers: Iterator[Answer] = field(default_factory=lambda: repeat(200))
    requests: list[httpx.Request] = field(default_factory=list)
    accepted: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        self.requests.append(request)
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        if answer == 200:
            self.accepted.append(request)
        return httpx.Response(answer)

    def client(self) -> httpx.Client:
        """A client whose every request comes here."""
        return httpx.Client(transport=httpx.MockTransport(self))

    def in_front_of(self, sandbox: Sandbox) -> Sandbox:
        """The sandbox, sending to this receiver."""
        return replace(sandbox, open_http=self.client)

    def events(self, secret: str) -> list[dict[str, Any]]:
        """What was accepted, its signatures checked."""
        found: list[dict[str, Any]] = []
        for request in self.accepted:
            expected = signature(secret, request.headers[SALT_HEADER], request.content)
            assert request.headers[SIGNATURE_HEADER] == expected
            result = json.loads(request.content)
            assert set(result) == {"events", "next"}
            found += result["events"]
        return found

    def resources(self) -> list[list[str]]:
        """The addresses of each notification that was accepted."""
        return [[str(one.text) for one in etree.fromstring(request.content)] for request in self.accepted]


def pass_time(sandbox: Sandbox, by: Any, **how: Any) -> CaughtUp:  # a timedelta, and catch_up's own wishes
    """Move the clock and let happen what is due."""
    sandbox.write_alone(advance_clock, by)
    return catch_up(sandbox, write_batch_list=write_batch_list, **how)
