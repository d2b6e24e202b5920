"""A new sales entry: intent committed, files sent, entry sent, totals compared, link committed.

A POST is never sent twice. When its outcome is not known, Exact is searched for the entry; when it does not show up
the document is left in doubt, and only a later run may send it: when Exact can no longer be at it (see `resolve`).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from connector_store import DocumentDetail, How, Step
from exactonline_api.errors import ApiError, OutcomeUnknown, RecordRefused
from singer_shell.stop import Interrupted
from singer_shell.unknown_outcomes import look_again
from target_exactonline.booking import compare_totals, entry_in_exact, entry_of
from target_exactonline.reasons import Rejection, closed_period, explain
from target_exactonline.writing.foreseen import Foreseen
from target_exactonline.writing.resolve import is_what_was_sent
from target_exactonline.writing.search import ENTRIES, entries_by_id, entries_by_reference, entry_lines
from target_exactonline.writing.source_deleted import entries_of_no_document

if TYPE_CHECKING:
    from connector_store import BookedEntry
    from target_exactonline.administration import Administration
    from target_exactonline.booking import EntryPlan
    from target_exactonline.reasons import FieldDifference
    from target_exactonline.writing.attachments import Attachments
    from target_exactonline.writing.draft import Draft

Row = dict[str, Any]


class Entries:
    """Books documents that are not in Exact yet."""

    def __init__(self, administration: Administration, attachments: Attachments) -> None:
        self._administration = administration
        self._links = administration.store.links
        self._attachments = attachments
        self._foreseen = Foreseen(administration)
        self._unread: list[tuple[Draft, str, str | None]] = []
        self._posted: list[tuple[dict[str, Any], str]] = []

    @cached_property
    def _refused_for(self) -> set[tuple[str, str]]:
        """What Exact refuses any document for, as far as is known."""
        return self._administration.store.refusals.known()

    def post(self, draft: Draft, customer: str) -> Rejection | None:
        """Book one document.

        Args:
            draft: The document; the caller made sure that no entry has its reference.
            customer: GUID of its account.

        Returns:
            Why it was not booked, None when it was (or, without totals in the answer, when `read_back` will tell).

        Raises:
            ApiError: The run cannot go on. What was done so far is committed.
        """
        administration = self._administration
        if administration.dry_run:
            return self._tell(draft, customer)
        for code, what in _may_be_refused_for(draft.plan, customer):
            if (code, what) in self._refused_for:
                return Rejection.of(code, "Exact refused another document for the same today", **_facts(draft.plan))
        if not administration.breaker.allows(ENTRIES):
            return Rejection.of("error_budget", "Exact refused many entries in the last hour")
        has_files = self._attachments.has_files(draft)
        sent = DocumentDetail(
            step=Step.FILES if has_files else Step.ENTRY,
            journal=draft.plan.journal,
            your_ref=draft.plan.your_ref,
            customer=customer,
            date=draft.plan.entry_date,
            currency=draft.plan.currency,
            gross=draft.plan.gross,
            vat=draft.plan.vat,
            sent_at=administration.client.service_now(),
            updated_at=draft.record.get("updated_at"),
            department=administration.rules.department_id,
        )
        self._links.intend(
            draft.kind,
            draft.id,
            number=draft.number,
            fingerprint=draft.fingerprint,
            detail=sent,
            booked=entry_of(draft.record, draft.plan, customer),
        )
        document = self._attachments.bring(draft, customer) if has_files else None
        try:
            row = administration.client.post(ENTRIES, draft.plan.body(customer, document))
        except RecordRefused as error:
            self._take_back(draft, document)
            return self._learn(draft, customer, error)
        except OutcomeUnknown:
            found = self._search(draft, sent)
            if found is None:
                return _unknown()
            row = found
        except (ApiError, Interrupted):
            self._take_back(draft, document)
            raise
        self._posted.append((draft.record, customer))
        return self._accept(draft, row, document)

    def _tell(self, draft: Draft, customer: str) -> Rejection | None:
        """Tell what a run would send; return what Exact would refuse it for."""
        refusal = self._foreseen.refusal(draft.plan, customer)
        if refusal is None:
            text = _shown(draft)
            self._administration.outcomes.in_exact(draft.kind, draft.number, text=text, plan=draft.told)
        return refusal

    def read_back(self) -> None:
        """Compare the totals of entries whose answer held none: one call per 40."""
        unread, self._unread = self._unread, []
        if not unread:
            return
        rows = entries_by_id(self._administration.client, [entry_id for _, entry_id, _ in unread])
        for draft, entry_id, document in unread:
            row = rows.get(entry_id)
            refusal = self._accept(draft, row, document) if row is not None else _unknown()
            if refusal is not None:
                self._administration.outcomes.reject(draft.record, refusal)

    def posted(self) -> list[tuple[dict[str, Any], str]]:
        """Return (record, account GUID) of what was sent since the last call."""
        posted, self._posted = self._posted, []
        return posted

    def confirm(
        self, draft: Draft, row: Row, how: How, document: str | None = None, booked: BookedEntry | None = None
    ) -> None:
        """Commit the link between the document and its entry; what was adopted was never ours.

        Args:
            draft: The document.
            row: The entry.
            how: How it came to be.
            document: GUID of what holds its files, if that was not noted before.
            booked: What stands there, when it is not what the intent says was sent.
        """
        if not self._administration.dry_run:
            ours = how is How.POSTED
            adopted = None if ours else entry_of(draft.record, draft.plan, str(row["Customer"]), ours=False)
            self._links.confirm(
                draft.kind,
                draft.id,
                exact_id=str(row["EntryID"]),
                fingerprint=draft.fingerprint,
                how=how,
                number=draft.number,
                entry_number=row.get("EntryNumber"),
                amount=draft.plan.gross,
                currency=draft.plan.currency,
                detail=DocumentDetail(
                    updated_at=draft.record.get("updated_at"),
                    document_id=document,
                    department=self._administration.rules.department_id,
                ),
                booked=booked or adopted,
            )
        self._administration.outcomes.in_exact(draft.kind, draft.number, how, plan=draft.told)

    def _learn(self, draft: Draft, customer: str, error: RecordRefused) -> Rejection:
        """Translate a refusal, and remember what other documents would be refused for as well."""
        administration, plan = self._administration, draft.plan
        refusal = explain(error.messages, **_facts(plan))
        administration.breaker.record(ENTRIES, refusal.code, error.status)
        if refusal.code == "period_closed":
            administration.learn_closed(plan.entry_date, closed_period(error.messages))
        for code, what in _may_be_refused_for(plan, customer):
            if code == refusal.code:
                administration.store.refusals.learn(code, what)
                self._refused_for.add((code, what))
        return refusal

    def _accept(self, draft: Draft, row: Row, document: str | None) -> Rejection | None:
        entry_id = row.get("EntryID")
        if not entry_id:
            return _unknown()
        if row.get("AmountFC") is None or row.get("VATAmountFC") is None:
            self._unread.append((draft, str(entry_id), document))
            return None
        differences = compare_totals(draft.plan, row)
        if differences:
            return self._undo(draft, row, differences, document)
        self.confirm(draft, row, How.POSTED)
        return None

    def _undo(
        self, draft: Draft, row: Row, differences: list[FieldDifference], document: str | None
    ) -> Rejection | None:
        """Delete an entry that Exact booked with other totals than the document's."""
        refusal = Rejection.of(
            "totals_differ", "Exact booked other totals; the entry was deleted again", differences=tuple(differences)
        )
        entry_id = str(row["EntryID"])
        try:
            self._administration.client.delete(ENTRIES, entry_id)
        except (RecordRefused, OutcomeUnknown):
            booked = self._as_it_stands(draft, entry_id, row)
            self.confirm(_unsettled(draft), row, How.POSTED, booked=booked)
            number = row.get("EntryNumber")
            reason = f"Exact booked other totals, and entry {number} could not be deleted"
            return Rejection.of("totals_differ", reason, differences=tuple(differences))
        self._take_back(draft, document)
        return refusal

    def _as_it_stands(self, draft: Draft, entry_id: str, row: Row) -> BookedEntry:
        """Return what is to be remembered of an entry that stands otherwise than it was sent."""
        client = self._administration.client
        standing = entries_by_id(client, [entry_id]).get(entry_id, row)
        return entry_in_exact(draft.record, draft.plan, standing, entry_lines(client, [entry_id]).get(entry_id, []))

    def _take_back(self, draft: Draft, document: str | None) -> None:
        """Forget an intent that surely was not carried out, but not the files that were sent for it."""
        if document or draft.trace.document_id:
            self._links.progress(draft.kind, draft.id, step=Step.FILES)
        else:
            self._links.withdraw(draft.kind, draft.id)

    def _search(self, draft: Draft, sent: DocumentDetail) -> Row | None:
        orphaned = entries_of_no_document(self._administration.store)

        def search() -> Row | None:
            found = entries_by_reference(self._administration.client, [draft.reference], but=orphaned)
            rows = found.get(draft.reference, [])
            return next((row for row in rows if is_what_was_sent(sent, row)), None)

        try:
            return look_again(search, self._administration.interruption)
        except ApiError:
            self._administration.outcomes.reject(draft.record, _unknown())
            raise


def _may_be_refused_for(plan: EntryPlan, customer: str) -> tuple[tuple[str, str], ...]:
    """Return the codes for which Exact refuses every document of the same thing, with that thing."""
    return ("customer_blocked", customer), ("currency_unknown", plan.currency)


def _facts(plan: EntryPlan) -> dict[str, Any]:
    """Return what the hint of a refusal may name."""
    facts = {"currency": plan.currency, "journal": plan.journal, "date": plan.entry_date}
    return {**facts, "condition": plan.payment_condition} if plan.payment_condition else facts


def _unknown() -> Rejection:
    return Rejection.of("outcome_unknown", "Exact gave no answer to the entry that was sent")


def _unsettled(draft: Draft) -> Draft:
    """Return the draft without fingerprint: the next run sees a difference and tries to bring the entry in line."""
    return type(draft)(draft.record, draft.plan, "")


def _shown(draft: Draft) -> str:
    plan = draft.plan
    return (
        f"journal {plan.journal}, {plan.entry_date}, net {plan.net}, VAT {plan.vat}, gross {plan.gross} {plan.currency}"
    )
