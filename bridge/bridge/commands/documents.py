"""The verbs of the store as commands, and what follows of each in the words of this tool."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
import simplejson

from bridge.commands.options import DOCUMENT_KIND, KIND, Guid, settings
from bridge.errors import Refused
from bridge.opening import opened
from connector_store.division_store import ACCOUNT
from connector_store.people import (
    Next,
    NotPossibleError,
    Obstacle,
    book_beside,
    forget_customer,
    leave_out,
    link_by_hand,
    release,
    take_in,
    try_again,
    try_all_again,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector_store import DivisionStore
    from connector_store.people import Known

AGAIN = "meltano run documents --full-refresh"
NEXT = "meltano run documents"

_REMEDIES = {
    Obstacle.NOT_KNOWN: "bridge status --all lists them",
    Obstacle.AMBIGUOUS: "give the id",
    Obstacle.IN_ORDER: "when its entry must be made anew use: bridge unlink",
    Obstacle.LINKED_ALREADY: "release it first with: bridge unlink",
    Obstacle.TAKEN: "release that first with: bridge unlink",
    Obstacle.UNDER_WAY: f"the next run looks it up: {NEXT}",
    Obstacle.LEFT_OUT: "take it in again with: bridge include",
    Obstacle.NOT_LEFT_OUT: "bridge status --all lists what is left out",
}
_FOLLOWS = {
    Next.COMES_AGAIN: (
        f"is released. It comes again with: {AGAIN} (or when it changes in Teamleader); it is then looked up in Exact "
        "first, and adopted when it still stands there"
    ),
    Next.NOTHING: "was deleted in Teamleader, and is told no more; its entry stays known as that of no document",
    Next.NEXT_RUN: f"is tried again by the next run, with its settings: {NEXT}",
}

_TAKEN_IN = {
    Next.COMES_AGAIN: f"is taken in again. It comes with: {AGAIN} (or when it changes in Teamleader)",
    Next.NEXT_RUN: f"is taken in again, and tried by the next run, with its settings: {NEXT}",
}


@click.command()
@click.argument("kind", type=KIND)
@click.argument("number_or_id")
@settings
def unlink(store_uri: str, division: int | None, output: str, kind: str, number_or_id: str) -> None:
    """Release a document or customer whose counterpart in Exact is gone or wrong."""
    with _writing(store_uri, division) as store:
        known, following = release(store, kind, number_or_id)
    _say(known, _FOLLOWS[following], output)


@click.command()
@click.argument("kind", type=KIND, required=False)
@click.argument("number_or_id", required=False)
@click.option("--another", is_flag=True, help="The similar entry in Exact is another document's: book this one too.")
@click.option("--all", "everything", is_flag=True, help="All that waits.")
@click.option("--code", help="All that waits for this reason, as status shows it.")
@settings
def resend(
    store_uri: str,
    division: int | None,
    output: str,
    kind: str | None,
    number_or_id: str | None,
    code: str | None,
    *,
    another: bool,
    everything: bool,
) -> None:
    """Have the next run try again what was refused or deleted in Exact: one document, or all that waits."""
    is_one = kind is not None and number_or_id is not None
    if is_one + everything + (code is not None) != 1 or (kind is not None and not is_one):
        raise click.UsageError("Name one document (KIND and NUMBER_OR_ID), or give --all, or --code.")
    with _writing(store_uri, division) as store:
        if kind is not None and number_or_id is not None:
            known, following = (book_beside if another else try_again)(store, kind, number_or_id)
        else:
            count = try_all_again(store, code)
    if is_one:
        _say(known, _FOLLOWS[following], output)
    else:
        _say_count(count, code, output)


@click.command()
@click.argument("kind", type=KIND)
@click.argument("number_or_id")
@click.argument("exact_id", metavar="GUID", type=Guid())
@settings
def match(store_uri: str, division: int | None, output: str, kind: str, number_or_id: str, exact_id: str) -> None:
    """Link by hand: a document to the entry in Exact, or a customer (by its id) to the account, with that GUID."""
    with _writing(store_uri, division) as store:
        known = link_by_hand(store, kind, number_or_id, exact_id)
    if kind == ACCOUNT:
        _say(known, f"is linked to account {exact_id}; its documents follow with: {NEXT}", output)
    else:
        _say(known, f"is linked to entry {exact_id}, which stays as it is until the document is saved again", output)


@click.command()
@click.argument("kind", type=DOCUMENT_KIND)
@click.argument("number_or_id")
@click.option("--why", required=True, help="Why no run may book it, for who reads the status later.")
@settings
def exclude(store_uri: str, division: int | None, output: str, kind: str, number_or_id: str, why: str) -> None:
    """Leave a document that is not booked out of every run, because it is booked by hand or has no place in Exact."""
    with _writing(store_uri, division) as store:
        known = leave_out(store, kind, number_or_id, who=getpass.getuser(), why=why)
    again = f'bridge include {kind} "{known.number or known.source_id}"'
    _say(known, f"is left out: no run books it, whatever becomes of it in Teamleader, until: {again}", output)


@click.command()
@click.argument("kind", type=DOCUMENT_KIND)
@click.argument("number_or_id")
@settings
def include(store_uri: str, division: int | None, output: str, kind: str, number_or_id: str) -> None:
    """Take a document in again that was left out."""
    with _writing(store_uri, division) as store:
        known, following = take_in(store, kind, number_or_id)
    _say(known, _TAKEN_IN[following], output)


@click.command()
@click.argument("customer_id")
@settings
def forget(store_uri: str, division: int | None, output: str, customer_id: str) -> None:
    """Forget a customer as a person, where the law asks; links and audit hold ids only, and stay."""
    with _writing(store_uri, division) as store:
        waiting = forget_customer(store, customer_id)
    documents = f", with the records of its waiting documents ({waiting})" if waiting else ""
    message = f"Customer {customer_id} is forgotten{documents}; its links stay, so that nothing is booked twice"
    if output == "json":
        click.echo(simplejson.dumps({"source_id": customer_id, "documents": waiting, "message": message}))
    else:
        click.echo(f"{message}.")


@contextmanager
def _writing(store_uri: str, division: int | None) -> Iterator[DivisionStore]:
    with opened(store_uri, division) as store, store.writing_to_exact(), store.writing_to_teamleader():
        try:
            yield store
        except NotPossibleError as error:
            remedy = _REMEDIES.get(error.obstacle)
            raise Refused(f"{error}; {remedy}" if remedy else str(error)) from error


def _say_count(count: int, code: str | None, output: str) -> None:
    what = "that waits" if code is None else f"that waits as {code}"
    message = f"Of all {what}, {count} are tried again by the next run, with its settings: {NEXT}"
    if output == "json":
        click.echo(simplejson.dumps({"count": count, "code": code, "message": message}))
    else:
        click.echo(f"{message}.")


def _say(known: Known, following: str, output: str) -> None:
    message = f"{known.name} {following}"
    if output == "json":
        told = {"kind": known.kind, "source_id": known.source_id, "number": known.number, "message": message}
        click.echo(simplejson.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{message}.")
