"""Reads the names of the code (not its sentences) and fails for those that say nothing to a stranger.

Each word stands beside what to write in its place. A name is a module, an identifier in Python, or a variable in a
template; it is split at underscores and capitals.
"""

import io
import keyword
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("mock_server", "tests", "benchmarks", "examples", ".ci")

WORDS = {
    "tell tells told telling": "serialize, render, format, state, notify",
    "heard hear hearing asked": "received, requested",
    "shown": "quoted, displayed, listed",
    "patience": "request_limits, timeout",
    "garbage": "gc",
    "sight": "request_log",
    "standings standing": "authorization_status",
    "foreseen foresee": "scheduled_events",
    "passage": "due_events",
    "kept shelf": "stored, cache",
    "paper papers chapter": "render_context, pdf, section",
    "namesake namesakes": "alias",
    "strike strikes struck victim spoil spoilt spoiling": "apply, target, corrupt",
    "breathe breath": "background_pass, seconds",
    "chance": "random, probability",
    "whole across": "complete, all, cross_sandbox",
    "utils util helpers helper common misc": "what the file is about",
}
"""Words that no name contains."""

MODULES = {
    "recording": "journal_recorder",
    "reach": "available_data",
    "segment": "compressed_part",
    "closed": "forbidden_routes",
    "view": "subscription_view",
    "series": "reading_series",
    "fit": "column_limits",
    "rows": "table_access",
    "marks": "suffix",
    "look": "ui",
    "manager service": "what the file is about",
}
"""Standard words elsewhere, but too vague for a module."""

_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TEMPLATE_CODE = re.compile(r"{[{%].*?[%}]}", re.DOTALL)
_TEMPLATE_TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")


def table_of(words: dict[str, str]) -> dict[str, str]:
    return {word: instead for group, instead in words.items() for word in group.split()}


def names_in_python(text: str) -> Iterator[tuple[int, str]]:
    before, owner = "", ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        # An attribute is named where it is defined, which may be in a library.
        is_ours = before != "." or owner in ("self", "cls")
        if token.type == tokenize.NAME and is_ours and not keyword.iskeyword(token.string):
            yield token.start[0], token.string
        elif token.type == tokenize.STRING and "f" in token.string.partition(token.string[-1])[0].casefold():
            for code in re.findall(r"{([^{}]*)}", token.string):  # before 3.12 an f-string is one token
                yield from (
                    (token.start[0], name) for name in re.findall(r"(?<!\.)\b[A-Za-z_]\w*", _bare(code))
                )
        before, owner = token.string, before


def names_in_template(text: str) -> Iterator[tuple[int, str]]:
    for code in _TEMPLATE_CODE.finditer(text):
        line = text.count("\n", 0, code.start()) + 1
        yield from ((line, name) for name in re.findall(r"[A-Za-z_]\w*", _bare(code[0])))


def _bare(code: str) -> str:
    return _TEMPLATE_TEXT.sub("", code)


def problems() -> Iterator[str]:
    words, module_words = table_of(WORDS), table_of(WORDS) | table_of(MODULES)
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*")):
        name = path.relative_to(ROOT)
        if "node_modules" in path.parts or ".venv" in path.parts or path.suffix not in (".py", ".html"):
            continue
        if path.suffix == ".py" and (instead := module_words.get(path.stem)):
            yield f"{name}: the module's name says too little. Write {instead}."
        text = path.read_text(encoding="utf-8")
        found = names_in_python(text) if path.suffix == ".py" else names_in_template(text)
        first_lines: dict[str, int] = {}
        for line, identifier in found:
            first_lines.setdefault(identifier, line)
        for identifier, line in first_lines.items():
            for part in _PARTS.findall(identifier):
                if instead := words.get(part.casefold()):
                    yield f"{name}:{line}: {identifier} contains {part!r}. Write {instead}."


if __name__ == "__main__":
    found = list(problems())
    print("\n".join(found) or "names: none that a stranger would stumble over")
    sys.exit(bool(found))
