"""What an entry leaves in the books: transaction lines and the receivable (exact-online 6.24, 7.4, 7.13)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

ENTRIES = "salesentry/SalesEntries"
LINES = "salesentry/SalesEntryLines"
TRANSACTION_LINES = "financialtransaction/TransactionLines"
RECEIVABLES = "cashflow/Receivables"
VAT_SUMMARY = 9999


def recompute(state: ExactState, entry: Row) -> None:
    """Header totals out of the lines, the type out of their sign (exact-online 6.2, 6.19)."""
    lines = state[LINES].find("EntryID", entry["EntryID"])
    if not lines and "AmountFC" in entry:
        return  # an entry of filling.py, which has a head only
    vat_fc = sum((line["VATAmountFC"] for line in lines), Decimal(0))
    vat_dc = sum((line["VATAmountDC"] for line in lines), Decimal(0))
    total_fc = sum((line["_net_fc"] for line in lines), vat_fc)
    total_dc = sum((line["_net_dc"] for line in lines), vat_dc)
    state.update(
        ENTRIES,
        entry,
        {
            "AmountFC": total_fc,
            "AmountDC": total_dc,
            "VATAmountFC": vat_fc,
            "VATAmountDC": vat_dc,
            "Type": 21 if total_fc < 0 else 20,
        },
    )


def post(state: ExactState, entry: Row, *, new_receivable: bool) -> None:
    """Bring transaction lines and receivable in line with the entry.

    With `new_receivable` the open receivable is replaced: new ID, EntryID and HID (exact-online 6.28).
    """
    wanted = _wanted_lines(state, entry) if state[LINES].find("EntryID", entry["EntryID"]) else []
    present = {row["ID"]: row for row in state[TRANSACTION_LINES].find("EntryID", entry["EntryID"])}
    for row in wanted:
        if row["ID"] in present:
            state.update(TRANSACTION_LINES, present.pop(row["ID"]), row)
        else:
            state.insert(TRANSACTION_LINES, row)
    for row in present.values():
        state.delete(TRANSACTION_LINES, row)
    _post_receivable(state, entry, new=new_receivable)


def remove(state: ExactState, entry: Row) -> None:
    """Take everything of an entry out of the books."""
    for path, field in ((RECEIVABLES, "TransactionEntryID"), (TRANSACTION_LINES, "EntryID"), (LINES, "EntryID")):
        for row in state[path].find(field, entry["EntryID"]):
            state.delete(path, row)
    state.delete(ENTRIES, entry)


def receivables(state: ExactState, entry: Row) -> list[Row]:
    """All receivables of an entry: more than one after a partial payment (exact-online 7.5)."""
    return state[RECEIVABLES].find("TransactionEntryID", entry["EntryID"])


def _wanted_lines(state: ExactState, entry: Row) -> list[Row]:
    ids: dict[str, str] = entry.setdefault("_transaction_ids", {})

    def id_of(part: str) -> str:
        return ids.setdefault(part, state.new_guid())

    journal = state.by_code("financial/Journals", entry["Journal"]) or {}
    header = {
        "ID": id_of("header"),
        "EntryID": entry["EntryID"],
        "LineNumber": 0,
        "LineType": 0,
        "GLAccount": journal.get("GLAccount"),
        "Description": entry.get("Description"),
        "AmountFC": entry["AmountFC"],
        "AmountDC": entry["AmountDC"],
        "AmountVATFC": Decimal(0),
    }
    rows = [header]
    summary: dict[str, Row] = {}
    for line in sorted(state[LINES].find("EntryID", entry["EntryID"]), key=lambda row: row["LineNumber"]):
        rows.append(_revenue_line(line))
        if line["VATAmountFC"]:
            total = summary.setdefault(
                line["VATCode"], _vat_line(state, entry, line["VATCode"], id_of(line["VATCode"]))
            )
            total["AmountFC"] -= line["VATAmountFC"]
            total["AmountDC"] -= line["VATAmountDC"]
            total["AmountVATBaseFC"] -= line["VATBaseAmountFC"]
    return rows + list(summary.values())


def _revenue_line(line: Row) -> Row:
    """Revenue is negative in the books (exact-online 7.13); the id is the sales entry line's (exact-online 9.4)."""
    return {
        "ID": line["ID"],
        "EntryID": line["EntryID"],
        "LineNumber": line["LineNumber"],
        "LineType": 1,
        "GLAccount": line["GLAccount"],
        "Description": line.get("Description"),
        "Notes": line.get("Notes"),
        "AmountFC": -line["_net_fc"],
        "AmountDC": -line["_net_dc"],
        "AmountVATFC": -line["VATAmountFC"],
        "AmountVATBaseFC": -line["VATBaseAmountFC"],
        "VATCode": line["VATCode"],
        "VATPercentage": line["VATPercentage"],
        "Quantity": line.get("Quantity", 1),
        "CostCenter": line.get("CostCenter"),
        "CostUnit": line.get("CostUnit"),
    }


def _vat_line(state: ExactState, entry: Row, code: str, id_: str) -> Row:
    return {
        "ID": id_,
        "EntryID": entry["EntryID"],
        "LineNumber": VAT_SUMMARY,
        "LineType": 5,
        "GLAccount": (state.by_code("vat/VATCodes", code) or {}).get("GLToPay"),
        "Description": entry.get("Description"),
        "AmountFC": Decimal(0),
        "AmountDC": Decimal(0),
        "AmountVATFC": Decimal(0),
        "AmountVATBaseFC": Decimal(0),
        "VATCode": code,
    }


def _post_receivable(state: ExactState, entry: Row, *, new: bool) -> None:
    journal = state.by_code("financial/Journals", entry["Journal"]) or {}
    condition = state.by_code("cashflow/PaymentConditions", entry.get("PaymentCondition")) or {}
    values = {
        "AmountDC": -entry["AmountDC"],  # exact-online 7.4: negative while an invoice is open
        "AmountFC": -entry["AmountFC"],
        "DueDate": entry.get("DueDate"),
        "GLAccount": journal.get("GLAccount"),
        "Description": entry.get("Description"),
        "PaymentMethod": condition.get("PaymentMethod"),
        "PaymentReference": entry.get("PaymentReference"),
    }
    present = receivables(state, entry)
    if present and not new and entry["AmountFC"]:
        _change_receivables(state, present, values)
        return
    for row in present:
        state.delete(RECEIVABLES, row)
    if entry["AmountFC"]:
        state.insert(RECEIVABLES, {**open_receivable(state, entry), **values})


def _change_receivables(state: ExactState, present: list[Row], values: Row) -> None:
    """Several terms keep their own due dates and, while the total does not change, their own amounts."""
    first, *others = present
    unchanged = all(sum(row[field] for row in present) == values[field] for field in ("AmountFC", "AmountDC"))
    if others and unchanged:
        own = {"AmountDC", "AmountFC", "DueDate"}
        for row in present:
            state.update(RECEIVABLES, row, {field: value for field, value in values.items() if field not in own})
        return
    for row in others:
        state.delete(RECEIVABLES, row)
    state.update(RECEIVABLES, first, values)


def open_receivable(state: ExactState, entry: Row) -> Row:
    """Identity of a new open receivable of an entry."""
    return {
        "EntryID": state.new_guid(),
        "HID": state.next_number("receivable"),
        "TransactionEntryID": entry["EntryID"],
        "TransactionID": entry["_transaction_ids"]["header"],
        "Status": 20,
    }
