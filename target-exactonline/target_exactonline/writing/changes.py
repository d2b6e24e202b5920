"""A document that changed after it was booked.

Its entry is brought in line while it is open and nothing is matched with it: new lines first, then the old ones go
(deleting the last line deletes the entry, exact-online 6.26), then the header. The entry keeps its identity. Before
the first line is sent, the ids of the old lines are noted in the link, so that an interrupted change goes on by
reading the entry again. Otherwise the difference is shown, field by field, for a person to decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector_store import DocumentDetail, How, LineChange, RefusedChange
from exactonline_api.errors import OutcomeUnknown, RecordRefused
from target_exactonline.booking import compare, compare_totals
from target_exactonline.reasons import Rejection, explain
from target_exactonline.receivables import terms_of
from target_exactonline.writing.search import ENTRIES, LINES, entries_by_id, entry_lines

if TYPE_CHECKING:
    from connector_store import Link
    from target_exactonline.administration import Administration
    from target_exactonline.reasons import FieldDifference
    from target_exactonline.writing.accounts import Accounts
    from target_exactonline.writing.draft import Draft

Row = dict[str, Any]

OPEN = 20
"""Status of an entry that is not processed, and of a term that is neither matched nor in a collection run."""
ROUNDS = 3
"""How often a change is taken up again after an answer that did not come, or a header that moved other fields."""
FIXED = frozenset({"Journal", "Currency"})
"""What an entry cannot change."""


class Changes:
    """Brings booked entries in line with their documents."""

    def __init__(self, administration: Administration, accounts: Accounts) -> None:
        self._administration = administration
        self._client = administration.client
        self._links = administration.memory.links
        self._accounts = accounts

    def follow(self, changed: list[tuple[Draft, Link]]) -> None:
        """Handle a batch of changed documents: two calls for the batch, and one for the lines of each."""
        ids = [str(link.exact_id) for _, link in changed]
        entries = entries_by_id(self._client, ids)
        terms = terms_of(self._client, entries)
        for draft, link in changed:
            self._administration.interruption.check()
            row = entries.get(str(link.exact_id))
            if row is None:
                if not self._administration.dry_run:
                    self._links.mark_missing(draft.kind, draft.id)
                refusal: Rejection | None = Rejection.of("entry_missing", "The entry was deleted in Exact")
            else:
                refusal = self._one(draft, link, row, terms.get(str(link.exact_id), []))
            if refusal is not None:
                self._administration.outcomes.reject(draft.record, refusal)

    def _one(self, draft: Draft, link: Link, row: Row, terms: list[Row]) -> Rejection | None:
        customer = self._accounts.of(str(draft.record["customer"]))
        if isinstance(customer, Rejection):
            return Rejection.of("waiting_for_customer", f"The customer is not in Exact: {customer.reason}")
        lines = entry_lines(self._client, str(link.exact_id))
        differences = compare(draft.plan, row, lines, customer)
        obstacle = _obstacle(row, terms, differences)
        if differences and link.how is How.MATCHED:
            obstacle = "A person linked the entry by hand, so it is left as it is"
        if differences and obstacle:
            return _shown(obstacle, differences)
        standing = RefusedChange(draft.fingerprint, row.get("Modified"))
        if differences and link.document.refused == standing:
            return _shown("Exact refused this change before, and the entry is as it was", differences)
        if differences and not self._administration.dry_run:
            refusal = self._bring_in_line(draft, link, str(customer))
            if refusal is not None:
                return refusal
        self._confirm(draft, link)
        return None

    def _bring_in_line(self, draft: Draft, link: Link, customer: str) -> Rejection | None:
        entry_id = str(link.exact_id)
        for _ in range(ROUNDS):
            row = entries_by_id(self._client, [entry_id]).get(entry_id)
            if row is None:
                return Rejection.of("outcome_unknown", "The entry could not be read while it was being changed")
            lines = entry_lines(self._client, entry_id)
            differences = compare(draft.plan, row, lines, customer)
            if not differences:
                return None
            try:
                if compare_totals(draft.plan, {}, lines):
                    self._replace_lines(draft, entry_id, lines)
                self._put_header(draft, entry_id, row, customer)
            except RecordRefused as error:
                self._remember_refusal(draft, entry_id)
                return _shown(explain(error.messages).reason, differences)
            except OutcomeUnknown:
                continue
        row = entries_by_id(self._client, [entry_id]).get(entry_id, {})
        left = compare(draft.plan, row, entry_lines(self._client, entry_id), customer)
        if not left:
            return None
        self._remember_refusal(draft, entry_id)
        return _shown("The entry still differs after the change", left)

    def _replace_lines(self, draft: Draft, entry_id: str, lines: list[Row]) -> None:
        """Add the new lines and remove the old ones, from wherever an earlier attempt stopped."""
        link = self._links.get(draft.kind, draft.id)
        change = link.document.change if link else None
        present = [str(line["ID"]) for line in lines]
        if change is None or change.fingerprint != draft.fingerprint or not set(change.old) & set(present):
            change = LineChange(draft.fingerprint, tuple(present))
            detail = DocumentDetail(change=change)
            self._links.intend(draft.kind, draft.id, number=draft.number, fingerprint=draft.fingerprint, detail=detail)
        added = [line for line in lines if str(line["ID"]) not in change.old]
        if compare_totals(draft.plan, {}, added):
            for line in added:
                self._client.delete(LINES, str(line["ID"]))
            for body in draft.plan.line_bodies():
                self._client.post(LINES, {**body, "EntryID": entry_id})
        for line_id in present:
            if line_id in change.old:
                self._client.delete(LINES, line_id)

    def _put_header(self, draft: Draft, entry_id: str, row: Row, customer: str) -> None:
        plan = draft.plan
        wanted: dict[str, Any] = {
            "Customer": customer,
            "EntryDate": plan.entry_date.isoformat(),
            "DueDate": plan.due_date.isoformat() if plan.due_date else None,
            "YourRef": plan.your_ref,
            "PaymentCondition": plan.payment_condition,
            "PaymentReference": plan.payment_reference,
            "Description": plan.description,
        }
        differing = {difference.field for difference in compare(plan, row, None, customer)}
        if "Customer" in differing:
            # Another customer resets what was derived from the one before (exact-online 6.28).
            differing |= {"DueDate", "PaymentCondition", "PaymentReference"}
        body = {field: wanted[field] for field in wanted if field in differing and wanted[field] is not None}
        if plan.rate is not None and differing & {"AmountDC", "VATAmountDC"}:
            body["Rate"] = plan.rate
        if body:
            self._client.put(ENTRIES, entry_id, body)

    def _remember_refusal(self, draft: Draft, entry_id: str) -> None:
        """Note how the entry stands, so that the same change is not sent to the same entry again and again."""
        row = entries_by_id(self._client, [entry_id]).get(entry_id, {})
        standing = RefusedChange(draft.fingerprint, row.get("Modified"))
        self._links.progress(draft.kind, draft.id, refused=standing)
        self._links.withdraw(draft.kind, draft.id)

    def _confirm(self, draft: Draft, link: Link) -> None:
        if not self._administration.dry_run:
            self._links.confirm(
                draft.kind,
                draft.id,
                exact_id=str(link.exact_id),
                fingerprint=draft.fingerprint,
                how=How.UPDATED,
                number=draft.number,
                entry_number=link.entry_number,
                amount=draft.plan.gross,
                currency=draft.plan.currency,
                detail=DocumentDetail(updated_at=draft.record.get("updated_at")),
            )
        self._administration.outcomes.done("updated", draft.kind, draft.number)


def _obstacle(row: Row, terms: list[Row], differences: list[FieldDifference]) -> str | None:
    if row.get("Status") != OPEN:
        return "The entry is processed in Exact"
    if any(term.get("Status") != OPEN or term.get("IsFullyPaid") for term in terms):
        return "The entry is matched or being collected in Exact"
    fixed = sorted(FIXED & {difference.field for difference in differences})
    return f"An entry cannot change its {' and '.join(fixed).lower()}" if fixed else None


def _shown(reason: str, differences: list[FieldDifference]) -> Rejection:
    return Rejection.of("changed_after_booking", reason, differences=tuple(differences))
