"""What a person wants to know of a row beyond what was remembered of it: who acts, whose it is, since when, where."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bridge.view.actors import actor
from bridge.view.addresses import addresses
from connector_store import DocumentDetail
from connector_store.division_store import ACCOUNT, BOOKED_PAYMENT, DOCUMENT_KINDS, INVOICE, PAYMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bridge.view.standing import Row
    from connector_store import DivisionStore, Link

_ORDER = (
    *("kind", "source_id", "number", "status", "code", "reason", "hint", "actor", "customer", "date", "period"),
    *("exact_id", "entry_number", "amount", "open", "currency", "urls", "updated_at"),
)
_KEPT_AS = {PAYMENT: (PAYMENT, BOOKED_PAYMENT)}


def enriched(store: DivisionStore, rows: Iterable[Row], links: Iterable[Link]) -> list[Row]:
    """Return the rows with actor, customer, date, period, open and urls.

    The customer's name is that of the record kept for the next try, which is sealed in the store: who is in order has
    none there. `open` is what is not settled in Exact, as far as Teamleader was told; None for what is no invoice.
    """
    records = _records(store)
    by_key = {(link.kind, link.source_id): link for link in links}
    settled = {payment.invoice_id: payment.settled for payment in store.registered_payments.all()}
    return [_enriched(store, row, _record_of(row, records), by_key, settled) for row in rows]


def _enriched(
    store: DivisionStore,
    row: Row,
    record: Mapping[str, Any],
    links: Mapping[tuple[str, str], Link],
    settled: Mapping[str, Decimal],
) -> Row:
    link = links.get((row["kind"], row["source_id"]))
    day = record.get("date") or (link.detail.date if link and isinstance(link.detail, DocumentDetail) else None)
    date = str(day)[:10] if day else None
    told = {
        **row,
        "actor": actor(row["code"], row["status"]),
        "customer": _name(store, row["kind"], record),
        "date": date,
        "period": date[:7] if date and row["kind"] in DOCUMENT_KINDS else None,
        "open": _open(row, links, settled),
        "urls": addresses(row["kind"], row["source_id"], _stands(row), store.division),
    }
    return {name: told[name] for name in _ORDER}


def _stands(row: Row) -> str | None:
    """Return the id in Exact of what still stands there: an address of what was deleted leads nowhere."""
    exact_id: str | None = None if row["code"] == "entry_missing" else row["exact_id"]
    return exact_id


def _open(row: Row, links: Mapping[tuple[str, str], Link], settled: Mapping[str, Decimal]) -> Decimal | None:
    if row["kind"] not in {INVOICE, PAYMENT}:
        return None
    invoice_id = row["source_id"].partition("/")[0]
    invoice = links.get((INVOICE, invoice_id))
    if invoice is None or invoice.amount is None or invoice.exact_id is None:
        return None
    return invoice.amount - settled.get(invoice_id, Decimal(0))


def _records(store: DivisionStore) -> dict[tuple[str, str], Mapping[str, Any]]:
    kinds = (*DOCUMENT_KINDS, ACCOUNT, PAYMENT, BOOKED_PAYMENT)
    return {(each.kind, each.source_id): each.payload or {} for each in store.rejects.with_records(kinds)}


def _record_of(row: Row, records: Mapping[tuple[str, str], Mapping[str, Any]]) -> Mapping[str, Any]:
    for kind in _KEPT_AS.get(row["kind"], (row["kind"],)):
        if record := records.get((kind, row["source_id"])):
            return record
    return {}


def _name(store: DivisionStore, kind: str, record: Mapping[str, Any]) -> str | None:
    """Return the customer's name as the record tells it, or else as the customer that waits beside it does."""
    told = record.get("name") if kind == ACCOUNT else (record.get("invoicee") or {}).get("name")
    if not told and record.get("customer") and kind in DOCUMENT_KINDS:
        told = (store.customers.get(str(record["customer"])) or {}).get("name")
    return str(told) if told else None
