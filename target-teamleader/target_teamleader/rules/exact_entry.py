"""What Exact says of an entry, as a value: amounts in cents, days as texts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from connector_store import SettledPart

if TYPE_CHECKING:
    from collections.abc import Iterable

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
UNKNOWN = "unknown"
CREDIT_NOTE = "credit_note"


def money(value: Any) -> Decimal:  # noqa: ANN401 - a number of JSON
    """Return an amount to the cent, half away from zero (accounting rule 7)."""
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Settlement:
    """A part of what is settled."""

    how: str
    """"money", "credit_note", "write_off" or "unknown"."""
    amount: Decimal
    day: str
    """"2026-11-20", empty when it is not known."""


@dataclass(frozen=True)
class ExactEntry:
    """What Exact says of one sales entry. Amounts are in `currency`, positive for an ordinary invoice."""

    id: str
    invoice_id: str | None
    number: str | None
    entry_number: int | None
    currency: str | None
    amount: Decimal
    settled: Decimal
    open: Decimal
    day: str
    """Day of the last settlement, empty when it is not known."""
    settlements: tuple[Settlement, ...]
    deleted: bool
    version: int
    record: dict[str, Any]
    """As it came in; it is what is kept when the payment cannot be registered."""

    @property
    def parts(self) -> tuple[SettledPart, ...]:
        """What is settled, as it is remembered."""
        return tuple(SettledPart(each.amount, each.day) for each in self.settlements)

    @classmethod
    def of(cls, record: dict[str, Any]) -> ExactEntry:
        """Read a valid record without problems. Of an entry that was deleted nothing is settled."""
        deleted = bool(record.get("deleted"))
        day = str(record.get("date") or "")
        return cls(
            id=record["id"],
            invoice_id=record.get("invoice_id") or None,
            number=(record.get("number") or "").strip() or None,
            entry_number=record.get("entry_number"),
            currency=record.get("currency"),
            amount=money(record["amount"]),
            settled=ZERO if deleted else money(record["settled"]),
            open=money(record["open"]),
            day=day,
            settlements=tuple(
                Settlement(each.get("how") or UNKNOWN, money(each["amount"]), str(each.get("date") or day))
                for each in record.get("settlements") or []
            ),
            deleted=deleted,
            version=record.get("version") or 0,
            record=record,
        )


def newest_versions(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the last version of each entry, in the order of those; of equal versions the one that came last."""
    last: dict[str, dict[str, Any]] = {}
    for record in records:
        known = last.get(record["id"])
        if known is not None:
            if (record.get("version") or 0) < (known.get("version") or 0):
                continue
            del last[record["id"]]
        last[record["id"]] = record
    return list(last.values())
