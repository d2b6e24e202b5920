"""Verbs on the store as a whole: rebuild it from both services, give it another key."""

from __future__ import annotations

import os
from contextlib import ExitStack

import click

from bridge.commands.asking import acting, agree, say_all, verb
from bridge.opening import opened
from connector_store import DivisionStore
from connector_store.rekey import NEW_KEY_VARIABLE


@click.command()
@verb
def rebuild(store_uri: str, division: int | None, output: str, *, yes: bool) -> None:
    """Have the next runs read everything again: after a lost or older store, or when memory is in doubt.

    What stands in Exact is looked up there and linked, so that nothing is booked twice; what is known stays known.
    """
    with opened(store_uri, division) as store:
        agree("The next runs read everything again on both sides, which takes as many calls as a first run", yes=yes)
        with acting(store, "rebuild"):
            store.store.renew_identity()
    message = "The next runs read everything again, and link what stands in Exact: meltano run documents payments"
    say_all(message, output)


@click.command()
@verb
def rekey(store_uri: str, division: int | None, output: str, *, yes: bool) -> None:
    """Seal logins and records with another key. The old one then opens nothing but older backups.

    The key file beside a SQLite store is renewed by itself. Where CONNECTOR_STORE_KEY holds the key, put the new one
    into CONNECTOR_STORE_NEW_KEY, and give it the first name afterwards.
    """
    given = os.environ.get(NEW_KEY_VARIABLE)
    with opened(store_uri, division) as store, ExitStack() as others:
        agree("Logins and records are sealed with another key; backups of before need the old one", yes=yes)
        for number in store.store.divisions():
            if number != store.division:
                other = DivisionStore(store.store, number)
                others.enter_context(other.writing_to_exact())
                others.enter_context(other.writing_to_teamleader())
        with acting(store, "rekey"):
            count = store.store.rotate_key(given)
    then = f"; give the new key the name CONNECTOR_STORE_KEY now, and drop {NEW_KEY_VARIABLE}" if given else ""
    say_all(f"{count} values are sealed with the new key{then}", output, values=count)
