"""Customers: linked, matched with an account of Exact, or created; the moment the first document needs them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_OID, uuid5

from connector_store import AccountDetail, How, State, Step
from connector_store.division_store import ACCOUNT
from exactonline_api.errors import ApiError, OutcomeUnknown, RecordRefused
from singer_shell.stop import Interrupted
from singer_shell.unknown_outcomes import look_again
from target_exactonline.booking import (
    CUSTOMER_STATUS,
    AccountIndex,
    CustomerFacts,
    account_fingerprint,
    compose_account,
    customer_facts,
    own_reference,
)
from target_exactonline.reasons import Rejection, explain
from target_exactonline.writing.account_reading import read_accounts
from target_exactonline.writing.customer_fields import send
from target_exactonline.writing.mandates import ensure_bank_account
from target_exactonline.writing.resolve import awaited, is_in_doubt
from target_exactonline.writing.search import ACCOUNTS, accounts_by_mark

if TYPE_CHECKING:
    from connector_store import Link
    from target_exactonline.administration import Administration
    from target_exactonline.booking import AccountPlan, KnownAccount

Record = dict[str, Any]


class Accounts:
    """Finds the account of a customer, or makes it."""

    def __init__(self, administration: Administration) -> None:
        self._administration = administration
        self._store = administration.store
        self._known: AccountIndex | None = None
        self._refused: dict[str, Rejection] = {}
        self._updated: set[str] = set()
        self._planned: dict[str, str] = {}
        """What a dry run would link: id of the customer -> GUID of the account, or a stand-in for a new one's."""

    def facts(self, source_id: str) -> CustomerFacts | None:
        """Return what the VAT of a document depends on in its customer, None when the customer is not known."""
        link = self._store.links.get(ACCOUNT, source_id)
        is_linked = link is not None and link.state is State.LINKED
        is_matched = link is not None and is_linked and link.how is How.MATCHED
        record = self._store.customers.get(source_id) if is_linked else self._record(source_id)
        if record is not None:
            return replace(customer_facts(record, self._administration.master), is_matched=is_matched)
        if link is None or not is_linked:
            return None
        is_registered = bool(link.account.has_vat_number)
        return CustomerFacts(link.account.country, None, is_registered=is_registered, is_matched=is_matched)

    def of(self, source_id: str, *, create: bool = True) -> str | Rejection | None:
        """Return the GUID of a customer's account, first bringing it up to date when the customer has changed.

        Args:
            source_id: `id` of the record in `accounts`.
            create: Make the account when none fits; otherwise None is returned then.

        Returns:
            The GUID, or why the customer cannot be had: the document then waits for it.
        """
        link = self._store.links.get(ACCOUNT, source_id)
        if link is not None and link.state is State.LINKED and link.exact_id:
            self.catch_up(source_id, link)
            return str(link.exact_id)
        if link is not None and is_in_doubt(link):
            return self._awaited(source_id)
        if source_id in self._planned:
            return self._planned[source_id]
        if source_id in self._refused:
            return self._refused[source_id]
        record = self._record(source_id)
        if record is None:
            return Rejection.of("customer_missing", "The customer of the document was not received")
        return self._match(record, create=create)

    def _match(self, record: Record, *, create: bool) -> str | Rejection | None:
        plan, source_id = compose_account(record, self._administration.master), str(record["id"])
        if isinstance(plan, Rejection):
            return self._reject(record, plan)
        match = self._index.match(record)
        if match.conflict is not None:
            return self._reject(record, match.conflict)
        if match.account is not None:
            if self._belongs_to_another(source_id, match.account.id):
                reason = f"Account {match.account.code} in Exact fits by {match.how}, but is another customer's already"
                return self._reject(record, Rejection.of("customer_ambiguous", reason))
            return self._take(record, plan, match.account)
        return self._create(record, plan) if create else None

    def _belongs_to_another(self, source_id: str, exact_id: str) -> bool:
        """Tell whether an account was linked to another customer first, whose facts it shows."""
        planned = next((holder for holder, account in self._planned.items() if account == exact_id), source_id)
        if planned != source_id:
            return True
        holder = self._store.links.find_exact(exact_id)
        return holder is not None and holder.kind == ACCOUNT and holder.source_id != source_id

    def catch_up(self, source_id: str, link: Link) -> None:
        """Send what changed in a linked customer and still waits to be sent, once per run."""
        record = self._store.customers.get(source_id)
        if record is None or source_id in self._updated:
            return
        self._updated.add(source_id)
        if link.fingerprint != account_fingerprint(record):
            self.update(record, link)
        if not self._administration.dry_run:
            self._store.customers.discard(source_id)

    def update(self, record: Record, link: Link) -> None:
        """Bring a linked account in line with its customer: only the fields that we own (accounting rule 24).

        An account that a person gave to several customers shows the facts of the first.
        """
        administration = self._administration
        if self._belongs_to_another(str(record["id"]), str(link.exact_id)):
            if not administration.dry_run:
                self._link(record, str(link.exact_id), link.how or How.MATCHED)
            return
        plan = compose_account(record, administration.master)
        if isinstance(plan, Rejection):
            self._reject(record, plan)
            return
        if not administration.dry_run:
            if not administration.breaker.allows(ACCOUNTS, "customer_refused"):
                self._reject(record, Rejection.of("error_budget", "Exact refused many customers in the last hour"))
                return
            try:
                send(
                    plan.owned_fields(),
                    lambda body: administration.client.put(ACCOUNTS, str(link.exact_id), body),
                    administration.outcomes.logger,
                )
            except RecordRefused as error:
                self._refuse(record, error)
                return
            except OutcomeUnknown:
                self._reject(record, _unanswered())
                return
            self._link(record, str(link.exact_id), How.UPDATED)
            self._bank_account(str(link.exact_id), plan)
        administration.outcomes.done("customers updated", ACCOUNT)

    @property
    def _index(self) -> AccountIndex:
        """All accounts of the administration, read when the first unlinked customer turns up."""
        if self._known is None:
            self._known = AccountIndex(read_accounts(self._administration), self._administration.master)
        return self._known

    def _record(self, source_id: str) -> Record | None:
        staged = self._store.customers.get(source_id)
        if staged is not None:
            return staged
        kept = self._store.rejects.get(ACCOUNT, source_id)
        return kept.payload if kept is not None else None

    def _bank_account(self, account: str, plan: AccountPlan) -> None:
        if self._administration.rules.create_mandates and plan.bank_account is not None:
            ensure_bank_account(self._administration, account, plan.bank_account)

    def _take(self, record: Record, plan: AccountPlan, account: KnownAccount) -> str | Rejection:
        """Link to an account that is there already, and make it a customer when it is not one yet."""
        if not account.is_customer and not self._administration.dry_run:
            try:
                self._administration.client.put(ACCOUNTS, account.id, {"Status": CUSTOMER_STATUS})
            except RecordRefused as error:
                return self._refuse(record, error)
            except OutcomeUnknown:
                return self._reject(record, _unanswered())
        self._link(record, account.id, How.MATCHED)
        self._bank_account(account.id, plan)
        self._administration.outcomes.done("customers matched", ACCOUNT)
        return account.id

    def _create(self, record: Record, plan: AccountPlan) -> str | Rejection:
        administration, source_id = self._administration, str(record["id"])
        if administration.dry_run:
            return self._created(record, plan, str(uuid5(NAMESPACE_OID, source_id)))
        if not administration.breaker.allows(ACCOUNTS):
            return self._reject(record, Rejection.of("error_budget", "Exact refused many customers in the last hour"))
        mark = own_reference(source_id)
        self._store.links.intend(
            ACCOUNT,
            source_id,
            number=None,
            fingerprint=account_fingerprint(record),
            detail=replace(
                self._detail(record), mark=mark, step=Step.ENTRY, sent_at=administration.client.service_now()
            ),
        )
        try:
            exact_id = self._post(source_id, plan.body(mark), mark)
        except RecordRefused as error:
            return self._refuse(record, error)
        if exact_id is None:
            return self._reject(record, _unanswered())
        return self._created(record, plan, exact_id)

    def _created(self, record: Record, plan: AccountPlan, exact_id: str) -> str:
        """Take in an account that was made, or that a dry run would make."""
        source_id, outcomes = str(record["id"]), self._administration.outcomes
        self._link(record, exact_id, How.POSTED)
        self._index.add({**plan.body(own_reference(source_id)), "ID": exact_id})
        self._bank_account(exact_id, plan)
        outcomes.done("customers created", ACCOUNT)
        for warning in plan.warnings:
            outcomes.logger.warning("Customer %s: %s", source_id, warning)
        return exact_id

    def _post(self, source_id: str, body: Record, mark: str) -> str | None:
        """Return the GUID of the new account, None when it is not known whether there is one."""
        client = self._administration.client

        def there() -> str | None:
            return next(iter(accounts_by_mark(client, [mark]).get(mark, [])), None)

        try:
            row = send(
                body,
                lambda fields: client.post(ACCOUNTS, fields),
                self._administration.outcomes.logger,
                there=lambda: {"ID": found} if (found := there()) else None,
            )
        except OutcomeUnknown:
            return look_again(there, self._administration.interruption)
        except (ApiError, Interrupted):
            self._store.links.withdraw(ACCOUNT, source_id)
            raise
        return str(row["ID"])

    def _awaited(self, source_id: str) -> Rejection:
        refusal, record = awaited(), self._record(source_id)
        if record is None or source_id in self._refused:
            return refusal
        return self._reject(record, refusal)

    def _detail(self, record: Record) -> AccountDetail:
        facts = customer_facts(record, self._administration.master)
        has_number = facts.vat_number is not None
        return AccountDetail(country=facts.country, has_vat_number=has_number, updated_at=record.get("updated_at"))

    def _link(self, record: Record, exact_id: str, how: How) -> None:
        source_id = str(record["id"])
        if self._administration.dry_run:
            self._planned[source_id] = exact_id
            return
        self._store.links.confirm(
            ACCOUNT,
            source_id,
            exact_id=exact_id,
            fingerprint=account_fingerprint(record),
            how=how,
            detail=self._detail(record),
        )

    def _refuse(self, record: Record, error: RecordRefused) -> Rejection:
        refusal = explain(error.messages)
        if refusal.code == "refused_by_exact":
            refusal = replace(Rejection.of("customer_refused", refusal.reason), is_refusal=True)
        self._administration.breaker.record(ACCOUNTS, "customer_refused", error.status)
        return self._reject(record, refusal)

    def _reject(self, record: Record, refusal: Rejection) -> Rejection:
        """Keep the customer as a reject; its documents wait, and it is not tried again in this run."""
        self._refused[str(record["id"])] = refusal
        self._administration.outcomes.reject(record, refusal)
        return refusal


def _unanswered() -> Rejection:
    return Rejection.of("outcome_unknown", "Exact gave no answer to the customer that was sent")
