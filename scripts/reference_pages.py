"""The pages of docs/reference: settings, commands and streams, as the plugins and the tool tell them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bridge.cli import main as bridge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parent.parent
TAPS = ("tap-teamleader", "tap-exactonline")
TARGETS = ("target-exactonline", "target-teamleader")


def settings_page(tables: Mapping[str, str]) -> str:
    """Return the page of settings, from plugin -> table."""
    chapters = [f"## {plugin}\n\n{table}\n" for plugin, table in tables.items()]
    above = "# Settings\n\nOf each plugin, as `--about` tells them. They are set through Meltano.\n"
    return "\n".join([above, *chapters])


def commands_page() -> str:
    """Return the page of commands, from the tree of click."""
    return "\n".join(["# Commands\n\nOf `bridge`, as `--help` tells them.\n", *_commands(bridge, ("bridge",))])


def _commands(group: click.Group, path: tuple[str, ...]) -> Iterator[str]:
    within = click.Context(group)
    for name in sorted(group.list_commands(within)):
        command, words = group.get_command(within, name), (*path, name)
        if command is None:
            continue
        with click.Context(command, info_name=" ".join(words)) as context:
            usage = " ".join(command.collect_usage_pieces(context))
        paragraphs = [" ".join(each.split()) for each in (command.help or "").split("\n\n")]
        yield f"## {' '.join(words)}\n\n```\n{' '.join(words)} {usage}\n```\n\n" + "\n\n".join(paragraphs) + "\n"
        options = [each for each in command.params if isinstance(each, click.Option) and not each.hidden]
        if options:
            rows = [f"| `{_names(each)}` | {_cell(each.help or '')} |" for each in options]
            yield "\n".join(["| Option | What it is |", "| --- | --- |", *rows, ""])
        if isinstance(command, click.Group):
            yield from _commands(command, words)


def _names(option: click.Option) -> str:
    names = ", ".join((*option.opts, *option.secondary_opts))
    if option.is_flag:
        return names
    if isinstance(option.type, click.Choice):
        return f"{names} {'/'.join(str(each) for each in option.type.choices)}"
    return f"{names} {option.metavar or option.type.name.upper()}"


def streams_page() -> str:
    """Return the page of streams, from the catalogs of the taps and the schemas of the targets."""
    parts = ["# Streams\n\nOf the taps, as `--discover` tells them, in the order in which they are read.\n"]
    for tap in TAPS:
        rows = ["| Stream | Key | Replication key | Properties |", "| --- | --- | --- | --- |"]
        for stream in _catalog(tap):
            keys = ", ".join(f"`{each}`" for each in stream["key_properties"])
            replication = f"`{stream['replication_key']}`" if stream.get("replication_key") else "none: whole each time"
            names = ", ".join(f"`{each}`" for each in stream["schema"]["properties"])
            rows.append(f"| `{stream['tap_stream_id']}` | {keys} | {replication} | {names} |")
        parts.append(f"## {tap}\n\n" + "\n".join(rows) + "\n")
    parts.append("## What the targets take\n\nThe whole JSON Schemas are in the folder `schemas` of each target.\n")
    for target in TARGETS:
        for path in sorted((ROOT / target / target.replace("-", "_") / "schemas").glob("*.json")):
            schema = json.loads(path.read_text(encoding="utf-8"))
            required = schema.get("required", [])
            rows = ["| Property | Required | What it is |", "| --- | --- | --- |"]
            for name, each in schema["properties"].items():
                needed = "yes" if name in required else "no"
                rows.append(f"| `{name}` | {needed} | {_cell(each.get('description', ''))} |")
            parts.append(f"### {target}: {path.stem}\n\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _catalog(tap: str) -> list[dict[str, Any]]:
    command = [str(Path(sys.executable).parent / tap), "--discover"]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    streams: list[dict[str, Any]] = answer["streams"]
    return streams


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
