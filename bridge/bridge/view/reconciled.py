"""A reconciliation as the document that people script against, as rows for a spreadsheet, and in words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bridge.view.differences import WHAT, percent
from bridge.view.reconcile import SIDES
from bridge.view.sides import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.view.differences import Difference
    from bridge.view.reconcile import Reconciliation, Sum

Row = dict[str, Any]


def as_document(found: Reconciliation, calls: int) -> Row:
    """Return the JSON document.

    - `equal`; `calls`, those to Exact.
    - `months`: month, kind, currency, vat_rate (a fraction), and per side count, net, vat, gross. Of a document of
      several rates `count` counts it at each.
    - `differences`: number, kind, what, teamleader, exact, and source_id, exact_id, entry_number, code, message.
    - `standings`: how many documents are booked, waiting, rejected, excluded, before_start, deleted, not_known.
    - `held`: every document that does not stand in Exact: number, kind, standing, gross, code, reason, who.
    - `moved`: documents whose entry stands in another month than their date: number, kind, date, entry_date.
    - `unregistered`: invoices that are settled in Exact and stay open in Teamleader while `register_payments` is off:
      number, kind, teamleader and exact (what is open), and more as in `differences`. They are no differences.
    - `by_hand`: how many sales entries of the range are none of ours.
    """
    return {
        "equal": found.is_equal,
        "months": [
            {"month": place.month, "kind": place.kind, "currency": place.currency, "vat_rate": place.rate}
            | {side: _sum(sums[side]) for side in SIDES}
            for place, sums in sorted(found.sums.items())
        ],
        "differences": [_difference(each) for each in found.differences],
        "standings": {standing.value: found.standings[standing] for standing in Standing},
        "held": [
            {
                "number": each.number,
                "kind": each.key.kind,
                "source_id": each.key.id,
                "standing": each.standing.value,
                "gross": each.gross,
                "code": each.code,
                "reason": each.reason,
                "who": each.who,
            }
            for each in found.held
        ],
        "moved": [
            {
                "kind": each.kind,
                "number": each.number,
                "date": each.dated.isoformat(),
                "entry_date": each.entry_date.isoformat(),
            }
            for each in found.moved
        ],
        "unregistered": [_difference(each) for each in found.unregistered],
        "by_hand": found.by_hand,
        "calls": calls,
    }


def as_table(document: Row) -> Iterator[list[str]]:
    """Yield the rows of the months for a spreadsheet, the names of the columns first."""
    amounts = ("count", "net", "vat", "gross")
    yield ["month", "kind", "currency", "vat_rate", *(f"{side} {name}" for side in SIDES for name in amounts)]
    for row in document["months"]:
        head = [row["month"], row["kind"], row["currency"], percent(row["vat_rate"])]
        yield [*head, *(_cell(row[side][name]) for side in SIDES for name in amounts)]


def sentence(row: Row) -> str:
    """Say a difference in one line: "Invoice 2026 / 12: the amounts without VAT differ (Teamleader 100.00, …)"."""
    name = f"{row['kind'].replace('_', ' ').capitalize()} {row['number'] or row['source_id'] or row['exact_id']}"
    entry = f", entry {row['entry_number']}" if row["entry_number"] is not None else ""
    code = f" [{row['code']}]" if row["code"] else ""
    sides = [
        f"{side} {_cell(row[each])}"
        for side, each in (("Teamleader", "teamleader"), ("Exact", "exact"))
        if row[each] is not None
    ]
    return f"{name}{entry}: {row['message']} ({', '.join(sides)}){code}"


def _difference(each: Difference) -> Row:
    return {
        "number": each.number,
        "kind": each.kind,
        "what": each.what,
        "teamleader": each.teamleader,
        "exact": each.exact,
        "source_id": each.source_id,
        "exact_id": each.exact_id,
        "entry_number": each.entry_number,
        "code": each.code,
        "message": WHAT[each.what],
    }


def _sum(each: Sum) -> Row:
    return {"count": each.count, "net": each.net, "vat": each.vat, "gross": each.gross}


def _cell(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)
