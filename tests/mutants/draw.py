"""All mutants of a package, and a sample of them that a seed repeats."""

import difflib
import hashlib
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.mutants.operators import PLAIN, Edit, find_defaults, removed_keyword
from tests.mutants.source import Place, Source

Key = tuple[str, str, str]
"""What a mutant is known by when lines move: the function, and the changed lines before and after."""


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One change of one file."""

    source: Source = field(repr=False)
    place: Place = field(repr=False)
    edit: Edit

    @property
    def line(self) -> int:
        """Where the change begins, counted from 1."""
        return self.source.data.count(b"\n", 0, self.edit.start) + 1

    @property
    def folder(self) -> str:
        """The part of the package that its module is in; of a module right in the package, its own name."""
        return self.source.path.split("/")[1]

    @property
    def text(self) -> bytes:
        """The whole file, changed."""
        return self._changed(self.source.data, 0)

    @property
    def key(self) -> Key:
        """The function's qualified name, and the lines before and after, each as one line."""
        first = self.source.data.rfind(b"\n", 0, self.edit.start) + 1
        last = self.source.data.find(b"\n", self.edit.end)
        lines = self.source.data[first:last]
        return self.place.qualified_name, _one_line(lines), _one_line(self._changed(lines, first))

    @property
    def diff(self) -> str:
        """The changed lines, - before those that were and + before those that are."""
        lines = difflib.unified_diff(self.source.lines, self.text.decode().splitlines(), n=0, lineterm="")
        return "\n".join(line for line in list(lines)[3:] if line)

    def __str__(self) -> str:
        before = _one_line(self.source.data[self.edit.start : self.edit.end])
        return (
            f"{self.source.path}:{self.line}: {before} -> {_one_line(self.edit.text.encode()) or 'nothing'}"
        )

    def _changed(self, data: bytes, offset: int) -> bytes:
        return data[: self.edit.start - offset] + self.edit.text.encode() + data[self.edit.end - offset :]


def list_mutants(sources: Iterable[Source], package: Iterable[Source]) -> Iterator[Mutant]:
    """Every mutant of `sources`; `package` is all code whose functions they call."""
    operators = (*PLAIN, removed_keyword(find_defaults([one.tree for one in package])))
    for source in sources:
        for place in source.places():
            for operator in operators:
                yield from (Mutant(source=source, place=place, edit=edit) for edit in operator(source, place))


def draw(mutants: Iterable[Mutant], *, seed: int) -> Iterator[Mutant]:
    """In an order that follows from the seed. A change elsewhere in the code leaves the order of the others."""

    def place_in_line(mutant: Mutant) -> bytes:
        return hashlib.sha256(repr((seed, mutant.source.path, mutant.key)).encode()).digest()

    return filter(_compiles, sorted(mutants, key=place_in_line))


def _one_line(data: bytes) -> str:
    return " ".join(data.decode().split())


def _compiles(mutant: Mutant) -> bool:
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(mutant.text, mutant.source.path, "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True
