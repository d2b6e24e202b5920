"""Finds the one document or customer that a person means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.errors import Refused

if TYPE_CHECKING:
    from connector_store import Link, Memory, Reject


@dataclass(frozen=True)
class Known:
    """What is remembered of one document or customer: its link, its reject, or both."""

    kind: str
    source_id: str
    link: Link | None
    reject: Reject | None
    """With its payload."""

    @property
    def number(self) -> str | None:
        """Return the number of the document; customers have none."""
        return (self.link and self.link.number) or (self.reject and self.reject.number) or None

    @property
    def name(self) -> str:
        """Return what a person calls it: "Invoice 2026 / 12"."""
        return f"{self.kind.replace('_', ' ').capitalize()} {self.number or self.source_id}"


def find(memory: Memory, kind: str, number_or_id: str) -> Known:
    """Find a document by its number ("2026/12" is "2026 / 12") or by its id, a customer by its id.

    Raises:
        Refused: it is not known, or several have the number; these are listed with their ids.
    """
    known = _known(memory, kind, number_or_id)
    if known is not None:
        return known
    wanted = _bare(number_or_id)
    ids = {link.source_id for link in memory.links.all() if link.kind == kind and _bare(link.number) == wanted}
    ids |= {each.source_id for each in memory.rejects.all() if each.kind == kind and _bare(each.number) == wanted}
    if len(ids) > 1:
        raise Refused(f"{len(ids)} documents have the number {number_or_id}; give the id: {', '.join(sorted(ids))}")
    for source_id in ids:
        known = _known(memory, kind, source_id)
        if known is not None:
            return known
    what = kind.replace("_", " ")
    raise Refused(f"No {what} {number_or_id} is known in division {memory.division}; bridge status --all lists them")


def _known(memory: Memory, kind: str, source_id: str) -> Known | None:
    link, reject = memory.links.get(kind, source_id), memory.rejects.get(kind, source_id)
    return Known(kind, source_id, link, reject) if link or reject else None


def _bare(number: str | None) -> str | None:
    return None if number is None else "".join(number.split()).casefold()
