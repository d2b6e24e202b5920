"""What Exact's settled amount asks for in Teamleader: pure functions, no I/O.

Truth is the gap between what Teamleader has due and what Exact has open: a payment is registered only for what Exact
has settled *more* than when it was last dealt with, and only as far as Teamleader does not show it yet. So a run that
is repeated, or that lost the store, registers nothing twice, and what was paid in Teamleader by hand is left alone
(accounting rules 25 to 27).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from target_teamleader.rules.exact_entry import CREDIT_NOTE, UNKNOWN, ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from target_teamleader.rules.exact_entry import ExactEntry, Settlement

MIXED = "mixed"


class Action(Enum):
    """What a record asks for before Teamleader is looked at."""

    NOTHING = auto()
    COMPARE = auto()
    """More is settled than was dealt with: what Teamleader has due decides."""
    TAKE_BACK = auto()
    """Less is settled: what Teamleader shows as paid beyond it is taken back, or reported."""


@dataclass(frozen=True)
class LastSync:
    """What was known of an entry when Teamleader was last brought in line with it.

    Attributes:
        settled: What Exact had settled when Teamleader was last brought in line.
        reported: What was left of it when a matching that was undone was reported, None when nothing is reported.
        parts: The settlements that made it up, as (amount, day).
        registered: What of ours stood in Teamleader; more than is settled after a matching was undone and Teamleader
            asked for more by then.
    """

    settled: Decimal = ZERO
    reported: Decimal | None = None
    parts: tuple[tuple[Decimal, str], ...] = ()
    registered: Decimal = ZERO

    @property
    def baseline(self) -> Decimal:
        """What has to be exceeded before anything is registered: a new matching counts from the last report on."""
        return self.settled if self.reported is None else self.reported


@dataclass(frozen=True)
class MissingPayment:
    """A payment that is missing in Teamleader."""

    amount: Decimal
    day: str
    """"2026-11-20"."""
    how: str
    """That of a `Settlement`, or "mixed"."""


def required_action(entry: ExactEntry, last_sync: LastSync, *, remove: bool) -> Action:
    """Tell what a record asks for, without a look at Teamleader.

    Args:
        entry: What Exact says.
        last_sync: What was known of it when Teamleader was last brought in line.
        remove: Take back what was registered when a matching is undone.
    """
    sign = _sign(entry, last_sync)
    settled, before, baseline = sign * entry.settled, sign * last_sync.settled, sign * last_sync.baseline
    is_less = settled < before
    if settled > baseline and not (is_less and remove):
        return Action.COMPARE
    return Action.TAKE_BACK if is_less and before > 0 else Action.NOTHING


def missing_payment(
    entry: ExactEntry,
    last_sync: LastSync,
    due: Decimal,
    today: str,
    *,
    credited: Decimal = ZERO,
    shown: Decimal | None = None,
) -> MissingPayment | None:
    """Return the payment that Teamleader lacks, None when it has all.

    Args:
        entry: What Exact says.
        last_sync: What was known of it when Teamleader was last brought in line.
        due: What Teamleader has due, in the currency of the entry.
        today: The day to register when Exact tells none.
        credited: What Teamleader deducted for its own credit notes, see `credited_in_teamleader`.
        shown: All payments that stand in Teamleader, when a person may have removed some; else what was dealt with
            counts.
    """
    sign = _sign(entry, last_sync)
    gap = due - _left_to_pay(entry, credited, sign)
    dealt_with = max(sign * last_sync.baseline, sign * last_sync.registered) if shown is None else sign * shown
    amount = min(sign * gap, sign * entry.settled - dealt_with, sign * due)
    if amount <= 0:
        return None
    part = _latest(_unknown_to(last_sync, entry), amount, sign) or _latest(entry.settlements, amount, sign)
    ways = {each.how for each in part} or {UNKNOWN}
    day = max((each.day for each in part), default="") or entry.day or today
    return MissingPayment(sign * amount, day, ways.pop() if len(ways) == 1 else MIXED)


def credited_in_teamleader(payable: Decimal, payments: Iterable[Decimal], due: Decimal) -> Decimal:
    """Return what Teamleader deducted for credit notes: what is neither paid nor due. Zero when more was paid."""
    left = payable - sum(payments, ZERO) - due
    return left if left * payable > 0 else ZERO


def amount_to_remove(
    entry: ExactEntry, last_sync: LastSync, due: Decimal, *, payable: Decimal, credited: Decimal = ZERO
) -> Decimal:
    """Return how much is paid in Teamleader but open in Exact, without sign; below or at zero it is nothing.

    Of an entry that was deleted nothing is known to be open: then all of the invoice is.
    """
    sign = _sign(entry, last_sync)
    left = payable - credited if entry.deleted else _left_to_pay(entry, credited, sign)
    return min(sign * (left - due), sign * (last_sync.settled - entry.settled))


def paid_beyond(entry: ExactEntry, due: Decimal, *, credited: Decimal = ZERO) -> Decimal:
    """Return how much more is paid in Teamleader than is settled in Exact, without sign; zero when it is not more."""
    sign = _sign(entry, LastSync())
    return max(sign * (_left_to_pay(entry, credited, sign) - due), ZERO)


def is_less(entry: ExactEntry, last_sync: LastSync) -> bool:
    """Tell whether less is settled than when Teamleader was last brought in line."""
    sign = _sign(entry, last_sync)
    return sign * entry.settled < sign * last_sync.settled


def _left_to_pay(entry: ExactEntry, credited: Decimal, sign: int) -> Decimal:
    """Return what is open in Exact less the credit notes that Teamleader deducted and nobody matched in Exact yet.

    A settlement of which it is not known how it came about may be such a match: then nothing is deducted twice.
    """
    matched = sum((sign * each.amount for each in entry.settlements if each.how in {CREDIT_NOTE, UNKNOWN}), ZERO)
    unmatched = max(sign * credited - max(matched, ZERO), ZERO)
    return sign * max(sign * entry.open - unmatched, ZERO)


def _sign(entry: ExactEntry, last_sync: LastSync) -> int:
    """An invoice may total below zero (accounting rule 4): then everything is the other way round."""
    return -1 if (entry.amount or last_sync.settled) < 0 else 1


def _unknown_to(last_sync: LastSync, entry: ExactEntry) -> list[Settlement]:
    """Return the settlements that were not dealt with before: of these a new payment takes its day."""
    known = Counter(last_sync.parts)
    new = []
    for each in entry.settlements:
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
