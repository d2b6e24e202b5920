"""A throw-away copy of a store, for runs that must leave the store as it is."""

from __future__ import annotations

import shutil
from itertools import islice
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, select

from connector_store.encryption import key_file
from connector_store.engine import Database
from connector_store.schema import metadata
from connector_store.upgrade import bring_up_to_date

if TYPE_CHECKING:
    from pathlib import Path

_ROWS: Final = 500


def copy_rows(source: Database, path: Path) -> str:
    """Copy all rows of a store into a new SQLite store at a path; return its URI.

    What is sealed stays so: a key that lies beside the store is copied as well. Files on their way are not.
    """
    uri = f"sqlite:///{path}"
    copy = Database.at(uri)
    try:
        bring_up_to_date(copy)
        with source.reading() as there, copy.writing() as here:
            for table in metadata.sorted_tables:
                here.execute(delete(table))
                rows = iter(there.execute(select(table)).mappings())
                while part := [dict(row) for row in islice(rows, _ROWS)]:
                    here.execute(insert(table), part)
    finally:
        copy.close()
    if source.path is not None and key_file(source.path).exists():
        shutil.copy2(key_file(source.path), key_file(path))
    return uri
