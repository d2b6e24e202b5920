"""What the code knows of both services and of the law, it cites; each citation leads to a numbered line in docs/facts.

The form is `exact-online 3.20`, `exact-online 7.6, 7.13`, `teamleader 3.1-3.4`, `accounting rules 6 to 9`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT / "docs/facts"
SOURCES = ("exact-online", "teamleader", "accounting", "singer-meltano")
PASSED_OVER = {"node_modules", "__pycache__", "__snapshots__", "data"}

NUMBER = r"\d+\.\d+"
RULE = r"\d+"
GAP = r"(?:\s|#)+"  # a citation may go on in the next line of a comment
JOIN = rf"(?:,?{GAP}(?:and|to){GAP}|,{GAP}|-)"
FACT_CITATION = re.compile(rf"\b(exact-online|teamleader|singer-meltano){GAP}({NUMBER}(?:{JOIN}{NUMBER})*)")
RULE_CITATION = re.compile(rf"\b(accounting){GAP}rules?{GAP}({RULE}(?:{JOIN}{RULE})*)")
WITHOUT_SOURCE = re.compile(rf"\bfacts?{GAP}{NUMBER}|§{GAP}?\d|\bfact sheet\b", re.IGNORECASE)
ANCHOR = re.compile(r'<a id="([\d.]+)"></a>([\d.]+) \|')


def written() -> Iterator[Path]:
    """Yield the sources, tests and documents of the house."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if path.suffix in {".py", ".md"} and not any(each[0] == "." or each in PASSED_OVER for each in parts):
            yield path


def spelled_out(numbers: str) -> Iterator[str]:
    """Yield each number of `3.2-3.4, 3.23 and 3.24` or `6 to 9`: a range holds all between its ends."""
    last = ""
    for join, number in re.findall(rf"({JOIN})?({NUMBER}|{RULE})", numbers):
        if join.strip() in {"-", "to"}:
            chapter, first, end = *_split(last), _split(number)[1]
            assert (_split(number)[0], first < end) == (chapter, True), f"{last}{join}{number} is no range"
            yield from (f"{chapter}{each}" for each in range(first + 1, end))
        yield number
        last = number


def _split(number: str) -> tuple[str, int]:
    chapter, dot, last = number.rpartition(".")
    return chapter + dot, int(last)


def citations(text: str) -> Iterator[tuple[str, str]]:
    """Yield (source, number) of all that a text cites."""
    for pattern in (FACT_CITATION, RULE_CITATION):
        for source, numbers in pattern.findall(text):
            yield from ((source, number) for number in spelled_out(numbers))


def anchors(source: str) -> list[str]:
    return [number for number, shown in ANCHOR.findall((FACTS / f"{source}.md").read_text()) if number == shown]


def test_every_citation_leads_to_a_fact() -> None:
    known = {source: set(anchors(source)) for source in SOURCES}
    unknown = [
        f"{path.relative_to(ROOT)}: {source} {number}"
        for path in written()
        for source, number in citations(path.read_text())
        if number not in known[source]
    ]
    assert not unknown


def test_every_citation_names_its_source() -> None:
    bare = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in written()
        if path != Path(__file__)
        for match in WITHOUT_SOURCE.finditer(path.read_text())
    ]
    assert not bare


@pytest.mark.parametrize("source", SOURCES)
def test_every_fact_has_one_number_a_source_and_a_confidence(source: str) -> None:
    numbers = anchors(source)
    rows = [line for line in (FACTS / f"{source}.md").read_text().splitlines() if re.match(r"\| (<a |\d)", line)]
    assert len(numbers) == len(set(numbers)) == len(rows)
    for row in rows:
        _, _, fact, origin, confidence, _ = (cell.strip() for cell in re.split(r"(?<!\\)\|", row))
        assert fact
        assert origin
        assert confidence in {"sure", "likely", "weak"}, row


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"""Paid (exact-online 7.5)."""', ["7.5"]),
        ("(exact-online 7.6, 7.13)", ["7.6", "7.13"]),
        ("(exact-online\n# 3.8-3.10 and 3.12)", ["3.8", "3.9", "3.10", "3.12"]),
        ("accounting rules 6 to 8 and 10", ["6", "7", "8", "10"]),
        ("accounting rules 1, 2, and 31.", ["1", "2", "31"]),
    ],
)
def test_a_citation_may_hold_several_numbers_and_ranges(text: str, found: list[str]) -> None:
    assert [number for _, number in citations(text)] == found
