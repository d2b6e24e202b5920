"""The status document: everything the store knows of a division, one row per document or customer.

Its shape is an interface that people script against.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from bridge.memory import ATTACHMENT, DOCUMENT_KINDS

if TYPE_CHECKING:
    from datetime import datetime

    from bridge.memory import Memory
    from connector_store import Link, Reject, Run

Row = dict[str, Any]

STATUSES = ("rejected", "unknown", "waiting", "excluded", "linked")
"""In the order in which a person wants to see them."""
EXCLUDED = "zero_value_skipped"
"""Code of what is left out on purpose."""
RUNS = 10
RUNS_READ = 200
"""Runs of other divisions in the same store are read past."""

# What a link without a reject says: status, code, reason and hint.
_UNSETTLED = (
    "unknown",
    "outcome_unknown",
    "A run was cut off while it was being written",
    "Nothing to do: the next run looks it up in Exact before it sends anything.",
)
_ENTRY_GONE = (
    "rejected",
    "entry_missing",
    "The entry was deleted in Exact",
    "Book it again with: bridge resend, or release the document with: bridge unlink.",
)
_ACCOUNT_GONE = (
    "waiting",
    "entry_missing",
    "The customer was deleted in Exact",
    "Nothing to do: it is found or made again when a document needs it.",
)


def status_document(memory: Memory) -> Row:
    """Return the status document.

    - `documents`: kind, source_id, number, status, code, reason, hint, exact_id, entry_number, amount (gross, VAT
      included, negative for credit notes), currency, updated_at (UTC); those first that a person has to look at. A
      booked document that changed but could not be brought in line is rejected and has an exact_id; one whose files
      could not be attached stays linked, with the code of that.
    - `counts`: how many of them have each status, also 0.
    - `last_runs`: plugin, division, started_at, finished_at, outcome, counts, message; newest first.
    """
    rejects = memory.rejects.all()
    refused = {(each.kind, each.source_id): each for each in rejects if each.kind != ATTACHMENT}
    files = {each.source_id: each for each in rejects if each.kind == ATTACHMENT}
    rows = [_row(link, refused.pop((link.kind, link.source_id), None), files) for link in memory.links.all()]
    rows += [_unlinked(reject) for reject in refused.values()]
    rows.sort(key=_place)
    counted = Counter(row["status"] for row in rows)
    runs = [run for run in memory.store.runs.last(RUNS_READ) if run.division in {None, memory.division}]
    return {
        "documents": rows,
        "counts": {status: counted[status] for status in STATUSES},
        "last_runs": [_run(run) for run in runs[:RUNS]],
    }


def _row(link: Link, reject: Reject | None, files: dict[str, Reject]) -> Row:
    if reject is not None:
        return {
            **_unlinked(reject),
            "number": link.number or reject.number,
            "exact_id": link.exact_id,
            "entry_number": link.entry_number,
            "amount": reject.amount if reject.amount is not None else link.amount,
            "currency": reject.currency or link.currency,
        }
    status, code, reason, hint = _standing(link)
    unattached = files.get(link.source_id) if link.kind in DOCUMENT_KINDS else None
    if code is None and unattached is not None:
        code, reason, hint = unattached.code, unattached.reason, unattached.hint
    return {
        "kind": link.kind,
        "source_id": link.source_id,
        "number": link.number,
        "status": status,
        "code": code,
        "reason": reason,
        "hint": hint,
        "exact_id": link.exact_id,
        "entry_number": link.entry_number,
        "amount": link.amount,
        "currency": link.currency,
        "updated_at": _moment(link.updated_at),
    }


def _standing(link: Link) -> tuple[str, str | None, str | None, str | None]:
    if link.state == "missing":
        return _ENTRY_GONE if link.kind in DOCUMENT_KINDS else _ACCOUNT_GONE
    if link.state == "intent" or link.changing_to is not None:
        return _UNSETTLED
    return "linked", None, None, None


def _unlinked(reject: Reject) -> Row:
    return {
        "kind": reject.kind,
        "source_id": reject.source_id,
        "number": reject.number,
        "status": "excluded" if reject.code == EXCLUDED else reject.status,
        "code": reject.code,
        "reason": reject.reason,
        "hint": reject.hint,
        "exact_id": None,
        "entry_number": None,
        "amount": reject.amount,
        "currency": reject.currency,
        "updated_at": _moment(reject.last_at),
    }


def _run(run: Run) -> Row:
    return {
        "plugin": run.plugin,
        "division": run.division,
        "started_at": _moment(run.started_at),
        "finished_at": _moment(run.finished_at),
        "outcome": run.outcome,
        "counts": run.counts,
        "message": run.message,
    }


def _place(row: Row) -> tuple[int, str, list[int], str]:
    digits = [int(part) for part in re.findall(r"\d+", row["number"] or "")]
    return STATUSES.index(row["status"]), row["kind"], digits, row["source_id"]


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
