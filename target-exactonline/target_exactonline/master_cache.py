"""Master data of an administration, kept in the store with its age: a run reads only what is too old.

Reading everything takes about seven calls, more only in administrations with over 60 VAT codes or periods. Ledger
accounts come a thousand per call. Every read names its fields: Exact refuses many endpoints without `$select`
(exact-online 3.13).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from connector_store.columns import utc_now
from exactonline_api.odata import any_of, text
from singer_shell.endings import RunEnded
from target_exactonline.booking.master import MasterData
from target_exactonline.reasons.rests_on import (
    GL_ACCOUNTS,
    JOURNALS,
    PAYMENT_CONDITIONS,
    PERIODS,
    VAT_CODES,
    VAT_PERCENTAGES,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from connector_store.division_store import DivisionStore
    from exactonline_api import ExactClient
    from target_exactonline.booking.rules import Rules

Row = dict[str, Any]

FRESH_FOR: Final = timedelta(hours=6)
"""Documents are booked with master data of this age at most."""

DIVISION: Final = "system/Divisions"
_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    DIVISION: ("Code", "Currency", "Country", "VATNumber", "Status", "BlockingStatus", "DivisionMoveDate"),
    JOURNALS: (
        "Code",
        "Description",
        "Type",
        "Currency",
        "IsBlocked",
        "AllowVariableCurrency",
        "AllowVariableExchangeRate",
    ),
    GL_ACCOUNTS: ("ID", "Code", "Description", "Type", "IsBlocked"),
    VAT_CODES: (
        "ID",
        "Code",
        "Description",
        "Type",
        "VATTransactionType",
        "Percentage",
        "IsBlocked",
        "OssCountry",
        "EUSalesListing",
    ),
    VAT_PERCENTAGES: ("VATCodeID", "Type", "StartDate", "EndDate", "Percentage"),
    PAYMENT_CONDITIONS: ("Code", "Description", "PaymentDays", "PaymentEndOfMonths", "PaymentMethod"),
    PERIODS: ("FinYear", "FinPeriod", "StartDate", "EndDate"),
}


_BULK: Final = {GL_ACCOUNTS: "bulk/Financial/GLAccounts"}
"""Where the same rows come a thousand per call."""


class MasterCache:
    """What Exact says of the administration, from the store as long as it is fresh.

    Args:
        client: Gives the client; called only when something is read.
        store: Where it is kept.
        rules: Tell which journals matter.
        keep: Whether to keep what is read; a dry run leaves no trace.
    """

    def __init__(
        self, client: Callable[[], ExactClient], store: DivisionStore, rules: Rules, *, keep: bool = True
    ) -> None:
        self._client = client
        self._store = store
        self._rules = rules
        self._keep = keep
        self._rows: dict[str, list[Row]] = {}
        self._read: set[str] = set()

    def division(self) -> Row:
        """Return the row of the administration: its currency, country, VAT number and what blocks or moves it.

        Raises:
            RunEnded: The login has no access to it, or Exact has closed it for a while.
        """
        number = self._store.division
        row = next((row for row in self._of(DIVISION) if int(row["Code"]) == number), None)
        if row is None:
            raise RunEnded(
                f"The login has no access to administration {number} of Exact: correct the setting division, "
                "or log in as a user with access to it."
            )
        if row.get("BlockingStatus"):
            raise RunEnded(
                f"Exact has blocked administration {number} for maintenance (status {row['BlockingStatus']}): "
                "the next run tries again."
            )
        return row

    def master(self) -> MasterData:
        """Return all that the rules and documents may refer to, with the periods that are known to be closed."""
        division = self.division()
        master = MasterData.from_rows(
            journals=self._of(JOURNALS),
            gl_accounts=self._of(GL_ACCOUNTS),
            vat_codes=self._of(VAT_CODES),
            vat_percentages=self._of(VAT_PERCENTAGES),
            payment_conditions=self._of(PAYMENT_CONDITIONS),
            periods=self._of(PERIODS),
            currency=division["Currency"],
            country=division["Country"],
        )
        return master.with_closed(*self._store.closed_periods.known())

    def renew(self, entities: Iterable[str]) -> bool:
        """Have these read afresh when they are asked for, once per run; tell whether that makes a difference."""
        old = (set(entities) & _FIELDS.keys()) - self._read
        for name in old:
            self._rows.pop(name, None)
            if self._keep:
                self._store.master_data.drop(name)
        self._read |= old
        return bool(old)

    def renew_all(self) -> bool:
        """Have everything read afresh, as `renew`."""
        return self.renew(_FIELDS)

    def _of(self, name: str) -> list[Row]:
        if name not in self._rows:
            kept = None if name in self._read else self._store.master_data.get(name)
            is_fresh = kept is not None and kept[1] > utc_now() - FRESH_FOR
            self._rows[name] = kept[0] if kept is not None and is_fresh else self._fetch(name)
        return self._rows[name]

    def _fetch(self, name: str) -> list[Row]:
        moment = utc_now()
        rows = list(self._client().rows(_BULK.get(name, name), select=_FIELDS[name], filter=self._filter(name)))
        self._read.add(name)
        if self._keep and not any(row.get("BlockingStatus") for row in rows):
            self._store.master_data.put(name, rows, moment)
        return rows

    def _filter(self, name: str) -> str | None:
        if name == DIVISION:
            return f"Code eq {self._store.division}"
        if name == JOURNALS:
            named = {self._rules.invoice_journal, self._rules.credit_note_journal}
            if self._rules.book_payments and self._rules.payment_journal:
                named.add(self._rules.payment_journal)
            return any_of("Code", [text(code) for code in sorted(named)])
        return None
