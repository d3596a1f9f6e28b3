"""Draws calls: what reached an operation, with some of it replaced by other real values or by odd ones."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, get_args

import httpx
import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode

import mock_server
from mock_server.domain.errors import BY_CODE
from mock_server.domain.records.faults import CallbackFault, WebhookFault, When
from tests.fuzzing import odd
from tests.fuzzing.calls import JSON, URLENCODED, Call, Pairs, pairs_of
from tests.fuzzing.reached import WAITS, Site
from tests.fuzzing.world import World

Draw = Callable[[st.SearchStrategy[Any]], Any]

_PACKAGE = Path(mock_server.__file__).parent
_READ = re.compile(r"""\.(?:one|all|raw)\(\s*"([\w-]+)\"""")
_NAMES = sorted({name for path in _PACKAGE.rglob("*.py") for name in _READ.findall(path.read_text("utf-8"))})
"""What handlers read from queries and forms by themselves, so that no document names it."""

_FAULT_HEADERS = (
    *("Content-Length", "Transfer-Encoding", "Content-Type", "Content-Encoding", "Location", "Set-Cookie"),
    *("Connection", "Date", "X-Request-Id", "X-Simulated-Fault", "WWW-Authenticate", "Retry-After"),
)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "PROPFIND")


def documented_in(url: str) -> dict[str, Any]:  # schemathesis' own operations
    """The operations of a document, by their labels."""
    document = schemathesis.openapi.from_url(url)
    return {(one := found.ok()).label: one for found in document.get_all_operations()}  # type: ignore[union-attr]


@st.composite
def calls(draw: Draw, world: World, site: Site) -> Call:
    """A call of the operation."""
    case = draw(_cases(site.document)) if site.document is not None else None
    dice = draw(odd.DICE)
    call = Call(
        method=site.operation.method if dice.randrange(20) else dice.choice(_METHODS),
        path=site.operation.path,
        values=_values(dice, world, site),
        headers=_headers(dice, world, site),
    )
    names = site.query_names if site.document is not None else _NAMES
    call.query = _query(dice, world, site, case, names)
    if call.method not in ("GET", "HEAD", "get") or not dice.randrange(20):
        call.kind, call.body = _body(dice, world, site, case)
    return call


def _cases(document: Any) -> st.SearchStrategy[Any]:
    cases = document.as_strategy()
    return cases | document.as_strategy(GenerationMode.NEGATIVE) if document.body else cases


def _real(dice: Random, world: World, name: str) -> str:
    known = world.values.get(name)
    return dice.choice(known) if known else odd.text(dice)


def _values(dice: Random, world: World, site: Site) -> dict[str, str]:
    """What reached it, mostly."""
    values = dict(
        dice.choice([site.values, *(form[0] for form in site.forms)]) if site.forms else site.values
    )
    for name in site.operation.parameters:
        if name not in values or not dice.randrange(5):
            values[name] = _real(dice, world, name) if dice.randrange(3) == 0 else odd.text(dice)
    return world.actual(values)


def _headers(dice: Random, world: World, site: Site) -> list[tuple[str, bytes]]:
    caller = site.caller if dice.randrange(8) else dice.choice(sorted(world.callers))
    own = [(name, value.encode()) for name, value in world.callers[caller].items()]
    more = [odd.header(dice) for _ in range(dice.randrange(3))] if not dice.randrange(2) else []
    return [*own, *more]


def _query(dice: Random, world: World, site: Site, case: Any, names: Sequence[str]) -> Pairs:
    pairs = pairs_of(case.query) if case is not None and case.query else list(site.query)
    if names and not dice.randrange(2):
        pairs += [(name, _real(dice, world, name)) for name in dice.choices(names, k=dice.randrange(4))]
    return [*_altered(dice, world, pairs), *WAITS.get(site.operation.path, ())]


def _body(dice: Random, world: World, site: Site, case: Any) -> tuple[str | None, Any]:
    """Content type and body: as documented, as a form of a page, or anything."""
    if not dice.randrange(10):
        return dice.choice(odd.KINDS), odd.body(dice)
    if case is not None and isinstance(case.media_type, str):
        kind, body = case.media_type, None if _is_unset(case.body) else case.body
        if kind == JSON:
            return kind, _altered_json(dice, world, body)
        if kind == URLENCODED or kind.startswith("multipart/"):
            kind = kind if kind == URLENCODED else "multipart/form-data; boundary=x"
            return kind, _altered(dice, world, pairs_of(body or {}))
        return kind, body if isinstance(body, bytes) else str(body)
    fields = list(dice.choice([form[2] for form in site.forms])) if site.forms else []
    if not dice.randrange(3) or not site.forms:
        fields += [(name, _real(dice, world, name)) for name in dice.choices(_NAMES, k=dice.randrange(5))]
    return URLENCODED, _altered(dice, world, fields)


