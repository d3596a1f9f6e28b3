"""The rules of the house that no linter knows."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mock_server"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 300
FULL = 14
FULL_AT_THE_TOP = 26
LISTS = {"review/rules"}
"""Folders with a file for each of many members of one kind."""
WRITING = {"writing", "beginning"}


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is_and_is_not_too_long(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    first = (ast.get_docstring(parsed(path)) or "").split("\n")[0]
    assert first.endswith(".")
    assert len(text.splitlines()) <= LONGEST


def test_no_folder_has_more_entries_than_a_reader_takes_in_at_once() -> None:
    crowded = {}
    for folder in {path.parent for path in MODULES}:
        entries = [one for one in folder.iterdir() if one.name != "__pycache__"]
        name = name_of(folder)
        if len(entries) > (FULL_AT_THE_TOP if folder == PACKAGE else FULL) and name not in LISTS:
            crowded[name] = len(entries)
    assert crowded == {}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_actions_write(path: Path) -> None:
    called = {node.attr for node in ast.walk(parsed(path)) if isinstance(node, ast.Attribute)}
    if path.relative_to(PACKAGE).parts[0] not in ("actions", "store", "sandbox.py"):
        assert not called & WRITING


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_transactions_of_a_sandbox_begin_where_they_get_their_clock(path: Path) -> None:
    """A transaction of the store alone has no `now`. The journal needs none, and belongs to no incarnation."""
    allowed = ("sandbox.py", "actions/sandboxes/shared_journal.py")
    found = [ast.unparse(node) for node in ast.walk(parsed(path)) if isinstance(node, ast.Attribute)]
    if name_of(path) not in allowed and not name_of(path).startswith("store"):
        assert [one for one in found if one.endswith((".store.writing", ".store.reading"))] == []


@pytest.mark.parametrize("path", [one for one in MODULES if name_of(one).startswith("actions")], ids=name_of)
def test_what_a_transaction_decides_follows_from_its_own_clock(path: Path) -> None:
    """Read before the lock, the clock of who waited is older than what the other one just wrote."""
    for function in [node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef)]:
        found = {ast.unparse(node) for node in ast.walk(function) if isinstance(node, ast.Attribute)}
        takes_rows = any(argument.arg == "transaction" for argument in function.args.args)
        if takes_rows or any(one.split(".")[-1] in WRITING for one in found):
            assert "sandbox.clock.now" not in found, function.name


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_what_is_public_has_a_docstring(path: Path) -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    bare = [
        node.name
        for node in parsed(path).body
        if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert bare == []


def test_every_test_module_says_what_it_is() -> None:
    for path in Path(__file__).parent.rglob("*.py"):
        assert (ast.get_docstring(parsed(path)) or "").split("\n")[0].endswith((".", "?")), path


FROM_OUTSIDE = {"location", "set-cookie", "www-authenticate", "content-disposition", "x-simulated-fault"}


def test_one_module_writes_the_headers_with_text_from_outside() -> None:
    """`header_fields`: a new redirect, cookie or challenge takes its functions, or this names the module."""
    found = {name_of(path): sorted(set(_written_past_it(parsed(path)))) for path in MODULES}
    del found["http/responses/header_fields.py"]
    assert {name: writes for name, writes in found.items() if writes} == {}


def _written_past_it(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        keys = node.keys if isinstance(node, ast.Dict) else []
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            keys = [node.slice]
        names = [str(one.value).casefold() for one in keys if isinstance(one, ast.Constant)]
        yield from (name for name in names if name in FROM_OUTSIDE)
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if called.endswith((".set_cookie", "RedirectResponse")):
            yield called


def test_nobody_reads_the_url_that_the_framework_makes_of_a_request() -> None:
    """It raises for some requests: `scope["path"]`, `raw_query` and `links_of` never do."""
    makers = ("request.url", "request.base_url", "request.url_for")
    found = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in makers
    }
    # Their requests are those of the client library.
    assert found <= {"portal/demo/transport.py", "http/outgoing.py", "testing/control_client.py"}


def test_handlers_take_the_request_context_and_do_not_reach_into_the_scope() -> None:
    found = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
        if ast.unparse(node.value).endswith(".scope")
    }
    assert {name for name in found if not name.startswith("http/")} == set()


def test_one_module_writes_csv() -> None:
    """`domain.text.csv_lines`, so that no spreadsheet computes what somebody wrote."""
    found = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Import) and "csv" in {one.name for one in node.names}
    }
    assert found == {"domain/text/csv_lines.py"}
