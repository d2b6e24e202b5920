"""Everything one Exact administration holds, in memory."""

from __future__ import annotations

import itertools
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sandbox.exact import wire
from sandbox.exact.entities import ENTITIES
from sandbox.exact.entity_table import EntityTable, Row
from sandbox.exact.limits import CallLimits, ErrorVelocity
from sandbox.oauth import TokenIssuer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime
    from random import Random

    from sandbox.exact.options import ExactOptions

DIVISION = 123456
OTHER_DIVISION = 123457
CURRENCY = "EUR"
FIRST_REFRESH_TOKEN = "sandbox-exact-refresh"

_INDEXES = {
    "crm/Accounts": ("Code", "SearchCode", "VATNumber", "Name"),
    "crm/Contacts": ("Account",),
    "crm/BankAccounts": ("Account",),
    "crm/Addresses": ("Account",),
    "salesentry/SalesEntries": ("YourRef", "EntryNumber", "Document", "Customer"),
    "salesentry/SalesEntryLines": ("EntryID",),
    "generaljournalentry/GeneralJournalEntryLines": ("EntryID",),
    "financialtransaction/TransactionLines": ("EntryID",),
    "cashflow/Receivables": ("TransactionEntryID", "_match"),
    "cashflow/DirectDebitMandates": ("Account", "Reference"),
    "documents/Documents": ("Subject", "Account"),
    "documents/DocumentAttachments": ("Document",),
    "general/Currencies": ("Code",),
    "financial/GLAccounts": ("Code",),
    "financial/Journals": ("Code",),
    "vat/VATCodes": ("Code",),
    "vat/VatPercentages": ("VATCodeID",),
    "cashflow/PaymentConditions": ("Code",),
    "hrm/Costcenters": ("Code",),
    "hrm/Costunits": ("Code",),
    "financial/ExchangeRates": ("SourceCurrency",),
}

PAYABLES = "cashflow/Payments"
"""Terms of the purchase side: of those served only sync/Cashflow/PaymentTerms shows them (exact-online 7.10)."""

_KEYS = {"sync/Deleted": "ID"}
"""Tables whose rows are not kept by the key of the entity: there it is the row version."""

DELETED_TYPES = {
    "financialtransaction/TransactionLines": 1,
    "crm/Accounts": 2,
    "crm/Addresses": 3,
    "documents/DocumentAttachments": 4,
    "crm/Contacts": 5,
    "documents/Documents": 6,
    "financial/GLAccounts": 7,
    "cashflow/Receivables": 10,
    PAYABLES: 10,
}
"""`EntityType` of sync/Deleted (exact-online 9.4). Sales entries have none: their transaction lines are listed."""


