"""Finds for every operation a caller and ids that open it, by following what the server itself links to."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.fuzzing.addresses import Operation, answering
from tests.fuzzing.calls import JSON, URLENCODED, Call, Pairs
from tests.fuzzing.shapes import check_answer
from tests.fuzzing.world import World, links_in
from tests.journeys.forms import Form, forms_of

CLOSED = (401, 403, 404)
NEVER_OPENED = {
    "mock_server.espi.routes.forbidden_routes.refuse": "for the utility's own staff: 403 to every token there is",
    "mock_server.espi.routes.forbidden_routes.read_subscription": "ESPI has no such resource: 404 to everybody",
    "mock_server.oauth.discovery.refuse_other_issuer": "there is one issuer: 404 for every other",
}
"""Handlers that answer 401, 403 or 404 alone, and why they do."""
WAITS: Mapping[str, Pairs] = {"/_mock/exchanges/wait": [("timeout", "0.01")]}
"""What keeps those short that are there to wait."""

_MOST_CALLS = 60  # for an operation that nothing opens
_MORE_CALLS = 5  # once it was opened, for an answer that is no refusal at all
_FIRST_CALLERS = {
    "oauth": ("basic", "registration access token", "registration token"),
    "espi": ("access token", "client token", "API token", "registration token"),
    "api": ("API token", "access token"),
    "sso": ("browser", "sign-on token", "relying party"),
    "control": ("nobody",),
}


@dataclass(repr=False)
class Site:
    """What is known about an operation: the status it was reached with, as whom, and with which values."""

    operation: Operation
    status: int = 0
    caller: str = "nobody"
    values: Mapping[str, str] = field(default_factory=dict)
    query: Pairs = ()
    forms: list[tuple[Mapping[str, str], Pairs, Pairs]] = field(default_factory=list)
    """Path parameters, query and fields of each form that leads here."""
    document: Any = None  # what schemathesis read of it, if it is in a document

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Short, as a world's."""
        printer.text(self.operation.label)

    @property
    def query_names(self) -> list[str]:
        """What the document says that the query may hold."""
        return [one.name for one in self.document.query] if self.document is not None else []

    @property
    def is_reached(self) -> bool:
        """Whether it was answered from the inside."""
        return self.status not in (0, *CLOSED)


