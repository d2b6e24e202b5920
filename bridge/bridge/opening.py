"""The store as this tool uses it: opened for one division, never made."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bridge.errors import Refused
from connector_store import ConnectorStore, DivisionStore
from connector_store.project import project_uri, store_file

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def opened(store_uri: str, division: int | None) -> Iterator[DivisionStore]:
    """Open a store that is there already, for one of the divisions that it knows.

    Without a division it is the only one; when there are more, a person at a terminal is asked.

    Raises:
        Refused: the store does not know the division, or which one is meant; or there is no such file. To make one
            would tell of an empty administration when the URI is mistyped.
        StoreError: the store cannot be read.
    """
    store_uri = project_uri(store_uri)
    path = store_file(store_uri)
    if path is not None and not path.exists():
        raise Refused(f"There is no store {path}: correct store_uri, or make it with: meltano run documents")
    with ConnectorStore.open(store_uri) as store:
        yield DivisionStore(store, _division(store.divisions(), division))


def _division(known: list[int], wanted: int | None) -> int:
    numbers = ", ".join(map(str, known))
    if wanted is not None:
        # A store without any run knows none yet.
        if known and wanted not in known:
            raise Refused(f"The store knows no administration {wanted}, it knows {numbers}: correct --division")
        return wanted
    if not known:
        raise Refused("No run yet, so that no administration is known: begin with bridge run, or give --division")
    if len(known) == 1:
        return known[0]
    if not sys.stdin.isatty():
        raise Refused(f"The store knows the administrations {numbers}: say which one with --division")
    choice: str = click.prompt("Which administration", type=click.Choice([str(each) for each in known]), err=True)
    return int(choice)
