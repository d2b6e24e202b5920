"""Encryption at rest: where the key comes from, and sealing with it."""

from __future__ import annotations

import os
import secrets
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import insert, select

from connector_store.columns import from_json, to_json
from connector_store.errors import StoreKeyError
from connector_store.schema import meta

if TYPE_CHECKING:
    from pathlib import Path

    from connector_store.engine import Database

KEY_VARIABLE = "CONNECTOR_STORE_KEY"
_CHECK_NAME = "key_check"
_CHECK_VALUE = b"connector-store"
_GENERATE = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


class Cipher:
    """Seals texts and records with one Fernet key (AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, key: str) -> None:
        try:
            self._fernet = Fernet(key.strip())
        except ValueError:
            raise StoreKeyError(
                f"The store's key is malformed: it must be 32 bytes in URL-safe base64; make one with {_GENERATE}"
            ) from None

    def seal_text(self, text: str) -> bytes:
        """Return `text` encrypted."""
        return self._fernet.encrypt(text.encode())

    def open_text(self, sealed: bytes) -> str:
        """Return what `seal_text` was given."""
        return self._open(sealed).decode()

    def seal(self, record: dict[str, Any]) -> bytes:
        """Return `record` as JSON, compressed and encrypted (Decimal, date and datetime survive)."""
        return self._fernet.encrypt(zlib.compress(to_json(record).encode()))

    def open(self, sealed: bytes) -> dict[str, Any]:
        """Return what `seal` was given."""
        return from_json(zlib.decompress(self._open(sealed)))

    def fits(self, sealed: bytes) -> bool:
        """Tell whether this key made `sealed`."""
        try:
            self._fernet.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def _open(self, sealed: bytes) -> bytes:
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise StoreKeyError(
                "A record of the store cannot be decrypted: it is damaged or was made with another key; "
                "restore a backup of the store together with its key"
            ) from None


def cipher_for(database: Database, key: str | None) -> Cipher:
    """Return the cipher of a store: key from the argument, else the environment, else the key file of a SQLite store.

    A new SQLite store gets a new key file; the first key a store is opened with becomes its key. Hold the open lock.

    Raises:
        StoreKeyError: no key, a malformed one, one that others can read, or not the key of this store.
    """
    with database.reading() as connection:
        check = connection.scalar(select(meta.c.value).where(meta.c.name == _CHECK_NAME))
    given = key or os.environ.get(KEY_VARIABLE)
    if given:
        origin = "the key given" if key else KEY_VARIABLE
    elif database.path is None:
        raise StoreKeyError(
            f"The store {database.name} needs its key in the environment: set {KEY_VARIABLE} (a new one: {_GENERATE})"
        )
    else:
        file = key_file(database.path)
        origin = str(file)
        given = _read(file) if file.exists() else _create(file, database, new=check is None)
    cipher = Cipher(given)
    if check is None:
        with database.writing() as connection:
            sealed = cipher.seal_text(_CHECK_VALUE.decode())
            connection.execute(insert(meta).values(name=_CHECK_NAME, value=sealed))
    elif not cipher.fits(check):
        raise StoreKeyError(
            f"The store {database.name} was encrypted with another key than {origin}; put the right key back, "
            f"or set the store aside and log in again with an empty one"
        )
    return cipher


def key_file(store: Path) -> Path:
    """Return where the key of a SQLite store is kept when nobody gives one."""
    return store.with_name(f"{store.name}.key")


def _read(file: Path) -> str:
    try:
        mode = file.stat().st_mode & 0o777
        if os.name == "posix" and mode & 0o077:
            raise StoreKeyError(f"The key file {file} can be read by others (mode {mode:04o}); run: chmod 600 {file}")
        return file.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreKeyError(f"The key file {file} cannot be read ({type(error).__name__}); restore it") from None


def _create(file: Path, database: Database, *, new: bool) -> str:
    if not new:
        raise StoreKeyError(
            f"The store {database.name} is encrypted and its key file {file} is gone; restore the key file from a "
            f"backup, or set {KEY_VARIABLE}"
        )
    key = Fernet.generate_key()
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(key)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            # A link appears with its content, and never replaces a key that is already there.
            os.link(draft, file)
            _settle(file.parent)
        finally:
            with suppress(OSError):
                draft.unlink()
    except FileExistsError:
        return _read(file)
    except OSError as error:
        raise StoreKeyError(f"The key file {file} cannot be made: {error.strerror}") from None
    return key.decode()


def _settle(folder: Path) -> None:
    """Make the names in `folder` survive a power cut: the store must not outlive its key."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
