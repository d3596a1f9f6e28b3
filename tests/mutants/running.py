"""Run a mutant's tests in a copy of the project."""

import subprocess
from collections.abc import Sequence
from enum import Enum
from tempfile import NamedTemporaryFile

from tests.mutants.draw import Mutant
from tests.mutants.tree import Tree

_OPTIONS = ("-x", "-p", "tests.mutants.plugin", "--hypothesis-seed=0", "-o", "timeout=30")
_PASSED, _NONE_RAN = 0, 5


class Outcome(Enum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    NEVER_RUN = "run by no test"


def try_mutant(tree: Tree, mutant: Mutant, tests: Sequence[str], *, seconds: float) -> Outcome:
    """Run the tests on the mutant until one fails. Longer than `seconds` counts as noticed."""
    if not tests:
        return Outcome.NEVER_RUN
    files = dict.fromkeys(test.partition("::")[0] for test in tests)
    with NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as chosen:
        chosen.write("\n".join(tests))
        chosen.flush()
        with tree.changed(mutant.source.path, mutant.text):
            try:
                ran = tree.pytest([*files, *_OPTIONS, f"--chosen-tests={chosen.name}"], seconds=seconds)
            except subprocess.TimeoutExpired:
                return Outcome.KILLED
    return Outcome.SURVIVED if ran.returncode in (_PASSED, _NONE_RAN) else Outcome.KILLED
