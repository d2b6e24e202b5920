"""What Exact's settled amount asks for in Teamleader: pure functions, no I/O.

Truth is the gap between what Teamleader has due and what Exact has open: a payment is registered only for what Exact
has settled *more* than when it was last dealt with, and only as far as Teamleader does not show it yet. So a run that
is repeated, or that lost its memory, registers nothing twice, and what was paid in Teamleader by hand is left alone
(accounting rules 25 to 27).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from target_teamleader.claims import UNKNOWN, ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from target_teamleader.claims import Claim, Settlement

MIXED = "mixed"


class Step(Enum):
    """What a record asks for before Teamleader is looked at."""

    NOTHING = "nothing"
    LOOK = "look"
    """More is settled than was dealt with: what Teamleader has due decides."""
    REPORT = "report"
    """Less is settled, and Teamleader is left alone."""
    TAKE_BACK = "take back"


@dataclass(frozen=True)
class Handled:
    """What was dealt with before.

    Attributes:
        settled: What Exact had settled when Teamleader was last brought in line.
        reported: What was left of it when a matching that was undone was reported, None when nothing is reported.
        parts: The settlements that made it up, as (amount, day).
    """

    settled: Decimal = ZERO
    reported: Decimal | None = None
    parts: tuple[tuple[Decimal, str], ...] = ()

    @property
    def base(self) -> Decimal:
        """What has to be exceeded before anything is registered: a new matching counts from the last report on."""
        return self.settled if self.reported is None else self.reported


@dataclass(frozen=True)
class Registration:
    """A payment that is missing in Teamleader."""

    amount: Decimal
    day: str
    """"2026-11-20"."""
    how: str
    """That of a `Settlement`, or "mixed"."""


def first_look(claim: Claim, handled: Handled, *, remove: bool) -> Step:
    """Tell what a record asks for, without a look at Teamleader.

    Args:
        claim: What Exact says.
        handled: What was dealt with before.
        remove: Take back what was registered when a matching is undone.
    """
    sign = _sign(claim, handled)
    settled, before, base = sign * claim.settled, sign * handled.settled, sign * handled.base
    if settled < before and remove:
        return Step.TAKE_BACK
    if settled > base:
        return Step.LOOK
    return Step.REPORT if settled < base and before > 0 else Step.NOTHING


def reckon(claim: Claim, handled: Handled, due: Decimal, today: str) -> Registration | None:
    """Return the payment that Teamleader lacks, None when it has all.

    Args:
        claim: What Exact says.
        handled: What was dealt with before.
        due: What Teamleader has due, in the currency of the claim.
        today: The day to register when Exact tells none.
    """
    sign = _sign(claim, handled)
    gap, increase = due - claim.open, claim.settled - handled.base
    amount = min(sign * gap, sign * increase, sign * due)
    if amount <= 0:
        return None
    part = _latest(_unknown_to(handled, claim), amount, sign) or _latest(claim.settlements, amount, sign)
    ways = {each.how for each in part} or {UNKNOWN}
    day = max((each.day for each in part), default="") or claim.day or today
    return Registration(sign * amount, day, ways.pop() if len(ways) == 1 else MIXED)


def to_take_back(claim: Claim, handled: Handled, due: Decimal) -> Decimal:
    """Return how much of ours is paid in Teamleader but open in Exact, without sign; below or at zero it is nothing.

    Of an entry that was deleted nothing is known to be open: then it is all that was settled.
    """
    sign = _sign(claim, handled)
    less = sign * (handled.settled - claim.settled)
    return less if claim.deleted else min(sign * (claim.open - due), less)


def is_still_unmatched(claim: Claim, handled: Handled) -> bool:
    """Tell whether less is settled than was registered for, so that what was reported stays so."""
    sign = _sign(claim, handled)
    return sign * claim.settled < sign * handled.settled


def _sign(claim: Claim, handled: Handled) -> int:
    """An invoice may total below zero (accounting rule 4): then everything is the other way round."""
    return -1 if (claim.amount or handled.settled) < 0 else 1


def _unknown_to(handled: Handled, claim: Claim) -> list[Settlement]:
    """Return the settlements that were not dealt with before: of these a new payment takes its day."""
    known = Counter(handled.parts)
    new = []
    for each in claim.settlements:
        if known[each.amount, each.day]:
            known[each.amount, each.day] -= 1
        else:
            new.append(each)
    return new


def _latest(settlements: Iterable[Settlement], amount: Decimal, sign: int) -> list[Settlement]:
    """Return the newest of these settlements that make up `amount` (without sign), or all when they do not."""
    taken: list[Settlement] = []
    left = amount
    for each in sorted(settlements, key=lambda settlement: settlement.day, reverse=True):
        if left <= 0:
            break
        if sign * each.amount > 0:
            taken.append(each)
            left -= sign * each.amount
    return taken
