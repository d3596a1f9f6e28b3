"""Mutants that are the same program, each with a sentence that says why. They are in `excused.toml`."""

import tomllib
from pathlib import Path

from tests.mutants.draw import Key

EXCUSED = Path(__file__).parent / "excused.toml"


def read_excused(path: Path = EXCUSED) -> dict[Key, str]:
    """Why each of them is no different, by what it is known by. An entry is found again when lines or files move."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    return {(one["function"], one["was"], one["becomes"]): one["why"] for one in entries}
