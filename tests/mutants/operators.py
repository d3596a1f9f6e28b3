"""What may be changed in an expression or a statement, as an edit of the source text."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.mutants.source import Place, Source

_CONDITIONS = (ast.If, ast.While, ast.Assert)  # a ternary's opposite is that with its sides swapped


@dataclass(frozen=True, kw_only=True)
class Edit:
    """Bytes `start` to `end` of a file become `text`."""

    start: int
    end: int
    text: str


Defaults = Mapping[str, frozenset[str] | None]
"""By the name of a function or class: the parameters that may be left out, in whatever has that name."""

Operator = Callable[[Source, Place], Iterator[Edit]]

_COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
}
_ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
}


def comparison(source: Source, place: Place) -> Iterator[Edit]:
    """Move a boundary by one, or say the opposite."""
    node = place.node
    if not isinstance(node, ast.Compare):
        return
    sides = [node.left, *node.comparators]
    for left, kind, right in zip(sides, node.ops, sides[1:], strict=False):
        sign, others = _COMPARISONS[type(kind)]
        for other in others:
            yield from _between(source, left, right, sign, other)


def and_or(source: Source, place: Place) -> Iterator[Edit]:
    """`and` becomes `or`, and the reverse."""
    node = place.node
    if isinstance(node, ast.BoolOp):
        sign, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            yield from _between(source, left, right, sign, other)


def negation(source: Source, place: Place) -> Iterator[Edit]:
    """`not x` and `-x` become `x`; a condition that is a plain value becomes its opposite."""
    node = place.node
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield _instead(source, node, f"({source.text_of(node.operand)})")
    elif _is_condition(place) and isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
        yield _instead(source, node, f"(not {source.text_of(node)})")


def arithmetic(source: Source, place: Place) -> Iterator[Edit]:
    """`+` becomes `-`, `*` becomes `/`, and so on. Not where texts or types are put together."""
    node = place.node
    if (
        isinstance(node, ast.BinOp)
        and type(node.op) in _ARITHMETIC
        and not _joins_texts_or_types(place, node)
    ):
        yield from _between(source, node.left, node.right, *_ARITHMETIC[type(node.op)])
    elif isinstance(node, ast.AugAssign) and type(node.op) in _ARITHMETIC:
        sign, other = _ARITHMETIC[type(node.op)]
        if not _is_text(node.value):
            yield from _between(source, node.target, node.value, f"{sign}=", f"{other}=")


def constant(source: Source, place: Place) -> Iterator[Edit]:
    """A number grows by one, True and False change places, None and a text that is compared become another text."""
    node = place.node
    if not isinstance(node, ast.Constant):
        return
    match node.value:
        case bool():
            yield _instead(source, node, str(not node.value))
        case int() | float():
            yield _instead(source, node, repr(node.value + 1))
        case str() | bytes() if _is_compared(place) or place.is_default:
            more = "XX" if isinstance(node.value, str) else b"XX"
            yield _instead(source, node, repr(node.value + more))  # type: ignore[operator]  # both are of one kind
        case None if not isinstance(place.parent, ast.Compare | ast.Return | ast.MatchSingleton):
            yield _instead(source, node, '""')


def deleted_call(source: Source, place: Place) -> Iterator[Edit]:
    """A call that stands alone is left out."""
    node = place.node
    if isinstance(node, ast.Expr):
        called = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(called, ast.Call):
            yield _instead(source, node, "pass")


def returned(source: Source, place: Place) -> Iterator[Edit]:
    """What is computed is not returned."""
    node = place.node
    if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield _instead(source, node, "return None")


def ternary(source: Source, place: Place) -> Iterator[Edit]:
    """`a if c else b` becomes `b if c else a`."""
    node = place.node
    if isinstance(node, ast.IfExp):
        yes, no = _operand(source, node.body), _operand(source, node.orelse)
        yield _instead(source, node, f"({no} if {_operand(source, node.test)} else {yes})")


def removed_keyword(defaults: Defaults) -> Operator:
    """A keyword argument is left out where the function called has a default for it."""

    def removed(source: Source, place: Place) -> Iterator[Edit]:
        node, call = place.node, place.parent
        if not isinstance(node, ast.keyword) or node.arg is None or not isinstance(call, ast.Call):
            return
        name = _name_of(call.func)
        optional = defaults.get(name, frozenset())
        if name == "replace" or optional is None or node.arg in optional:
            start, end = source.span_of(node)
            after = re.match(rb"\s*,\s*", source.data[end:])
            before = re.search(rb",\s*\Z", source.data[:start])
            if after:
                end += after.end()
            elif before:
                start = before.start()
            yield Edit(start=start, end=end, text="")

    return removed


PLAIN: tuple[Operator, ...] = (
    comparison,
    and_or,
    negation,
    arithmetic,
    constant,
    deleted_call,
    returned,
    ternary,
)


def find_defaults(trees: list[ast.Module]) -> Defaults:
    """What may be left out in calls of the functions and classes of some modules; None: anything, by `**`."""
    found: dict[str, frozenset[str] | None] = {}
    for tree in trees:
        for node in ast.walk(tree):
            for name, optional in _optional(node):
                known = found.get(name, optional)
                found[name] = None if known is None or optional is None else known & optional
    return found


def _optional(node: ast.AST) -> Iterator[tuple[str, frozenset[str] | None]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        given = node.args
        positional = [*given.posonlyargs, *given.args]
        names = {one.arg for one in positional[len(positional) - len(given.defaults) :]}
        names |= {one.arg for one, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value}
        yield node.name, None if given.kwarg else frozenset(names)
    elif isinstance(node, ast.ClassDef):
        fields = [one for one in node.body if isinstance(one, ast.AnnAssign) and one.value is not None]
        yield node.name, frozenset(one.target.id for one in fields if isinstance(one.target, ast.Name))
        for one in node.body:
            if isinstance(one, ast.FunctionDef) and one.name == "__init__":
                yield from ((node.name, optional) for _, optional in _optional(one))


def _instead(source: Source, node: ast.AST, text: str) -> Edit:
    start, end = source.span_of(node)
    return Edit(start=start, end=end, text=text)


def _operand(source: Source, node: ast.expr) -> str:
    text = source.text_of(node)
    return f"({text})" if isinstance(node, ast.IfExp | ast.Lambda | ast.NamedExpr | ast.Yield) else text


def _between(source: Source, left: ast.AST, right: ast.AST, sign: str, other: str) -> Iterator[Edit]:
    """The sign between two expressions becomes another; brackets and line breaks around it stay."""
    start, end = source.span_of(left)[1], source.span_of(right)[0]
    pattern = rb"\s+".join(re.escape(word.encode()) for word in sign.split())
    found = re.search(pattern, source.data[start:end])
    if found:
        yield Edit(start=start + found.start(), end=start + found.end(), text=other)


def _is_condition(place: Place) -> bool:
    for parent, child in place.path_upward():
        if isinstance(parent, _CONDITIONS):
            return parent.test is child
        if isinstance(parent, ast.comprehension):
            return child in parent.ifs
        if not isinstance(parent, ast.BoolOp):
            return False
    return False


def _is_compared(place: Place) -> bool:
    for parent, _ in place.path_upward():
        if isinstance(parent, ast.Compare | ast.MatchValue):
            return True
        if not isinstance(parent, ast.Tuple | ast.Set | ast.List):
            return False
    return False


def _joins_texts_or_types(place: Place, node: ast.BinOp) -> bool:
    if isinstance(node.op, ast.BitOr) and (
        not place.function or _name_of(place.call) in ("isinstance", "cast")
    ):
        return True
    return _is_text(node.left) or _is_text(node.right)


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )


def _name_of(node: Any) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return str(name)
    return ""
