"""The status document: everything the store knows of a division, one row per document, customer or payment.

Its shape is an interface that people script against.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from bridge.view.enriched import enriched
from bridge.view.health import LOOK, MAX_AGE, Facts, as_json, health
from bridge.view.payments import paid_since, payment_rows
from bridge.view.standing import Row, Standing, iso, known_row, refused_row
from connector_store import State
from connector_store.division_store import ATTACHMENT, BOOKED_PAYMENT, DOCUMENT_KINDS, PAYMENT

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from connector_store import DivisionStore, File, Link, Reject, Run

STATUSES = ("rejected", "unknown", "waiting", "excluded", "linked")
"""In the order in which a person wants to see them."""
RUNS = 10
KEPT = timedelta(days=3)
"""Runs of so long are looked at, and the last of each kind before."""
DAY = timedelta(days=1)

# What a link says without a reject.
_UNDER_WAY = Standing(
    "unknown",
    "outcome_unknown",
    "A run was cut off while it was being written",
    "Nothing to do: the next run looks it up in Exact before it sends anything.",
)
_ENTRY_GONE = Standing(
    "rejected",
    "entry_missing",
    "The entry was deleted in Exact",
    "Book it again with: bridge resend, or release the document with: bridge unlink.",
)
_ACCOUNT_GONE = Standing(
    "waiting",
    "entry_missing",
    "The customer was deleted in Exact",
    "Nothing to do: it is found or made again when a document needs it.",
)


def status_document(
    store: DivisionStore,
    *,
    now: datetime,
    max_age: timedelta = MAX_AGE,
    zone: tzinfo | None = None,
    is_there: Callable[[str], bool],
    _: Callable[[str], str] = str,
) -> Row:
    """Return the status document, as of a moment (UTC), for a reader in a time zone and a language.

    `is_there` tells whether the project still has a coupling of a name.

    - `health`: level (green, amber, red), line, documents_ok_at, payments_ok_at; where several couplings book in the
      administration, those of the worst, and `couplings` has the same of each with its name (see `view.health`).
    - `documents`: kind, source_id, number, status, code, reason, hint, actor (who has to act), customer (its name),
      date, period, exact_id, entry_number, amount (gross, VAT included, negative for credit notes), open (of an
      invoice), currency, urls (teamleader, exact), updated_at (UTC); those first that a person has to look at. A
      booked document that changed but could not be brought in line is rejected and has an exact_id; one whose files
      could not be attached stays linked, with the code of that. A payment's amount is what Exact has settled of the
      invoice, or what was paid in Teamleader first.
    - `paid`: the invoices that became paid since a day: source_id, number, amount, currency, how, paid_at, told_at.
    - `counts`: how many of them have each status, also 0.
    - `last_runs`: plugin, division, coupling, department, started_at, finished_at, outcome, counts, message; newest
      first.
    """
    rejects = store.rejects.all()
    refused = {
        (each.kind, each.source_id): each for each in rejects if each.kind not in {ATTACHMENT, PAYMENT, BOOKED_PAYMENT}
    }
    files = {(each.kind, each.source_id): each for each in reversed(store.files.waiting()) if each.problem}
    links = list(store.links.all())
    rows = [_row(link, refused.pop((link.kind, link.source_id), None), files) for link in links]
    rows += [refused_row(reject.kind, reject) for reject in refused.values()]
    rows += payment_rows(store, rejects)
    rows.sort(key=_place)
    rows = enriched(store, rows, links)
    counted = Counter(row["status"] for row in rows)
    runs = _runs_telling(store, now)
    facts = Facts(runs, counted["rejected"], now, is_there, _is_alone(store), max_age, zone)
    return {
        "health": as_json(health(facts, _), iso),
        "documents": rows,
        "paid": paid_since(store, now - DAY),
        "counts": {status: counted[status] for status in STATUSES},
        "last_runs": [_run(run) for run in _worth_telling(runs)[:RUNS]],
    }


def brief(
    store: DivisionStore,
    *,
    now: datetime,
    max_age: timedelta = MAX_AGE,
    is_there: Callable[[str], bool],
    _: Callable[[str], str] = str,
) -> tuple[Row, frozenset[str]]:
    """Return the `health` of the status document, and the keys of what needs a person, without reading all the rest."""
    to_do = _to_do(store)
    facts = Facts(_runs_telling(store, now), len(to_do), now, is_there, _is_alone(store), max_age)
    return as_json(health(facts, _), iso), to_do


def program(run: Row) -> str:
    """Return what a reader calls the program of a run, with the coupling that it worked for."""
    return f"{run['plugin']} ({run['coupling']})" if run["coupling"] else str(run["plugin"])


def key(row: Row) -> str:
    """Return what names a row among those that need a person, and why."""
    return f"{row['kind']} {row['source_id']} {row['code']}"


def _to_do(store: DivisionStore) -> frozenset[str]:
    refused = {(each.kind, each.source_id): each for each in store.rejects.all() if each.kind != ATTACHMENT}
    rows = [refused_row(PAYMENT if kind == BOOKED_PAYMENT else kind, reject) for (kind, _id), reject in refused.items()]
    gone = [each for each in store.links.missing() if (each.kind, each.source_id) not in refused]
    rows += [_row(link, None, {}) for link in gone]
    return frozenset(key(row) for row in rows if row["status"] == "rejected")


def _runs_telling(store: DivisionStore, now: datetime) -> list[Run]:
    return store.store.runs.telling(store.division, now - KEPT)


def _is_alone(store: DivisionStore) -> bool:
    return store.store.divisions() in ([], [store.division])


def _worth_telling(runs: list[Run]) -> list[Run]:
    """Leave out all but the newest of the looks that found nothing: they would be all that is shown."""
    idle = [run.id for run in runs if run.plugin == LOOK and run.outcome == "ok"]
    return [run for run in runs if run.id not in idle[1:]]


def _row(link: Link, reject: Reject | None, files: dict[tuple[str, str], File]) -> Row:
    standing = _standing(link)
    waiting = files.get((link.kind, link.source_id))
    if standing.code is None and waiting is not None:
        reason = f"{waiting.filename} is not attached yet"
        standing = standing._replace(code=waiting.problem, reason=reason, hint=waiting.hint)
    row = known_row(link.kind, link.source_id, link, link.amount, standing)
    return row if reject is None else refused_row(link.kind, reject, row)


def _standing(link: Link) -> Standing:
    if link.state is State.MISSING:
        return _ENTRY_GONE if link.kind in DOCUMENT_KINDS else _ACCOUNT_GONE
    if link.state is State.INTENT or link.changing_to is not None:
        return _UNDER_WAY
    return Standing()


def _run(run: Run) -> Row:
    return {
        "plugin": run.plugin,
        "division": run.division,
        "coupling": run.coupling,
        "department": run.department,
        "started_at": iso(run.started_at),
        "finished_at": iso(run.finished_at),
        "outcome": run.outcome,
        "counts": run.counts,
        "message": run.message,
    }


def _place(row: Row) -> tuple[int, str, list[int], str]:
    digits = [int(part) for part in re.findall(r"\d+", row["number"] or "")]
    return STATUSES.index(row["status"]), row["kind"], digits, row["source_id"]
