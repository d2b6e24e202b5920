"""A document that changed after it was booked.

Its entry is amended while it is open, ours, in an open period, and as it was booked. Otherwise it is left as it is, and
the difference is shown, field by field, for a person to decide. An entry keeps its identity, its date and its currency.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from connector_store import DocumentDetail, EntryChange, How, RefusedChange
from exactonline_api.errors import AccessDenied
from exactonline_api.odata import any_of, text
from target_exactonline.booking import (
    OPEN_STATUS,
    any_touched,
    compare,
    compare_adoptable,
    compare_rates,
    entry_of,
    lines_digest,
    three_way,
    why_closed,
    with_ids,
)
from target_exactonline.reasons import Rejection, closed_period, explain
from target_exactonline.receivables import terms_of
from target_exactonline.writing.amend import Amendment, Ended, Standing, after_of, forward
from target_exactonline.writing.open_changes import booked_as_it_stands
from target_exactonline.writing.search import ENTRIES, LINES, entries_by_id, entry_lines

if TYPE_CHECKING:
    from connector_store import BookedEntry, Link
    from target_exactonline.administration import Administration
    from target_exactonline.booking import ThreeWay
    from target_exactonline.reasons import FieldDifference
    from target_exactonline.writing.accounts import Accounts
    from target_exactonline.writing.draft import Draft

Row = dict[str, Any]

FIXED = {"Currency": "currency", "EntryDate": "date"}
"""What an entry never changes after it was booked."""
COSTS = (("CostCenter", "hrm/Costcenters", "cost centre"), ("CostUnit", "hrm/Costunits", "cost unit"))


class Changes:
    """Brings booked entries in line with their documents."""

    def __init__(self, administration: Administration, accounts: Accounts) -> None:
        self._administration = administration
        self._client = administration.client
        self._links = administration.store.links
        self._accounts = accounts
        self._codes: dict[tuple[str, str], bool] = {}

    def follow(self, changed: list[tuple[Draft, Link]]) -> None:
        """Handle a batch of changed documents: three calls for the batch, and the writes of each."""
        ids = [str(link.exact_id) for _, link in changed]
        entries = entries_by_id(self._client, ids)
        lines = entry_lines(self._client, entries)
        terms = terms_of(self._client, entries)
        for draft, link in changed:
            self._administration.interruption.check()
            entry_id = str(link.exact_id)
            if entry_id in entries:
                standing = Standing(entries[entry_id], lines.get(entry_id, []))
                refusal = self._one(draft, link, standing, terms.get(entry_id, []))
            else:
                if not self._administration.dry_run:
                    self._links.mark_missing(draft.kind, draft.id)
                refusal = Rejection.of("entry_missing", "The entry was deleted in Exact")
            if refusal is not None:
                self._administration.outcomes.reject(draft.record, refusal)

    def _one(self, draft: Draft, link: Link, standing: Standing, terms: list[Row]) -> Rejection | None:
        if link.changing_to is not None:
            return _unfinished()
        customer = self._accounts.of(str(draft.record["customer"]))
        if isinstance(customer, Rejection):
            return Rejection.of("waiting_for_customer", f"The customer is not in Exact: {customer.reason}")
        booked = self._administration.store.booked.get(draft.kind, draft.id)
        if booked is None:
            return self._without_memory(draft, link, standing, customer)
        digest = lines_digest(draft.record)
        found = three_way(booked, standing.row, standing.lines, draft.plan, customer, digest)
        texts_left = False
        if not found.asks_nothing:
            refusal = self._why_not(draft, link, standing, terms, booked, found)
            if refusal is None:
                return self._amend(draft, link, standing, booked, found, customer)
            if found.asked:
                return refusal
            texts_left = True  # of lines, which an entry that is not to be touched does without
        self._confirm(draft, link, self._booked_now(draft, customer, booked, standing, texts_left=texts_left))
        return None

    def _without_memory(self, draft: Draft, link: Link, standing: Standing, customer: str | None) -> Rejection | None:
        """Judge an entry of which nobody knows how it was booked: it is taken as it is, or shown."""
        if link.how in {How.ADOPTED, How.MATCHED}:
            rates = compare_rates(draft.plan, standing.lines, self._administration.master.vat_codes)
            differences = [*compare_adoptable(draft.plan, standing.row, customer), *rates]
            ours, code, reason = False, "adopted_differs", "The entry was not booked by this program"
        else:
            differences = compare(draft.plan, standing.row, standing.lines, customer)
            ours, code = True, "changed_after_booking"
            reason = "How the entry was booked is not remembered, so it is left as it is"
        if differences:
            return Rejection.of(code, reason, differences=differences)
        entry = entry_of(draft.record, draft.plan, customer, ours=ours)
        self._confirm(draft, link, replace(entry, lines=with_ids(entry.lines, standing.lines)))
        return None

    def _why_not(  # noqa: PLR0911 - one answer per reason
        self, draft: Draft, link: Link, standing: Standing, terms: list[Row], booked: BookedEntry, found: ThreeWay
    ) -> Rejection | None:
        """Return why the entry is not to be amended, None when it may be."""
        rules, asked = self._administration.rules, found.asked
        if not booked.ours:
            return _shown("The entry was not booked by this program", asked, "adopted_differs")
        fixed = [name for name_of, name in FIXED.items() if name_of in found.header_after]
        if fixed:
            return _shown(f"An entry never changes its {' and '.join(fixed)}", asked)
        locked = _why_locked(standing.row, terms)
        if locked is not None:
            return _shown(locked, asked)
        day = date.fromisoformat(str(booked.header["EntryDate"]))
        closed = why_closed(day, rules, self._administration.master.periods)
        if closed is not None:
            reason = f"The entry of {day} is left as it is: {closed}"
            return _shown(reason, asked, "period_closed", date=day)
        if rules.change_policy == "report":
            return _shown("Booked entries are left as they are (change_policy is report)", asked)
        if found.edited and (rules.on_edited == "report" or found.conflicts):
            return _shown(f"A person changed the entry in Exact: {found.fields_edited}", asked, "edited_in_exact")
        if link.document.refused == RefusedChange(draft.fingerprint, standing.row.get("Modified")):
            return _shown("Exact refused this change before, and the entry is as it was", asked)
        return self._unknown_code(standing, found)

    def _unknown_code(self, standing: Standing, found: ThreeWay) -> Rejection | None:
        """Return that a cost centre or unit of a new line is not in Exact; ledger and VAT codes are checked before."""
        for name, path, word in COSTS:
            known = {str(row.get(name) or "").strip() for row in standing.lines}
            bodies = [step.after.body() for step in found.lines if step.after is not None]
            wanted = {str(body[name]) for body in bodies if body.get(name)} - known
            ask = sorted(code for code in wanted if (path, code) not in self._codes)
            if ask:
                self._look_up(path, ask)
            missing = sorted(code for code in wanted if not self._codes[path, code])
            if missing:
                reason = f"The {word} {missing[0]} does not exist in Exact; the entry is left as it is"
                return Rejection.of("cost_center_unknown", reason, differences=found.asked)
        return None

    def _look_up(self, path: str, codes: list[str]) -> None:
        condition = any_of("Code", [text(code) for code in codes])
        try:
            rows = list(self._client.rows(path, select=("ID", "Code"), filter=condition))
        except AccessDenied:
            self._codes |= {(path, code): True for code in codes}
            return
        there = {str(row["Code"]).strip() for row in rows}
        self._codes |= {(path, code): code in there for code in codes}

    def _amend(
        self, draft: Draft, link: Link, standing: Standing, booked: BookedEntry, found: ThreeWay, customer: str | None
    ) -> Rejection | None:
        administration = self._administration
        if administration.dry_run:
            self._confirm(draft, link, booked)
            return None
        endpoint = LINES if found.lines else ENTRIES
        if not administration.breaker.allows(endpoint):
            return Rejection.of("error_budget", "Exact refused many changes in the last hour")
        change = EntryChange(
            draft.fingerprint,
            old=tuple(str(row["ID"]) for row in standing.lines),
            before=tuple(step.before for step in found.lines if step.before is not None),
            after=after_of(found.lines),
            header_before=found.header_before,
            header_after=found.header_after,
            lines_digest=lines_digest(draft.record),
        )
        named = replace(booked, lines=with_ids(booked.lines, standing.lines))
        self._links.intend(
            draft.kind,
            draft.id,
            number=draft.number,
            fingerprint=draft.fingerprint,
            detail=DocumentDetail(change=change, sent_at=self._client.service_now()),
            booked=named,
        )
        amendment = Amendment(administration, link, change)
        ended = amendment.carry_out(forward(change, found.lines), standing)
        if ended is Ended.NEW and amendment.standing is not None:
            self._confirm(draft, link, self._booked_now(draft, customer, booked, amendment.standing))
            return None
        if ended in {Ended.UNKNOWN, Ended.OPEN}:
            self._links.progress(draft.kind, draft.id, sent_at=self._client.service_now())
        refusal = self._refused(endpoint, amendment, booked)
        if ended is Ended.UNKNOWN:
            return Rejection.of("outcome_unknown", "Exact gave no answer to a change of the entry")
        if ended is Ended.OPEN:
            return _unfinished(refusal.reason)
        if amendment.standing is not None:
            row = amendment.standing.row
            refused = RefusedChange(draft.fingerprint, row.get("Modified"))
            self._links.progress(draft.kind, draft.id, refused=refused)
            again = booked_as_it_stands(named, change, change.header_before, change.before, amendment.standing)
            self._links.end_change(draft.kind, draft.id, fingerprint=link.fingerprint, booked=again)
        return replace(refusal, field_differences=found.asked)

    def _refused(self, endpoint: str, amendment: Amendment, booked: BookedEntry) -> Rejection:
        """Say why Exact did not take a change, and remember for this run what holds for others as well."""
        error = amendment.refusal
        if error is None:
            return _shown("Exact made something else of the change; the entry is as it was", ())
        refusal = explain(error.messages)
        self._administration.breaker.record(endpoint, refusal.code, error.status)
        if refusal.code != "period_closed":
            return _shown(f"{refusal.reason}; the entry is as it was", ())
        day = date.fromisoformat(str(booked.header["EntryDate"]))
        self._administration.learn_closed(day, closed_period(error.messages))
        return Rejection.of("period_closed", refusal.reason, date=day)

    def _booked_now(
        self,
        draft: Draft,
        customer: str | None,
        booked: BookedEntry,
        standing: Standing,
        *,
        texts_left: bool = False,
    ) -> BookedEntry:
        """Return what is booked from now on: what the document asks for, in the lines as they stand.

        While the lines come from the same, or only texts were left as they are, they stay remembered as they were.
        """
        entry = entry_of(draft.record, draft.plan, customer, ours=booked.ours)
        lines = booked.lines if texts_left or booked.lines_digest == entry.lines_digest else entry.lines
        return replace(entry, lines=with_ids(lines, standing.lines), modified=standing.row.get("Modified"))

    def _confirm(self, draft: Draft, link: Link, booked: BookedEntry) -> None:
        if not self._administration.dry_run:
            self._links.confirm(
                draft.kind,
                draft.id,
                exact_id=str(link.exact_id),
                fingerprint=draft.fingerprint,
                how=How.UPDATED if booked.ours else link.how or How.ADOPTED,
                number=draft.number,
                entry_number=link.entry_number,
                amount=draft.plan.gross,
                currency=draft.plan.currency,
                detail=DocumentDetail(
                    updated_at=draft.record.get("updated_at"), department=self._administration.rules.department_id
                ),
                booked=booked,
            )
        self._administration.outcomes.done("updated", draft.kind, draft.number, plan=draft.told)


def _why_locked(row: Row, terms: list[Row]) -> str | None:
    if row.get("Status") != OPEN_STATUS:
        return "The entry is processed in Exact"
    if any_touched(terms):
        return "The entry is matched or being collected in Exact"
    return None


def _shown(
    reason: str, differences: tuple[FieldDifference, ...], code: str = "changed_after_booking", **facts: date
) -> Rejection:
    return Rejection.of(code, reason, differences=differences, **facts)


def _unfinished(reason: str = "an earlier run was cut off") -> Rejection:
    return Rejection.of("change_unfinished", f"A change of the entry stopped halfway: {reason}")
