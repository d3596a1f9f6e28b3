"""A module's text and tree: where a node stands, what surrounds it, and what is no behaviour and stays as it is."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

_LOGGERS = ("log", "logger", "logging", "_log", "_logger")
_DECLARATIONS = ("dataclass", "cache", "lru_cache", "overload")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Source:
    """The text of one module, under its path from the project's folder."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path, self.data = path, data
        self.tree = ast.parse(data)
        self.lines = data.decode().splitlines()

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        for line in self.data.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        return starts

    def span_of(self, node: ast.AST) -> tuple[int, int]:
        """The bytes that a node takes: the first, and the one after the last."""
        start = self._line_starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        return start, self._line_starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]

    def text_of(self, node: ast.AST) -> str:
        """A node as it is written, without brackets around it."""
        start, end = self.span_of(node)
        return self.data[start:end].decode()

    def names_assigned_at(self, line: int) -> list[str]:
        """The names that a statement outside functions gives a value to, if the line is part of one."""
        return self._assigned.get(line, [])

    @cached_property
    def _assigned(self) -> dict[int, list[str]]:
        return {
            line: _names_of(one.targets if isinstance(one, ast.Assign) else [one.target])
            for one in self.tree.body
            if isinstance(one, ast.Assign | ast.AnnAssign)
            for line in range(one.lineno, (one.end_lineno or one.lineno) + 1)
        }

    def places(self) -> Iterator["Place"]:
        """Every node that may be changed."""
        yield from _below(Place(node=self.tree, parents=()))


@dataclass(frozen=True, kw_only=True)
class Place:
    """A node and those around it, outermost first."""

    node: ast.AST
    parents: tuple[ast.AST, ...]

    @property
    def parent(self) -> ast.AST | None:
        """The node right around it."""
        return self.parents[-1] if self.parents else None

    @property
    def call(self) -> ast.expr | None:
        """The function that is called, where this is an argument of a call."""
        return self.parent.func if isinstance(self.parent, ast.Call) else None

    @property
    def function(self) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The function in whose body it stands; None in the body of a module or class, and in defaults."""
        for parent, child in self.path_upward():
            if isinstance(parent, _FUNCTIONS) and child in parent.body:
                return parent
        return None

    @property
    def default_of(self) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The function whose default it is."""
        for parent, child in self.path_upward():
            if isinstance(parent, _FUNCTIONS):
                return parent if child is parent.args else None
        return None

    @property
    def is_default(self) -> bool:
        """Whether it is a parameter's default, as a whole."""
        return isinstance(self.parent, ast.arguments)

    @property
    def qualified_name(self) -> str:
        """The names of the classes and functions around it, such as `Clock.now`; `` in the body of a module."""
        around = [*self.parents, self.node]
        return ".".join(one.name for one in around if isinstance(one, (*_FUNCTIONS, ast.ClassDef)))

    @property
    def statement(self) -> ast.stmt | None:
        """The innermost statement around it, or itself."""
        return next((one for one in (self.node, *reversed(self.parents)) if isinstance(one, ast.stmt)), None)

    @property
    def subjects(self) -> list[str]:
        """What a node outside functions belongs to: its class, or the names that are assigned."""
        for one in (*self.parents, self.node):
            match one:
                case ast.ClassDef(name=name):
                    return [name]
                case ast.Assign(targets=targets):
                    return [
                        part.id for one in targets for part in ast.walk(one) if isinstance(part, ast.Name)
                    ]
                case ast.AnnAssign(target=ast.Name(id=name)):
                    return [name]
        return []

    def path_upward(self) -> Iterator[tuple[ast.AST, ast.AST]]:
        """Each node around it, innermost first, with the one inside that leads here."""
        inner = (self.node, *reversed(self.parents))
        yield from zip(inner[1:], inner, strict=False)


def _names_of(targets: Sequence[ast.expr]) -> list[str]:
    return [part.id for one in targets for part in ast.walk(one) if isinstance(part, ast.Name)]


def _below(place: Place) -> Iterator[Place]:
    for child in ast.iter_child_nodes(place.node):
        inside = Place(node=child, parents=(*place.parents, place.node))
        if not _stays(inside):
            yield inside
            yield from _below(inside)


def _stays(place: Place) -> bool:
    """Types, docstrings, sentences, log lines and declarations are no behaviour."""
    node, parent = place.node, place.parent
    match parent:
        case ast.AnnAssign(annotation=kind) | ast.arg(annotation=kind) if node is kind:
            return True
        case ast.FunctionDef(returns=kind) | ast.AsyncFunctionDef(returns=kind) if node is kind:
            return True
    match node:
        case ast.JoinedStr():
            return True  # before Python 3.12 what is inside has no positions
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))) if name in _LOGGERS:
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Constant(value=str()) if any(isinstance(one, ast.Raise) for one in place.parents):
            return True
        case ast.Call(func=func) if _is_decorator(place):
            return isinstance(func, ast.Name) and func.id in _DECLARATIONS
        case ast.keyword(arg="strict") if isinstance(place.call, ast.Name) and place.call.id == "zip":
            return True
        case ast.keyword(arg="index"):
            return True  # of a column: what it makes faster stays the same
        case ast.Constant() if isinstance(place.call, ast.Name) and place.call.id == "String":
            return True  # the width of a column, which has room to spare
    return False


def _is_decorator(place: Place) -> bool:
    return isinstance(place.parent, (*_FUNCTIONS, ast.ClassDef)) and place.node in place.parent.decorator_list
