"""The plan of a dry run, read: documents, customers and payments as they would be. Pure."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Row = dict[str, Any]

OUTCOMES: Final = {
    "booked": "book",
    "reversed": "book",
    "adopted": "adopt",
    "updated": "amend",
    "unchanged": "unchanged",
    **dict.fromkeys(("rejected", "waiting", "unknown", "held back"), "reject"),
}
"""What a target says of a document -> what the preview calls it; what it says of nothing else is left out."""
CUSTOMERS: Final = {"customers created": "create", "customers matched": "match", "customers updated": "update"}
DOCUMENTS: Final = frozenset({"invoice", "credit_note", "reversal"})
PER_MINUTE: Final = 60
"""Calls that Exact takes in a minute (exact-online 2.1)."""
_BATCH: Final = 40
_READS: Final = 10
"""Calls for the administration itself and the accounts, before the first document."""
_HEADER: Final = ("journal", "date", "due_date", "currency", "customer", "lines", "code", "reason", "hint")


def preview(lines: Iterable[Mapping[str, Any]], *, files_each: int) -> Row:
    """Return the preview as JSON has it.

    Args:
        lines: What the targets told, in order; of a document the last one counts.
        files_each: Files that come with each document.
    """
    documents: dict[tuple[str, str], Row] = {}
    payments: list[Row] = []
    customers: Counter[str] = Counter(create=0, match=0, update=0)
    for line in lines:
        kind, verb = str(line["kind"]), str(line["verb"])
        if verb in CUSTOMERS:
            customers[CUSTOMERS[verb]] += 1
        elif kind in DOCUMENTS and verb in OUTCOMES:
            documents[kind, str(line["number"])] = _document(kind, OUTCOMES[verb], line)
        elif kind in {"payment", "payment of"} and verb != "unchanged":
            payments.append(_payment(line))
    calls = _calls(documents.values(), customers, files_each)
    return {
        "documents": list(documents.values()),
        "customers": dict(customers),
        "payments": payments,
        "calls": calls,
        "minutes": -(-calls // PER_MINUTE),
    }


def refusals(documents: Iterable[Mapping[str, Any]]) -> list[tuple[int, str, str]]:
    """Return why documents of a preview are refused: how many, the reason and the hint; the most frequent first."""
    told = Counter((each["reason"], each["hint"]) for each in documents if each["outcome"] == "reject")
    return [(count, reason, hint) for (reason, hint), count in told.most_common()]


def _document(kind: str, outcome: str, line: Mapping[str, Any]) -> Row:
    found = {name: line.get(name) for name in _HEADER}
    found["lines"] = [
        {**each, "net": Decimal(str(each["net"])), "vat": Decimal(str(each["vat"]))} for each in found["lines"] or ()
    ]
    return {"kind": kind, "number": line["number"], "outcome": outcome, **found}


def _payment(line: Mapping[str, Any]) -> Row:
    amount = line.get("amount")
    named = {name: line.get(name) for name in ("number", "currency", "day", "how", "code", "reason", "hint")}
    return {"outcome": line["verb"], "amount": None if amount is None else Decimal(str(amount)), **named}


def _calls(documents: Iterable[Row], customers: Mapping[str, int], files_each: int) -> int:
    """Return how many calls to Exact the run takes, as near as it can be told before."""
    outcomes = Counter(each["outcome"] for each in documents)
    at_work = sum(count for outcome, count in outcomes.items() if outcome != "unchanged")
    if not at_work:
        return 2
    files = 1 + files_each if files_each else 0  # the document that holds them, and each of them
    written = outcomes["book"] * (1 + files) + outcomes["amend"] * 2 + customers["create"] + customers["update"]
    return written + -(-at_work // _BATCH) * 2 + _READS
