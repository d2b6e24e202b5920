"""The front door: one store, from which everything that is remembered can be reached."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from connector_store.account_rows import AccountRows
from connector_store.activity import Activity, activity
from connector_store.audit import AuditEntry, read_audit, write_audit
from connector_store.booked import Booked
from connector_store.booked_payments import BookedPayments
from connector_store.budget import CallBudget, DayBudget, ErrorBudget, budgets_of
from connector_store.copies import copy_rows
from connector_store.customers import Customers
from connector_store.divisions import known_divisions, read_position, remembers_since, write_position
from connector_store.downloads import Downloads, fetch_again
from connector_store.encryption import Cipher, cipher_for, keep_sealed, read_sealed
from connector_store.engine import Database
from connector_store.facts import Generations, MasterData, Seen, identity_of, identity_since, renew_identity
from connector_store.files import Files, discard_forgotten
from connector_store.imported_customers import ImportedCustomers
from connector_store.links import Links
from connector_store.locks import Locks, locks_of
from connector_store.registered_payments import RegisteredPayments
from connector_store.rejects import Rejects
from connector_store.rekey import rotate
from connector_store.runs import Runs
from connector_store.spool import Spool, spool_of
from connector_store.terms import Terms
from connector_store.tokens import TokenVault, logins_of, token_locks
from connector_store.upgrade import bring_up_to_date
from connector_store.waiting import Waiting, waiting

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType
    from typing import Self

OPEN_SECONDS = 120


class ConnectorStore:
    """The durable memory of a coupling. Open it with `ConnectorStore.open`, close it or use it in a `with` block."""

    def __init__(self, database: Database, cipher: Cipher, locks: Locks) -> None:
        self._database = database
        self._cipher = cipher
        self._locks = locks
        self.runs = Runs(database)

    @classmethod
    def open(cls, uri: str, *, key: str | None = None) -> ConnectorStore:
        """Open the store at a URI; a new one is made, an older one brought up to date.

        Args:
            uri: `sqlite:///path/to/store.db` (the folder is made) or `postgresql://user:password@host/database`.
            key: a Fernet key; else the environment variable CONNECTOR_STORE_KEY; else, for SQLite, the file beside
                the store whose name ends in `.key`, made with the store.

        Raises:
            StoreTooNewError: a newer version of this library made the store.
            StoreKeyError: the key is malformed, readable by others, or absent where there is no place for a key file.
            StoreUnavailableError: the database cannot be reached or written.
            LockBusyError: another process has been opening the store for two minutes.
            StoreError: the URI is none of a store.
        """
        database = Database.at(uri)
        try:
            locks = locks_of(database)
            with locks.hold("opening", timeout=OPEN_SECONDS):
                database.check_after_unclean_end()
                bring_up_to_date(database)
                cipher = cipher_for(database, key)
        except BaseException:
            database.close()
            raise
        return cls(database, cipher, locks)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. Everything that returned is on disk already."""
        self._database.close()

    def gathering(self) -> AbstractContextManager[None]:
        """Within a block, write the steps of a protocol (links, files, payments) in few transactions.

        What such a verb says is on disk when `settle` returns, when another verb of the store writes, and at the end of
        the block. Whoever sends anything within the block calls `settle` first: the clients of our services do so
        (`before_call`).
        """
        return self._database.gathering()

    def settle(self) -> None:
        """Return when all that was said within `gathering` is on disk.

        Raises:
            StoreUnavailableError: the database fails: nothing may be sent.
        """
        self._database.settle()

    @property
    def name(self) -> str:
        """The URI, without password."""
        return self._database.name

    @property
    def has_its_key(self) -> bool:
        """Whether the key at hand is the one that logins and records were sealed with."""
        return self._cipher.is_of_store

    def rotate_key(self, new: str | None = None) -> int:
        """Seal logins, records and reasons with another key; return how many values that are.

        Whoever else has the store open goes on with its logins. Hold the locks of those who write to its divisions.

        Args:
            new: The new key where the environment holds the key; None makes one, in the key file.

        Raises:
            StoreKeyError: the key at hand is not that of the store, or the new one is malformed or missing.
        """
        with self._locks.hold("opening", timeout=OPEN_SECONDS), ExitStack() as held:
            for name in token_locks(self._database):
                held.enter_context(self._locks.hold(name, timeout=OPEN_SECONDS))
            count = rotate(self._database, self._cipher, new)
        self._cipher.reload(self._database)
        return count

    def copy_into(self, path: Path) -> str:
        """Copy all that is remembered into a new SQLite store at a path; return its URI (see `copies`)."""
        return copy_rows(self._database, path)

    def lock(self, name: str, *, timeout: float = 0) -> AbstractContextManager[None]:
        """Hold a lock between processes, such as "division 123456", within a `with` block.

        It is freed when the block ends or the process dies, in whatever way. It is not re-entrant.

        Raises:
            LockBusyError: another process or thread holds it and did not let go within `timeout` seconds.
        """
        return self._locks.hold(name, timeout=timeout)

    def tokens(self, provider: str, client_id: str) -> TokenVault:
        """Return the OAuth tokens of a client at a provider ("teamleader", "exact")."""
        return TokenVault(self._database, self._cipher, self._locks, provider, client_id)

    def links(self, division: int) -> Links:
        """Return what ties documents and customers to a division of Exact."""
        return Links(self._database, division)

    def rejects(self, division: int) -> Rejects:
        """Return the records that could not be written to a division."""
        return Rejects(self._database, self._cipher, division)

    def customers(self, division: int) -> Customers:
        """Return the customers that no document of a division needed yet."""
        return Customers(self._database, self._cipher, division)

    def account_rows(self, division: int) -> AccountRows:
        """Return the accounts of a division as Exact told them."""
        return AccountRows(self.master_data(division), self._cipher)

    def terms(self, division: int) -> Terms:
        """Return the mirror of the payment terms of a division."""
        return Terms(self._database, division)

    def imported_customers(self, division: int) -> ImportedCustomers:
        """Return the customers of Exact that stand in Teamleader."""
        return ImportedCustomers(self._database, division)

    def registered_payments(self, division: int) -> RegisteredPayments:
        """Return what was registered in Teamleader for entries of a division that were settled."""
        return RegisteredPayments(self._database, division)

    def booked_payments(self, division: int) -> BookedPayments:
        """Return the bookings in a division of payments that were registered in Teamleader first."""
        return BookedPayments(self._database, division)

    @property
    def identity(self) -> str:
        """The GUID of this store, random and given once; a restored backup has that of its original."""
        return identity_of(self._database)

    @property
    def identity_since(self) -> datetime | None:
        """When this store was given its GUID; what it holds of before may be of an older copy. None: long ago."""
        return identity_since(self._database)

    def renew_identity(self) -> str:
        """Become another store for all who knew this one, and return the new GUID: it turned out to be a backup."""
        return renew_identity(self._database)

    def generations(self, division: int) -> Generations:
        """Return the counters of a division by which store and state know each other."""
        return Generations(self._database, division)

    def master_data(self, division: int) -> MasterData:
        """Return rows of a division that seldom change, with their age."""
        return MasterData(self._database, division)

    def seen(self, division: int, kind: str) -> Seen:
        """Return the things of a kind that were seen once, archived ones too."""
        return Seen(self._database, division, kind)

    def booked(self, division: int) -> Booked:
        """Return the entries of a division as they were booked."""
        return Booked(self._database, division)

    @property
    def spool(self) -> Spool:
        """The contents of files on their way to Exact."""
        return spool_of(self._database)

    def files(self, division: int) -> Files:
        """Return the files of the documents of a division."""
        return Files(self._database, self.spool, division)

    def downloads(self, source: str) -> Downloads:
        """Return the files that a tap fetches; `source` names the service and what the tap reads of it."""
        return Downloads(self._database, source)

    def fetch_again(self, content_hash: str, problem: str) -> None:
        """Say that a content is lost before it was attached: the tap that fetched it does so again."""
        fetch_again(self._database, content_hash, problem)

    def discard_forgotten_contents(self, before: datetime) -> None:
        """Forget the contents from before a moment that no file waits for."""
        discard_forgotten(self._database, self.spool, before)

    def divisions(self) -> list[int]:
        """Return the divisions that anything is remembered of, rising."""
        return known_divisions(self._database)

    def activity(self, division: int, since: datetime) -> Activity:
        """Count what was dealt with in a division after a moment (UTC)."""
        return activity(self._database, division, since)

    def waiting(self, division: int, now: datetime) -> Waiting:
        """Tell whether a run would find anything to do in what is remembered of a division."""
        return waiting(self._database, division, now)

    def keep_sealed(self, name: str, value: dict[str, Any]) -> None:
        """Keep a value under a name, sealed with the key of the store, instead of the one before it.

        With another key at hand than the store's nothing is kept.
        """
        keep_sealed(self._database, self._cipher, name, value)

    def sealed(self, name: str) -> dict[str, Any] | None:
        """Return what was kept under a name; None when nothing was, or it was sealed with another key."""
        return read_sealed(self._database, self._cipher, name)

    def budget(self, provider: str, client_id: str, division: int) -> CallBudget:
        """Return the calls a client may still make today in a division."""
        return CallBudget(self._database, provider, client_id, division)

    def budgets(self, division: int) -> list[tuple[str, DayBudget]]:
        """Return what each service last said of today in a division, by its name."""
        return budgets_of(self._database, division)

    def logins(self) -> dict[str, datetime]:
        """Return when the tokens of each service were last renewed (UTC), the newest of its clients."""
        return logins_of(self._database)

    def error_budget(self, provider: str, division: int) -> ErrorBudget:
        """Return the errors a provider has lately answered about a division."""
        return ErrorBudget(self._database, provider, division)

    def audit(
        self,
        event: str,
        *,
        division: int | None,
        kind: str | None = None,
        source_id: str | None = None,
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Add a line to the audit trail. The detail holds ids, codes, numbers and amounts, never personal data."""
        with self._database.writing() as connection:
            write_audit(connection, event, division=division, kind=kind, source_id=source_id, detail=detail)

    def audit_trail(
        self,
        *,
        division: int | None = None,
        kind: str | None = None,
        source_id: str | None = None,
        event: str | None = None,
        since: datetime | None = None,
        limit: int | None = None,
    ) -> list[AuditEntry]:
        """Return the lines that fit all that is given, oldest first; with `limit` the last so many."""
        return read_audit(
            self._database, division=division, kind=kind, source_id=source_id, event=event, since=since, limit=limit
        )

    def remembers_since(self, division: int) -> datetime:
        """Return when this store first met a division (UTC). What is older may have been handled by a lost store."""
        return remembers_since(self._database, division)

    def position(self, division: int, name: str) -> str | None:
        """Return a named position in a division (how far a stream was read), None before it was first set."""
        return read_position(self._database, division, name)

    def set_position(self, division: int, name: str, value: str) -> None:
        """Keep a named position in a division."""
        write_position(self._database, division, name, value)
