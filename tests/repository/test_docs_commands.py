"""Every command that the documents show is one of bridge's, with arguments that it takes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from bridge.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "bridge/README.md",
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if page.parent.name != "reference"),
]
COMMAND = re.compile(r"^\s*(?:\S*/)?(?:meltano invoke )?bridge (.+)$")


def shown() -> Iterator[str]:
    """Yield the lines of blocks, as typed in a shell."""
    for page in PAGES:
        for block in re.findall(r"^ *```(?:sh)?\n(.*?)^ *```", page.read_text(), re.DOTALL | re.MULTILINE):
            yield from (found[1] for line in block.splitlines() if (found := COMMAND.match(line)))


def mentioned() -> Iterator[str]:
    """Yield what a sentence names between backticks: it may leave out what must be given."""
    for page in PAGES:
        yield from re.findall(r"`bridge ([a-z][^`]*)`", page.read_text())


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    command: click.Command = main
    while isinstance(command, click.Group) and words:
        found = command.get_command(click.Context(command), words[0])
        if found is None:
            break
        command, words = found, words[1:]
    return command, words


@pytest.mark.parametrize("line", sorted(set(shown())))
def test_a_command_of_a_block_is_taken_as_it_stands(line: str) -> None:
    command, words = command_of(shlex.split(line, comments=True))
    assert command is not main, line
    with click.Context(command, info_name=line) as context:
        values, left, _ = command.make_parser(context).parse_args(args=words)
        assert not left, line
        for each in command.params:
            given = values.get(str(each.name))
            if isinstance(given, str):
                each.type_cast_value(context, given)
            else:
                assert not each.required or isinstance(given, (list, tuple)), f"{line} lacks {each.name}"


@pytest.mark.parametrize("text", sorted(set(mentioned())))
def test_a_command_that_a_sentence_names_exists_with_its_options(text: str) -> None:
    command, words = command_of(text.split())
    assert command is not main, text
    options = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= options, text
