"""The notation of the type tables: `name type`, with ?, *, + or {2,} unless exactly one is required."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

_PART = re.compile(r"(?P<name>\w+)(?P<often>[?*+]|\{(?P<least>\d+),\})? (?P<type>\w+)")
_OFTEN: Mapping[str | None, tuple[int, int | None]] = {
    None: (1, 1),
    "?": (0, 1),
    "*": (0, None),
    "+": (1, None),
}


@dataclass(frozen=True, kw_only=True)
class Part:
    """One element of a sequence: its type and cardinality (`most` None means unbounded)."""

    name: str
    type: str
    least: int
    most: int | None


@dataclass(frozen=True, kw_only=True)
class Complex:
    """A type with child elements. All of the standard's content models are sequences, so order matters."""

    parts: tuple[Part, ...]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The position of each element in the sequence."""
        return {part.name: place for place, part in enumerate(self.parts)}


def sequence(*lines: str) -> Complex:
    """A type from lines of the notation. Two spaces follow each comma that separates parts."""
    return Complex(parts=tuple(_part(text.strip()) for line in lines for text in line.split(",  ")))


def parts(type_name: str, names: str) -> str:
    """The notation of several parts of one type, such as `parts("String256?", "lan mac")`."""
    kind, often = (type_name[:-1], type_name[-1]) if type_name[-1] in "?*+" else (type_name, "")
    return ",  ".join(f"{name}{often} {kind}" for name in names.split())


def _part(text: str) -> Part:
    found = _PART.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not `name type`.")
    least, most = (int(found["least"]), None) if found["least"] else _OFTEN[found["often"]]
    return Part(name=found["name"], type=found["type"], least=least, most=most)
