"""Find code that stands in the sources of two packages: six lines or more in a row, equal or of one shape.

Shape: names, strings and numbers are replaced, each by its place in the run, so that a copy with other names is found.
Plain declarations keep their words, as they have no logic: members and fields of a class, its decorators, and arguments
that a constructor keeps. Blank lines, comments, docstrings, imports and lone punctuation do not count. Pairs of files
that may stay are listed in scripts/twins.txt, two paths and a reason in a line; one that is no twin any more fails.
"""

from __future__ import annotations

import ast
import keyword
import sys
import tokenize
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LINES = 6
DISTINCT = 4
"""A run of fewer different shapes is a list, of fields or of streams: it counts only when it is equal to the letter."""
LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


class Line(NamedTuple):
    """A line of code: its number, and (whether it is replaced, text) of each token."""

    number: int
    tokens: tuple[tuple[bool, str], ...]


class Run(NamedTuple):
    """Where a file holds a run: its path below the root, first and last line."""

    path: str
    first: int
    last: int


def sources(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield (package, file) of all sources: tests, scripts and generated folders are none."""
    for project in sorted(root.rglob("pyproject.toml")):
        if project.parent != root and not any(part[0] == "." for part in project.relative_to(root).parts):
            for path in sorted(project.parent.rglob("*.py")):
                if not {"tests", ".venv", "build"} & set(path.relative_to(project.parent).parts):
                    yield project.parent.name, path


def code_lines(text: str) -> list[Line]:
    """Return the lines of code that count."""
    passed_over: set[int] = set()
    declared: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.stmt):
            continue
        prose = (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        )
        if prose or isinstance(node, ast.Import | ast.ImportFrom):
            passed_over.update(_lines_of(node))
        for each in _declarations(node):
            declared.update(_lines_of(each))
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            passed_over.add(node.lineno)  # what it guards are imports
    lines: dict[int, list[tuple[bool, str]]] = defaultdict(list)
    for token in tokenize.generate_tokens(iter(text.splitlines(keepends=True)).__next__):
        if token.type not in LAYOUT and token.start[0] not in passed_over:
            name = token.type == tokenize.NAME and not keyword.iskeyword(token.string)
            word = name or token.type in {tokenize.STRING, tokenize.NUMBER}
            lines[token.start[0]].append((word, token.string))
    return [
        Line(number, tuple((word and number not in declared, text) for word, text in tokens))
        for number, tokens in lines.items()
        if any(word or text.isalpha() for word, text in tokens)
    ]


def _lines_of(node: ast.stmt | ast.expr | ast.arg) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _declarations(node: ast.stmt) -> list[ast.stmt | ast.expr | ast.arg]:
    """Return the plain declarations of a class or a constructor."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *(each for each in node.body if isinstance(each, ast.Assign | ast.AnnAssign))]
    if isinstance(node, ast.FunctionDef) and node.name == "__init__":
        kept = [each for each in node.body if isinstance(each, ast.Assign) and isinstance(each.value, ast.Name)]
        return [*node.args.args, *node.args.kwonlyargs, *kept]
    return []


def shape(lines: Sequence[Line]) -> str:
    """Return a text that is equal for runs of one shape."""
    places: dict[str, int] = {}
    bare = {tuple("" if replaced else text for replaced, text in line.tokens) for line in lines}
    by_place = len(bare) >= DISTINCT

    def shown(line: Line) -> str:
        return " ".join(
            f"<{places.setdefault(text, len(places))}>" if replaced and by_place else text
            for replaced, text in line.tokens
        )

    return "\n".join(map(shown, lines))


def twins(files: Mapping[str, tuple[str, list[Line]]]) -> Iterator[tuple[Run, Run]]:
    """Yield the runs that two packages share; `files` is path -> (package, lines)."""
    places: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for path, (_, lines) in files.items():
        for start in range(len(lines) - LINES + 1):
            places[shape(lines[start : start + LINES])].append((path, start))
    starts: dict[tuple[str, str, int], set[int]] = defaultdict(set)
    for found in places.values():
        for (one, here), (other, there) in combinations(found, 2):
            if files[one][0] != files[other][0]:
                starts[one, other, there - here].add(here)
    for (one, other, gap), heres in sorted(starts.items()):
        first: int | None = None
        for here in sorted(heres):
            first = here if first is None else first
            if here + 1 not in heres:
                yield _run(files, one, first, here), _run(files, other, first + gap, here + gap)
                first = None


def _run(files: Mapping[str, tuple[str, list[Line]]], path: str, first: int, last: int) -> Run:
    lines = files[path][1]
    return Run(path, lines[first].number, lines[last + LINES - 1].number)


def main(root: Path) -> int:
    """Print the twins that no reason allows, and the reasons that nothing needs; return 1 when there is any."""
    listed = (root / "scripts/twins.txt").read_text(encoding="utf-8").splitlines()
    allowed = {frozenset((one, other)) for one, other, _reason in (line.split(maxsplit=2) for line in listed)}
    files = {
        str(path.relative_to(root)): (package, code_lines(path.read_text(encoding="utf-8")))
        for package, path in sources(root)
    }
    found = list(twins(files))
    faults = [
        f"{one.path}:{one.first}-{one.last} stands again in {other.path}:{other.first}-{other.last}"
        for one, other in found
        if frozenset((one.path, other.path)) not in allowed
    ]
    needed = {frozenset((one.path, other.path)) for one, other in found}
    faults += [f"scripts/twins.txt allows what is not there: {', '.join(sorted(pair))}" for pair in allowed - needed]
    sys.stdout.writelines(f"{fault}\n" for fault in sorted(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if sys.argv[1:] else Path(__file__).parents[1]).resolve()))
