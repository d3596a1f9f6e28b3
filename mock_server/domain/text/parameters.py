"""Names and values of a query string or a form body, decoded one by one, so that a mistake names its parameter.

Only `&` separates (`;` is data: scope strings are full of it). Refuses broken percent-encoding and repetition.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote_plus, unquote_to_bytes

from mock_server.domain.errors import InvalidRequest

MOST_PARAMETERS = 200
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL)


@dataclass(frozen=True)
class Parameters:
    """Values as they stood on the wire (one character per byte), by decoded name, in order."""

    on_wire: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str | None:
        """The decoded value; None where it is missing or empty (RFC 6749 §3.1). Raises InvalidRequest."""
        self.check_once(name)
        found = self.on_wire.get(name, ())
        return _decode(name, found[0]) or None if found else None

    def check_once(self, name: str) -> None:
        """Whether there are no two of that name (RFC 6749 §3.1). Raises InvalidRequest."""
        count = len(self.on_wire.get(name, ()))
        if count > 1:
            raise InvalidRequest(f"The parameter {name} came {count} times. Send it once.")

    def raw(self, name: str) -> str | None:
        """The value as it stood on the wire, or None."""
        found = self.on_wire.get(name, ())
        return found[0] if len(found) == 1 else None

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of that name, decoded: for check boxes."""
        return tuple(_decode(name, value) for value in self.on_wire.get(name, ()))

    def over(self, other: "Parameters") -> "Parameters":
        """These, and the other's where these have none."""
        return Parameters({**other.on_wire, **self.on_wire})


def parse_parameters(raw: bytes) -> Parameters:
    """Read `a=b&c=d`. Raises InvalidRequest for more parameters than any client sends."""
    pairs = [pair for pair in raw.decode("latin-1").split("&") if pair]
    if len(pairs) > MOST_PARAMETERS:
        raise InvalidRequest(
            f"There are {len(pairs)} parameters; no request here has more than {MOST_PARAMETERS}."
        )
    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        key = unquote_to_bytes(name.replace("+", " ")).decode("utf-8", "replace")
        found[key] = (*found.get(key, ()), value)
    return Parameters(found)


def parameters_of(pairs: Iterable[tuple[str, str]]) -> Parameters:
    """Parameters from pairs that are decoded already, as from a multipart body."""
    return parse_parameters(
        "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()
    )


def _decode(name: str, value: str) -> str:
    broken = _BROKEN_ESCAPE.search(value)
    if broken:
        raise InvalidRequest(
            f"The parameter {name!r} has broken percent-encoding at {broken.group()!r}. Encode each value once, "
            "and a literal percent sign as %25."
        )
    try:
        return unquote_to_bytes(value.replace("+", " ").encode("latin-1")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidRequest(
            f"The parameter {name!r} is not UTF-8. Percent-encode its UTF-8 bytes."
        ) from error
