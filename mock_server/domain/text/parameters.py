"""Parameters of a query string or form body. Each is decoded separately, so that errors name the parameter.

Only `&` separates parameters; `;` is data, because scope strings contain it. Raises InvalidRequest for broken
percent-encoding and for repeated parameters.
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
    """Raw values as received (one character per byte), by decoded name, in order."""

    on_wire: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str | None:
        """Returns the decoded value; None if missing or empty (RFC 6749 §3.1). Raises InvalidRequest."""
        self.check_once(name)
        values = self.on_wire.get(name, ())
        return _decode(name, values[0]) or None if values else None

    def check_once(self, name: str) -> None:
        """Raises InvalidRequest if the parameter is repeated (RFC 6749 §3.1)."""
        count = len(self.on_wire.get(name, ()))
        if count > 1:
            raise InvalidRequest(f"The parameter {name} was sent {count} times. Send it once.")

    def raw(self, name: str) -> str | None:
        """Returns the value as received; None unless it was sent exactly once."""
        values = self.on_wire.get(name, ())
        return values[0] if len(values) == 1 else None

    def all(self, name: str) -> tuple[str, ...]:
        """Returns all decoded values of that name, as check boxes send them. Raises InvalidRequest."""
        return tuple(_decode(name, value) for value in self.on_wire.get(name, ()))

    def over(self, other: "Parameters") -> "Parameters":
        """Returns these parameters, plus those of the other that these lack."""
        return Parameters({**other.on_wire, **self.on_wire})


def parse_parameters(raw: bytes) -> Parameters:
    """Parses `a=b&c=d`. Raises InvalidRequest for more than `MOST_PARAMETERS` parameters."""
    pairs = [pair for pair in raw.decode("latin-1").split("&") if pair]
    if len(pairs) > MOST_PARAMETERS:
        raise InvalidRequest(f"The request has {len(pairs)} parameters. Send at most {MOST_PARAMETERS}.")
    on_wire: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        key = unquote_to_bytes(name.replace("+", " ")).decode("utf-8", "replace")
        on_wire[key] = (*on_wire.get(key, ()), value)
    return Parameters(on_wire)


def parameters_of(pairs: Iterable[tuple[str, str]]) -> Parameters:
    """Returns parameters from decoded pairs, such as those of a multipart body."""
    return parse_parameters(
        "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()
    )


def _decode(name: str, value: str) -> str:
    if "%" not in value and "+" not in value and value.isascii():
        return value
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
