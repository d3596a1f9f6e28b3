"""The tool behind `make mutants`: what it changes, what it leaves alone, and that it finds what a test misses."""

import shutil
from collections import Counter
from pathlib import Path
from textwrap import dedent

import pytest

from tests.mutants.__main__ import read_package, try_all
from tests.mutants.coverage_map import JournalRecorder
from tests.mutants.draw import Mutant, draw, list_mutants
from tests.mutants.excused import read_excused
from tests.mutants.running import Outcome
from tests.mutants.selection import Selection
from tests.mutants.source import Source
from tests.mutants.tree import Tree


def source(text: str) -> Source:
    return Source("package/module.py", dedent(text).encode())


def mutants_of(text: str) -> list[Mutant]:
    return list(list_mutants([source(text)], [source(text)]))


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("x = a < b", ["x = a <= b", "x = a >= b"]),
        ("x = a is not b", ["x = a is b"]),
        ("x = (a) == (b)", ["x = (a) != (b)"]),
        ("x = a and b and c", ["x = a or b and c", "x = a and b or c"]),
        ("x = not a", ["x = (a)"]),
        ("if a: b", ["if (not a): b"]),
        ("x = [a for a in b if a.c]", ["x = [a for a in b if (not a.c)]"]),
        ("x = a + b", ["x = a - b"]),
        ("x += y", ["x -= y"]),
        ("x = 1", ["x = 2"]),
        ("x = True", ["x = False"]),
        ("x = None", ['x = ""']),
        ("x = a in ('b',)", ["x = a not in ('b',)", "x = a in ('bXX',)"]),
        ("a.b(c)", ["pass"]),
        ("def f():\n    return a.b", ["def f():\n    return None"]),
        ("def f(a='b'): ...", ["def f(a='bXX'): ..."]),
        ("x = replace(a, b=c)", ["x = replace(a)"]),
        ("x = a if b else c", ["x = (c if b else a)"]),
    ],
)
def test_each_operator_changes_one_thing(code: str, changes: list[str]) -> None:
    assert [mutant.text.decode() for mutant in mutants_of(code)] == changes


@pytest.mark.parametrize(
    "code",
    [
        '"""Docstring."""',
        "x: Literal[1] | None",
        "def f(x: Literal[1]) -> Literal[2]: ...",
        'raise ValueError("This is " + "wrong.")',
        'log.info("%s", 1)',
        '__all__ = ["a"]',
        'x = f"{a + 1}"',
        'x = "a" + b',
        "x = A | B",
        "@dataclass(frozen=True)\nclass A: ...",
        "if TYPE_CHECKING:\n    x = 1",
        'x = column("a", String(9), index=True)',
    ],
)
def test_what_is_no_behaviour_is_left_alone(code: str) -> None:
    assert mutants_of(code) == []


def test_a_keyword_is_removed_where_the_function_has_a_default_for_it() -> None:
    defined = source("def f(*, a, b=None): ...\nclass C:\n    a: int\n    b: int = g()\n")
    called = source("x = f(a=p, b=q)\ny = C(a=p, b=q)\nz = unknown(b=q)\n")
    mutants = list_mutants([called], [defined])
    assert [str(one) for one in mutants] == [f"package/module.py:{line}: , b=q -> nothing" for line in (1, 2)]


def test_a_seed_repeats_its_mutants_and_another_draws_others() -> None:
    mutants = mutants_of("\n".join(f"x{number} = {number}" for number in range(20)))
    order = [str(mutant) for mutant in draw(mutants, seed=7)]
    assert order == [str(mutant) for mutant in draw(reversed(mutants), seed=7)]
    assert order != [str(mutant) for mutant in draw(mutants, seed=8)]


def test_a_mutant_is_known_again_when_lines_move() -> None:
    code = "class A:\n    def f(self):\n        b = a  <= c\n"
    first, moved = mutants_of(code)[0], mutants_of(f"import a\n\n\n{code}")[0]
    assert first.key == moved.key == ("A.f", "b = a <= c", "b = a < c")
    assert (str(first), str(moved)) == ("package/module.py:3: <= -> <", "package/module.py:6: <= -> <")


def test_an_excused_mutant_has_a_reason() -> None:
    for (_, was, becomes), why in read_excused().items():
        assert was != becomes
        assert why.endswith(".")


@pytest.fixture
def tiny(tmp_path: Path) -> Tree:
    """A project of one function, whose test misses the boundary."""
    tests = tmp_path / "tests"
    shutil.copytree(Path(__file__).parent, tests / "mutants", ignore=shutil.ignore_patterns("test_*"))
    (tests / "__init__.py").write_text("")
    (tests / "test_order.py").write_text(
        "from tiny.order import is_above\n\n\ndef test_above():\n"
        "    assert is_above(2, 1)\n    assert not is_above(1, 2)\n"
    )
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny/order.py").write_text("def is_above(a, b):\n    return a >= b\n")
    return Tree(tmp_path)


def test_a_test_that_misses_a_boundary_leaves_one_survivor(
    tiny: Tree, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = read_package(tiny.folder, "tiny")
    for said in ("Recording which lines 1 test files run.\n", ""):
        recording = JournalRecorder(tmp_path / "recorded", "tiny")
        recording.bring_up_to_date(tiny)
        assert capsys.readouterr().out == said, "a second run knows"
    selection = Selection(recording, package, read_package(tiny.folder, "tests"))
    outcomes = try_all(tiny, selection, list(list_mutants(package, package)))
    assert outcomes == Counter({Outcome.KILLED: 2, Outcome.SURVIVED: 1})
    printed = capsys.readouterr().out
    assert "tiny/order.py:2: >= -> >\n" in printed
    assert "-    return a >= b\n+    return a > b\n" in printed
    assert "order.py: 2 of 3\n2 of 3 mutants were killed: 66.7 %\n" in printed
    assert (tiny.folder / "tiny/order.py").read_text() == "def is_above(a, b):\n    return a >= b\n"


class Remembered(JournalRecorder):
    """A recording of a thousand tests that run a condition, of which the slowest runs what follows it."""

    def __init__(self) -> None:
        self._usual = frozenset(f"tests/tiny/test_usual.py::test_{number}" for number in range(1000))

    def tests_by_line(self, path: str) -> dict[int, frozenset[str]]:
        return {2: self._usual | {RARE}, 3: frozenset({RARE})}

    @property
    def tests(self) -> frozenset[str]:
        return self._usual | {RARE}

    def seconds(self, test: str) -> float:
        return 9.0 if test == RARE else 0.1


RARE = "tests/other/test_rare.py::test_rare"


def test_a_test_that_runs_what_few_run_is_not_lost_among_many() -> None:
    function = Source("package/tiny.py", b"def f(a):\n    if a == 0:\n        return g()\n")
    selection = Selection(Remembered(), [function], [])
    first, *_ = list_mutants([function], [function])
    assert selection.tests_for(first)[0] == RARE
