"""The entry of a document that was deleted at the source is taken back, once, when the settings ask for that.

The reversal is an entry as any other (see `entries`), with a link of its own kind: its intent is committed before it
is sent, a run that was cut off is cleared up by `resolve`, and a lost store finds it again by its reference. Whatever
does not allow it is added to what is told of the document, and looked at again after a day.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connector_store import How, State
from connector_store.columns import utc_now
from connector_store.division_store import REVERSAL
from exactonline_api.dates import to_date
from target_exactonline.booking import compose_reversal, fingerprint, why_not_reversed
from target_exactonline.booking.periods import place_in_period
from target_exactonline.money import ZERO, cents
from target_exactonline.outcomes import REST, RESTLESS
from target_exactonline.reasons import Rejected, Rejection
from target_exactonline.receivables import terms_of
from target_exactonline.writing.draft import Draft
from target_exactonline.writing.entries import Entries
from target_exactonline.writing.resolve import awaited, is_in_doubt
from target_exactonline.writing.search import (
    Nearby,
    entries_by_id,
    entries_by_reference,
    entries_nearby,
    entry_lines,
)
from target_exactonline.writing.source_deleted import CODE, entries_of_no_document, reversal_id

if TYPE_CHECKING:
    from datetime import date

    from connector_store import Link
    from connector_store.division_store import DivisionStore
    from target_exactonline.administration import Administration
    from target_exactonline.booking import EntryPlan, Rules
    from target_exactonline.outcomes import Outcomes
    from target_exactonline.writing.attachments import Attachments

Row = dict[str, Any]


def reversals_due(store: DivisionStore, outcomes: Outcomes, rules: Rules) -> list[Link]:
    """Return the documents that are gone whose entry may be taken back now; no call.

    Those of another department follow the settings of their own coupling.

    A message that says so of a document is the leave to do it: whoever dismissed it has dealt with the entry. Where the
    reversal stands by now, the message goes.
    """
    if rules.on_deleted != "reverse":
        return []
    orphans = [link for link in store.links.orphans() if link.document.is_of(rules.department_id)]
    known = store.links.get_many(REVERSAL, [reversal_id(link) for link in orphans]) if orphans else {}
    due = []
    for link in orphans:
        told, reversal = store.rejects.get(link.kind, link.source_id), known.get(reversal_id(link))
        if told is None or told.code != CODE or told.decided_by is not None:
            continue
        if reversal is not None and reversal.state is State.LINKED:
            outcomes.solved(link)
        elif told.is_due(utc_now()) and not is_in_doubt(reversal) and link.changing_to is None:
            due.append(link)
    return due


def reverse_deleted(administration: Administration, attachments: Attachments) -> None:
    """Take back the entries of documents that are gone: five calls per 40 of them, and one for each that is sent."""
    orphans = reversals_due(administration.store, administration.outcomes, administration.rules)
    if orphans:
        _Reversals(administration, Entries(administration, attachments), orphans).carry_out()


class _Reversals:
    """The reversals of one run."""

    def __init__(self, administration: Administration, entries: Entries, orphans: list[Link]) -> None:
        self._administration = administration
        self._store = administration.store
        self._entries = entries
        self._orphans = orphans
        client, ids = administration.client, [str(link.exact_id) for link in orphans]
        self._today = client.service_now().date()
        self._rows = entries_by_id(client, ids)
        self._lines = entry_lines(client, self._rows)
        self._terms = terms_of(client, self._rows)
        self._plans: dict[str, EntryPlan] = {}

    def carry_out(self) -> None:
        refused: dict[str, Rejection] = {}
        for link in self._orphans:
            refusal = self._compose(link)
            if refusal is not None:
                refused[str(link.exact_id)] = refusal
        self._read_what_is_there()
        for link in self._orphans:
            self._administration.interruption.check()
            if str(link.exact_id) in self._plans:
                refusal = self._one(link)
                if refusal is not None:
                    refused[str(link.exact_id)] = refusal
        self._entries.read_back()
        for link in self._orphans:
            self._tell(link, refused.get(str(link.exact_id)))

    def _compose(self, link: Link) -> Rejection | None:
        entry_id = str(link.exact_id)
        row = self._rows.get(entry_id)
        if row is None:
            return Rejection.of(CODE, "it was deleted in Exact")
        lines = self._lines.get(entry_id, [])
        booked = self._store.booked.get(link.kind, link.source_id)
        why_not = why_not_reversed(row, lines, self._terms.get(entry_id, []), booked)
        if why_not is not None:
            return Rejection.of(CODE, why_not)
        day = self._day(row)
        if isinstance(day, Rejection):
            return day
        self._plans[entry_id] = compose_reversal(row, lines, day, self._administration.master.currency)
        return None

    def _day(self, row: Row) -> date | Rejection:
        """Return the day of the reversal: today, or as the settings say when that is closed."""
        administration = self._administration
        day = max(self._today, to_date(row["EntryDate"]))
        try:
            return place_in_period(day, administration.rules, administration.master.periods)
        except Rejected as rejected:
            return rejected.rejection

    def _read_what_is_there(self) -> None:
        """Read what has the reference of a reversal, and what of the same customers may be one made by hand."""
        plans, client = self._plans.values(), self._administration.client
        self._there: dict[tuple[str, str], list[Row]] = {}
        self._others: list[Row] = []
        if not plans:
            return
        but = entries_of_no_document(self._store)
        self._there = entries_by_reference(client, [(plan.journal, plan.your_ref) for plan in plans], but=but)
        rows = [self._rows[entry_id] for entry_id in self._plans]
        first = min(to_date(row["EntryDate"]) for row in rows)
        last = max(plan.entry_date for plan in plans)
        customers = Nearby(frozenset(str(row["Customer"]) for row in rows), first, last)
        self._others = entries_nearby(client, customers)

    def _one(self, link: Link) -> Rejection | None:
        entry_id = str(link.exact_id)
        row, plan = self._rows[entry_id], self._plans[entry_id]
        customer, draft = str(row["Customer"]), _draft(link, self._plans[entry_id])
        there = [each for each in self._there.get(draft.reference, []) if self._is_free(each)]
        mine = [each for each in there if _takes_back(row, each)]
        if mine:
            self._entries.confirm(draft, mine[0], How.ADOPTED)
            return None
        by_hand = [each for each in [*there, *self._others] if _takes_back(row, each) and self._is_free(each)]
        if there or by_hand:
            other = (by_hand or there)[0]
            return Rejection.of(CODE, f"entry {other.get('EntryNumber')} seems to do so already")
        return self._post(draft, row, plan, customer)

    def _post(self, draft: Draft, row: Row, plan: EntryPlan, customer: str) -> Rejection | None:
        refusal = self._entries.post(draft, customer)
        while refusal is not None and refusal.code == "period_closed":
            day = self._day(row)
            if isinstance(day, Rejection) or day == plan.entry_date:
                break
            plan = replace(plan, entry_date=day)
            draft = replace(draft, plan=plan)
            rows = entries_by_reference(
                self._administration.client, [draft.reference], but=entries_of_no_document(self._store)
            ).get(draft.reference)
            if rows:
                return awaited()
            refusal = self._entries.post(draft, customer)
        return refusal

    def _is_free(self, row: Row) -> bool:
        return self._store.links.find_exact(str(row["EntryID"])) is None

    def _tell(self, link: Link, refusal: Rejection | None) -> None:
        outcomes, rejects = self._administration.outcomes, self._store.rejects
        if self._administration.dry_run:
            return
        reversal = self._store.links.get(REVERSAL, reversal_id(link))
        if reversal is not None and reversal.state is State.LINKED:
            outcomes.solved(link)
            outcomes.logger.warning(
                "%s %s was deleted in Teamleader: entry %s is taken back by entry %s; match the two in Exact",
                link.kind,
                link.number,
                link.entry_number,
                reversal.entry_number,
            )
        elif refusal is not None:
            entry = f"entry {link.entry_number}" if link.entry_number else "its entry"
            reason = f"It was deleted in Teamleader, and {entry} is not reversed: {refusal.reason}"
            outcomes.missing(link, Rejection.of(CODE, reason))
            if refusal.code not in RESTLESS:
                rejects.rest(link.kind, link.source_id, utc_now() + REST)


def _draft(link: Link, plan: EntryPlan) -> Draft:
    """Return a reversal as what is booked: a document of its own kind, that no source ever sends."""
    record = {
        "id": reversal_id(link),
        "kind": REVERSAL,
        "number": plan.your_ref,
        "date": plan.entry_date.isoformat(),
        "currency": plan.currency,
        "lines": [],
        "totals": {"net": plan.net, "gross": plan.gross},
    }
    return Draft(record, plan, fingerprint(record))


def _takes_back(row: Row, other: Row) -> bool:
    """Tell whether an entry is the negative of another one: customer, currency, total and VAT."""
    return (
        row["EntryID"] != other["EntryID"]
        and str(row["Customer"]).casefold() == str(other["Customer"]).casefold()
        and row["Currency"] == other["Currency"]
        and cents(other.get("AmountFC")) == ZERO - cents(row.get("AmountFC"))
        and cents(other.get("VATAmountFC")) == ZERO - cents(row.get("VATAmountFC"))
    )
