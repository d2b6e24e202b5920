"""Keeps decisions in the store, where both directions find them. Nothing is written to either service."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from bridge.customers.decisions_file import CREATE, LINK, SKIP, Line
from bridge.customers.matching import Decision
from connector_store import CustomerType
from connector_store.customer_decisions import is_new, is_this_one, leave_out

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.customers.matching import Matched
    from bridge.customers.reading import BothSides
    from connector_store import DivisionStore

_BY_ITSELF: Final = (Decision.CREATE, Decision.SKIP)


def found(decided: Iterable[Matched]) -> list[Line]:
    """Return the links that nothing is in doubt of."""
    return [Line(each.account.id, LINK, each.teamleader_id) for each in decided if each.decision is Decision.LINK]


def keep(
    store: DivisionStore, sides: BothSides, lines: Iterable[Line], decided: Iterable[Matched], *, who: str
) -> Counter[str]:
    """Keep decisions, while no run writes; return how many there were of each.

    Of who is created, or passed over as blocked, by the job itself nothing is kept: it looks again when it comes to it.

    Args:
        store: Where.
        sides: As they were read.
        lines: What is decided.
        decided: What the job would do by itself.
        who: The person.

    Raises:
        NotPossibleError: One of the two customers belongs to another one; what came before it is kept.
    """
    counts: Counter[str] = Counter()
    itself = {(each.account.id, each.decision.value) for each in decided if each.decision in _BY_ITSELF}
    for line in lines:
        counts[line.decision] += 1
        if (line.exact_id, line.decision) in itself:
            continue
        number = sides.accounts[line.exact_id].code
        if line.decision == LINK and line.teamleader_id is not None:
            type_, _, id_ = line.teamleader_id.partition(":")
            _release(store, sides, line)
            is_this_one(store, line.exact_id, CustomerType(type_), id_, number=number)
        elif line.decision == CREATE:
            is_new(store, line.exact_id)
        elif line.decision == SKIP:
            leave_out(store, line.exact_id, who=who, number=number)
    return counts


def _release(store: DivisionStore, sides: BothSides, line: Line) -> None:
    """Let go of a customer that is gone from Teamleader: it was merged into the one that is linked now."""
    known = sides.links.get(line.exact_id)
    if known is not None and known not in sides.teamleader:
        store.imported_customers.withdraw(line.exact_id)
        store.links.remove("account", known)
