"""A call as it goes over the wire: any method, path, query, header and body, also what no client library would send."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

import httpx
from hypothesis import currently_in_test_context, note

URLENCODED = "application/x-www-form-urlencoded"
JSON = "application/json"
_LONGEST_PATH = 30_000  # bytes; what is longer, the HTTP server refuses by itself

Pairs = Sequence[tuple[str, Any]]


@dataclass(kw_only=True, repr=False)
class Call:
    """What to send. `body` is bytes, pairs of a form, or anything that JSON can say."""

    method: str
    path: str
    values: Mapping[str, str]
    query: Pairs = ()
    body: Any = None
    kind: str | None = None
    headers: list[tuple[str, bytes]] = field(default_factory=list)

    def __str__(self) -> str:
        """What to send again to see the same."""
        body = repr(self._content())[:2000]
        return f"{self.method} {self.target[:2000]} {self.kind} {self.headers} {body}"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Short, because Hypothesis prints what strategies are made of, by this protocol of IPython's."""
        printer.text(self.path)

    @property
    def target(self) -> str:
        """Path and query, every value percent-encoded."""
        path = self.path
        for name, value in self.values.items():
            path = path.replace("{" + name + "}", _escaped(value))
        return path + (f"?{urlencoded(self.query)}" if self.query else "")

    @property
    def decoded_path(self) -> str:
        """The path as the server sees it."""
        return unquote(self.target.partition("?")[0])

    def send(self, http: httpx.Client) -> httpx.Response:
        """Send it as it is; no cookie is kept. Hypothesis notes it where it is what failed."""
        if currently_in_test_context():
            note(str(self))
        url = http.base_url.copy_with(raw_path=self.target.encode()[:_LONGEST_PATH])
        kind = [("Content-Type", self.kind.encode("latin-1", "replace"))] if self.kind is not None else []
        http.cookies.clear()
        return http.request(
            self.method,
            url,
            headers=[(name.encode(), value) for name, value in [*kind, *self.headers]],
            content=self._content(),
        )

    def _content(self) -> bytes | None:
        if self.body is None or isinstance(self.body, bytes):
            return self.body
        if self.kind == URLENCODED:
            return urlencoded(self.body).encode()
        if self.kind is not None and self.kind.startswith("multipart/"):
            return _multipart(self.body)
        if self.kind is not None and "xml" in self.kind:
            return str(self.body).encode("utf-8", "surrogatepass")
        return json.dumps(dict(self.body) if _is_pairs(self.body) else self.body, default=str).encode()


def urlencoded(pairs: Pairs) -> str:
    """A query or a form, in which a name may occur twice and lone surrogates are what they would be in UTF-8."""
    return "&".join(f"{_escaped(name)}={_escaped(_text(value))}" for name, value in pairs)


def pairs_of(values: Any) -> list[tuple[str, Any]]:
    """The pairs of an object; a list in it is a name that occurs several times."""
    if not isinstance(values, Mapping):
        return [("value", values)]
    return [
        (str(name), one)
        for name, value in values.items()
        for one in (value if isinstance(value, list) and value else [value])
    ]


def _is_pairs(body: Any) -> bool:
    return isinstance(body, list) and bool(body) and all(isinstance(one, tuple) for one in body)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _escaped(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _multipart(pairs: Any) -> bytes:
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="'
        + _escaped(name).encode()
        + b'"\r\n\r\n'
        + _text(value).encode("utf-8", "surrogatepass")
        + b"\r\n"
        for name, value in (pairs if _is_pairs(pairs) else pairs_of(pairs))
    ]
    return b"".join(parts) + b"--x--\r\n"
