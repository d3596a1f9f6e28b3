"""Simple types of ESPI (§7.1) and their valid texts. Codes are in `codes`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from mock_server.espi.check.types.codes import ENFORCED, NUMBERED, WORDS

_SPACE: Final = " \t\r\n"
_INTEGER = re.compile(r"[+-]?[0-9]{1,30}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*")
_NOT_IN_URI = re.compile(r"[\s<>\"{}|\\^`]")


@dataclass(frozen=True, kw_only=True)
class Simple:
    """A type without child elements.

    `accepts` returns whether the schema allows a text. `meanings`, if any, are the values that the
    standard defines.
    """

    description: str
    accepts: Callable[[str], bool]
    meanings: Mapping[str, str] | None = None


def simple_type(name: str) -> Simple | None:
    """The simple type with this name, or None."""
    return _SIMPLE.get(name)


def parse_integer(text: str) -> int | None:
    """The value of an xs:integer, or None if the text is not one."""
    stripped = text.strip(_SPACE)
    return int(stripped) if _INTEGER.fullmatch(stripped) else None


def _between(low: int, high: int, description: str = "") -> Simple:
    def accepts(text: str) -> bool:
        value = parse_integer(text)
        return value is not None and low <= value <= high

    return Simple(description=description or f"a whole number from {low} to {high}", accepts=accepts)


def _text(longest: int) -> Simple:
    return Simple(
        description=f"text of at most {longest} characters", accepts=lambda text: len(text) <= longest
    )


def _hexadecimal(octets: int) -> Simple:
    return Simple(
        description=f"at most {octets} bytes in hexadecimal, two digits each",
        accepts=lambda text: (
            _HEX.fullmatch(text.strip(_SPACE)) is not None and len(text.strip(_SPACE)) <= 2 * octets
        ),
    )


def _is_float(text: str) -> bool:
    stripped = text.strip(_SPACE)
    if stripped in ("INF", "-INF", "NaN"):
        return True
    return re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", stripped, re.ASCII) is not None


def _enforced(words: tuple[str, ...]) -> Simple:
    return Simple(description=f"one of {', '.join(words)}", accepts=lambda text: text in words)


def _numbered(name: str, meanings: Mapping[int, str]) -> Simple:
    base = _INT16 if name == "UnitMultiplierKind" else _UINT16
    return Simple(
        description=base.description,
        accepts=base.accepts,
        meanings={str(code): meaning for code, meaning in meanings.items()},
    )


_UINT16 = _between(0, 2**16 - 1)
_INT16 = _between(-(2**15), 2**15 - 1)
_TIME = _between(
    -(2**63), 2**63 - 1, "whole seconds since 1970-01-01T00:00:00Z (no date, no milliseconds, no fraction)"
)

_SIMPLE: Final[Mapping[str, Simple]] = {
    **{f"String{longest}": _text(longest) for longest in (4, 8, 16, 32, 64, 256, 512)},
    **{f"HexBinary{bits}": _hexadecimal(bits // 8) for bits in (8, 16, 32, 128)},
    "DstRuleType": _hexadecimal(4),
    "UInt8": _between(0, 2**8 - 1),
    "UInt16": _UINT16,
    "UInt32": _between(0, 2**32 - 1),
    "UInt48": _between(0, 2**48 - 1),
    "Int16": _INT16,
    "Int48": _between(-(2**47), 2**47),
    "PerCent": _between(0, 100, "a percentage from 0 to 100"),
    "TimeType": _TIME,
    "Integer": Simple(description="a whole number", accepts=lambda text: parse_integer(text) is not None),
    "Float": Simple(description="a number", accepts=_is_float),
    "Boolean": Simple(
        description="true or false", accepts=lambda text: text.strip(_SPACE) in ("true", "false", "1", "0")
    ),
    "Uri": Simple(
        description="a URI with spaces and special characters percent-encoded",
        accepts=lambda text: _NOT_IN_URI.search(text.strip(_SPACE)) is None,
    ),
    "Text": Simple(description="text", accepts=lambda _text: True),
    **{name: _enforced(words) for name, words in ENFORCED.items()},
    **{name: _numbered(name, meanings) for name, meanings in NUMBERED.items()},
    **{
        name: Simple(description="text", accepts=lambda _text: True, meanings={word: word for word in words})
        for name, words in WORDS.items()
    },
}
