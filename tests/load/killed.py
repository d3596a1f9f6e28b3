"""The story of a server that is killed in the middle of many flows: what it answered is true after it."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from mock_server import espi
from mock_server.actions.notifying.outbox import list_waiting
from mock_server.app import open_sandbox
from mock_server.settings import read_settings
from mock_server.webhooks import catch_up
from tests.load.running import Receiver, Running, receiver, running

_SCOPE = "FB=4_15_16;AdditionalScope=auth-test-test_residential"
_REDIRECT_URI = "http://localhost:9000/cb"
_AT_ONCE = 16


@dataclass
class Story:
    """What clients know: codes that came by redirect, and the token answers that came for some of them."""

    ends_after: int
    client: dict[str, Any]
    codes: set[str] = field(default_factory=set)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    enough: threading.Event = field(default_factory=threading.Event)

    def flow(self, http: httpx.Client) -> None:
        """One authorization, and its tokens; where the server is gone it ends in between."""
        requested = {"response_type": "code", "client_id": self.client["client_id"], "scope": _SCOPE}
        try:
            sent = http.get(
                "/DataCustodian/oauth/authorize", params={**requested, "redirect_uri": _REDIRECT_URI}
            )
            code = parse_qs(urlsplit(sent.headers["location"]).query)["code"][0]
            self.codes.add(code)
            answer = self.redeem(http, code)
        except httpx.TransportError:
            return
        assert answer.status_code == 200, answer.text
        self.answers[code] = answer.json()
        if len(self.answers) >= self.ends_after:
            self.enough.set()

    def redeem(self, http: httpx.Client, code: str) -> httpx.Response:
        """Ask for the tokens of a code."""
        return self._token(http, grant_type="authorization_code", code=code, redirect_uri=_REDIRECT_URI)

    def refresh(self, http: httpx.Client, token: str) -> httpx.Response:
        """Ask for another access token."""
        return self._token(http, grant_type="refresh_token", refresh_token=token)

    def _token(self, http: httpx.Client, **form: str) -> httpx.Response:
        basic = (self.client["client_id"], self.client["client_secret"])
        return http.post("/DataCustodian/oauth/token", data=form, auth=basic)


def report(url: str, *, flows: int) -> Story:
    """Kill the server when half of the flows were answered, start it anew, and check all that clients know."""
    with receiver() as hook:
        story = _until_killed(url, hook, flows)
        with running(url) as server:
            _is_as_reported(server, story)
        _is_all_delivered(url, story, hook)
    return story


def _is_as_reported(server: Running, story: Story) -> None:
    with _called(server) as http, ThreadPoolExecutor(_AT_ONCE) as threads:
        list(threads.map(lambda one: _still_works(http, story, one), story.answers.values()))
        list(threads.map(lambda code: _works_at_most_once(http, story, code), story.codes))
    server.stop()


def _until_killed(url: str, hook: Receiver, flows: int) -> Story:
    with running(url) as server, _called(server) as http, ThreadPoolExecutor(_AT_ONCE) as threads:
        http.post("/_mock/webhooks", json={"url": hook.url}).raise_for_status()
        story = Story(flows // 2, http.get("/_mock/clients").json()["clients"][0])
        begun = [threads.submit(story.flow, http) for _ in range(flows)]
        assert story.enough.wait(timeout=300)
        server.kill()
        for one in begun:
            one.result()
    assert flows // 2 <= len(story.answers) < flows, "it was not killed in their midst"
    return story


@contextmanager
def _called(server: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=100) as http:
        yield http


def _still_works(http: httpx.Client, story: Story, tokens: dict[str, Any]) -> None:
    path = urlsplit(tokens["resourceURI"]).path.replace("/Batch/", "/")
    read = http.get(f"{path}/UsagePoint", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert read.status_code == 200, read.text
    refreshed = story.refresh(http, tokens["refresh_token"])
    assert refreshed.status_code == 200, refreshed.text


def _works_at_most_once(http: httpx.Client, story: Story, code: str) -> None:
    """A code whose tokens came works no more; any other one may have worked, and works once at most."""
    tries = [story.redeem(http, code) for _ in range(2)]
    refusals = [one.json()["error"] for one in tries if one.status_code != 200]
    assert refusals == ["invalid_grant"] * len(refusals)
    assert len(refusals) >= (2 if code in story.answers else 1), [one.text for one in tries]


def _is_all_delivered(url: str, story: Story, hook: Receiver) -> None:
    """By a server that waits for what the killed one held, and takes it over."""
    sandbox = open_sandbox(read_settings({"database_url": url}, environment={}))
    catch_up(sandbox, write_batch_list=espi.write_batch_list, takes_over=True)
    now = sandbox.clock.now()
    assert [one for one in sandbox.read(list_waiting) if one.due is not None and one.due <= now] == []
    with sandbox.reading() as transaction:
        reported = {one.uid for one in transaction.events.list() if one.delivery_target is not None}
    assert reported == set(hook.events)
    created = {
        one["authorization_uid"] for one in hook.events.values() if one["type"] == "authorization_created"
    }
    assert {_uid(one) for one in story.answers.values()} <= created
    sandbox.store.close()


def _uid(tokens: dict[str, Any]) -> str:
    return str(urlsplit(tokens["authorizationURI"]).path.rpartition("/")[2])
