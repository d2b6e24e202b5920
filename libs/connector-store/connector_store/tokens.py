"""OAuth tokens: encrypted, one row per provider and client, exchanged by one process at a time."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from connector_store.audit import write_audit
from connector_store.encryption import adopt
from connector_store.schema import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector_store.encryption import Cipher
    from connector_store.engine import Database
    from connector_store.locks import Locks


ROOM = 32 * 1024
"""Bytes kept free for the next pair and its audit line: several times what both vendors' tokens take when encrypted."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Token:
    """A pair of tokens; moments are UTC. Its text never shows the tokens."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    """When the access token expires."""
    obtained_at: datetime
    """When the provider gave this pair."""
    seed: str = field(repr=False)
    """SHA-256 (hex) of the configured refresh token that this chain of tokens began with."""


def logins_of(database: Database) -> dict[str, datetime]:
    """Return when the tokens of each service were last renewed, the newest of its clients."""
    query = select(tokens.c.provider, tokens.c.obtained_at).where(tokens.c.provider.not_like("% room"))
    newest: dict[str, datetime] = {}
    with database.reading() as connection:
        for provider, obtained_at in connection.execute(query):
            newest[provider] = max(obtained_at, newest.get(provider, obtained_at))
    return newest


class TokenVault:
    """The tokens of one client at one provider."""

    def __init__(self, database: Database, cipher: Cipher, locks: Locks, provider: str, client_id: str) -> None:
        self._database = database
        self._cipher = cipher
        self._locks = locks
        self._provider = provider
        self._client_id = client_id
        self._mine = (tokens.c.provider == provider) & (tokens.c.client_id == client_id)
        self._room = (tokens.c.provider == f"{provider} room") & (tokens.c.client_id == client_id)

    def read(self) -> Token | None:
        """Return the last saved pair, None before the first.

        One that was sealed with another key has no tokens, and the moments and seed of the pair.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(tokens).where(self._mine)).mappings().one_or_none()
        if row is None:
            return None
        return Token(
            access_token=self._cipher.open_text(row["access_token"]) or "",
            refresh_token=self._cipher.open_text(row["refresh_token"]) or "",
            expires_at=row["expires_at"],
            obtained_at=row["obtained_at"],
            seed=row["seed"],
        )

    @property
    def asked_at_last(self) -> bool:
        """Whether the pair was to be exchanged and no next one was kept: the answer was a refusal, or was lost."""
        with self._database.reading() as connection:
            return connection.execute(select(tokens.c.provider).where(self._room)).one_or_none() is not None

    @contextmanager
    def exclusive(self, timeout: float = 60) -> Iterator[Slot]:
        """Hold these tokens alone, to exchange them: single-use refresh tokens allow only one process at a time.

        The slot holds the pair as it is now that the others have finished: look at it before asking for another.
        The database is not blocked meanwhile; when the process dies the next one gets its turn at once.

        Raises:
            LockBusyError: another process keeps the tokens for longer than `timeout` seconds.
        """
        with self._locks.hold(_lock_name(self._provider, self._client_id), timeout=timeout):
            self._cipher.reload(self._database)
            yield Slot(self, self.read())

    def _reserve(self) -> None:
        """Write a row as large as any pair, on disk when this returns; `_save` gives its room to the pair."""
        row = {"provider": f"{self._provider} room", "client_id": self._client_id, "access_token": bytes(ROOM)}
        unused = {"refresh_token": b"", "expires_at": _LONG_AGO, "obtained_at": _LONG_AGO, "seed": ""}
        with self._database.writing(f"tokens {self._provider} {self._client_id}") as connection:
            connection.execute(delete(tokens).where(self._room))
            connection.execute(insert(tokens).values(**row, **unused))
        self._database.checkpoint()

    def _save(self, token: Token) -> None:
        values = {
            "access_token": self._cipher.seal_text(token.access_token),
            "refresh_token": self._cipher.seal_text(token.refresh_token),
            "expires_at": token.expires_at,
            "obtained_at": token.obtained_at,
            "seed": token.seed,
        }
        with self._database.writing(f"tokens {self._provider} {self._client_id}") as connection:
            connection.execute(delete(tokens).where(self._room))
            adopt(connection, self._cipher)
            before = connection.scalar(select(tokens.c.seed).where(self._mine))
            if connection.execute(update(tokens).where(self._mine).values(values)).rowcount == 0:
                key = {"provider": self._provider, "client_id": self._client_id}
                connection.execute(insert(tokens).values(**key, **values))
            # A new pair comes with every run; the trail, which is never emptied, tells of each login by a person.
            if before != token.seed:
                write_audit(connection, "login.new", division=None, detail={"provider": self._provider})


def token_locks(database: Database) -> list[str]:
    """Return the names of the locks of all tokens that are kept, in order."""
    with database.reading() as connection:
        rows = connection.execute(select(tokens.c.provider, tokens.c.client_id)).all()
    return sorted(_lock_name(row.provider, row.client_id) for row in rows)


def _lock_name(provider: str, client_id: str) -> str:
    return f"the tokens of {provider} client {client_id}"


class Slot:
    """The tokens while they are held alone."""

    def __init__(self, vault: TokenVault, token: Token | None) -> None:
        self._vault = vault
        self.token = token
        """The present pair, None before the first."""

    def reserve(self) -> None:
        """Make room for the next pair, on disk when this returns; call it before the refresh token is spent.

        Raises:
            StoreUnavailableError: there is no room, or the store cannot be written: do not spend the token.
        """
        self._vault._reserve()  # noqa: SLF001

    def save(
        self, *, access_token: str, refresh_token: str, expires_at: datetime, obtained_at: datetime, seed: str
    ) -> None:
        """Keep a new pair; it is encrypted and on disk when this returns, so it may be used.

        Raises:
            StoreUnavailableError: the pair could not be kept. The old refresh token may be used up: log in again.
        """
        token = Token(access_token, refresh_token, expires_at, obtained_at, seed)
        self._vault._save(token)  # noqa: SLF001
        self.token = token
