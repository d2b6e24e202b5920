"""Which payments stand in Teamleader, and which have to be registered again after all were removed: pure functions.

A payment in Teamleader has no id, and only all payments of an invoice can be removed. So payments are told apart by
amount and day, and compared as multisets.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from target_teamleader.rules.exact_entry import ZERO, money

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from connector_store import Paid, RegisterPlan

Key = tuple["Decimal", str]

_DAY_LENGTH = len("2026-11-20")


@dataclass(frozen=True)
class Removal:
    """What taking back means for one invoice."""

    amount: Decimal
    """Of ours, that goes."""
    before: list[Paid]
    again: list[Paid]
    """What has to stand there afterwards: that of others first, as it was."""
    registered: list[Paid]
    """What of ours still stands afterwards."""


def day_of(paid_at: str) -> str:
    """Return the day of a moment in UTC; a day stays what it is."""
    if len(paid_at) <= _DAY_LENGTH:
        return paid_at
    try:
        moment = datetime.fromisoformat(paid_at)
    except ValueError:
        return paid_at[:_DAY_LENGTH]
    return (moment.astimezone(timezone.utc) if moment.tzinfo else moment).date().isoformat()


def moment_of(paid_at: str) -> str:
    """Return what Teamleader takes: noon of a day, which is that day in all of Europe; a moment as it is."""
    return f"{paid_at}T12:00:00+00:00" if len(paid_at) <= _DAY_LENGTH else paid_at


def missing(wanted: Iterable[Paid], standing: Iterable[Paid]) -> list[Paid]:
    """Return those of `wanted` that do not stand there."""
    there = Counter(_key(each) for each in standing)
    absent = []
    for each in wanted:
        if there[_key(each)]:
            there[_key(each)] -= 1
        else:
            absent.append(each)
    return absent


def still_standing(registered: Sequence[Paid], payments: Iterable[Paid]) -> list[Paid]:
    """Return what of ours a person has not removed meanwhile."""
    gone = missing(registered, payments)
    return [each for each in registered if not _taken(gone, each)]


def plan_removal(payments: list[Paid], registered: Sequence[Paid], wanted: Decimal) -> Removal:
    """Say what is left to stand when `wanted` of ours is taken back, the newest first, at most all of ours.

    Args:
        payments: What stands in Teamleader.
        registered: What was registered by us.
        wanted: How much is to go, whatever the sign of the payments; nothing when it is below zero.
    """
    mine = still_standing(registered, payments)
    others = missing(payments, mine)
    left, stays = max(wanted, ZERO), []
    for each in sorted(mine, key=lambda paid: paid.paid_at, reverse=True):
        amount = money(each.amount)
        goes = min(abs(amount), left)
        left -= goes
        if abs(amount) > goes:
            stays.append(replace(each, amount=(abs(amount) - goes).copy_sign(amount)))
    stays.reverse()
    return Removal(max(wanted, ZERO) - left, payments, [*others, *stays], stays)


def was_registered(plan: RegisterPlan, due: Decimal, registered: Sequence[Paid], payments: Sequence[Paid]) -> bool:
    """Tell whether a payment whose answer never came stands in Teamleader.

    Args:
        plan: What was sent.
        due: What is due now.
        registered: What of ours stood there before.
        payments: What stands there now.
    """
    if due == money(plan.due_before):
        return False
    return not missing([*still_standing(registered, payments), plan.paid], payments)


def were_removed(before: Sequence[Paid], payments: Sequence[Paid]) -> bool:
    """Tell whether a removal whose answer never came was carried out: something that stood there is gone."""
    return bool(missing(before, payments))


def _key(paid: Paid) -> Key:
    return money(paid.amount), day_of(paid.paid_at)


def _taken(gone: list[Paid], each: Paid) -> bool:
    """Strike one off the list of what is gone."""
    for place, other in enumerate(gone):
        if _key(other) == _key(each):
            del gone[place]
            return True
    return False
