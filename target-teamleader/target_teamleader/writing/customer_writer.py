"""Decides what each customer of the books needs: nothing, a link, a creation, a field filled in, or a person.

A customer is looked for before it is created: by link, customer number, VAT number, company number, then name (see
`customer_identity`). A contact person waits until its firm stands in Teamleader, in this run or a later one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from connector_store import CustomerType, ImportedHow
from connector_store.columns import utc_now
from connector_store.customer_decisions import said_to_be_new, was_created
from connector_store.division_store import ACCOUNT, CUSTOMER
from customer_identity import Verdict
from singer_shell.unknown_outcomes import Unanswered
from target_teamleader.customer_search import BATCH, key_of, type_and_id
from target_teamleader.reasons.rejection import Rejection
from target_teamleader.rules.customer_fields import fingerprint
from target_teamleader.rules.exact_entry import newest_versions
from target_teamleader.writing import creating
from target_teamleader.writing.creating import NOT_TAKEN
from target_teamleader.writing.filling_in import fill_in, link_to_company
from teamleader_api import OutcomeUnknown, RecordRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from connector_store import ImportedCustomer
    from customer_identity import Match
    from target_teamleader.administration import Administration

Record = dict[str, Any]

GONE: Final = "customer_gone"
AWAITED: Final = "company_awaited"
_FOR_GOOD: Final = timedelta(days=36_500)
_A_DAY: Final = timedelta(days=1)
_RESTS: Final = {
    GONE: _FOR_GOOD,
    "several_customers_fit": _A_DAY,
    "customer_unclear": _A_DAY,
    "customer_linked_already": _A_DAY,
    NOT_TAKEN: _A_DAY,
}
"""For how long what only a person can change is not tried again, unless somebody asks for it. What was deleted in
Teamleader is never created again by itself."""


class CustomerWriter:
    """Brings the customers of the books into Teamleader, each of them once."""

    def __init__(self, administration: Administration) -> None:
        self._administration = administration
        self._unanswered = Unanswered("Teamleader", "customers")
        self._left_out = administration.rejects.excluded(CUSTOMER)
        self._new = said_to_be_new(administration.store)
        self._deferred: list[Record] = []
        self._would_be: dict[str, ImportedCustomer] = {}
        """What a dry run would have brought in, by the id in Exact."""

    def handle(self, type_: CustomerType, records: Iterable[Record], *, ends: bool = False) -> None:
        """Handle a batch of at most 100 records of one stream.

        Args:
            type_: What they are to be in Teamleader.
            records: Valid records, all of one administration.
            ends: No more records come: who waits for another one waits for a later run.

        Raises:
            RunEnded, ApiError: The run cannot go on; what was done is committed.
        """
        wanted = [record for record in newest_versions(records) if self._is_wanted(record)]
        self._administration.customer_outcomes.mark_seen(*(record["id"] for record in wanted))
        known = self._known([record["id"] for record in wanted])
        companies = self._known([record["company_id"] for record in wanted if record.get("company_id")])
        rows = self._rows(wanted, known)
        for record in wanted:
            self._administration.interruption.check()
            if not self._waits(record, companies, ends=ends):
                company = companies.get(record.get("company_id") or "")
                refusal = self._tried(type_, record, known.get(record["id"]), rows, company)
                self._unanswered.count(None if refusal is None else refusal.code)

    def finish(self) -> None:
        """Try again what waits: contact persons whose firm came after them, and what rested long enough."""
        for type_, records in self._due().items():
            for start in range(0, len(records), BATCH):
                self.handle(type_, records[start : start + BATCH], ends=True)

    def _due(self) -> dict[CustomerType, list[Record]]:
        due: dict[CustomerType, list[Record]] = {CustomerType.COMPANY: [], CustomerType.CONTACT: [*self._deferred]}
        outcomes = self._administration.customer_outcomes
        for reject in self._administration.rejects.due(utc_now(), {CUSTOMER}):
            is_new = not outcomes.was_tried(reject.source_id) or reject.code == AWAITED
            if is_new and reject.payload is not None and not reject.payload.get("problems"):
                is_person = "last_name" in reject.payload
                due[CustomerType.CONTACT if is_person else CustomerType.COMPANY].append(reject.payload)
        return due

    def _waits(self, record: Record, companies: Mapping[str, ImportedCustomer], *, ends: bool) -> bool:
        """Tell whether there is nothing to do for a contact person, or not yet."""
        company = companies.get(record.get("company_id") or "")
        if record.get("company_id") and (company is None or company.teamleader_id is None):
            if self._administration.settings.dry_run and not ends:
                self._deferred.append(record)
                return True
            rejection = Rejection.of(AWAITED, "The firm of this contact person is not in Teamleader yet")
            self._administration.customer_outcomes.reject(record, rejection, quietly=not ends)
            return True
        if company is not None and company.type is CustomerType.CONTACT:
            # The account is a private person's, and this is that person.
            self._settle(record, "unchanged")
            return True
        return False

    def _is_wanted(self, record: Record) -> bool:
        """Tell whether a record is of a customer to import; see to it when it is not."""
        administration = self._administration
        if record.get("problems"):
            problem = record["problems"][0]
            administration.customer_outcomes.reject(
                record, Rejection.of(problem["code"], problem["message"]), rests=_FOR_GOOD
            )
            return False
        if record["id"] in self._left_out:
            administration.customer_outcomes.left_out(record)
            return False
        status = record.get("status")
        if status is not None and status not in administration.settings.customers.statuses:
            administration.customer_outcomes.passed_over("no customers")
            administration.customer_outcomes.solve(record["id"])
            return False
        return True

    def _known(self, ids: list[str]) -> dict[str, ImportedCustomer]:
        """Return those that stand in Teamleader, or are under way; the other direction's are taken over."""
        administration = self._administration
        known = {**administration.customers.get_many(ids)}
        known |= {id_: self._would_be[id_] for id_ in ids if id_ in self._would_be}
        links = administration.links.find_exact_many(ACCOUNT, [each for each in ids if each not in known])
        for exact_id, link in links.items():
            type_, teamleader_id = type_and_id(link.source_id)
            known[exact_id] = creating.taken_over(administration, exact_id, type_, teamleader_id)
        return known

    def _rows(self, records: list[Record], known: Mapping[str, ImportedCustomer]) -> dict[str, Record]:
        """Return what stands in Teamleader of those whose record is another one than the last time."""
        wanted: dict[CustomerType, list[str]] = {}
        for record in records:
            customer = known.get(record["id"])
            if customer is not None and customer.teamleader_id and customer.fingerprint != self._fingerprint(record):
                wanted.setdefault(customer.type, []).append(customer.teamleader_id)
        return {
            key_of(type_, id_): row
            for type_, ids in wanted.items()
            for id_, row in self._administration.customer_search.by_ids(type_, ids).items()
        }

    def _tried(
        self,
        type_: CustomerType,
        record: Record,
        known: ImportedCustomer | None,
        rows: Mapping[str, Record],
        company: ImportedCustomer | None,
    ) -> Rejection | None:
        try:
            refusal = self._bring_in(type_, record, known, rows, None if company is None else company.teamleader_id)
        except RecordRefused as error:
            refusal = Rejection.of(NOT_TAKEN, str(error))
        except OutcomeUnknown:
            refusal = Rejection.of("outcome_unknown", "Teamleader gave no answer to a change of the customer")
        if refusal is not None:
            self._administration.customer_outcomes.reject(record, refusal, rests=_RESTS.get(refusal.code))
        return refusal

    def _bring_in(
        self,
        type_: CustomerType,
        record: Record,
        known: ImportedCustomer | None,
        rows: Mapping[str, Record],
        company_id: str | None,
    ) -> Rejection | None:
        if known is not None and known.teamleader_id is None:
            outcome = creating.resolve(self._administration, known, record)
            if isinstance(outcome, Rejection):
                return outcome
            if outcome is not None:
                self._created(known.type, record, outcome, company_id, is_new=False)
                return None
            known = None
        if known is None or known.teamleader_id is None:
            return self._find_or_create(type_, record, company_id)
        is_same = known.fingerprint == self._fingerprint(record)
        if is_same and company_id in {None, known.company_id}:
            self._settle(record, "unchanged")
            return None
        row = rows.get(key_of(known.type, known.teamleader_id))
        if row is None and not is_same:
            return self._follow(known, record, company_id)
        self._fill_in(known, record, row, company_id)
        return None

    def _fingerprint(self, record: Record) -> str:
        return fingerprint(record, self._administration.settings.customers)

    def _settle(self, record: Record, verb: str) -> None:
        self._administration.customer_outcomes.solve(record["id"])
        self._administration.customer_outcomes.done(verb, record.get("code"))

    def _fill_in(self, known: ImportedCustomer, record: Record, row: Record | None, company_id: str | None) -> None:
        """Write what may be written of a customer that stands there, and where a person works."""
        administration = self._administration
        verb = "unchanged"
        if row is not None and fill_in(administration, known, record, row):
            verb = "filled in"
        if company_id is not None and known.company_id != company_id:
            link_to_company(administration, str(known.teamleader_id), company_id, record)
        creating.confirm(administration, record, known.type, str(known.teamleader_id), known.how, company_id)
        self._settle(record, verb)

    def _follow(self, known: ImportedCustomer, record: Record, company_id: str | None) -> Rejection | None:
        """Go on with the customer that one that is gone was merged into, if there is one for certain."""
        administration = self._administration
        gone = key_of(known.type, str(known.teamleader_id))
        administration.customer_search.forget(gone)
        if not administration.settings.dry_run:
            administration.customers.withdraw(record["id"])
            administration.links.remove(ACCOUNT, gone)
        match = administration.customer_search.match(record, company_id)
        if match.found is not None:
            return self._link(record, match.found, company_id)
        return Rejection.of(GONE, f"The {known.type} {known.teamleader_id} is not in Teamleader any more")

    def _find_or_create(self, type_: CustomerType, record: Record, company_id: str | None) -> Rejection | None:
        administration = self._administration
        if record["id"] in self._new:
            return self._create(type_, record, company_id)
        if administration.customer_outcomes.code_of(record["id"]) == GONE:
            return Rejection.of(GONE, "It was deleted in Teamleader")
        match = administration.customer_search.match(record, company_id)
        if match.found is not None:
            return self._link(record, match.found, company_id)
        if match.verdict is not Verdict.NONE:
            return _for_a_person(match)
        if record.get("blocked"):
            self._settle(record, "blocked in Exact")
            return None
        return self._create(type_, record, company_id)

    def _create(self, type_: CustomerType, record: Record, company_id: str | None) -> Rejection | None:
        administration = self._administration
        outcome = creating.create(administration, type_, record, asked_at=self._new.get(record["id"]))
        if isinstance(outcome, Rejection):
            return outcome
        self._created(type_, record, outcome, company_id, is_new=True)
        return None

    def _created(self, type_: CustomerType, record: Record, id_: str, company_id: str | None, *, is_new: bool) -> None:
        administration = self._administration
        administration.customer_search.add(type_, id_ or record["id"], record)
        if company_id is not None:
            link_to_company(administration, id_, company_id, record, is_new=is_new)
            creating.confirm(administration, record, type_, id_, ImportedHow.CREATED, company_id)
        if administration.settings.dry_run:
            self._would_be[record["id"]] = creating.taken_over(administration, record["id"], type_, record["id"])
        elif self._new.pop(record["id"], None) is not None:
            was_created(administration.store, record["id"])
        self._settle(record, "created")

    def _link(self, record: Record, found: str, company_id: str | None) -> Rejection | None:
        """Link a customer to one that stands in Teamleader, unless that one is another customer's already.

        A contact person may work at several firms, and is then several contact persons in Exact.
        """
        administration = self._administration
        type_, id_ = type_and_id(found)
        if not record.get("company_id") and self._is_taken(record, found):
            return Rejection.of("customer_linked_already", f"{found} belongs to another account of Exact already")
        row = administration.customer_search.by_ids(type_, [id_]).get(id_)
        known = creating.taken_over(administration, record["id"], type_, id_, ImportedHow.MATCHED)
        if row is not None:
            fill_in(administration, known, record, row)
        if company_id is not None:
            link_to_company(administration, id_, company_id, record)
        creating.confirm(administration, record, type_, id_, ImportedHow.MATCHED, company_id)
        if administration.settings.dry_run:
            self._would_be[record["id"]] = known
        self._settle(record, "found")
        return None

    def _is_taken(self, record: Record, found: str) -> bool:
        administration = self._administration
        _, id_ = type_and_id(found)
        taken = administration.customers.by_teamleader([id_]).get(id_)
        link = administration.links.get(ACCOUNT, found)
        others = {
            taken.source_id if taken is not None else None,
            link.exact_id if link is not None else None,
            *(source_id for source_id, each in self._would_be.items() if each.teamleader_id == id_),
        }
        return bool(others - {None, record["id"]})


def _for_a_person(match: Match) -> Rejection:
    which = f"by {match.by}: {', '.join(match.ids)}"
    if match.verdict is Verdict.SEVERAL:
        return Rejection.of("several_customers_fit", f"These fit {which}")
    return Rejection.of("customer_unclear", f"This may be the one {which}")
