"""Exports a recorded flow as a pytest test: the client's requests as recorded, the customer played by the fixture.

Secrets were masked, so the test gets its own: codes from `mock_server.authorize`, tokens from the answers
before, client secrets from `mock_server.clients()`. What a browser did on the customer's pages is left out.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from mock_server.journal.exchange import Exchange

_BACK_CHANNEL = re.compile(r"(/.*)?/oauth/(token|revoke|introspect)|/DataCustodian/espi/.*|/api/.*")
_MASK = re.compile(r"\*\*\*[0-9a-f]{8}")
_OWNED_BY_UID = re.compile(r"/(?:Subscription|RetailCustomer|Authorization|authorizations)/(\d+)")
_SENT = ("accept", "authorization", "content-type", "if-none-match", "if-modified-since", "range")
_ISSUED = ("access_token", "refresh_token")
_DEFAULT_SCOPE = "FB=4_16_51;AdditionalScope=auth-test-test_residential"
_VERIFIER = "v" * 43
_PAUSE = timedelta(minutes=1)
_START = '''"""What a client did, recorded by mock-server and repeated."""

import httpx


def test_recorded_flow(mock_server):
    clients = {client.id: client for client in mock_server.clients()}
    http = httpx.Client(base_url=mock_server.url)
'''


@dataclass
class _Test:
    """The test so far: its lines, and the expression behind each mask and each uid."""

    known: dict[str, str]
    uids: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    at: datetime | None = None

    def text(self, recorded: str) -> str:
        """Python that makes the text anew: a literal, or an f-string around what is known."""
        masks = [(*found.span(), self.known.get(found.group())) for found in _MASK.finditer(recorded)]
        owners = [(*found.span(1), self.uids.get(found[1])) for found in _OWNED_BY_UID.finditer(recorded)]
        parts, seen = "", 0
        for start, end, name in sorted(masks + owners):
            if name is not None:
                parts += _literal(recorded[seen:start]) + "{" + name + "}"
                seen = end
        return f'f"{parts}{_literal(recorded[seen:])}"' if parts else _quoted(recorded)


def replay_test(exchanges: Iterable[Exchange], *, secrets: Mapping[str, str]) -> str:
    """The source of the test; `secrets` maps the masks of clients' secrets to expressions for them."""
    test = _Test(known=dict(secrets))
    for number, exchange in enumerate(exchanges, start=1):
        if _BACK_CHANNEL.fullmatch(exchange.path):
            _repeat(test, number, exchange)
    body = test.lines or ["pass  # nothing of the back channel was recorded"]
    return _START + "".join(f"    {line}\n" if line else "\n" for line in body)


def _repeat(test: _Test, number: int, exchange: Exchange) -> None:
    test.lines += ["", f"# {exchange.method} {exchange.path} at {exchange.at:%Y-%m-%d %H:%M:%S} UTC"]
    _pass_time(test, exchange.at)
    form = _form(exchange)
    if form.get("grant_type") == "authorization_code" and form.get("code", "") not in test.known:
        _authorize(test, number, exchange, form)
    _bring_token(test, number, exchange)
    path = "/" + re.sub(r"^~[^/]+/", "", exchange.url.split("/", 3)[3])
    arguments = [f'"{exchange.method}"', test.text(path), *_credentials(test, exchange)]
    if exchange.request.body:
        arguments.append(f"content={test.text(exchange.request.body)}")
    test.lines.append(f"answer_{number} = http.request({', '.join(arguments)})")
    if exchange.status is not None:
        test.lines.append(f"assert answer_{number}.status_code == {exchange.status}")
    _learn(test, number, exchange)


def _pass_time(test: _Test, at: datetime) -> None:
    """Let the clock of the test go as it went."""
    if test.at is not None and at - test.at >= _PAUSE:
        seconds = round((at - test.at).total_seconds())
        test.lines.append(f'mock_server.control("POST", "clock/advance", {{"by": "PT{seconds}S"}})')
    test.at = at


