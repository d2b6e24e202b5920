"""What every verb of a person does: it finds what is meant, says what will happen, asks, acts, and is in the trail."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click
import simplejson

from bridge.commands.options import KIND, settings
from bridge.errors import Refused
from bridge.opening import opened
from connector_store.known import Known, NotPossibleError, Obstacle, find, find_any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector_store import DivisionStore

Command = TypeVar("Command", bound="Callable[..., None]")

NEXT = "meltano run documents"
PAYMENTS = "meltano run payments"
AUDITED = "person"
"""How the events of what people did begin."""

_REMEDIES = {
    Obstacle.NOT_KNOWN: "bridge status --all lists them",
    Obstacle.AMBIGUOUS: "give the id",
    Obstacle.IN_ORDER: "when its entry must be made anew use: bridge unlink",
    Obstacle.LINKED_ALREADY: "release it first with: bridge unlink",
    Obstacle.TAKEN: "release that first with: bridge unlink",
    Obstacle.UNDER_WAY: f"the next run looks it up: {NEXT}",
    Obstacle.NOTHING_TO_DISMISS: "what waits is left out with: bridge exclude",
    Obstacle.LEFT_OUT: "take it in again with: bridge include",
    Obstacle.NOT_LEFT_OUT: "bridge status --all lists what is left out",
}


def document_argument(command: Command) -> Command:
    """Give a command a document or customer: by number or id, its kind before it when the number does not tell."""
    shown = "[KIND] NUMBER_OR_ID"
    return click.argument("document", nargs=-1, required=True, callback=parted, metavar=shown)(command)


def verb(command: Command) -> Command:
    """Give a command what every verb has: the settings, and `--yes`."""
    return click.option("--yes", is_flag=True, help="Do it without asking.")(settings(command))


def parted(ctx: click.Context, param: click.Parameter, words: tuple[str, ...]) -> tuple[str | None, str]:
    """Return kind and number."""
    if len(words) > 2:  # noqa: PLR2004 - a kind and a number
        raise click.UsageError(f"{words[-1]} is one word too many: write a number with blanks in quotes")
    return (None, words[0]) if len(words) == 1 else (KIND.convert(words[0], param, ctx), words[1])


def found(store: DivisionStore, document: tuple[str | None, str]) -> Known:
    """Return what is remembered of a document.

    Raises:
        NotPossibleError: nothing, or it may be several.
    """
    kind, number = document
    return find_any(store, number) if kind is None else find(store, kind, number)


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what cannot be done into one line with what to do about it."""
    try:
        yield
    except NotPossibleError as error:
        remedy = _REMEDIES.get(error.obstacle)
        raise Refused(f"{error}; {remedy}" if remedy else str(error)) from error


def agree(will: str, *, yes: bool) -> None:
    """Say what will happen and ask whether it may; the question goes where errors go, so that output stays clean.

    Raises:
        Refused: It may not, or nobody answers.
    """
    if yes:
        return
    try:
        agreed = click.confirm(f"{will}. Go on?", err=True)
    except click.Abort:
        agreed = False
    if not agreed:
        raise Refused("Nothing was done; --yes does it without asking")


@contextmanager
def acting(store: DivisionStore, name: str, about: Known | None = None, **detail: Any) -> Iterator[None]:  # noqa: ANN401
    """Hold the locks of those who write, and note in the trail who did it.

    Args:
        store: Of the division.
        name: Of the verb.
        about: The document or customer, if it is about one.
        detail: Codes, ids and numbers.
    """
    kind, source_id = (about.kind, about.source_id) if about is not None else (None, None)
    with store.writing_to_exact(), store.writing_to_teamleader(), plainly():
        yield
        told = {"by": getpass.getuser(), **detail}
        event = f"{AUDITED}.{name}"
        store.store.audit(event, division=store.division, kind=kind, source_id=source_id, detail=told)


@contextmanager
def one(
    store_uri: str, division: int | None, document: tuple[str | None, str]
) -> Iterator[tuple[DivisionStore, Known]]:
    """Open the store and find one document in it."""
    with opened(store_uri, division) as store:
        with plainly():
            known = found(store, document)
        yield store, known


def say(known: Known, following: str, output: str) -> None:
    """Say what became of a document."""
    message = f"{known.name} {following}"
    if output == "json":
        told = {"kind": known.kind, "source_id": known.source_id, "number": known.number, "message": message}
        click.echo(simplejson.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{message}.")


def say_all(message: str, output: str, **told: Any) -> None:  # noqa: ANN401 - values of JSON
    """Say what became of several things."""
    if output == "json":
        click.echo(simplejson.dumps({**told, "message": message}, ensure_ascii=False))
    else:
        click.echo(f"{message}.")
