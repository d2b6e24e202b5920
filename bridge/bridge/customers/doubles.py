"""Customers that stand twice on one side, by the rules of the match, with what they disagree on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from customer_identity import CustomerIndex, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from customer_identity import Traits

_IDENTITY: Final = frozenset({"number", "mark"})
"""Of each customer its own: no disagreement."""


@dataclass(frozen=True)
class Double:
    """Customers that may be one."""

    by: str
    sure: bool
    """Nothing speaks against it."""
    ids: tuple[str, ...]
    names: tuple[str, ...]
    differing: dict[str, tuple[str, ...]]
    """Field -> what each of them has there, in the order of `ids`."""


def doubles(customers: Mapping[str, Traits]) -> list[Double]:
    """Return the groups of customers that may be one, the surest first."""
    found = []
    for group in CustomerIndex(customers).groups():
        traits = [customers[id_] for id_ in group.ids]
        values = {each.name: tuple(getattr(one, each.name) for one in traits) for each in fields(traits[0])}
        differing = {name: some for name, some in values.items() if name not in _IDENTITY and len(set(some)) > 1}
        sure = group.verdict is not Verdict.WEAK
        found.append(Double(group.by, sure, group.ids, tuple(one.name for one in traits), differing))
    return sorted(found, key=lambda each: (not each.sure, each.names, each.ids))
