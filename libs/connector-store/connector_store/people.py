"""What a person can do to a document or customer: release it, try it again, link it by hand, leave it out.

Nothing here calls Exact. The next run acts on what is written here, and looks an entry up before it sends one, so
none of these can make it book twice. Hold the lock of whoever writes to the division meanwhile.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from connector_store.asked_again import ask_again
from connector_store.columns import as_the_source_writes, utc_now
from connector_store.details import AccountDetail, DocumentDetail
from connector_store.division_store import (
    ACCOUNT,
    ATTACHMENT,
    BOOKED_PAYMENT,
    CUSTOMER_CODES,
    DOCUMENT_KINDS,
    INVOICE,
    PAYMENT,
)
from connector_store.known import (
    Known,
    NotPossibleError,
    Obstacle,
    find,
    find_or_paid,
    not_under_way,
    only_files_sent,
    waiting_of,
)
from connector_store.link import How, State
from connector_store.rejects import Status

if TYPE_CHECKING:
    from connector_store.division_store import DivisionStore

SOURCE_DELETED = "source_deleted"
"""Code of a document that was deleted at the source."""
SIMILAR_ENTRY = "similar_entry"
"""Code of a document that an entry in another spelling resembles."""
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RECORD_INVALID = "record_invalid"
"""Code of a record that no setting can make acceptable; nor can it one of which the sender itself names problems."""

_FORWARD = (*DOCUMENT_KINDS, ACCOUNT, BOOKED_PAYMENT)
"""Kinds of what waits on its way to Exact."""


class Next(StrEnum):
    """What follows."""

    COMES_AGAIN = "comes_again"
    """Nothing is kept of it: it comes again when the source is read in full, or when it changes there."""
    NOTHING = "nothing"
    """It was deleted at the source: its entry stays known as that of no document, so that none takes it."""
    NEXT_RUN = "next_run"
    """The next run tries it, with its settings."""
    READ_AGAIN = "read_again"
    """The next run reads it again at the source, it alone, and tries it."""


def release(store: DivisionStore, kind: str, number_or_id: str) -> tuple[Known, Next]:
    """Release a document whose entry is gone or is not the right one, with what was registered for it.

    What is settled of its entry is then looked at anew: it may be another document's. Of a document that was deleted at
    the source only the message goes, since a person has dealt with its entry: no other document is to take that.

    Raises:
        NotPossibleError: it is not linked, or a run was cut off while writing it.
    """
    known = find_or_paid(store, kind, number_or_id)
    payment = store.registered_payments.get(known.source_id) if kind == INVOICE else None
    if payment is None and (known.link is None or only_files_sent(known.link)):
        code = known.reject.code if known.reject else ""
        raise NotPossibleError(Obstacle.NOT_LINKED, f"{known.name} is not linked ({code}): there is nothing to release")
    not_under_way(known)
    if payment is not None and payment.plan is not None:
        text = f"A payment of {known.name} was being registered when a run was cut off"
        raise NotPossibleError(Obstacle.UNDER_WAY, text)
    is_gone = known.link is not None and known.link.state is State.ORPHANED and known.reject is not None
    if is_gone:
        store.rejects.resolve(kind, known.source_id)
    else:
        _forget(store, known)
    if kind == INVOICE:
        store.registered_payments.forget(known.source_id)
        store.rejects.resolve(PAYMENT, known.source_id)
    return known, Next.NOTHING if is_gone else Next.COMES_AGAIN


def try_again(store: DivisionStore, kind: str, number_or_id: str) -> tuple[Known, Next]:
    """Have the next run try a document again, however long it was to rest.

    Raises:
        NotPossibleError: it is linked and in order, left out, or trying again cannot help.
    """
    known = find(store, kind, number_or_id)
    link, reject = known.link, known.reject
    if link is not None and link.state is State.LINKED and reject is None:
        raise NotPossibleError(Obstacle.IN_ORDER, f"{known.name} is linked and in order")
    if reject is not None and reject.decided_by is not None:
        raise NotPossibleError(Obstacle.LEFT_OUT, f"{known.name} was left out by {reject.decided_by}")
    if reject is not None and (reject.code == RECORD_INVALID or (reject.payload or {}).get("problems")):
        text = f"{known.name} cannot be sent as it is: {reject.reason}. {reject.hint}"
        raise NotPossibleError(Obstacle.CANNOT_BE_SENT, text)
    gone = link is None or link.state is State.MISSING
    if gone and (reject is None or reject.payload is None):
        _forget(store, known)
        return known, Next.COMES_AGAIN
    if link is not None and link.state is State.MISSING:
        store.links.remove(kind, known.source_id)
        store.rejects.try_again(
            kind,
            known.source_id,
            reason="The entry was deleted in Exact, and a person asked for a new one",
            hint="Nothing to do: the next run tries it again.",
        )
        return known, Next.NEXT_RUN
    if link is not None and kind in DOCUMENT_KINDS and link.document.refused is not None:
        store.links.progress(kind, known.source_id, refused=None)
    store.rejects.try_again(kind, known.source_id)
    store.forget_refusals()
    return known, Next.NEXT_RUN


def read_again(store: DivisionStore, kind: str, number_or_id: str) -> tuple[Known, Next]:
    """Have the next run read one document again at the source and try it, without a look at any other.

    What was not accepted as it was may be by then; an entry that was deleted in Exact is made anew. A document of which
    nothing is known, or not any more, goes by its id.

    Raises:
        NotPossibleError: it is linked and in order, left out, or not known by that number.
    """
    try:
        known = find(store, kind, number_or_id)
    except NotPossibleError as error:
        if error.obstacle is not Obstacle.NOT_KNOWN or not _ID.fullmatch(number_or_id):
            raise
        known = Known(kind, number_or_id, None, None)
    link, reject = known.link, known.reject
    if link is not None and link.state is State.LINKED and reject is None:
        raise NotPossibleError(Obstacle.IN_ORDER, f"{known.name} is linked and in order")
    if reject is not None and reject.decided_by is not None:
        raise NotPossibleError(Obstacle.LEFT_OUT, f"{known.name} was left out by {reject.decided_by}")
    if (reject is not None and reject.code == SOURCE_DELETED) or (link is not None and link.state is State.ORPHANED):
        raise NotPossibleError(Obstacle.CANNOT_BE_SENT, f"{known.name} is not in Teamleader any more")
    ask_again(store.store, kind, known.source_id)
    if link is not None and link.state is State.MISSING:
        store.links.remove(kind, known.source_id)
    elif link is not None and link.state is State.LINKED and link.document.refused is not None:
        store.links.progress(kind, known.source_id, refused=None)
    waits = {
        "reason": "A person asked for it to be read again in Teamleader",
        "hint": "Nothing to do: the next run reads it and tries it.",
    }
    has_record = reject is not None and reject.payload is not None and link is None
    store.rejects.try_again(kind, known.source_id, **({} if has_record else waits))
    store.closed_periods.forget()
    store.store.audit("document.asked_again", division=store.division, kind=kind, source_id=known.source_id)
    return known, Next.READ_AGAIN


def book_beside(store: DivisionStore, kind: str, number_or_id: str) -> tuple[Known, Next]:
    """Have the next run book a document though an entry resembles it: that one is another document's.

    Raises:
        NotPossibleError: it is not known, or no similar entry was found for it.
    """
    known = find(store, kind, number_or_id)
    if known.reject is None or known.reject.code != SIMILAR_ENTRY:
        raise NotPossibleError(Obstacle.NOT_SIMILAR, f"No entry in Exact is in question for {known.name}")
    store.another_documents.put(kind, known.source_id)
    store.rejects.try_again(
        kind,
        known.source_id,
        reason="A person said that the similar entry in Exact is another document's",
        hint="Nothing to do: the next run books it.",
    )
    return known, Next.NEXT_RUN


def try_all_again(store: DivisionStore, code: str | None = None) -> int:
    """Have the next run try all that waits (for one reason), however long it was to rest; return how much that is.

    For a person who mended something in Exact. What was left out, or cannot be sent as it is, stays as it is.
    """
    store.forget_refusals()
    store.rejects.wake(_FORWARD, None if code is None else {code})
    waiting = [each for each in store.rejects.all() if each.kind in _FORWARD and each.decided_by is None]
    return sum(each.code != RECORD_INVALID and code in {None, each.code} for each in waiting)


def link_by_hand(store: DivisionStore, kind: str, number_or_id: str, exact_id: str) -> Known:
    """Link a document to an entry, or a customer to an account.

    The present version of the document counts as booked with that entry: it is not compared, let alone rewritten.
    A version saved at the source after this moment is treated as a change of any booked document. Whether `exact_id`
    exists in Exact is not known here.

    Args:
        store: The division.
        kind: Of the document.
        number_or_id: Of the document; a customer's id.
        exact_id: GUID in Exact's own writing: lower case, with strokes.

    Raises:
        NotPossibleError: the document is not known, is linked already, or the entry belongs to another one.
    """
    known = _customer(store, number_or_id) if kind == ACCOUNT else _document(store, kind, number_or_id, exact_id)
    link, reject = known.link, known.reject
    if link is not None and link.state is State.LINKED:
        raise NotPossibleError(Obstacle.LINKED_ALREADY, f"{known.name} is linked to {link.exact_id} already")
    not_under_way(known)
    _not_taken(store, known, exact_id)
    if link is not None:
        store.links.remove(kind, known.source_id)
    now = as_the_source_writes(utc_now())
    detail = _account_detail(store, known, now) if kind == ACCOUNT else DocumentDetail(updated_at=now)
    store.links.confirm(
        kind,
        known.source_id,
        exact_id=exact_id,
        # Equals that of no document; with the moment, only what changed since is looked at.
        fingerprint="",
        how=How.MATCHED,
        number=known.number,
        amount=(reject and reject.amount) or (link.amount if link else None),
        currency=(reject and reject.currency) or (link.currency if link else None),
        detail=detail,
    )
    if kind == ACCOUNT:
        store.rejects.wake(DOCUMENT_KINDS, CUSTOMER_CODES)
    return known


def leave_out(store: DivisionStore, kind: str, number_or_id: str, *, who: str, why: str) -> Known:
    """Leave a document that is not booked out of every run, until it is taken in again.

    Raises:
        NotPossibleError: it is not known, is booked, or a run was cut off while writing it.
    """
    known = find(store, kind, number_or_id)
    if known.link is not None and known.link.state is State.LINKED:
        raise NotPossibleError(Obstacle.LINKED_ALREADY, f"{known.name} is linked to {known.link.exact_id} already")
    not_under_way(known)
    store.links.withdraw(kind, known.source_id)
    store.rejects.leave_out(kind, known.source_id, who=who, why=why, number=known.number)
    return known


def take_all_in(store: DivisionStore, code: str) -> int:
    """Take in what a setting left out for this reason; return how much that is.

    What was deleted at the source is not among it.
    """
    if code == SOURCE_DELETED:
        return 0
    left_out = [each for each in store.rejects.all() if each.status is Status.EXCLUDED and each.code == code]
    return sum(store.rejects.take_in(each.kind, each.source_id) for each in left_out)


def take_in(store: DivisionStore, kind: str, number_or_id: str) -> tuple[Known, Next]:
    """Undo `leave_out`.

    Raises:
        NotPossibleError: it is not known, was not left out, or was deleted at the source.
    """
    known = find(store, kind, number_or_id)
    if known.reject is not None and known.reject.code == SOURCE_DELETED:
        raise NotPossibleError(Obstacle.CANNOT_BE_SENT, f"{known.name} is not in Teamleader any more")
    if not store.rejects.take_in(kind, known.source_id):
        raise NotPossibleError(Obstacle.NOT_LEFT_OUT, f"{known.name} was not left out")
    if known.reject is not None and known.reject.payload is None:
        store.rejects.resolve(kind, known.source_id)
        return known, Next.COMES_AGAIN
    return known, Next.NEXT_RUN


def dismiss(store: DivisionStore, kind: str, number_or_id: str) -> tuple[Known, list[str]]:
    """Take back what a person was told of a booked document, its files and its payments: somebody dealt with it.

    A run that finds the same again says it again.

    Returns:
        The document, and the codes of what was taken back.

    Raises:
        NotPossibleError: nothing was told of it, or it waits to be booked.
    """
    known = find_or_paid(store, kind, number_or_id)
    reject, codes = known.reject, []
    is_booked = known.link is not None and known.link.state in {State.LINKED, State.ORPHANED}
    if reject is not None and (is_booked or reject.code == SOURCE_DELETED):
        store.rejects.resolve(kind, known.source_id)
        codes.append(reject.code)
    if is_booked and store.rejects.resolve(ATTACHMENT, known.source_id):
        codes.append(ATTACHMENT)
    if is_booked and (files := [each for each in store.files.of(kind, known.source_id) if each.problem]):
        store.files.remove(kind, known.source_id)
        codes += sorted({each.problem for each in files if each.problem})
    for each in store.rejects.all():
        if each.kind in {PAYMENT, BOOKED_PAYMENT} and each.source_id.partition("/")[0] == known.source_id:
            store.rejects.resolve(each.kind, each.source_id)
            codes.append(each.code)
    if not codes:
        waits = f"{known.name} waits to be booked" if reject else f"Nothing was told of {known.name}"
        raise NotPossibleError(Obstacle.NOTHING_TO_DISMISS, waits)
    return known, codes


def _forget(store: DivisionStore, known: Known) -> None:
    store.links.remove(known.kind, known.source_id)
    store.rejects.resolve(known.kind, known.source_id)
    if known.kind in DOCUMENT_KINDS:
        store.rejects.resolve(ATTACHMENT, known.source_id)
        store.files.remove(known.kind, known.source_id)


def _customer(store: DivisionStore, source_id: str) -> Known:
    """Find a customer; one that is gone may be known by its waiting documents alone."""
    link, reject = store.links.get(ACCOUNT, source_id), store.rejects.get(ACCOUNT, source_id)
    if link is None and reject is None and store.customers.get(source_id) is None and not waiting_of(store, source_id):
        raise NotPossibleError(Obstacle.NOT_KNOWN, f"No account {source_id} is known in division {store.division}")
    return Known(ACCOUNT, source_id, link, reject)


def _document(store: DivisionStore, kind: str, number_or_id: str, exact_id: str) -> Known:
    """Find a document; an invoice that is known by nothing but a settled entry may be named by its id."""
    try:
        return find(store, kind, number_or_id)
    except NotPossibleError as error:
        settled = store.rejects.get(PAYMENT, exact_id) if kind == INVOICE else None
        if settled is None or error.obstacle is not Obstacle.NOT_KNOWN or not _ID.fullmatch(number_or_id):
            raise
        return Known(kind, number_or_id, None, None, settled.number)


def _not_taken(store: DivisionStore, known: Known, exact_id: str) -> None:
    """Make sure that the entry is nobody else's. Several customers may share an account, as after a merger."""
    other = store.links.find_exact(exact_id)
    if other is None or (other.kind, other.source_id) == (known.kind, known.source_id):
        return
    if other.state is State.LINKED and not other.kind == known.kind == ACCOUNT:
        holder = Known(other.kind, other.source_id, other, None)
        raise NotPossibleError(Obstacle.TAKEN, f"{exact_id} is linked to {holder.name} already")


def _account_detail(store: DivisionStore, known: Known, now: str) -> AccountDetail:
    """Return what the VAT of a customer's documents depends on, from the record at hand."""
    record: dict[str, Any] = (known.reject and known.reject.payload) or store.customers.get(known.source_id) or {}
    country = (record.get("address") or {}).get("country")
    has_number = not record.get("is_person") and bool(re.search(r"[A-Za-z0-9]", str(record.get("vat_number") or "")))
    return AccountDetail(updated_at=now, country=country, has_vat_number=has_number)
