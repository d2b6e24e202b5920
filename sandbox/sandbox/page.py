"""The page that lets people look at both sides: journals and receivables of Exact beside Teamleader's documents."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, select_autoescape

from sandbox.exact.control import ledger
from sandbox.teamleader.summary import summary

if TYPE_CHECKING:
    from sandbox.world import World

CREDIT_JOURNALS = frozenset({"71", "73"})
"""Journals in which credit notes are booked."""

_SHOWN = 500
"""Rows per table; the totals are always of everything."""


def amount(value: Decimal) -> str:
    """An amount as people in Belgium write it: 1.234,50."""
    return f"{value:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def entry_kind(journal: str) -> str:
    """`invoice` or `credit_note`, from the journal that an entry stands in."""
    return "credit_note" if journal in CREDIT_JOURNALS else "invoice"


_TEMPLATES = Environment(loader=PackageLoader("sandbox"), autoescape=select_autoescape(["html", "jinja"]))
_TEMPLATES.filters["amount"] = amount


def render(world: World) -> str:
    """The page as HTML."""
    teamleader, books = summary(world.teamleader), ledger(world.exact)
    documents = [row for row in teamleader["invoices"] + teamleader["credit_notes"] if row["number"] is not None]
    numbers = {entry["entry_id"]: entry for entry in books["entries"]}
    receivables = [row | {"entry": numbers.get(row["entry_id"])} for row in books["receivables"]]
    booked = {(entry_kind(entry["journal"]), entry["your_ref"]): entry for entry in books["entries"]}
    pairs = [row | {"entry": booked.get((row["kind"], row["number"]))} for row in documents]
    invoices = [row for row in pairs if row["kind"] == "invoice" and row["entry"] is not None]
    agreeing = sum(row["due"] == row["entry"]["open"] for row in invoices)
    return _TEMPLATES.get_template("page.html").render(
        comparison=compare(documents, books["entries"]),
        journals=books["journals"],
        entries=_newest(books["entries"])[:_SHOWN],
        receivables=receivables[-_SHOWN:],
        open_receivables=sum((row["amount_dc"] for row in receivables if row["paid_on"] is None), Decimal(0)),
        documents=_newest(pairs)[:_SHOWN],
        agreeing=agreeing,
        differing=len(invoices) - agreeing,
        drafts=sum(row["number"] is None for row in teamleader["invoices"]),
        shown=_SHOWN,
        moment=world.clock(),
    )


def compare(documents: list[dict[str, Any]], entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Per kind and currency the number and the totals on both sides, and whether they are equal to the cent."""
    sides: dict[tuple[str, str], dict[str, Any]] = {}
    rows = [("teamleader", row["kind"], row) for row in documents]
    rows += [("exact", entry_kind(row["journal"]), row) for row in entries]
    for side, kind, row in rows:
        both = sides.setdefault((kind, row["currency"]), {"teamleader": _nothing(), "exact": _nothing()})
        both[side]["count"] += 1
        for name in ("net", "vat", "gross"):
            both[side][name] += row[name]
    return [
        {"kind": kind, "currency": currency, **both, "equal": both["teamleader"] == both["exact"]}
        for (kind, currency), both in sorted(sides.items(), reverse=True)
    ]


def _nothing() -> dict[str, Any]:
    return {"count": 0, "net": Decimal(0), "vat": Decimal(0), "gross": Decimal(0)}


def _newest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: str(row["date"]), reverse=True)
