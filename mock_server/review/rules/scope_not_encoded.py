"""A scope in a URL that is not percent-encoded, or encoded twice."""

from collections.abc import Iterator

from mock_server.domain.records import Client
from mock_server.review.request_facts import RequestFacts
from mock_server.review.rule import Rule, each_request

_BARE = ("=", ";", " ")


def _judge(_client: Client, facts: RequestFacts) -> str | None:
    if facts.kind not in ("authorize", "token"):
        return None
    return next(_problems(facts.raw("scope") or ""), None)


def _problems(raw: str) -> Iterator[str]:
    if "%253D" in raw.upper().partition("%3B")[0]:
        yield f"The scope was percent-encoded twice: {raw[:60]!r}."
    found = [sign for sign in _BARE if sign in raw]
    if found:
        yield f"The scope is not percent-encoded: {raw[:60]!r} has a bare {' and '.join(map(repr, found))}."


RULE = Rule(
    id="scope-not-encoded",
    severity="warning",
    clause="RFC 6749 appendix B",
    says="puts the scope into the address as it is, not percent-encoded",
    remedy="Build the query with your language's URL functions, so that FB=4_16;… travels as FB%3D4_16%3B…: many "
    "servers and proxies cut a value at a bare ; or take what follows = for something else.",
    look=each_request(_judge),
    judges_request=_judge,
)
