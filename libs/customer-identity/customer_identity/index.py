"""Finding a customer among those of the other side, without ever guessing between two (accounting rule 22)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from customer_identity.spelling import name_keys, similarity
from customer_identity.traits import Likeness, Traits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ALIKE = 0.8
"""Two names that are written more alike than this may be one, with a slip in it."""
_ENOUGH_WITH_A_SLIP = 2
"""Facts beside the name that have to agree before a name with a slip in it is taken for the same."""


class Verdict(Enum):
    """What the search for a customer came to."""

    FOUND = "found"
    """One fits, and nothing speaks against it."""
    SEVERAL = "several fit"
    WEAK = "one may be it"
    """A person has to say."""
    NONE = "none"


@dataclass(frozen=True)
class Match:
    """The outcome of the search for one customer."""

    verdict: Verdict
    by: str = ""
    """What agreed: "customer number", "VAT number", "company number", "name" or "similar name"."""
    ids: tuple[str, ...] = ()
    """Of the customers that fit, in order."""

    @property
    def found(self) -> str | None:
        """The one that fits."""
        return self.ids[0] if self.verdict is Verdict.FOUND else None


class CustomerIndex:
    """The customers of one side by everything they can be found by."""

    def __init__(self, customers: Mapping[str, Traits] | None = None) -> None:
        self._customers: dict[str, Traits] = {}
        self._found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for id_, traits in (customers or {}).items():
            self.add(id_, traits)

    def __len__(self) -> int:
        return len(self._customers)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._customers

    def get(self, id_: str) -> Traits | None:
        """Return what is known of a customer."""
        return self._customers.get(id_)

    def add(self, id_: str, traits: Traits) -> None:
        """Add a customer, or replace what was known of it."""
        self.remove(id_)
        self._customers[id_] = traits
        for key in _keys(traits):
            self._found[key].add(id_)

    def remove(self, id_: str) -> None:
        """Forget a customer."""
        known = self._customers.pop(id_, None)
        for key in () if known is None else _keys(known):
            self._found[key].discard(id_)

    def match(self, traits: Traits, by: Iterable[str] = ("number", "vat", "name")) -> Match:
        """Find a customer.

        By customer number, VAT number, company number, then name together with a postcode, e-mail address or telephone
        number: the first of these that anybody has decides. One of the same name whom facts contradict is never taken;
        one of whom nothing agrees, or one fact contradicts, is for a person to judge. A name with a slip in it counts
        when two other facts agree.

        Args:
            traits: of the customer to look for.
            by: the criteria to use: "number", "vat" (company number included), "name".
        """
        criteria = set(by)
        steps = [("number", "customer number"), ("vat", "VAT number"), ("vat", "company number")]
        for criterion, how in steps:
            ids = self._having(how, traits) if criterion in criteria else []
            if ids:
                return Match(Verdict.FOUND if len(ids) == 1 else Verdict.SEVERAL, how, tuple(ids))
        if "name" not in criteria:
            return Match(Verdict.NONE)
        return self._by_name(traits) or self._by_similar_name(traits) or Match(Verdict.NONE)

    def groups(self) -> list[Match]:
        """Return the customers that look like one another: each group once, the surest criterion first."""
        told: set[tuple[str, ...]] = set()
        groups = []
        for id_, traits in sorted(self._customers.items()):
            self.remove(id_)
            match = self.match(traits, by=("vat", "name"))
            self.add(id_, traits)
            ids = tuple(sorted({id_, *match.ids}))
            if match.verdict is not Verdict.NONE and ids not in told:
                told.add(ids)
                groups.append(Match(match.verdict, match.by, ids))
        return groups

    def _having(self, how: str, traits: Traits) -> list[str]:
        return sorted({id_ for key in _keys(traits) if key[0] == how for id_ in self._found.get(key, ())})

    def _by_name(self, traits: Traits) -> Match | None:
        ids = self._having("name", traits)
        likeness = {id_: traits.likeness(self._customers[id_]) for id_ in ids}
        possible = [id_ for id_ in ids if likeness[id_] is not Likeness.OTHER]
        if not possible:
            return None
        sure = [
            id_
            for id_ in possible
            if likeness[id_] is Likeness.SAME and traits.agreements(self._customers[id_]) - {"street"}
        ]
        return _judged("name", sure, possible)

    def _by_similar_name(self, traits: Traits) -> Match | None:
        around = {id_ for key in _keys(traits) if key[0] in {"email", "phone", "place"} for id_ in self._found[key]}
        possible = [
            id_
            for id_ in sorted(around)
            if traits.likeness(self._customers[id_]) is not Likeness.OTHER
            and similarity(traits.name, self._customers[id_].name) > ALIKE
        ]
        if not possible:
            return None
        sure = [
            id_
            for id_ in possible
            if traits.likeness(self._customers[id_]) is Likeness.SAME
            and len(traits.agreements(self._customers[id_])) >= _ENOUGH_WITH_A_SLIP
        ]
        return _judged("similar name", sure, possible)


def _judged(how: str, sure: list[str], possible: list[str]) -> Match:
    """Take the one of whom nothing is in doubt."""
    if len(sure) > 1:
        return Match(Verdict.SEVERAL, how, tuple(sure))
    if sure:
        return Match(Verdict.FOUND, how, tuple(sure))
    return Match(Verdict.WEAK, how, tuple(possible))


def _keys(traits: Traits) -> set[tuple[str, str]]:
    keys = {
        ("customer number", traits.number),
        ("VAT number", traits.vat_number),
        ("company number", f"{traits.country} {traits.chamber}" if traits.chamber else ""),
        *(("name", each) for each in name_keys(traits.name)),
        ("email", traits.email),
        ("phone", traits.phone),
        ("place", f"{traits.postcode} {traits.street}" if traits.postcode and traits.street else ""),
    }
    return {key for key in keys if key[1]}
