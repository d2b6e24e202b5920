"""What a person can do to a document: release it, send it again, or say which entry in Exact it is.

Nothing here calls Exact. The next run acts on what is written here, and looks an entry up before it sends one, so
none of these can make it book twice.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bridge.errors import Misused, Refused
from bridge.lookup import Known, find
from connector_store.memory import ACCOUNT, ATTACHMENT, DOCUMENT_KINDS

if TYPE_CHECKING:
    from connector_store import Memory

AGAIN = "meltano run documents --full-refresh"
NEXT = "meltano run documents"
REFUSED_CUSTOMER = "customer_refused"
"""An account update refused with this code waits a day before it is sent again."""
REFUSED_BY_EXACT = "refused_by_exact"
"""The general code of a refusal, which is tried in every run."""


def unlink(memory: Memory, kind: str, number_or_id: str) -> tuple[Known, str]:
    """Release a document whose entry is gone or is not the right one; return it and what follows.

    Raises:
        Refused: it is not linked, or a run was cut off while writing it.
    """
    known = find(memory, kind, number_or_id)
    if known.link is None:
        raise Refused(f"{known.name} is not linked ({_code(known)}), so there is nothing to release")
    _settled(known)
    _release(memory, known)
    return known, _released(known)


def resend(memory: Memory, kind: str, number_or_id: str) -> tuple[Known, str]:
    """Have the next run try a document again; return it and what follows.

    Raises:
        Refused: it is linked and in order, or trying again cannot help.
    """
    known = find(memory, kind, number_or_id)
    link, reject = known.link, known.reject
    if link is not None and link.state == "linked" and reject is None:
        raise Refused(f"{known.name} is linked and in order; when its entry must be made anew use: bridge unlink")
    if reject is not None and reject.code == "record_invalid":
        raise Refused(f"{known.name} cannot be sent as it is: {reject.reason}. {reject.hint}")
    gone = link is None or link.state == "missing"
    if gone and (reject is None or reject.payload is None):
        _release(memory, known)
        return known, _released(known)
    if link is not None and link.state == "missing":
        memory.links.remove(kind, known.source_id)
        _reword(memory, known, reason="The entry was deleted in Exact, and a person asked for a new one")
    elif link is not None and link.detail.get("refused"):
        memory.links.progress(kind, known.source_id, refused=None)
    if kind == ACCOUNT and _code(known) == REFUSED_CUSTOMER:
        _reword(memory, known, code=REFUSED_BY_EXACT)
    return known, f"{known.name} is tried again by the next run, with its settings: {NEXT}"


def match(memory: Memory, kind: str, number_or_id: str, exact_id: str) -> tuple[Known, str]:
    """Link by hand a document to an entry, or a customer to an account; return it and what follows.

    The present version of the document counts as booked with that entry: it is not compared, let alone rewritten.
    A version saved in Teamleader after this moment is treated as a change of any booked document. Whether `exact_id`
    exists in Exact is not known here.

    Raises:
        Misused: `exact_id` is not a GUID.
        Refused: the document is not known, is linked already, or the entry belongs to another one.
    """
    guid = _guid(exact_id)
    known = _customer(memory, number_or_id) if kind == ACCOUNT else find(memory, kind, number_or_id)
    link, reject = known.link, known.reject
    if link is not None and link.state == "linked":
        raise Refused(f"{known.name} is linked to {link.exact_id} already; release it first with: bridge unlink")
    _settled(known)
    _free(memory, known, guid)
    if link is not None:
        memory.links.remove(kind, known.source_id)
    memory.links.confirm(
        kind,
        known.source_id,
        exact_id=guid,
        # Equals that of no document; with the moment, only what changed since is looked at.
        fingerprint="",
        how="matched",
        number=known.number,
        amount=(reject and reject.amount) or (link.amount if link else None),
        currency=(reject and reject.currency) or (link.currency if link else None),
        detail={"updated_at": _now(), **(_facts(memory, known) if kind == ACCOUNT else {})},
    )
    if kind == ACCOUNT:
        return known, f"{known.name} is linked to account {guid}; its documents follow with: {NEXT}"
    return known, f"{known.name} is linked to entry {guid}, which stays as it is until the document is saved again"


def _released(known: Known) -> str:
    return (
        f"{known.name} is released. It comes again with: {AGAIN} (or when it changes in Teamleader); it is then looked "
        "up in Exact first, and adopted when it still stands there"
    )


def _release(memory: Memory, known: Known) -> None:
    memory.links.remove(known.kind, known.source_id)
    memory.rejects.resolve(known.kind, known.source_id)
    if known.kind in DOCUMENT_KINDS:
        memory.rejects.resolve(ATTACHMENT, known.source_id)


def _reword(memory: Memory, known: Known, *, code: str | None = None, reason: str | None = None) -> None:
    """Give a kept record another reason; the record itself stays, and the next run tries it."""
    if known.reject is not None:
        memory.rejects.put(
            known.kind,
            known.source_id,
            code=code or known.reject.code,
            reason=reason or known.reject.reason,
            hint=f"Nothing to do: the next run tries it again ({NEXT}).",
            payload=None,
            status="waiting",
        )


def _settled(known: Known) -> None:
    if known.link is not None and known.link.state == "intent":
        raise Refused(f"{known.name} was being written when a run was cut off; settle that first with: {NEXT}")


def _customer(memory: Memory, source_id: str) -> Known:
    if memory.customers.get(source_id) is None:
        return find(memory, ACCOUNT, source_id)
    link, reject = memory.links.get(ACCOUNT, source_id), memory.rejects.get(ACCOUNT, source_id)
    return Known(ACCOUNT, source_id, link, reject)


def _free(memory: Memory, known: Known, guid: str) -> None:
    """Make sure that the entry is nobody else's. Several customers may share an account, as after a merger."""
    other = memory.links.find_exact(guid)
    if other is None or (other.kind, other.source_id) == (known.kind, known.source_id):
        return
    if other.state == "linked" and not other.kind == known.kind == ACCOUNT:
        holder = Known(other.kind, other.source_id, other, None)
        raise Refused(f"{guid} is linked to {holder.name} already; release that first with: bridge unlink")


def _facts(memory: Memory, known: Known) -> dict[str, Any]:
    """Return what the VAT of a customer's documents depends on, from the record at hand."""
    record = (known.reject and known.reject.payload) or memory.customers.get(known.source_id) or {}
    country = (record.get("address") or {}).get("country")
    number = None if record.get("is_person") else re.sub(r"[^A-Z0-9]", "", str(record.get("vat_number") or "").upper())
    return {"country": country, "vat_number": number or None}


def _guid(text: str) -> str:
    try:
        guid = UUID(text)
    except ValueError:
        guid = UUID(int=0)
    if not guid.int:
        raise Misused(f"{text} is not the id of anything in Exact: that is a GUID, 8-4-4-4-12 hexadecimal digits")
    return str(guid)


def _code(known: Known) -> str | None:
    return known.reject.code if known.reject else None


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
