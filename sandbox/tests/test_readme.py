"""The README names what there is: every verb, endpoint and kind of fault, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from sandbox.cli import build_parser
from sandbox.exact.control import verbs as exact_verbs
from sandbox.faults import KINDS
from sandbox.teamleader.verbs import verbs as teamleader_verbs

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def first_column(heading: str) -> set[str]:
    """The names in code in the first column of the table that comes next after a text."""
    rows = README[README.index(heading) :].split("\n\n|", 1)[1].split("\n\n", 1)[0].splitlines()
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.removeprefix("|").split(" | ")[0])}


def test_every_verb_of_teamleader_is_named() -> None:
    assert first_column("### What people do in Teamleader") == teamleader_verbs.keys()


def test_every_verb_of_exact_is_named() -> None:
    assert first_column("### What people do in Exact") == exact_verbs.keys()


def test_every_kind_of_fault_is_named() -> None:
    assert first_column("| `POST /_sandbox/clock`") == KINDS


def test_every_option_is_named() -> None:
    shown = build_parser().parse_args(["serve"])
    named = {name.lstrip("-").replace("-", "_") for name in re.findall(r"`(--[a-z-]+)`", README)}
    assert vars(shown).keys() - {"command"} == named
