"""`bridge match`: what a person knows belongs together."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import click

from bridge.commands.asking import NEXT, PAYMENTS, acting, agree, parted, plainly, say, verb
from bridge.commands.options import chosen
from bridge.errors import Refused
from bridge.opening import opened
from connector_store.division_store import ACCOUNT
from connector_store.known import find_any
from connector_store.people import link_by_hand

if TYPE_CHECKING:
    from connector_store import DivisionStore


@click.command()
@click.argument("words", nargs=-1, metavar="[KIND] NUMBER_OR_ID COUNTERPART")
@verb
def match(store_uri: str, division: int | None, output: str, words: tuple[str, ...], *, yes: bool) -> None:
    """Link by hand: a document to its entry in Exact, or a customer (by its id) to its account.

    COUNTERPART is the number of the entry, the code of the account, or the GUID of either.
    """
    if len(words) < 2:  # noqa: PLR2004 - a document and its counterpart
        raise click.UsageError("Name a document or customer, and its entry or account in Exact.")
    kind, number = parted(click.get_current_context(), click.Argument(["document"]), words[:-1])
    with opened(store_uri, division) as store:
        if kind is None:
            kind, number = _kind(store, number)
        exact_id = _id(store, kind, words[-1])
        what = "account" if kind == ACCOUNT else "entry"
        name = f"{kind.replace('_', ' ').capitalize()} {number}"
        agree(f"{name} is linked to {what} {words[-1]}, which stays as it is", yes=yes)
        with acting(store, "match", exact_id=exact_id):
            known = link_by_hand(store, kind, number, exact_id)
    if kind == ACCOUNT:
        say(known, f"is linked to account {words[-1]}; its documents follow with: {NEXT}", output)
    else:
        stays = "which stays as it is until the document is saved again"
        say(known, f"is linked to entry {words[-1]}, {stays}; what is paid of it follows with: {PAYMENTS}", output)


def _kind(store: DivisionStore, number: str) -> tuple[str, str]:
    with plainly():
        known = find_any(store, number)
    return known.kind, known.source_id


def _id(store: DivisionStore, kind: str, counterpart: str) -> str:
    """Return the GUID of an entry or account; a number or code is looked up in Exact, one call."""
    try:
        guid = UUID(counterpart)
    except ValueError:
        return _looked_up(store, kind, counterpart)
    if not guid.int:
        raise click.UsageError(f"{counterpart} is the id of nothing in Exact")
    return str(guid)


def _looked_up(store: DivisionStore, kind: str, counterpart: str) -> str:
    from bridge import services  # noqa: PLC0415 - what has a GUID needs no service
    from bridge.counterparts import accounts_with_code, entries_with_number  # noqa: PLC0415

    what = "account with code" if kind == ACCOUNT else "sales entry with number"
    if kind != ACCOUNT and not counterpart.isdecimal():
        raise click.UsageError(f"{counterpart} is neither the number of an entry nor a GUID")
    exact = services.exact(chosen(), store.store, division=store.division, read_only=True)
    found = accounts_with_code(exact, counterpart) if kind == ACCOUNT else entries_with_number(exact, int(counterpart))
    if not found:
        raise Refused(f"Exact has no {what} {counterpart} in division {store.division}: look it up there")
    if len(found) > 1:
        listed = "; ".join(f"{guid} ({about})" for guid, about in found.items())
        raise Refused(f"Exact has {len(found)} of {what} {counterpart}: give the GUID of one of {listed}")
    return next(iter(found))
