"""For every operation that writes an example that does: what a fuzzer finds, and what has to be written down."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.fuzzing.addresses import Operation
from tests.fuzzing.calls import JSON, URLENCODED, Call, Pairs
from tests.fuzzing.reached import NEVER_OPENED, WAITS, Site
from tests.fuzzing.world import AUTHORIZE, NOBODY_LISTENS, World
from tests.journeys.forms import forms_of
from tests.oauth.test_rfc7592 import DECIDED_BY_US

BODIES: Mapping[str, Any] = {
    "PATCH /api/v2/authorizations/{uid}": {"nickname": "Home"},
    "PATCH /api/v2/meters/{uid}": {"is_archived": True},
    "PATCH /api/v2/events/{uid}": {"is_delivered": True},
    "POST /_mock/authorizations": {"scope": "FB=4;AdditionalScope=auth-test-test_residential"},
    "POST /_mock/authorizations/{uid}/shorten": {"expires": "{in an hour}"},
    "POST /_mock/auto-approve": {"enabled": True},
    "POST /_mock/clients/{client_id}/mode": {"mode": "live"},
    "POST /_mock/clock/advance": {"by": "PT1M"},
    "POST /_mock/events": {"type": "ping"},
    "POST /_mock/faults": {"match": {"path": "/never"}, "effect": {"status": 503}},
    "POST /_mock/payments": {"owes": True},
    "POST /_mock/webhooks": {"url": NOBODY_LISTENS},
    "POST /api/v2/forms/{uid}/test-submit": {"utility": "DEMOUTILITY", "scenario": "residential"},
    "POST /api/v2/meters/historical-collection": {"meters": ["{meter}"]},
    "POST /api/v2/meters/ongoing-monitoring": {"meters": ["{meter}"], "frequency": "daily"},
}
"""What to send where an empty object writes nothing."""

FORMS: Mapping[str, Mapping[str, str]] = {
    "revoke": {"token": "{token}"},
    "introspect": {"token": "{token}"},
    "token": {"grant_type": "client_credentials"},
    "par": {"response_type": "code", "redirect_uri": "http://127.0.0.1:5000/callback", "scope": "FB=4"},
}
"""The same for endpoints of OAuth, by the end of their address."""

_TYPED = {
    "username": "test_residential",
    "password": "test_residential",
    "url": NOBODY_LISTENS,
    "account": "111111111-1",
    "phone": "+11111111111",
    "decision": "approve",
}
"""What a person types, where a form asks for it."""

REGISTRATION = {
    "client_name": "Table",
    "client_uri": "https://third-party.example",
    "redirect_uris": ["https://third-party.example/cb"],
}
WRITES_NOTHING: Mapping[str, str] = {
    "introspect": "reads",
    "/sso/log-out": "asks first",
    "/sso/userinfo": "reads",
    "/_mock/exchanges": "the journal is of no incarnation",
    "/_mock/console/exchanges/clear": "the journal is of no incarnation",
    "/_mock/console/key": "a cookie alone",
    "/_mock/console/key/forget": "a cookie alone",
    "/_mock/sandboxes": "writes to the new sandbox",
    "/_mock/sandboxes/{name}": "ends another sandbox",
}
"""Addresses, or their ends, that change no row of the sandbox that they are called in."""

Example = tuple[Mapping[str, str], Pairs, Any, str | None]
"""Path parameters, query, body and its type."""


def examples(world: World, site: Site, http: httpx.Client) -> Iterator[Example]:
    """First what is written down here, then what a page's form or the explorer brings."""
    operation, values = site.operation, site.values
    end = operation.path.rpartition("/")[2]
    if (body := BODIES.get(operation.label)) is not None:
        for known in (values, *_known_values(world, operation)):
            yield known, (), _filled(world, body), JSON
    elif operation.method in ("POST", "PUT") and "/espi/1_1/" in operation.path:
        yield from _espi_examples(world, site, http)
    elif operation.surface == "oauth" and end in FORMS:
        yield values, (), list(_filled(world, FORMS[end]).items()), URLENCODED
    elif operation.path.endswith("/oauth/authorize"):
        yield {"utility": "DEMOUTILITY"}, [*AUTHORIZE.items(), ("scope", "FB=4")], None, None
    elif operation.label == "PUT /_mock/state":
        yield values, (), world.server.export_state(), JSON
    elif operation.method in ("GET", "DELETE"):
        yield values, [*site.query, *WAITS.get(operation.path, ())], None, None
    else:
        is_form = operation.surface in ("oauth", "sso")
        yield values, site.query, () if is_form else {}, URLENCODED if is_form else JSON
    for found, query, fields in site.forms:
        yield found, query, _typed(fields), URLENCODED
        yield found, query, fields, URLENCODED
    if operation.method == "POST" and operation.surface in ("pages", "sso", "portal"):
        yield from _page_examples(world, site)


def _known_values(world: World, operation: Operation) -> Iterator[Mapping[str, str]]:
    names = ["meter" if "/meters/" in operation.path else name for name in operation.parameters]
    known = [world.values.get(name, [])[:12] for name in names]
    return (dict(zip(operation.parameters, chosen, strict=True)) for chosen in product(*known))


def _page_examples(world: World, site: Site) -> Iterator[Example]:
    """The forms that lead there, on the page of the same address."""
    for values in _known_values(world, site.operation):
        world.restore()
        call = Call(method="GET", path=site.operation.path, values=values, headers=headers_for(world, site))
        for form in forms_of(call.send(world.http).text):
            if (found := site.operation.values_in(urlsplit(form.action).path)) is not None:
                fields = _typed([*form.fields, *form.buttons[:1]])
                yield found, parse_qsl(urlsplit(form.action).query), fields, URLENCODED


def _typed(fields: Pairs) -> Pairs:
    """The fields as a person fills them in."""
    return [(name, _TYPED.get(name, value)) for name, value in fields]


def _espi_examples(world: World, site: Site, http: httpx.Client) -> Iterator[Example]:
    """A registration; a resource as it was read, with a change."""
    operation, values = site.operation, dict(site.values)
    if operation.path.endswith("/register"):
        yield values, (), REGISTRATION, JSON
        return
    known = Call(method="GET", path=operation.path, values=values, headers=headers_for(world, site)).send(
        http
    )
    if "/register/" in operation.path:
        said = {name: value for name, value in known.json().items() if name not in DECIDED_BY_US}
        yield values, (), {**said, "client_name": "Table", "client_uri": "https://third-party.example"}, JSON
    else:
        changed = known.text.replace("<client_name>", "<client_name>X")
        yield values, (), changed.encode(), "application/atom+xml"


def _filled(world: World, body: Any) -> Any:
    """The body with real values in place of names in braces."""
    if isinstance(body, Mapping):
        return {name: _filled(world, value) for name, value in body.items()}
    if isinstance(body, list):
        return [_filled(world, value) for value in body]
    if body == "{in an hour}":
        return str(world.server.control("GET", "clock")["now"])[:11] + "23:59:59Z"
    if isinstance(body, str) and body.startswith("{"):
        return world.values[body.strip("{}")][0]
    return body


def headers_for(world: World, site: Site) -> list[tuple[str, bytes]]:
    """Those of the caller whom the operation lets in."""
    return [(name, value.encode()) for name, value in world.callers[site.caller].items()]


def may_write(operation: Operation) -> bool:
    """Whether its method says so, and nothing here says otherwise."""
    is_closed = operation.handler in NEVER_OPENED or operation.path.endswith(tuple(WRITES_NOTHING))
    return operation.method in ("POST", "PUT", "PATCH", "DELETE") and not is_closed
