"""Creates a customer in Teamleader once: said before it is sent, looked for before it is sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector_store import CustomerType, ImportedCustomer, ImportedHow
from connector_store.columns import utc_now
from singer_shell.unknown_outcomes import look_again, resting_since
from target_teamleader.reasons.rejection import Rejection
from target_teamleader.rules.customer_fields import creation, fingerprint
from teamleader_api import OutcomeUnknown, RecordRefused
from teamleader_api.customers import RESOURCES

if TYPE_CHECKING:
    from datetime import datetime

    from target_teamleader.administration import Administration

Record = dict[str, Any]

NOT_TAKEN = "customer_not_taken"
"""Code of a customer that Teamleader refuses."""


def create(
    administration: Administration, type_: CustomerType, record: Record, *, asked_at: datetime | None = None
) -> str | Rejection:
    """Create a customer; return its id, or why it is not there.

    Args:
        administration: The administration.
        type_: What it is to be.
        record: What the books say of it.
        asked_at: When a person asked for it; what was created since, and forgotten with the store, is taken over.

    Raises:
        TryLater, StopRun: as `TeamleaderClient.call`; nothing was created.
    """
    body = creation(type_, record, administration.settings.customers)
    if administration.settings.dry_run:
        return ""
    if asked_at is not None and (found := _created(administration, type_, record, body, asked_at)) is not None:
        confirm(administration, record, type_, found, ImportedHow.CREATED, None)
        return found
    sent_at = administration.client.service_now()
    administration.customers.intend(
        record["id"],
        type_,
        number=record.get("code"),
        fingerprint=fingerprint(record, administration.settings.customers),
        sent_at=sent_at,
    )
    try:
        id_ = str(administration.client.call(f"{RESOURCES[type_]}.add", body)["id"])
    except RecordRefused as error:
        administration.customers.withdraw(record["id"])
        return Rejection.of(NOT_TAKEN, str(error))
    except OutcomeUnknown:
        found = look_again(lambda: _created(administration, type_, record, body, sent_at), administration.interruption)
        if found is None:
            return Rejection.of("outcome_unknown", "Teamleader gave no answer to the customer that was sent")
        id_ = found
    confirm(administration, record, type_, id_, ImportedHow.CREATED, None)
    return id_


def resolve(administration: Administration, known: ImportedCustomer, record: Record) -> str | Rejection | None:
    """Find out what became of a creation that an earlier run left in doubt.

    Returns:
        Its id when it stands there; a rejection while it may still come; None when it was not carried out: it is then
        found or created like any other.
    """
    body = creation(known.type, record, administration.settings.customers)
    found = _created(administration, known.type, record, body, known.sent_at or known.created_at)
    if found is not None:
        confirm(administration, record, known.type, found, ImportedHow.CREATED, None)
        return found
    since = resting_since(known.sent_at, administration.client.service_now())
    if since is None:
        if not administration.settings.dry_run:
            administration.customers.withdraw(record["id"])
        return None
    if since != known.sent_at and not administration.settings.dry_run:
        administration.customers.rest(record["id"], since)
    return Rejection.of("outcome_awaited", "What was sent to Teamleader got no answer, and does not show there yet")


def confirm(
    administration: Administration,
    record: Record,
    type_: CustomerType,
    id_: str,
    how: ImportedHow | None,
    company_id: str | None,
) -> None:
    """Remember that a customer of the books stands in Teamleader, and let others find it there."""
    if administration.settings.dry_run:
        return
    administration.customers.confirm(
        record["id"],
        type_,
        teamleader_id=id_,
        how=how or ImportedHow.LINKED,
        fingerprint=fingerprint(record, administration.settings.customers),
        number=record.get("code"),
        company_id=company_id,
        # A contact person is nobody's debtor.
        is_account=not record.get("company_id"),
    )


def taken_over(
    administration: Administration,
    exact_id: str,
    type_: CustomerType,
    teamleader_id: str,
    how: ImportedHow = ImportedHow.LINKED,
) -> ImportedCustomer:
    """Return what would be remembered of a customer that is known on both sides, but was never imported."""
    now = utc_now()
    return ImportedCustomer(
        division=administration.store.division,
        source_id=exact_id,
        type=type_,
        teamleader_id=teamleader_id,
        how=how,
        number=None,
        fingerprint="",
        company_id=None,
        sent_at=None,
        created_at=now,
        updated_at=now,
    )


def _created(
    administration: Administration, type_: CustomerType, record: Record, body: Record, sent_at: datetime
) -> str | None:
    """Return the customer that a request without an answer created; of two that fit none is taken."""
    rows = administration.customer_search.created_since(type_, body, sent_at)
    known = administration.customers.by_teamleader([row["id"] for row in rows])
    free = [row["id"] for row in rows if row["id"] not in known or known[row["id"]].source_id == record["id"]]
    return str(free[0]) if len(free) == 1 else None