class ExactState:
    """Tables by entity path, counters, open and closed periods, and the language of the API user.

    Amounts are Decimals; plain dates and moments are milliseconds as in wire.py. Rows are only to be changed through
    `insert`, `update` and `delete`, which keep Created, Modified, row versions and sync/Deleted right.
    """

    def __init__(
        self, options: ExactOptions, rng: Random, clock: Callable[[], datetime], division: int = DIVISION
    ) -> None:
        self.options = options
        self.division = division
        self.siblings: dict[int, ExactState] = {division: self}
        """The administrations of the same login, this one included, by their numbers."""
        self.clock = clock
        self._rng = rng
        self._versions = itertools.count(8_400_001)
        self._numbers: dict[str, int] = {}
        self.tables = {
            path: EntityTable(_KEYS.get(path, entity.key), _INDEXES.get(path, ()), lambda: next(self._versions))
            for path, entity in ENTITIES.items()
            if entity.base == path
        }
        self.tables[PAYABLES] = EntityTable("ID", ("TransactionEntryID",), lambda: next(self._versions))
        self.other_entries: dict[str, Row] = {}
        """Headers of entries that are not sales entries (bank, payment differences), by EntryID."""
        self.attachments: dict[str, bytes] = {}
        """Contents of attachments by ID, compressed."""
        self.limits = CallLimits(options, clock)
        self.errors = ErrorVelocity(options, clock)
        self.tokens = TokenIssuer(
            clock,
            options.token_seconds,
            options.min_refresh_seconds,
            refresh_ttl=timedelta(days=30),  # exact-online 1.12
            first_refresh_token=FIRST_REFRESH_TOKEN,
        )
        self.closed_periods: set[tuple[int, int]] = set()
        self.language = "nl"
        self.site_url = "https://start.exactonline.be"
        """Scheme and host under which the service was last called, for the addresses inside rows."""
        self.refuses_entry_changes = False
        self.denied_entities: tuple[str, ...] = ()
        """Paths, or their beginnings, to which the API user has no right."""
        self._late_ms = 0
        self._late_entities: frozenset[str] | None = None
        self.has_late_rows = False
        self.ended_topics = False
        self.user_id = self.new_guid()
        self.user_name = "Sandbox Gebruiker"
        self.default_payment_condition: str | None = None
        self.entry_counters: dict[tuple[str, int], int] = {}
        self.columns: dict[str, dict[str, Callable[[Row], Any]]] = {}
        """Readers of the fields of each entity, made once (row_writer.py)."""

    def __getitem__(self, path: str) -> EntityTable:
        return self.tables[path]

    def new_guid(self) -> str:
        """A random guid out of the seeded generator."""
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))

    def next_number(self, name: str) -> int:
        """Running numbers: HID of documents and receivables, codes of accounts."""
        self._numbers[name] = self._numbers.get(name, 0) + 1
        return self._numbers[name]

    def now_ms(self) -> int:
        """Created and Modified of this moment."""
        return wire.moment_ms(self.clock())

    def today(self) -> date:
        """The calendar day in the service's own time zone."""
        return wire.ms_day(self.now_ms())

    def insert(self, path: str, row: Row) -> Row:
        """Store a new row; a guid key is given when it has none."""
        table = self.tables[path]
        if path == PAYABLES or ENTITIES[path].fields[table.key].type == "Guid":
            row.setdefault(table.key, self.new_guid())
        now = self.now_ms()
        row.setdefault("Created", now)
        row.setdefault("Modified", now)
        if self._late_ms and (self._late_entities is None or path in self._late_entities):
            row["_shown_from"] = now + self._late_ms
        return table.add(row)

    def show_late(self, seconds: float, paths: Iterable[str] | None) -> None:
        """Let rows that are made from now on show in lists so much later; of these entities, None for all."""
        self._late_ms = round(seconds * 1000)
        self._late_entities = None if paths is None else frozenset(paths)
        self.has_late_rows = self.has_late_rows or self._late_ms > 0

    def insert_many(self, path: str, rows: Sequence[Row]) -> None:
        """Store many new rows that have their keys."""
        now = self.now_ms()
        for row in rows:
            row.setdefault("Created", now)
            row.setdefault("Modified", now)
        self.tables[path].add_many(rows)

    def update(self, path: str, row: Row, changes: Row) -> Row:
        """Merge changes into a row."""
        return self.tables[path].change(row, {**changes, "Modified": self.now_ms()})

    def delete(self, path: str, row: Row) -> None:
        """Remove a row and tell sync/Deleted about it (exact-online 9.3)."""
        table = self.tables[path]
        key = row[table.key]
        table.remove(row)
        if path in DELETED_TYPES:
            record = {"EntityKey": key, "EntityType": DELETED_TYPES[path], "DeletedDate": self.now_ms()}
            self.tables["sync/Deleted"].add({"ID": self.new_guid(), **record, "DeletedBy": self.user_id})

    def reset_versions(self) -> None:
        """Give every row a new, low row version, as after a move to another database (exact-online 9.5).

        None is as low as 1, above which a reader starts (exact-online 9.1).
        """
        self._versions = itertools.count(2)
        for table in self.tables.values():
            table.renumber()

    def by_code(self, path: str, code: str | None) -> Row | None:
        """The row of master data with that code, whatever its padding."""
        if code is None:
            return None
        found = self.tables[path].find("Code", padded(path, code))
        return found[0] if found else None


def padded(path: str, code: str) -> str:
    """A code as it is stored: accounts 18 wide to the left, VAT codes 3 wide to the right (exact-online 3.23)."""
    if path == "crm/Accounts":
        return code.strip().rjust(18)
    if path == "vat/VATCodes":
        return code.strip().ljust(3)
    return code.strip()
