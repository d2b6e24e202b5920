"""The books in plain words, for tests and for the page that people look at."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox.exact import wire
from sandbox.exact.rules import documents, general_journal, posting
from sandbox.exact.rules.matching import MATCHED

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row


def ledger(state: ExactState) -> dict[str, Any]:
    """Everything that was booked.

    Amounts are Decimals. Per journal `entries`, `net`, `vat` and `gross` are in the company's currency, and under
    `currencies` in the currency of the entries; amounts of an entry and its lines are in its own currency, `gross_dc`
    in the company's. Dates are ISO texts. Receivables are positive while an invoice is open; of an entry `open` and
    `settled` add up to `gross`, and `settled_on` is the day of the last match.
    """
    entries = [entry_summary(state, entry) for entry in state[posting.ENTRIES]]
    return {
        "journals": journal_totals(entries),
        "entries": entries,
        "documents": [_document(state, row) for row in state[documents.DOCUMENTS]],
        "accounts": [_account(row) for row in state["crm/Accounts"]],
        "receivables": [_receivable(row) for row in state[posting.RECEIVABLES]],
        "general_journal": general_journal.summary(state),
    }


def journal_totals(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Totals per journal of entries as `entry_summary` gives them."""
    journals: dict[str, Any] = {}
    for entry in entries:
        journal = journals.setdefault(entry["journal"], {**_zero(), "currencies": {}})
        _add(journal, entry["net_dc"], entry["vat_dc"])
        _add(journal["currencies"].setdefault(entry["currency"], _zero()), entry["net"], entry["vat"])
    return dict(sorted(journals.items()))


def entry_summary(state: ExactState, entry: Row) -> dict[str, Any]:
    """One entry with its lines."""
    lines = sorted(state[posting.LINES].find("EntryID", entry["EntryID"]), key=lambda row: row["LineNumber"])
    terms = posting.receivables(state, entry)
    account = state["crm/Accounts"].get(entry["Customer"]) or {}
    return {
        "entry_id": entry["EntryID"],
        "journal": entry["Journal"],
        "entry_number": entry["EntryNumber"],
        "your_ref": entry.get("YourRef"),
        "type": entry["Type"],
        "status": entry["Status"],
        "date": _iso(entry["EntryDate"]),
        "due_date": _iso(entry.get("DueDate")),
        "period": f"{entry['ReportingYear']}-{entry['ReportingPeriod']:02d}",
        "customer": entry["Customer"],
        "customer_name": account.get("Name"),
        "currency": entry["Currency"],
        "rate": entry["Rate"],
        "net": entry["AmountFC"] - entry["VATAmountFC"],
        "vat": entry["VATAmountFC"],
        "gross": entry["AmountFC"],
        "net_dc": entry["AmountDC"] - entry["VATAmountDC"],
        "vat_dc": entry["VATAmountDC"],
        "gross_dc": entry["AmountDC"],
        "open": -sum((term["AmountFC"] for term in terms if term["Status"] < MATCHED), Decimal(0)),
        "settled": -sum((term["AmountFC"] for term in terms if term["Status"] == MATCHED), Decimal(0)),
        "settled_on": _iso(max((term.get("EndDate") or 0 for term in terms), default=0) or None),
        "description": entry.get("Description"),
        "payment_condition": entry.get("PaymentCondition"),
        "payment_reference": entry.get("PaymentReference"),
        "document": entry.get("Document"),
        "lines": [_line(state, line) for line in lines],
    }


def _line(state: ExactState, line: Row) -> dict[str, Any]:
    return {
        "id": line["ID"],
        "gl_account": (state["financial/GLAccounts"].get(line["GLAccount"]) or {}).get("Code"),
        "vat_code": None if line["VATCode"] is None else line["VATCode"].strip(),
        "vat_percentage": line["VATPercentage"],
        "net": line["_net_fc"],
        "vat": line["VATAmountFC"],
        "description": line.get("Description"),
        "quantity": line.get("Quantity"),
        "cost_center": line.get("CostCenter"),
        "cost_unit": line.get("CostUnit"),
    }


def _document(state: ExactState, row: Row) -> dict[str, Any]:
    users = state[posting.ENTRIES].find("Document", row["ID"])
    return {
        "id": row["ID"],
        "subject": row["Subject"],
        "type": row["Type"],
        "account": row.get("Account"),
        "entry_id": users[0]["EntryID"] if users else row.get("FinancialTransactionEntryID"),
        "attachments": [
            {
                "id": attachment["ID"],
                "file_name": attachment["FileName"],
                "size": attachment["FileSize"],
                "sha256": hashlib.sha256(documents.content(state, attachment["ID"])).hexdigest(),
            }
            for attachment in state[documents.ATTACHMENTS].find("Document", row["ID"])
        ],
    }


def _account(row: Row) -> dict[str, Any]:
    names = {
        "id": "ID",
        "name": "Name",
        "status": "Status",
        "vat_number": "VATNumber",
        "chamber_of_commerce": "ChamberOfCommerce",
        "search_code": "SearchCode",
        "email": "Email",
        "phone": "Phone",
        "country": "Country",
        "language": "Language",
        "address": "AddressLine1",
        "postcode": "Postcode",
        "city": "City",
    }
    return {
        "code": row["Code"].strip(),
        "blocked": bool(row.get("Blocked")),
        **{key: row.get(name) for key, name in names.items()},
    }


def _receivable(row: Row) -> dict[str, Any]:
    return {
        "id": row["ID"],
        "entry_id": row["TransactionEntryID"],
        "amount": -row["AmountFC"],
        "amount_dc": -row["AmountDC"],
        "status": row["Status"],
        "due_date": _iso(row.get("DueDate")),
        "paid_on": _iso(row.get("LastPaymentDate") or row.get("EndDate")),
    }


def _iso(ms: int | None) -> str | None:
    return None if ms is None else wire.ms_day(ms).isoformat()


def _zero() -> dict[str, Any]:
    return {"entries": 0, "net": Decimal(0), "vat": Decimal(0), "gross": Decimal(0)}


def _add(total: dict[str, Any], net: Decimal, vat: Decimal) -> None:
    total["entries"] += 1
    total["net"] += net
    total["vat"] += vat
    total["gross"] += net + vat
