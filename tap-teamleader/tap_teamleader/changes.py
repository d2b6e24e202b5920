"""The changed documents, listed before any of them is read in full.

Teamleader cannot sort documents by their last change, so the tap lists the changed ones first (100 per call), keeps of
each only what it needs to put them in order and to know their customers, and reads them in full in that order.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from tap_teamleader import timestamps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from teamleader_api import TeamleaderClient

CustomerKind = Literal["company", "contact"]

_BOOKED: Final = frozenset({"outstanding", "matched", "booked"})


class Change(NamedTuple):
    """A document that changed: what a list row is reduced to."""

    updated_at: str
    """In the form of `timestamps.utc`."""
    id: str
    customer_kind: str | None
    customer_id: str | None
    number: str | None = None
    date: str | None = None


class DocumentKind(NamedTuple):
    """How Teamleader names one kind of document in its API."""

    name: str
    """As the store has it: `invoice` or `credit_note`."""
    resource: str
    """`invoices` or `creditNotes`."""
    date_field: str
    number_field: str
    filters: Mapping[str, Any]
    """Conditions that always hold for this kind."""


INVOICES: Final = DocumentKind(
    "invoice", "invoices", "invoice_date", "invoice_number", {"status": ["outstanding", "matched"]}
)
CREDIT_NOTES: Final = DocumentKind("credit_note", "creditNotes", "credit_note_date", "credit_note_number", {})


def is_booked(row: Mapping[str, Any]) -> bool:
    """Tell a booked document from a draft, in a row of a list as well as in the document itself."""
    return row.get("status") in _BOOKED


def changed_documents(
    client: TeamleaderClient,
    kind: DocumentKind,
    *,
    since: str | None,
    first_day: date | None,
    department_id: str | None,
) -> list[Change]:
    """List the booked documents of a kind that changed, oldest change first.

    Args:
        client: The connection to Teamleader.
        kind: Invoices or credit notes.
        since: In the form of `timestamps.utc`; None lists all there are.
        first_day: Documents dated earlier are left out.
        department_id: Documents of other departments are left out.

    Raises:
        teamleader_api.ApiError: Teamleader did not answer as it should.
    """
    listed = client.listed_until_stable(
        f"{kind.resource}.list",
        {"filter": _filter(kind, since, first_day, department_id)},
        key=lambda row: row["id"],
        project=lambda row: listed_change(row, kind, first_day),
    )
    return sorted(change for change in listed if change is not None)


def _filter(kind: DocumentKind, since: str | None, first_day: date | None, department_id: str | None) -> dict[str, Any]:
    conditions = dict(kind.filters)
    if department_id:
        conditions["department_id"] = department_id
    if since:
        conditions["updated_since"] = timestamps.for_filter(since)
    if first_day:
        # Asked for from the day before and compared again in `listed_change`: Teamleader's description leaves open
        # whether "after" includes the day itself for credit notes.
        conditions[f"{kind.date_field}_after"] = (first_day - timedelta(days=1)).isoformat()
    return conditions


def listed_change(row: Mapping[str, Any], kind: DocumentKind, first_day: date | None) -> Change | None:
    """Return what to keep of a row of a list; None for a draft, and for what is dated before the first day."""
    if not is_booked(row):
        return None
    if first_day and (row.get(kind.date_field) or "") < first_day.isoformat():
        return None
    customer = (row.get("invoicee") or {}).get("customer") or {}
    return Change(
        timestamps.utc(row["updated_at"]),
        row["id"],
        customer.get("type"),
        customer.get("id"),
        row.get(kind.number_field),
        row.get(kind.date_field),
    )