class Explorer:
    """Calls operations until each was answered, and remembers the links and forms of all answers."""

    def __init__(self, world: World, operations: Sequence[Operation], documented: Mapping[str, Any]) -> None:
        self._world = world
        self._operations = operations
        self._paths: dict[str, list[tuple[Mapping[str, str], Pairs]]] = defaultdict(list)
        self._links: set[str] = set()
        self._ids: dict[str, list[str]] = {}
        self._csrf: dict[str, str] = {}
        self._is_changed = True
        self.sites = {one.label: Site(one, document=documented.get(one.label)) for one in operations}
        for request in reversed(world.requests):  # codes of former ones are used up
            self._remember_request(request)

    def explore(self) -> dict[str, Site]:
        """The sites of all operations; reading comes before writing, as often as it finds something new."""
        before = -1
        while before < (now := sum(site.is_reached for site in self.sites.values())):
            before = now
            for site in self.sites.values():
                if site.operation.handler in NEVER_OPENED:
                    continue
                if site.operation.method == "GET" and not site.is_reached:
                    self._reach(site)
        for site in self.sites.values():
            if site.operation.method != "GET" and site.operation.handler not in NEVER_OPENED:
                self._reach(site)
        return self.sites

    def _reach(self, site: Site) -> None:
        for count, (caller, values, query, fields) in enumerate(self._tries(site)):
            answer = self._call(site.operation, caller, values, query, fields)
            is_better = not site.is_reached or (answer.status_code < 400 <= site.status)
            if answer.status_code not in CLOSED and is_better:
                site.status, site.caller, site.values, site.query = answer.status_code, caller, values, query
            if site.status in range(200, 400) or (site.is_reached and count > _MORE_CALLS):
                return

    def _call(
        self, operation: Operation, caller: str, values: Mapping[str, str], query: Pairs, fields: Pairs | None
    ) -> httpx.Response:
        if self._is_changed:
            self._world.restore()
        self._is_changed = operation.method != "GET" or operation.surface in ("pages", "sso", "portal")
        self._world.remake(operation.path)
        call = Call(
            method=operation.method,
            path=operation.path,
            values=self._world.actual(values),
            query=[*query, *WAITS.get(operation.path, ())],
            headers=[(name, value.encode()) for name, value in self._world.callers[caller].items()],
        )
        if operation.method not in ("GET", "DELETE"):
            is_form = fields is not None or operation.surface in ("oauth", "sso")
            call.body, call.kind = (fields or (), URLENCODED) if is_form else ({}, JSON)
        answer = call.send(self._world.http)
        check_answer(answer, call.decoded_path)
        self._remember(answer, operation)
        return answer

    def _tries(self, site: Site) -> Iterator[tuple[str, Mapping[str, str], Pairs, Pairs | None]]:
        found: list[tuple[Mapping[str, str], Pairs, Pairs | None]] = [*site.forms]
        found += [(values, query, None) for values, query in self._paths[site.operation.path][:8]]
        found += self._like_others(site.operation)
        found += self._requested(site.operation)
        found += [(values, (), None) for values in self._listed(site.operation)]
        found += [(values, (), None) for values in self._of_others(site.operation)]
        found += [(values, (), None) for values in self._combinations(site.operation)]
        first = _FIRST_CALLERS.get(site.operation.surface, ("browser", "nobody"))
        callers = [*first, *(one for one in self._world.callers if one not in first)]
        tries = ((caller, *one) for one in found for caller in callers[: len(first)])
        others = ((caller, *one) for one in found for caller in callers[len(first) :])
        return islice((one for part in (tries, others) for one in part), _MOST_CALLS)

    def _like_others(self, operation: Operation) -> Iterator[tuple[Mapping[str, str], Pairs, Pairs | None]]:
        """What another address of the same handler was called with, and a form with nothing in it but its token."""
        own = next(self._combinations(operation), {})
        for other in self._operations:
            if other.handler == operation.handler or (
                other.path == operation.path and operation.method == "POST"
            ):
                for _, query in self._paths[other.path][:2]:
                    yield (own, query, None) if operation.method == "GET" else (own, (), query)
        if operation.method == "POST" and operation.surface in self._csrf:
            yield own, (), [("csrf", self._csrf[operation.surface])]

    def _requested(self, operation: Operation) -> Iterator[tuple[Mapping[str, str], Pairs, Pairs | None]]:
        """A query of the document's, with a real value."""
        own = next(self._combinations(operation), {})
        for name in self.sites[operation.label].query_names:
            for value in self._world.values.get(name, ())[:1]:
                yield own, [(name, value)], None

    def _listed(self, operation: Operation) -> Iterator[Mapping[str, str]]:
        """What the collection above lists."""
        above, _, last = operation.path.partition("/{")
        if last.count("{") == 0 and operation.parameters:
            for value in self._ids.get(above, ())[:5]:
                yield {operation.parameters[0]: value}

    def _of_others(self, operation: Operation) -> Iterator[Mapping[str, str]]:
        """Values that belong together in the path of another operation."""
        names = operation.parameters
        if len(names) > 1:
            for known in list(self._paths.values()):
                for values, _ in known[:2]:
                    if {*names} <= {*values}:
                        yield {name: values[name] for name in names}

    def _combinations(self, operation: Operation) -> Iterator[Mapping[str, str]]:
        names = operation.parameters
        known = [self._world.values.get(name, ["1"]) for name in names]
        return (dict(zip(names, chosen, strict=True)) for chosen in islice(product(*known), 30))

    def _remember(self, answer: httpx.Response, operation: Operation) -> None:
        kind = answer.headers.get("content-type", "")
        if answer.status_code >= 400 or not kind.startswith(("text/html", "application/")) or "pdf" in kind:
            return
        text = answer.text + answer.headers.get("location", "")
        listed = re.findall(r'"(u?id)": ?"([^"]{1,70})"', text)[:20]
        self._ids[operation.path] = [value for _, value in listed]
        for name, value in listed[:3]:
            self._know(name, value)
        for link in links_in(text, self._world.server.url):
            self._remember_path(link)
        if kind.startswith("text/html"):
            for form in forms_of(answer.text):
                self._remember_form(form, answer.text)

    def _remember_request(self, request: httpx.Request) -> None:
        """A call that was made by somebody who knew how."""
        self._remember_path(str(request.url))
        if request.headers.get("content-type") == URLENCODED:
            body = parse_qsl(request.read().decode(), keep_blank_values=True)
            self._remember_form(Form(str(request.url), request.method, body), "")

    def _remember_path(self, link: str) -> None:
        address = urlsplit(link)
        if (pattern := re.sub(r"[0-9a-f]{40,}|(?<=[?=/])[0-9-]{9,}", "", link)) in self._links:
            return
        self._links.add(pattern)
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            operation = answering(self._operations, method, link)
            if operation is None:
                continue
            values = operation.values_in(address.path) or {}
            known = self._paths[operation.path]
            entry = (values, parse_qsl(address.query, keep_blank_values=True))
            if entry not in known and len(known) < 200:
                known.append(entry)
            for name, value in values.items():
                self._know(name, value)

    def _remember_form(self, form: Form, html: str) -> None:
        operation = answering(self._operations, form.method.upper(), form.action)
        if operation is None:
            return
        address = urlsplit(form.action)
        values = operation.values_in(address.path) or {}
        query = parse_qsl(address.query, keep_blank_values=True)
        forms = self.sites[operation.label].forms
        names = [*form.fields, *form.buttons[:1]]
        if len(forms) < 12 and (values, query, names) not in forms:
            forms.append((values, query, names))
        for name, value in [*form.fields, *form.buttons, *_choices(html)]:
            if name == "csrf":
                self._csrf[operation.surface] = value
            else:
                self._know(name, value)

    def _know(self, name: str, value: str) -> None:
        if value not in (known := self._world.values[name]) and len(known) < 40:
            known.append(value)


def _choices(html: str) -> list[tuple[str, str]]:
    """What boxes, buttons and lists offer."""
    found = re.findall(r'<(?:input|button)[^>]*name="([^"]+)"[^>]*value="([^"]*)"', html)
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        found += [(name, value) for value in re.findall(r'<option[^>]*value="([^"]*)"', options)]
    return found
