"""Another key for a store: everything that is sealed is sealed anew, in one transaction.

The new key file stands beside the old one before anything is written, and takes its place afterwards; a store that is
opened after a crash in between finds by itself which of the two is its key (see `encryption`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import LargeBinary, select, update

from connector_store.audit import write_audit
from connector_store.encryption import Cipher, take_new_key_file, write_new_key_file
from connector_store.errors import StoreKeyError
from connector_store.schema import blobs, metadata

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from connector_store.engine import Database

NEW_KEY_VARIABLE = "CONNECTOR_STORE_NEW_KEY"


def rotate(database: Database, cipher: Cipher, given: str | None) -> int:
    """Seal everything with a new key; return how many values that are. Nobody else may have the store in use.

    Args:
        database: Of the store.
        cipher: With the present key.
        given: The new key, where the key of the store comes from the environment; None makes one, in the key file.

    Raises:
        StoreKeyError: the present key is not the one of the store, or the new one is malformed or missing.
    """
    if not cipher.is_of_store:
        raise StoreKeyError("The key at hand is not that of the store: put it back first")
    if given is None and (database.path is None or not cipher.is_of_file):
        raise StoreKeyError(f"The key comes from the environment: put the new one into {NEW_KEY_VARIABLE}")
    new = Cipher(given if given is not None else Fernet.generate_key().decode())
    if given is None and database.path is not None:
        write_new_key_file(database.path, new)
    with database.writing("key") as connection:
        count = _seal_anew(connection, cipher, new)
        write_audit(connection, "key.rotated", division=None, detail={"values": count})
    if given is None and database.path is not None:
        take_new_key_file(database.path)
    return count


def _seal_anew(connection: Connection, old: Cipher, new: Cipher) -> int:
    """Seal every value that the old key opens; what it does not open is no seal of ours, or was lost before."""
    count = 0
    for table in metadata.sorted_tables:
        sealed = [column for column in table.c if isinstance(column.type, LargeBinary)]
        if table is blobs or not sealed:
            continue
        keys = list(table.primary_key)
        for row in connection.execute(select(*keys, *sealed)).mappings().all():
            values = {}
            for column in sealed:
                try:
                    values[column.name] = new.seal_again(row[column.name], old)
                except (InvalidToken, TypeError):
                    continue
            if values:
                mine = [key == row[key.name] for key in keys]
                connection.execute(update(table).where(*mine).values(values))
                count += len(values)
    return count
