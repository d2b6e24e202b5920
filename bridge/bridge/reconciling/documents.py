"""Booked documents of Teamleader, from its lists alone: their totals tell net and VAT per rate (teamleader 3.4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bridge.view.sides import Document, Key, rates_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teamleader_api import TeamleaderClient

Row = dict[str, Any]


class Range(NamedTuple):
    """Days of documents, both included; None is without end."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether a day is in it."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


LISTS: Final = {"invoice": "invoices.list", "credit_note": "creditNotes.list"}


def booked_documents(client: TeamleaderClient, days: Range, department_id: str | None) -> list[Document]:
    """Read the booked documents of a range, with the later credit notes of its invoices.

    Args:
        client: May be for reading only.
        days: Of the documents' dates.
        department_id: Of one department, or of all.
    """
    of_department = {} if department_id is None else {"department_id": department_id}
    invoices = _read(client, "invoice", days, of_department | _between("invoice_date", days))
    # Later ones too, for they lower what is due of the invoices.
    notes = _read(client, "credit_note", days, of_department | _between("credit_note_date", Range(days.first)))
    ids = {each.key.id for each in invoices}
    return [*invoices, *(note for note in notes if note.in_range or note.credits in ids)]


def dated_elsewhere(client: TeamleaderClient, keys: Iterable[Key]) -> set[Key]:
    """Return those documents that are in Teamleader all the same: one call for each hundred (teamleader 2.3)."""
    found: set[Key] = set()
    wanted = sorted(keys)
    for kind, action in LISTS.items():
        rows = client.rows_with_ids(action, [key.id for key in wanted if key.kind == kind])
        found.update(Key(kind, row["id"]) for row in rows)
    return found


def _between(field: str, days: Range) -> Row:
    """Return the filter on a date; that of invoices includes both days (teamleader 2.4)."""
    ends = {f"{field}_after": days.first, f"{field}_before": days.last}
    return {name: day.isoformat() for name, day in ends.items() if day is not None}


def _read(client: TeamleaderClient, kind: str, days: Range, wanted: Row) -> list[Document]:
    found = client.listed_until_stable(
        LISTS[kind], {"filter": wanted} if wanted else {}, key=lambda row: row["id"], project=lambda row: row
    )
    return [document for row in found if (document := _document(kind, row, days)) is not None]


def _document(kind: str, row: Row, days: Range) -> Document | None:
    """Return a booked document, None for a draft."""
    number, day = row.get(f"{kind}_number"), row.get(f"{kind}_date")
    if not number or not day:
        return None
    sign = -1 if kind == "credit_note" else 1
    total = row["total"]
    dated = date.fromisoformat(day)
    parts = [
        (Decimal(each["rate"]), sign * _amount(each["taxable"]), sign * _amount(each["tax"])) for each in total["taxes"]
    ]
    customer = (row.get("invoicee") or {}).get("customer")
    return Document(
        key=Key(kind, row["id"]),
        number=number,
        date=dated,
        currency=total["tax_inclusive"]["currency"],
        rates=rates_of(parts),
        gross=sign * _amount(total["tax_inclusive"]),
        open=_amount(total["due"]) if total.get("due") else None,
        customer=f"{customer['type']}:{customer['id']}" if customer else None,
        credits=(row.get("invoice") or {}).get("id"),
        url=row.get("web_url"),
        in_range=days.holds(dated),
    )


def _amount(money: Row) -> Decimal:
    return Decimal(money["amount"])
