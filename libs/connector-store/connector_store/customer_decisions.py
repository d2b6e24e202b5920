"""What a person says of a customer of Exact that could not be told: it is this one, it is a new one, leave it out.

Hold the lock of whoever writes to Teamleader for the division meanwhile.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from connector_store.columns import utc_now
from connector_store.division_store import ACCOUNT, CUSTOMER
from connector_store.imported_customers import ImportedHow
from connector_store.known import NotPossibleError, Obstacle

if TYPE_CHECKING:
    from connector_store.division_store import DivisionStore
    from connector_store.imported_customers import CustomerType

NEW_KIND: Final = "new_customer"
"""Kind of what was seen: the customers that are to be created, whoever they resemble."""


def is_this_one(
    store: DivisionStore, source_id: str, type_: CustomerType, teamleader_id: str, *, number: str | None = None
) -> None:
    """Link a customer of Exact to one that stands in Teamleader.

    Raises:
        NotPossibleError: one of the two belongs to another customer already.
    """
    known = store.imported_customers.get(source_id)
    if known is not None and known.teamleader_id not in {None, teamleader_id}:
        text = f"Account {number or source_id} is linked to {known.type}:{known.teamleader_id} already"
        raise NotPossibleError(Obstacle.LINKED_ALREADY, text)
    other = store.imported_customers.by_teamleader([teamleader_id]).get(teamleader_id)
    link = store.links.get(ACCOUNT, f"{type_}:{teamleader_id}")
    takers = {other.source_id if other else None, link.exact_id if link else None} - {None, source_id}
    if takers:
        text = f"{type_}:{teamleader_id} belongs to account {takers.pop()} of Exact already"
        raise NotPossibleError(Obstacle.TAKEN, text)
    store.imported_customers.confirm(
        source_id,
        type_,
        teamleader_id=teamleader_id,
        how=ImportedHow.LINKED,
        # Equals that of no record: the next one is looked at.
        fingerprint="",
        number=number,
        is_account=True,
    )


def is_new(store: DivisionStore, source_id: str) -> None:
    """Have a customer of Exact created in Teamleader, whoever it resembles there, was deleted there or left out."""
    store.seen(NEW_KIND).put({source_id: {"said_at": utc_now().isoformat()}})
    store.rejects.take_in(CUSTOMER, source_id)
    store.rejects.try_again(CUSTOMER, source_id)


def was_created(store: DivisionStore, source_id: str) -> None:
    """Note that it was done: when the customer is deleted again, nothing was said of that."""
    store.seen(NEW_KIND).drop([source_id])


def leave_out(store: DivisionStore, source_id: str, *, who: str, number: str | None = None) -> None:
    """Leave a customer of Exact out of Teamleader."""
    store.rejects.leave_out(CUSTOMER, source_id, who=who, why="It is not to stand in Teamleader", number=number)


def said_to_be_new(store: DivisionStore) -> dict[str, datetime]:
    """Return the customers that are to be created whoever they resemble, and when that was said (UTC)."""
    said = store.seen(NEW_KIND).all()
    return {source_id: datetime.fromisoformat(str(fields["said_at"])) for source_id, fields in said.items()}
