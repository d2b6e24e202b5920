"""What a person names: a document by its number or id, a customer by its id, and what is remembered of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from connector_store.details import Step
from connector_store.division_store import ACCOUNT, ATTACHMENT, DOCUMENT_KINDS, INVOICE
from connector_store.errors import StoreError
from connector_store.link import State

if TYPE_CHECKING:
    from connector_store.division_store import DivisionStore
    from connector_store.link import Link
    from connector_store.rejects import Reject


class Obstacle(StrEnum):
    """Why a verb cannot be carried out; a tool tells what to do about it."""

    NOT_KNOWN = "not_known"
    AMBIGUOUS = "ambiguous"
    NOT_LINKED = "not_linked"
    IN_ORDER = "in_order"
    CANNOT_BE_SENT = "cannot_be_sent"
    UNDER_WAY = "under_way"
    LINKED_ALREADY = "linked_already"
    TAKEN = "taken"
    """The entry belongs to another document."""
    NOT_SIMILAR = "not_similar"
    """No entry in Exact is in question."""
    NOTHING_TO_DISMISS = "nothing_to_dismiss"
    LEFT_OUT = "left_out"
    NOT_LEFT_OUT = "not_left_out"


class NotPossibleError(StoreError):
    """What a person asked for cannot be done with what the store knows."""

    def __init__(self, obstacle: Obstacle, text: str) -> None:
        super().__init__(text)
        self.obstacle = obstacle


@dataclass(frozen=True)
class Known:
    """What is remembered of one document or customer: its link, its reject, or both."""

    kind: str
    source_id: str
    link: Link | None
    reject: Reject | None
    """With its payload."""
    called: str | None = None
    """Number of an invoice of which only payments are known."""

    @property
    def number(self) -> str | None:
        """Return the number of the document; customers have none."""
        return (self.link and self.link.number) or (self.reject and self.reject.number) or self.called

    @property
    def name(self) -> str:
        """Return what a person calls it: "Invoice 2026 / 12"."""
        return f"{self.kind.replace('_', ' ').capitalize()} {self.number or self.source_id}"


def find(store: DivisionStore, kind: str, number_or_id: str) -> Known:
    """Find a document by its number ("2026/12" is "2026 / 12") or by its id, a customer by its id.

    Raises:
        NotPossibleError: it is not known, or several have the number; these are listed with their ids.
    """
    known = _known(store, kind, number_or_id)
    if known is not None:
        return known
    wanted = _bare(number_or_id)
    ids = {link.source_id for link in store.links.all() if link.kind == kind and _bare(link.number) == wanted}
    ids |= {each.source_id for each in store.rejects.all() if each.kind == kind and _bare(each.number) == wanted}
    if len(ids) > 1:
        text = f"{len(ids)} documents have the number {number_or_id}: {', '.join(sorted(ids))}"
        raise NotPossibleError(Obstacle.AMBIGUOUS, text)
    for source_id in ids:
        known = _known(store, kind, source_id)
        if known is not None:
            return known
    text = f"No {kind.replace('_', ' ')} {number_or_id} is known in division {store.division}"
    raise NotPossibleError(Obstacle.NOT_KNOWN, text)


def find_any(store: DivisionStore, number_or_id: str) -> Known:
    """Find a document or customer whose kind is not told; an invoice may be known by what was registered for it alone.

    Raises:
        NotPossibleError: it is not known, or an invoice and a credit note both have the number.
    """
    found: list[Known] = []
    for kind in (*DOCUMENT_KINDS, ACCOUNT):
        try:
            found.append(find_or_paid(store, kind, number_or_id))
        except NotPossibleError as error:
            if error.obstacle is not Obstacle.NOT_KNOWN:
                raise
    if len(found) > 1:
        kinds = " and ".join(f"{each.kind} {each.number}" for each in found)
        raise NotPossibleError(Obstacle.AMBIGUOUS, f"{number_or_id} may be {kinds}: say which")
    if not found:
        text = f"No document or customer {number_or_id} is known in division {store.division}"
        raise NotPossibleError(Obstacle.NOT_KNOWN, text)
    return found[0]


def find_or_paid(store: DivisionStore, kind: str, number_or_id: str) -> Known:
    """Find a document; an invoice may be known by what was registered for it alone; raises as `find`."""
    try:
        return find(store, kind, number_or_id)
    except NotPossibleError as error:
        payments = store.registered_payments.all() if kind == INVOICE and error.obstacle is Obstacle.NOT_KNOWN else ()
        for each in payments:
            if number_or_id == each.invoice_id or _bare(number_or_id) == _bare(each.number):
                return Known(kind, each.invoice_id, None, None, each.number)
        raise


def _known(store: DivisionStore, kind: str, source_id: str) -> Known | None:
    link, reject = store.links.get(kind, source_id), store.rejects.get(kind, source_id)
    return Known(kind, source_id, link, reject) if link or reject else None


def _bare(number: str | None) -> str | None:
    return None if number is None else "".join(number.split()).casefold()


def not_under_way(known: Known) -> None:
    """Make sure that nothing was sent of which it is not known what became; files alone are not in the way."""
    if known.link is not None and known.link.state is State.INTENT and not only_files_sent(known.link):
        raise NotPossibleError(Obstacle.UNDER_WAY, f"{known.name} was being written when a run was cut off")


def only_files_sent(link: Link) -> bool:
    """Tell whether the entry was surely not booked, as when Exact refused it after it took the files."""
    return link.state is State.INTENT and link.detail.step is Step.FILES


def waiting_of(store: DivisionStore, customer: str) -> list[Reject]:
    """Return the documents of a customer that wait, and the files of its documents, with their records."""
    waiting = store.rejects.with_records((*DOCUMENT_KINDS, ATTACHMENT))
    return [each for each in waiting if (each.payload or {}).get("customer") == customer]