def _authorize(test: _Test, number: int, exchange: Exchange, form: Mapping[str, str]) -> None:
    """The customer's part, where the code was issued on a page or by the control API."""
    if exchange.status != 200:
        return  # the code was of no use then; the mask that stands for it is of no use now
    scope = str(_answered(exchange).get("scope") or _DEFAULT_SCOPE)
    wish = {"scope": scope, "client_id": exchange.client_id, "redirect_uri": form.get("redirect_uri")}
    if "auth-" not in scope:
        wish["customer"] = "test_residential"
    if "code_verifier" in form:
        wish |= {"code_challenge": _VERIFIER, "code_challenge_method": "plain"}
        test.known[form["code_verifier"]] = f"verifier_{number}"
        test.lines.append(f"verifier_{number} = {_quoted(_VERIFIER)}")
    arguments = ", ".join(f"{name}={_quoted(value)}" for name, value in wish.items() if value)
    test.lines.append(f"code_{number} = mock_server.authorize({arguments})")
    test.known[form["code"]] = f"code_{number}"


def _bring_token(test: _Test, number: int, exchange: Exchange) -> None:
    """A token that came from the control API, where it opened something."""
    scheme, _, mask = (exchange.request.header("authorization") or "").partition(" ")
    if scheme != "Bearer" or mask in test.known or exchange.status is None or exchange.status >= 400:
        return
    owner = f", client_id={_quoted(exchange.client_id)}" if exchange.client_id else ""
    test.lines.append(f"tokens_{number} = mock_server.tokens(scope={_quoted(_DEFAULT_SCOPE)}{owner})")
    test.lines.append(f'access_token_{number} = tokens_{number}["access_token"]')
    test.known[mask] = f"access_token_{number}"
    found = _OWNED_BY_UID.search(exchange.path)
    if found:
        test.lines.append(f'uid_{number} = tokens_{number}["authorizationURI"].rpartition("/")[2]')
        test.uids[found[1]] = f"uid_{number}"


def _credentials(test: _Test, exchange: Exchange) -> list[str]:
    """The arguments for the headers; Basic is an argument of its own."""
    sent = {name: value for name, value in exchange.request.headers if name in _SENT}
    arguments = []
    user, colon, mask = sent.get("authorization", "").partition(" ")[2].partition(":")
    if colon:
        del sent["authorization"]
        arguments.append(f"auth=({_quoted(user)}, {test.text(mask)})")
    if sent:
        headers = ", ".join(f"{_quoted(name)}: {test.text(value)}" for name, value in sent.items())
        arguments.append(f"headers={{{headers}}}")
    return arguments


def _learn(test: _Test, number: int, exchange: Exchange) -> None:
    """Keep what the answer gave, for the requests after it."""
    answer = _answered(exchange)
    for name in _ISSUED:
        mask = answer.get(name)
        if isinstance(mask, str) and mask not in test.known:
            test.lines.append(f'{name}_{number} = answer_{number}.json()["{name}"]')
            test.known[mask] = f"{name}_{number}"
    found = _OWNED_BY_UID.search(str(answer.get("authorizationURI", "")))
    if found and found[1] not in test.uids:
        test.lines.append(f'uid_{number} = answer_{number}.json()["authorizationURI"].rpartition("/")[2]')
        test.uids[found[1]] = f"uid_{number}"


def _answered(exchange: Exchange) -> dict[str, Any]:  # whatever JSON the answer was
    if "json" not in (exchange.response.header("content-type") or "") or exchange.response.is_cut:
        return {}
    try:
        body = json.loads(exchange.response.body or "{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _form(exchange: Exchange) -> dict[str, str]:
    """The parameters of a token request, from body and query."""
    parameters = parse_qs(f"{exchange.query}&{exchange.request.body or ''}")
    return {name: values[0] for name, values in parameters.items()}


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _literal(text: str) -> str:
    return _quoted(text)[1:-1].replace("{", "{{").replace("}", "}}")
