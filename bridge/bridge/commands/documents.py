"""Verbs on one document or customer: try it again, read it again, release it, leave it out, take a message back."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click

from bridge.commands.asking import (
    NEXT,
    acting,
    agree,
    document_argument,
    found,
    one,
    parted,
    plainly,
    say,
    say_all,
    verb,
)
from bridge.errors import Refused
from bridge.opening import opened
from connector_store.division_store import ACCOUNT
from connector_store.forgetting import forget_customer
from connector_store.known import Known, NotPossibleError, Obstacle
from connector_store.people import (
    Next,
    book_beside,
    dismiss,
    leave_out,
    read_again,
    release,
    take_all_in,
    take_in,
    try_again,
    try_all_again,
)

if TYPE_CHECKING:
    from connector_store import DivisionStore


@click.command()
@click.argument("document", nargs=-1, metavar="[[KIND] NUMBER_OR_ID]")
@click.option("--all", "everything", is_flag=True, help="All that waits.")
@click.option("--code", help="All that waits for this reason, as status shows it.")
@verb
def retry(
    store_uri: str,
    division: int | None,
    output: str,
    document: tuple[str, ...],
    code: str | None,
    *,
    everything: bool,
    yes: bool,
) -> None:
    """Have the next run try again what was refused, as it was read: one document, or all that waits."""
    if bool(document) + everything + (code is not None) != 1:
        raise click.UsageError("Name one document ([KIND] NUMBER_OR_ID), or give --all, or --code.")
    if document:
        with one(store_uri, division, _named(document)) as (store, known):
            agree(f"{known.name} is tried again by the next run", yes=yes)
            with acting(store, "retry", known):
                _, following = try_again(store, known.kind, known.source_id)
        say(known, _follows(known, following), output)
        return
    what = "that waits" if code is None else f"that waits as {code}"
    with opened(store_uri, division) as store:
        agree(f"All {what} is tried again by the next run", yes=yes)
        with acting(store, "retry", code=code):
            count = try_all_again(store, code)
    message = f"Of all {what}, {count} are tried again by the next run, with its settings: {NEXT}"
    say_all(message, output, count=count, code=code)


@click.command()
@document_argument
@click.option("--another", is_flag=True, help="The similar entry in Exact is another document's: book this one too.")
@verb
def resend(
    store_uri: str, division: int | None, output: str, document: tuple[str | None, str], *, another: bool, yes: bool
) -> None:
    """Have the next run read one document again in Teamleader and book it; no other document is touched."""
    with opened(store_uri, division) as store:
        with plainly():
            known = _known_or_id(store, document)
        will = "is booked beside the entry that resembles it" if another else "is read again in Teamleader, it alone"
        agree(f"{known.name} {will} by the next run", yes=yes)
        with acting(store, "resend", known):
            if another:
                _, following = book_beside(store, known.kind, known.source_id)
            elif known.kind == ACCOUNT:
                _, following = try_again(store, known.kind, known.source_id)
            else:
                _, following = read_again(store, known.kind, known.source_id)
    say(known, _follows(known, following), output)


@click.command()
@document_argument
@verb
def unlink(store_uri: str, division: int | None, output: str, document: tuple[str | None, str], *, yes: bool) -> None:
    """Release a document or customer whose counterpart in Exact is gone or wrong."""
    kind, number = document
    with opened(store_uri, division) as store:
        # An invoice may be known by what was registered for it alone, which only `release` looks up by kind.
        known = None if kind is not None else _any(store, number)
        kind, number = (kind, number) if known is None else (known.kind, known.source_id)
        name = known.name if known is not None else f"{str(kind).replace('_', ' ').capitalize()} {number}"
        agree(f"{name} is released: what ties it to Exact is forgotten, and its entry stays as it is", yes=yes)
        with acting(store, "unlink", known):
            known, following = release(store, str(kind), number)
    say(known, _follows(known, following), output)


@click.command()
@document_argument
@click.option("--why", required=True, help="Why no run may book it, for who reads the status later.")
@verb
def exclude(
    store_uri: str, division: int | None, output: str, document: tuple[str | None, str], why: str, *, yes: bool
) -> None:
    """Leave a document that is not booked out of every run, because it is booked by hand or has no place in Exact."""
    with one(store_uri, division, document) as (store, known):
        agree(f"{known.name} is left out: no run books it", yes=yes)
        with acting(store, "exclude", known):
            leave_out(store, _document(known), known.source_id, who=getpass.getuser(), why=why)
    again = f'bridge include {known.kind} "{known.number or known.source_id}"'
    say(known, f"is left out: no run books it, whatever becomes of it in Teamleader, until: {again}", output)


@click.command()
@click.argument("document", nargs=-1, metavar="[[KIND] NUMBER_OR_ID]")
@click.option("--code", help="All that a setting left out, such as credit_notes_off.")
@verb
def include(
    store_uri: str, division: int | None, output: str, document: tuple[str, ...], code: str | None, *, yes: bool
) -> None:
    """Take a document in again that was left out, or all that a setting left out."""
    if bool(document) + (code is not None) != 1:
        raise click.UsageError("Name one document ([KIND] NUMBER_OR_ID), or give --code.")
    if code is not None:
        with opened(store_uri, division) as store:
            agree(f"All that is left out as {code} is taken in again, and booked by the next run", yes=yes)
            with acting(store, "include", code=code):
                count = take_all_in(store, code)
        say_all(f"{count} left out as {code} are taken in again: {NEXT}", output, count=count, code=code)
        return
    with one(store_uri, division, _named(document)) as (store, known):
        agree(f"{known.name} is taken in again, and booked by the next run", yes=yes)
        with acting(store, "include", known):
            _, following = take_in(store, _document(known), known.source_id)
            if following is Next.COMES_AGAIN:
                _, following = read_again(store, known.kind, known.source_id)
    say(known, f"is taken in again, and {_FOLLOWS[following].removeprefix('is ')}", output)


@click.command("dismiss")
@document_argument
@verb
def dismiss_command(
    store_uri: str, division: int | None, output: str, document: tuple[str | None, str], *, yes: bool
) -> None:
    """Take back what status says of a booked document, its files or its payments: it was dealt with by hand."""
    with one(store_uri, division, document) as (store, known):
        agree(f"What status says of {known.name} is taken back, until a run finds it again", yes=yes)
        with acting(store, "dismiss", known):
            _, codes = dismiss(store, known.kind, known.source_id)
    say(known, f"is dismissed ({', '.join(codes)}); a run that finds the same again says it again", output)


@click.command()
@click.argument("customer_id")
@verb
def forget(store_uri: str, division: int | None, output: str, customer_id: str, *, yes: bool) -> None:
    """Forget a customer as a person, where the law asks; links and audit hold ids only, and stay."""
    with opened(store_uri, division) as store:
        agree(f"What is kept of customer {customer_id} as a person is forgotten, for good", yes=yes)
        with acting(store, "forget", Known(ACCOUNT, customer_id, None, None)):
            waiting = forget_customer(store, customer_id)
    documents = f", with the records of its waiting documents ({waiting})" if waiting else ""
    message = f"Customer {customer_id} is forgotten{documents}; its links stay, so that nothing is booked twice"
    say_all(message, output, source_id=customer_id, documents=waiting)


_FOLLOWS = {
    Next.NEXT_RUN: f"is tried again by the next run, with its settings: {NEXT}",
    Next.NOTHING: "was deleted in Teamleader, and is told no more; its entry stays known as that of no document",
    Next.READ_AGAIN: f"is read again in Teamleader by the next run, it alone: {NEXT}",
}


def _follows(known: Known, following: Next) -> str:
    if following is not Next.COMES_AGAIN:
        return _FOLLOWS[following]
    again = f"bridge resend {known.kind} {known.source_id}"
    return (
        f"is released. It comes again with: {again} (or when it changes in Teamleader); it is then looked up in Exact "
        "first, and adopted when it still stands there"
    )


def _named(words: tuple[str, ...]) -> tuple[str | None, str]:
    return parted(click.get_current_context(), click.Argument(["document"]), words)


def _any(store: DivisionStore, number: str) -> Known:
    with plainly():
        return found(store, (None, number))


def _known_or_id(store: DivisionStore, document: tuple[str | None, str]) -> Known:
    """Find a document; one that is not known, or not any more, goes by its kind and id."""
    kind, number = document
    try:
        return found(store, document)
    except NotPossibleError as error:
        if kind is None or error.obstacle is not Obstacle.NOT_KNOWN:
            raise
        return Known(kind, number, None, None)


def _document(known: Known) -> str:
    if known.kind == ACCOUNT:
        raise Refused(f"{known.name} is a customer: its documents are left out one by one")
    return known.kind
