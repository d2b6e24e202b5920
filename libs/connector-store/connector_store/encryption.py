"""Encryption at rest: where the key comes from, and sealing with it.

Only logins, records on their way and reasons are sealed. A key that is gone or is another one costs these, never the
links and the trail: the store opens all the same, what was sealed is told to be unreadable, and the next login that
is saved makes the present key that of the store.
"""

from __future__ import annotations

import os
import secrets
import zlib
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import insert, select, update

from connector_store.audit import write_audit
from connector_store.columns import from_json, to_json
from connector_store.errors import StoreKeyError
from connector_store.facts import drop_identity
from connector_store.schema import meta

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from connector_store.engine import Database

KEY_VARIABLE = "CONNECTOR_STORE_KEY"
_CHECK_NAME = "key_check"
_CHECK_VALUE = "connector-store"
_GENERATE = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


class Cipher:
    """Seals texts and records with one Fernet key (AES-128-CBC with HMAC-SHA256).

    Args:
        key: The key; when it is a function it makes one the moment that something has to be sealed.

    Attributes:
        is_of_store: Whether what the store holds was sealed with this key.
        is_of_file: Whether the key stands in the key file beside the store.
    """

    def __init__(self, key: str | Callable[[], str], *, is_of_store: bool = True, is_of_file: bool = False) -> None:
        self._key = key
        self.is_of_store = is_of_store
        self.is_of_file = is_of_file
        if isinstance(key, str):
            self._use(key)

    @cached_property
    def _fernet(self) -> Fernet:
        return self._use(self._key if isinstance(self._key, str) else self._key())

    def _use(self, key: str) -> Fernet:
        try:
            return Fernet(key.strip())
        except ValueError:
            raise StoreKeyError(
                f"The store's key is malformed: it must be 32 bytes in URL-safe base64; make one with {_GENERATE}"
            ) from None

    def seal_text(self, text: str) -> bytes:
        """Return `text` encrypted."""
        return self._fernet.encrypt(text.encode())

    def open_text(self, sealed: bytes) -> str | None:
        """Return what `seal_text` was given, None when it is damaged or was sealed with another key."""
        opened = self._open(sealed)
        return None if opened is None else opened.decode()

    def seal(self, record: dict[str, Any]) -> bytes:
        """Return `record` as JSON, compressed and encrypted (Decimal, date and datetime survive)."""
        return self._fernet.encrypt(zlib.compress(to_json(record).encode()))

    def open(self, sealed: bytes) -> dict[str, Any] | None:
        """Return what `seal` was given, None when it is damaged or was sealed with another key."""
        opened = self._open(sealed)
        return None if opened is None else from_json(zlib.decompress(opened))

    def seal_again(self, sealed: bytes, old: Cipher) -> bytes:
        """Return what another cipher sealed, sealed with this one; raises InvalidToken when that does not open it."""
        return self._fernet.encrypt(old._fernet.decrypt(sealed))

    def reload(self, database: Database) -> None:
        """Take the key of the file when it is another one by now: it was rotated while this process was at work."""
        if self.is_of_file and self.is_of_store and database.path is not None:
            with database.reading() as connection:
                check = connection.scalar(select(meta.c.value).where(meta.c.name == _CHECK_NAME))
            if check is not None and self.open_text(check) != _CHECK_VALUE:
                self._key = _read(key_file(database.path))
                self._fernet = self._use(self._key)
                self.is_of_store = self.open_text(check) == _CHECK_VALUE

    def _open(self, sealed: bytes) -> bytes | None:
        if not isinstance(self._key, str) and "_fernet" not in self.__dict__:
            return None  # a key that is yet to be made opens nothing
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            return None


