"""Who reads Dutch or French finds every reason, hint and word of the report in that language."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from bridge.setup.suggestions.vat_words import KINDS
from bridge.view.actors import ACCOUNTANT, INVOICING, OPERATOR
from bridge.view.differences import WHAT
from bridge.view.places import PLACES
from bridge.words import gettext_for, messages
from target_exactonline.reasons import CATALOGUE as BOOKING
from target_teamleader.reasons.catalogue import CATALOGUE as REGISTERING

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("nl", "fr")
BY_TEXT = ("oss", "intra-community")
"""Kinds of tax rates whose codes are proposed with a text of their own."""
ENTRIES = [*BOOKING.items(), *REGISTERING.items()]
TEMPLATE = (ROOT / "bridge/bridge/templates/report.html").read_text(encoding="utf-8")


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_hint_is_translated_with_its_places(language: str) -> None:
    texts = messages(language)
    said = [text for _, entry in ENTRIES for text in (entry.title, entry.hint)]
    assert [text for text in said if text not in texts] == []
    assert [text for text in said if places(text) != places(texts[text])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_report_is_translated(language: str) -> None:
    texts = messages(language)
    shown = {text for text in re.findall(r"""_\(["']([^"']+)["']\)""", TEMPLATE) if text}
    told = [*shown, *WHAT.values(), *PLACES.values(), ACCOUNTANT, INVOICING, OPERATOR]
    assert [text for text in told if text not in texts] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_for_a_document_stays_in_the_translation(language: str) -> None:
    translated = gettext_for(language)
    for _, entry in ENTRIES:
        filled = {name: f"<{name}>" for name in places(entry.hint)}
        assert translated(entry.hint.format(**filled)) == messages(language)[entry.hint].format(**filled)
    assert translated("A reason that nobody foresaw") == "A reason that nobody foresaw"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_guided_set_up_is_translated_with_its_places(language: str) -> None:
    texts = messages(language, "setup")
    commands = ROOT / "bridge/bridge/commands"
    told = [text for name in ("setup.py", "login.py") for text in asked_for(commands / name)]
    assert len(told) > 40
    assert [text for text in told if text not in texts] == []
    assert [text for text in texts if places(text) != places(texts[text])] == []
    assert [kind for kind in KINDS if kind not in BY_TEXT and f"for {kind} at" not in " ".join(texts)] == []


def asked_for(module: Path) -> list[str]:
    """Return the texts that a module has translated: the arguments of `_`."""
    calls = [each for each in ast.walk(ast.parse(module.read_text(encoding="utf-8"))) if isinstance(each, ast.Call)]
    texts = [
        ast.literal_eval(each.args[0])
        for each in calls
        if isinstance(each.func, ast.Name) and each.func.id == "_" and isinstance(each.args[0], ast.Constant)
    ]
    return [text for text in texts if isinstance(text, str)]


@pytest.mark.parametrize("page", ["docs/errors.md", "docs/nl/errors.md", "docs/fr/errors.md"])
def test_each_code_stands_on_the_page_of_each_language(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [code for code, _ in ENTRIES if f"| `{code}` |" not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_accountants_page_has_the_same_choices_sections_and_places_in_each_language(language: str) -> None:
    pages = [(ROOT / folder / "accounting.md").read_text(encoding="utf-8") for folder in ("docs", f"docs/{language}")]
    english, translated = pages
    settings = r"^\| [^|]+ \| (`\w+`[^|]*?)(?: \([^|]*)? ?\|"
    chosen = [re.findall(r"`(\w+)`", each) for each in re.findall(settings, english, re.MULTILINE)]
    assert chosen
    assert [name for names in chosen for name in names if f"`{name}`" not in translated] == []
    assert len(re.findall(r"^## ", english, re.MULTILINE)) == len(re.findall(r"^## ", translated, re.MULTILINE))
    told = [place for place in PLACES.values() if f"| {place} |" in english]
    assert [place for place in told if f"| {gettext_for(language)(place)} |" not in translated] == []


def reasons() -> set[str]:
    """What the targets say of a single document, as their sources write it, with a place for each value."""
    found: set[str] = set()
    for program in ("target-exactonline/target_exactonline", "target-teamleader/target_teamleader"):
        for path in sorted((ROOT / program).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Rejection.of", "refuse"}:
                    found.update(map(_text, node.args[1:2]))
                elif isinstance(node, ast.Assign) and [getattr(each, "id", "") for each in node.targets] == ["reason"]:
                    found.add(_text(node.value))
    return {text for text in found if text.count(" ") > 1}


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "<value>" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_a_single_document_is_translated(language: str) -> None:
    translated = gettext_for(language)
    assert len(reasons()) > 70
    assert [text for text in sorted(reasons()) if translated(text) == text] == []


@pytest.mark.parametrize(("language", "amount"), [("nl", "12,50"), ("fr", "12,50")])
def test_amounts_and_days_within_a_reason_are_those_of_the_reader(language: str, amount: str) -> None:
    translated = gettext_for(language)
    assert amount in translated("Only 12.50 of the invoice is open")
    assert "04/03/2026" in translated("Exact has no financial period for 2026-03-04")
