"""What settled a term, as far as it can be told: Exact's REST API has no matches (exact-online 7.6, 7.13).

The rows of one match share account and end date (7.2) and cancel each other out. So among the settled terms of that
account and day, those of the opposite amount are taken for the other side; when there is none, all of the opposite sign
are (one payment for two invoices).
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Final

from tap_exactonline.receivables.entries import owed

if TYPE_CHECKING:
    from connector_store import Term

SettledOn = Callable[[str, str], "Iterable[Term]"]

_KEPT: Final = 64
"""Days of accounts kept at hand: entries that were settled together mostly come together."""


class Counters:
    """Tells the transaction types of what settled a term.

    Args:
        settled_on: The settled terms of an account with an end date, of all its entries.
    """

    def __init__(self, settled_on: SettledOn) -> None:
        self._settled_on = settled_on
        self._days: OrderedDict[tuple[str, str], _Day] = OrderedDict()

    def types(self, term: Term) -> list[int]:
        """Return them rising, each once; none when nothing is known."""
        if term.account is None or term.end_date is None:
            return []
        key = (term.account, term.end_date)
        day = self._days.pop(key, None) or _Day(self._settled_on(*key))
        self._days[key] = day
        if len(self._days) > _KEPT:
            self._days.popitem(last=False)
        return day.opposite(term)


class _Day:
    """The settled terms of one account with one end date, found by amount and by sign."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._entries: defaultdict[Hashable, defaultdict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for term in terms:
            kind = term.row.get("TransactionType")
            if kind is not None:
                for key in _keys(term, 1):
                    entries = self._entries[key][kind]
                    if len(entries) < 2:  # noqa: PLR2004 - one that is not the term's own is among two
                        entries.add(term.entry_id)

    def opposite(self, term: Term) -> list[int]:
        """Return the types of the best kind of counterpart that there is in other entries."""
        for key in _keys(term, -1):
            found = self._entries[key].items() if key in self._entries else ()
            types = sorted(kind for kind, entries in found if entries - {term.entry_id})
            if types:
                return types
        return []


def _keys(term: Term, sign: int) -> list[Hashable]:
    """Return what a term is found by, the best first: amount in its currency, amount in ours, sign."""
    in_currency, in_ours = sign * owed(term, "AmountFC"), sign * owed(term, "AmountDC")
    if not in_currency:
        return []
    return [(term.row.get("Currency"), in_currency), ("ours", in_ours), in_currency > 0]
