"""Decides what each document of a batch needs: nothing, an entry, a link to one in Exact, a change, or a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from connector_store import DocumentDetail, How, State
from connector_store.division_store import DOCUMENT_KINDS
from singer_shell.unknown_outcomes import Unanswered
from target_exactonline.booking import compare_rates, compose_entry, fingerprint
from target_exactonline.reasons import Rejection
from target_exactonline.writing import adopt
from target_exactonline.writing.attachments import Attachments
from target_exactonline.writing.changes import Changes
from target_exactonline.writing.draft import Draft
from target_exactonline.writing.entries import Entries
from target_exactonline.writing.found_files import FoundFiles
from target_exactonline.writing.invoicees import stage_invoicees
from target_exactonline.writing.mandates import see_to_collections
from target_exactonline.writing.resolve import awaited, is_in_doubt
from target_exactonline.writing.search import ENTRIES, entries_by_reference, entry_lines
from target_exactonline.writing.similar import SimilarEntries
from target_exactonline.writing.source_deleted import entries_of_no_document, is_reversed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from connector_store import Link
    from connector_store.division_store import DivisionStore
    from target_exactonline.administration import Administration
    from target_exactonline.booking import EntryPlan
    from target_exactonline.writing.accounts import Accounts
    from target_exactonline.writing.file_queue import FileQueue

Record = dict[str, Any]

NUMBER_TAKEN = "entry_number_taken"


def newest(records: Iterable[Record]) -> list[Record]:
    """Keep the last version of each document, in the order of those."""
    last: dict[tuple[str, str], Record] = {}
    for record in records:
        key = (record["kind"], record["id"])
        last.pop(key, None)
        last[key] = record
    return list(last.values())


def links_of(store: DivisionStore, records: Iterable[Record]) -> dict[tuple[str, str], Link]:
    """Return what is remembered of these documents."""
    found: dict[tuple[str, str], Link] = {}
    for kind in DOCUMENT_KINDS:
        ids = [record["id"] for record in records if record["kind"] == kind]
        if ids:
            found.update({(kind, source_id): link for source_id, link in store.links.get_many(kind, ids).items()})
    return found


def is_unchanged(record: Record, link: Link | None) -> bool:
    """Tell whether a document is booked as it is, or in a later version (accounting rule 24).

    While a change of its entry stands halfway, it is neither.
    """
    if link is None or link.state is not State.LINKED or link.changing_to is not None:
        return False
    later = link.detail.updated_at or ""
    return link.fingerprint == fingerprint(record) or str(record.get("updated_at") or "~") < later


class Documents:
    """Books batches of documents."""

    def __init__(self, administration: Administration, accounts: Accounts, files: FileQueue) -> None:
        self._administration = administration
        self._store = administration.store
        self._accounts = accounts
        self.attachments = Attachments(administration, files)
        self._entries = Entries(administration, self.attachments)
        self._found_files = FoundFiles(administration, self.attachments)
        self._changes = Changes(administration, accounts)
        self._similar = SimilarEntries(administration, accounts)
        self._lines: dict[str, list[Record]] = {}
        self._unanswered = Unanswered("Exact", "entries")
        self._refused_as: Mapping[tuple[str, str], str] = {}

    def handle(self, records: Iterable[Record], refused_as: Mapping[tuple[str, str], str] | None = None) -> None:
        """Bring a batch of at most 40 documents into Exact.

        Args:
            records: Valid records of `sales_entries`.
            refused_as: Code with which a document was refused before.

        Raises:
            RunEnded, ApiError: The run cannot go on; what was done is committed.
        """
        self._refused_as = refused_as or {}
        batch = newest(records)
        links = links_of(self._store, batch)
        stage_invoicees(self._store, batch)
        fresh: list[Draft] = []
        changed: list[tuple[Draft, Link]] = []
        for record in batch:
            key = (record["kind"], record["id"])
            link = links.get(key)
            if is_unchanged(record, link):
                self._administration.outcomes.in_order(*key)
                self._administration.outcomes.done("unchanged", record["kind"], record["number"])
                continue
            refusal = self._not_to_be_written(link) or self._has_to_be_sent(record, link)
            if refusal is not None:
                self._refuse(record, refusal)
                continue
            if self._is_switched_off(record, link):
                continue
            if not self._administration.breaker.allows(ENTRIES, self._refused_as.get(key)):
                self._hold(record)
                continue
            draft = self._draft(record, link)
            if draft is None:
                continue
            if link is not None and link.state in {State.LINKED, State.ORPHANED}:
                changed.append((draft, link))
            else:
                fresh.append(draft)
        if changed:
            self._changes.follow(changed)
        if fresh:
            self._book(fresh)

    def _not_to_be_written(self, link: Link | None) -> Rejection | None:
        """Return why nothing is to be written of a document, whatever it says; None when it may be."""
        if link is not None and link.state is State.MISSING:
            return Rejection.of("entry_missing", "The entry was deleted in Exact")
        if link is not None and is_reversed(self._store, link):
            reason = "It was deleted in Teamleader and its entry taken back in Exact, and now it comes again"
            return Rejection.of("conflict", reason)
        return awaited() if is_in_doubt(link) else None

    def _is_switched_off(self, record: Record, link: Link | None) -> bool:
        """Leave out a credit note that no entry stands for, when such are not booked; tell whether it is one."""
        is_off = record["kind"] == "credit_note" and not self._administration.rules.book_credit_notes
        if not is_off or not _is_fresh(link):
            return False
        reason = "Credit notes are not booked: book_credit_notes is off"
        self._administration.outcomes.switched_off(record, Rejection.of("credit_notes_off", reason))
        return True

    def _has_to_be_sent(self, record: Record, link: Link | None) -> Rejection | None:
        """Return why an invoice waits that no entry stands for: it was not sent; None when it need not be."""
        if not self._administration.rules.only_sent or record.get("sent") is not False or not _is_fresh(link):
            return None
        return Rejection.of("not_sent", "The invoice was not sent from Teamleader yet")

    def _draft(self, record: Record, link: Link | None) -> Draft | None:
        plan = self._composed(record, link)
        if isinstance(plan, Rejection) and self._administration.look_again_for(plan.code):
            plan = self._composed(record, link)
        if isinstance(plan, Rejection):
            self._refuse(record, plan)
            return None
        tried = link is not None and link.state is State.INTENT
        trace = link.document if link is not None and tried else DocumentDetail()
        return Draft(record, plan, fingerprint(record), trace, tried)

    def _booked_on(self, record: Record, link: Link | None) -> date | None:
        """Return the date of a booked document's entry, None when it is not booked, or its own date has changed."""
        if link is None or link.state is not State.LINKED:
            return None
        booked = self._store.booked.get(link.kind, link.source_id)
        if booked is None:
            return link.document.date
        return date.fromisoformat(booked.header["EntryDate"]) if str(booked.dated) == record["date"] else None

    def _composed(self, record: Record, link: Link | None = None) -> EntryPlan | Rejection:
        rules, master = self._administration.rules, self._administration.master
        if not _is_fresh(link):
            rules = replace(rules, zero_value_documents="post")  # its entry stands, and not at zero
        facts = self._accounts.facts(str(record["customer"]))
        booked_on = self._booked_on(record, link)
        return compose_entry(self._naming_the_credited(record), rules, master, facts, booked_on)

    def _naming_the_credited(self, record: Record) -> Record:
        """Add the number of a credited invoice that was booked by an earlier run (accounting rule 5)."""
        if record.get("credited_number") or not record.get("credited_id"):
            return record
        invoice = self._store.links.get("invoice", record["credited_id"])
        return record if invoice is None else {**record, "credited_number": invoice.number}

    def _book(self, drafts: list[Draft]) -> None:
        ahead = self._similar.look_ahead(drafts)
        found = entries_by_reference(
            self._administration.client,
            [draft.reference for draft in drafts],
            but=entries_of_no_document(self._store),
            along=ahead,
        )
        several = [draft.reference for draft in drafts if draft.has_several_rates]
        there = [str(row["EntryID"]) for reference in several for row in found.get(reference, [])]
        self._lines = entry_lines(self._administration.client, there) if there else {}
        absent = [draft for draft in drafts if not found.get(draft.reference)]
        self._similar.look_for(absent, ahead)
        self.attachments.find_again(absent)
        self._found_files.look_into((draft, found.get(draft.reference, [])) for draft in drafts)
        taken: set[tuple[str, str]] = set()
        for draft in drafts:
            self._administration.interruption.check()
            rows = found.get(draft.reference, [])
            was = self._refused_as.get((draft.kind, draft.id))
            if not rows and not self._administration.breaker.allows(ENTRIES, was):
                self._hold(draft.record)
                continue
            refusal = self._one(draft, rows, taken)
            if refusal is not None:
                self._refuse(draft.record, refusal)
            self._unanswered.count(None if refusal is None else refusal.code)
        self._entries.read_back()
        see_to_collections(self._administration, self._entries.posted())

    def _one(self, draft: Draft, rows: list[Record], taken: set[tuple[str, str]]) -> Rejection | None:
        if self._administration.master.periods.closed:
            again = self._composed(draft.record)
            if isinstance(again, Rejection):
                return again
            draft = replace(draft, plan=again)
        if rows:
            return self._adopt(draft, rows)
        if draft.reference in taken:
            return Rejection.of("conflict", f"Another document of this run has the number {draft.number}")
        taken.add(draft.reference)
        return self._post(draft)

    def _adopt(self, draft: Draft, rows: list[Record]) -> Rejection | None:
        customer = self._accounts.of(str(draft.record["customer"]), create=False)
        if isinstance(customer, Rejection):
            return _waits(customer)
        refusal = adopt.judge(draft, rows, customer, self._store.links)
        return refusal if refusal is not None else self._take(draft, rows[0], "conflict")

    def _take(self, draft: Draft, row: Record, code: str) -> Rejection | None:
        """Link to an entry whose totals agree, when what stands at each VAT rate agrees as well."""
        entry_id = str(row["EntryID"])
        if draft.has_several_rates:
            lines = self._lines.get(entry_id) or entry_lines(self._administration.client, [entry_id]).get(entry_id, [])
            differences = tuple(compare_rates(draft.plan, lines, self._administration.master.vat_codes))
            if differences:
                reason = f"Entry {row.get('EntryNumber')} in journal {row['Journal']} has other amounts per VAT rate"
                return Rejection.of(code, reason, differences=differences)
        document = self._found_files.settle(draft, row)
        self._entries.confirm(draft, row, How.ADOPTED, document)
        return None

    def _post(self, draft: Draft) -> Rejection | None:
        known = self._accounts.of(str(draft.record["customer"]), create=False)
        account = known if isinstance(known, str) else ""
        alike = self._similar.of(draft, account)
        if alike:
            refusal = self._similar.judge(draft, alike, account)
            return refusal if refusal is not None else self._take(draft, alike[0], "similar_entry")
        customer = self._accounts.of(str(draft.record["customer"])) if known is None else known
        if isinstance(customer, Rejection):
            return _waits(customer)
        self._warn(draft, draft.plan.warnings)
        if draft.plan.entry_number is not None and not self._administration.breaker.allows(ENTRIES, NUMBER_TAKEN):
            draft = self._without_number(draft)
        refusal = self._entries.post(draft, str(customer))
        if refusal is not None and refusal.code == NUMBER_TAKEN and draft.plan.entry_number is not None:
            draft = self._without_number(draft)
            refusal = self._post_again(draft, str(customer))
        if refusal is not None and refusal.is_refusal and refusal.code != "period_closed":
            # Another document may have had it read afresh since this one was composed.
            self._administration.look_again_for(refusal.code)
            renewed = self._composed(draft.record)
            if isinstance(renewed, Rejection):
                return renewed
            renewed = replace(renewed, entry_number=draft.plan.entry_number)
            if renewed != draft.plan:
                draft = replace(draft, plan=renewed)
                refusal = self._post_again(draft, str(customer))
        while (
            refusal is not None
            and refusal.code == "period_closed"
            and self._administration.rules.on_closed_period != "hold"
        ):
            moved = self._composed(draft.record)
            if isinstance(moved, Rejection) or moved.entry_date == draft.plan.entry_date:
                return refusal
            moved = replace(moved, entry_number=draft.plan.entry_number)
            self._warn(draft, [warning for warning in moved.warnings if warning not in draft.plan.warnings])
            draft = replace(draft, plan=moved)
            refusal = self._post_again(draft, str(customer))
        return refusal

    def _post_again(self, draft: Draft, customer: str) -> Rejection | None:
        """Send a document otherwise after a refusal, when no entry of its reference is there by now.

        Whatever a refusal says, it may speak of an entry of this document that arrived meanwhile.
        """
        rows = entries_by_reference(self._administration.client, [draft.reference]).get(draft.reference)
        return self._adopt(draft, rows) if rows else self._entries.post(draft, customer)

    def _without_number(self, draft: Draft) -> Draft:
        """Leave the number to Exact: a proposal of ours never stands in the way of a document (accounting rule 18)."""
        number = draft.plan.entry_number
        self._warn(draft, [f"entry number {number} is in use in journal {draft.plan.journal}; Exact numbers the entry"])
        return replace(draft, plan=replace(draft.plan, entry_number=None))

    def _warn(self, draft: Draft, warnings: Iterable[str]) -> None:
        for warning in warnings:
            self._administration.outcomes.logger.warning("%s %s: %s", draft.kind, draft.number, warning)

    def _refuse(self, record: Record, refusal: Rejection) -> None:
        self._administration.outcomes.reject(record, refusal)

    def _hold(self, record: Record) -> None:
        """Spare Exact one more refusal; a reject that is kept already keeps its own reason."""
        if (record["kind"], record["id"]) in self._refused_as:
            self._administration.outcomes.done("held back", record["kind"], record["number"])
        else:
            self._refuse(record, Rejection.of("error_budget", "Exact refused many entries in the last hour"))


def _is_fresh(link: Link | None) -> bool:
    return link is None or link.state is State.INTENT


def _waits(customer: Rejection) -> Rejection:
    if customer.code in {"customer_missing", "error_budget"}:
        return customer
    waiting = Rejection.of("waiting_for_customer", f"The customer is not in Exact: {customer.reason}")
    return replace(waiting, is_refusal=customer.is_refusal)
