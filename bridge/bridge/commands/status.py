"""`bridge status`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from bridge.commands.options import echo_json, language, max_age, settings
from bridge.opening import opened
from bridge.telling import Reader, status_of
from bridge.words import gettext_for

if TYPE_CHECKING:
    from datetime import timedelta

PROBLEM: Final = 3
"""Exit code: something needs a person."""
FAILURE: Final = 4
"""Exit code: the coupling does not work, or not any more."""


@click.command()
@click.option("--all", "everything", is_flag=True, help="List what is linked or left out, too (JSON always does).")
@click.option(
    "--fail-on",
    type=click.Choice(["problem", "failure"]),
    help="Exit 3 when something needs a person (problem), 4 when the coupling does not work (failure, and problem).",
)
@language
@max_age
@settings
def status(
    store_uri: str,
    division: int | None,
    output: str,
    lang: str,
    older_than: timedelta,
    fail_on: str | None,
    *,
    everything: bool,
) -> None:
    """Show how it goes, what a person must do, what follows by itself, what became paid, counts and the last runs."""
    words = gettext_for(lang)
    with opened(store_uri, division) as store:
        document = status_of(store, Reader(lang, older_than))
    if output == "json":
        echo_json(document)
    else:
        # Its library takes long to import, and a cycle that runs every few minutes shows nothing.
        from bridge.commands import terminal  # noqa: PLC0415

        terminal.Screen(lang, words).show(document, everything=everything)
    if fail_on and document["health"]["level"] == "red":
        sys.exit(FAILURE)
    if fail_on == "problem" and document["counts"]["rejected"]:
        sys.exit(PROBLEM)
