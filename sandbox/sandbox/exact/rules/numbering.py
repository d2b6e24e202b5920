"""Entry numbers: `YYJJnnnn` per journal and financial year (exact-online 6.13, 6.14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.exact.refusals import BusinessRefusal

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState

_ENTRIES = "salesentry/SalesEntries"


def first_number(journal: str, year: int) -> int:
    """The number before the first of a journal and year: 24700000 for journal 70 in 2024."""
    digits = "".join(character for character in journal if character.isdigit()) or "0"
    return int(f"{year % 100:02d}{digits[:2]:0>2}0000")


def take(state: ExactState, journal: str, year: int, proposed: int | None) -> int:
    """The number of a new entry.

    A proposed number that is used is refused; one below the journal's current is replaced; a higher one is taken.
    """
    if proposed is not None and any(
        entry["Journal"] == journal for entry in state[_ENTRIES].find("EntryNumber", proposed)
    ):
        raise BusinessRefusal(("entry_number_used", str(proposed), journal))
    current = state.entry_counters.get((journal, year), first_number(journal, year))
    number = proposed if proposed is not None and proposed > current else current + 1
    state.entry_counters[journal, year] = number
    return number


def give_back(state: ExactState, journal: str, year: int, number: int) -> None:
    """The last number of a journal is used again after its entry is deleted; gaps in the middle stay."""
    if state.entry_counters.get((journal, year)) != number:
        return
    left = [
        entry["EntryNumber"]
        for entry in state[_ENTRIES]
        if entry["Journal"] == journal and entry["ReportingYear"] == year
    ]
    state.entry_counters[journal, year] = max(left, default=first_number(journal, year))