def cipher_for(database: Database, key: str | None) -> Cipher:
    """Return the cipher of a store: key from the argument, else the environment, else the key file of a SQLite store.

    A new SQLite store gets a new key file; the first key a store is opened with becomes its key. Where the key of a
    SQLite store is gone, a new key file is made when something has to be sealed. Hold the open lock.

    Raises:
        StoreKeyError: a malformed key, one that others can read, or none where there is no place for a key file.
    """
    with database.reading() as connection:
        check = connection.scalar(select(meta.c.value).where(meta.c.name == _CHECK_NAME))
    given = key or os.environ.get(KEY_VARIABLE)
    if given:
        cipher = Cipher(given)
    elif database.path is None:
        raise StoreKeyError(
            f"The store {database.name} needs its key in the environment: set {KEY_VARIABLE} (a new one: {_GENERATE})"
        )
    else:
        _finish_rotation(database.path, check)
        cipher = _of_file(key_file(database.path), is_new=check is None)
    if check is None:
        with database.writing() as connection:
            sealed = cipher.seal_text(_CHECK_VALUE)
            connection.execute(insert(meta).values(name=_CHECK_NAME, value=sealed))
    elif cipher.open_text(check) != _CHECK_VALUE:
        cipher.is_of_store = False
    return cipher


def _of_file(file: Path, *, is_new: bool) -> Cipher:
    if file.exists():
        return Cipher(_read(file), is_of_file=True)
    return Cipher(_create(file) if is_new else lambda: _create(file), is_of_file=True)


def write_new_key_file(store: Path, cipher: Cipher) -> None:
    """Put the key of a cipher beside the key file of a store, on disk when this returns."""
    file = _new_key_file(store)
    file.unlink(missing_ok=True)
    _write(file, str(cipher._key).encode())  # noqa: SLF001 - the key leaves its cipher nowhere else
    _settle(file.parent)


def take_new_key_file(store: Path) -> None:
    """Let the new key take the place of the old one."""
    _new_key_file(store).replace(key_file(store))
    _settle(store.parent)


def _finish_rotation(store: Path, check: bytes | None) -> None:
    """Bring to its end, or take back, what a crash cut off: the key that opens the store is the one that stays."""
    new = _new_key_file(store)
    if check is None or not new.exists():
        return
    if Cipher(_read(new)).open_text(check) == _CHECK_VALUE:
        take_new_key_file(store)
    else:
        new.unlink()


def _new_key_file(store: Path) -> Path:
    return store.with_name(f"{store.name}.key.new")


def adopt(connection: Connection, cipher: Cipher) -> None:
    """Make a key that of the store, in the transaction of a login that is sealed with it.

    The store is then another one to the taps, which read everything again: records that cannot be opened come so.
    """
    if not cipher.is_of_store:
        sealed = cipher.seal_text(_CHECK_VALUE)
        connection.execute(update(meta).where(meta.c.name == _CHECK_NAME).values(value=sealed))
        drop_identity(connection)
        write_audit(connection, "key.changed", division=None)
        cipher.is_of_store = True


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


def _create(file: Path) -> str:
    key = Fernet.generate_key()
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    try:
        _write(draft, key)
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


def _write(file: Path, key: bytes) -> None:
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
        stream.write(key)
        stream.flush()
        os.fsync(stream.fileno())


def _settle(folder: Path) -> None:
    """Make the names in `folder` survive a power cut: the store must not outlive its key."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def keep_sealed(database: Database, cipher: Cipher, name: str, value: dict[str, Any]) -> None:
    """Keep a value under a name, sealed; nothing with a key that is not the store's."""
    if not cipher.is_of_store:
        return
    key = f"sealed {name}"
    with database.writing(key) as connection:
        sealed = cipher.seal(value)
        if connection.execute(update(meta).where(meta.c.name == key).values(value=sealed)).rowcount == 0:
            connection.execute(insert(meta).values(name=key, value=sealed))


def read_sealed(database: Database, cipher: Cipher, name: str) -> dict[str, Any] | None:
    """Return what was kept under a name, None when it cannot be opened."""
    with database.reading() as connection:
        sealed = connection.scalar(select(meta.c.value).where(meta.c.name == f"sealed {name}"))
    return None if sealed is None else cipher.open(sealed)