def _is_unset(body: Any) -> bool:
    return type(body).__name__ == "NotSet"


def _altered(dice: Random, world: World, pairs: Pairs) -> list[tuple[str, Any]]:
    """Pairs of which some have another value, come twice, or are missing; the token of a form mostly stays."""
    altered: list[tuple[str, Any]] = []
    for name, value in pairs:
        if dice.randrange(30 if name == "csrf" else 3):
            altered.append((name, value))
            continue
        match dice.choice(("odd", "odd", "real", "twice", "gone")):
            case "odd":
                altered.append((name, odd.text(dice)))
            case "real":
                altered.append((name, _real(dice, world, name)))
            case "twice":
                altered += [(name, value), (name, odd.text(dice))]
    if not dice.randrange(12):
        altered.append((odd.text(dice), odd.text(dice)))
    return altered


def _altered_json(dice: Random, world: World, body: Any) -> Any:
    if not dice.randrange(12):
        return odd.json(dice)
    if not isinstance(body, Mapping):
        return body
    altered = {}
    for name, value in body.items():
        match dice.choice(("kept", "kept", "kept", "real", "odd", "inside", "gone")):
            case "kept":
                altered[name] = value
            case "real":
                real = _real(dice, world, name)
                altered[name] = [real] if isinstance(value, list) else real
            case "odd":
                altered[name] = odd.json(dice)
            case "inside":
                altered[name] = _altered_json(dice, world, value)
    return altered


def usual_call(world: World, site: Site) -> Call:
    """The call that reached an operation, without a body."""
    return Call(
        method=site.operation.method,
        path=site.operation.path,
        values=world.actual(site.values),
        query=[*site.query, *WAITS.get(site.operation.path, ())],
        headers=[(name, value.encode()) for name, value in world.callers[site.caller].items()],
    )


def reading_calls(world: World, sites: Mapping[str, Site]) -> st.SearchStrategy[list[Call]]:
    """Some calls that read, as they worked before."""
    reading = [one for one in sites.values() if one.operation.method == "GET" and 200 <= one.status < 300]
    return st.lists(
        st.sampled_from(reading).map(lambda site: usual_call(world, site)), min_size=2, max_size=2
    )


@st.composite
def changed(draw: Draw, answer: httpx.Response) -> Any:
    """What a GET answered, with something else in the place of a part of it."""
    dice = draw(odd.DICE)
    if "json" in answer.headers["content-type"]:
        return _with_odd_part(dice, answer.json())
    place = dice.randrange(len(answer.content))
    rest = answer.content[place + dice.randrange(80) :]
    return answer.content[:place] + draw(odd.SNIPPETS).encode("utf-8", "surrogatepass") + rest


def _with_odd_part(dice: Random, value: Any) -> Any:
    """The value, with something else somewhere in it."""
    if isinstance(value, Mapping) and value and dice.randrange(8):
        name = dice.choice(sorted(value))
        return {**value, name: _with_odd_part(dice, value[name])}
    if isinstance(value, list) and value and dice.randrange(4):
        place = dice.randrange(len(value))
        return [*value[:place], _with_odd_part(dice, value[place]), *value[place + 1 :]]
    return odd.json(dice)


def faults() -> st.SearchStrategy[dict[str, Any]]:
    """What to arm: any effect that takes no time, in answers or in what is sent."""
    durations = st.sampled_from(("P1D", "P3000D", "-P3000D", "PT1S", "-PT1H")) | odd.TEXTS
    parts = {
        "status": st.integers(200, 599) | odd.NUMBERS,
        "headers": st.dictionaries(st.sampled_from(_FAULT_HEADERS) | odd.TEXTS, odd.TEXTS, max_size=2),
        "body": odd.JSON,
        "error": st.sampled_from(sorted(BY_CODE)) | odd.TEXTS,
        "message": odd.TEXTS,
        "reset": st.just(True),
        "truncate": st.booleans() | st.integers(0, 500) | odd.NUMBERS,
        "drip": st.fixed_dictionaries(
            {"bytes": st.sampled_from((1000, 10**6, 2**70)), "every_ms": st.just(0)}
        ),
        "xml": st.sampled_from(("malformed", "invalid")),
        "entries": st.sampled_from(("duplicate", "reversed")),
        "token": st.sampled_from(("expired", "swapped", "no_refresh")),
        "stale": durations,
        "clock_skew": durations,
        "callback": st.sampled_from(get_args(CallbackFault)),
        "webhook": st.sampled_from(get_args(WebhookFault)),
    }
    names = st.lists(st.sampled_from(sorted(parts)), min_size=1, max_size=2, unique=True)
    effects = names.flatmap(lambda chosen: st.fixed_dictionaries({name: parts[name] for name in chosen}))
    whens = st.sampled_from(get_args(When))
    return st.fixed_dictionaries({"effect": effects}, optional={"when": whens, "times": st.integers(1, 3)})
