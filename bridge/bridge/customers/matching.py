"""Who of Exact is whom in Teamleader: what the job import-customers would make of each account, and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from customer_identity import CustomerIndex, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bridge.customers.reading import Account, BothSides
    from customer_identity import Match

CRITERIA: Final = ("vat", "number", "name")


class Decision(StrEnum):
    """What becomes of an account."""

    LINKED = "linked"
    """It is known already."""
    LINK = "link"
    CREATE = "create"
    CONFLICT = "conflict"
    """A person has to say."""
    SKIP = "skip"
    """A person left it out, or it is blocked in Exact."""


@dataclass(frozen=True)
class Matched:
    """An account, and what becomes of it."""

    account: Account
    decision: Decision
    teamleader_id: str | None
    """`company:<id>` or `contact:<id>`; of a conflict the first that may be it."""
    reason: str

    def row(self) -> dict[str, str | None]:
        """Return it as the commands tell it."""
        return {
            "exact_code": self.account.code,
            "exact_id": self.account.id,
            "name": self.account.traits.name,
            "vat_number": self.account.traits.vat_number or None,
            "decision": self.decision.value,
            "teamleader_id": self.teamleader_id,
            "reason": self.reason,
        }


def match(sides: BothSides, by: Sequence[str] = CRITERIA) -> list[Matched]:
    """Decide of each account in turn; what is created or linked counts for those behind it."""
    index = CustomerIndex(sides.teamleader)
    taken = {teamleader: account for account, teamleader in sides.links.items()}
    decided = []
    for account in sides.accounts.values():
        matched = _decide(sides, index, taken, account, by)
        if matched.decision is Decision.LINK and matched.teamleader_id is not None:
            taken[matched.teamleader_id] = account.id
        elif matched.decision is Decision.CREATE:
            index.add(account.id, account.traits)
            taken[account.id] = account.id
        decided.append(matched)
    return decided


def _decide(
    sides: BothSides, index: CustomerIndex, taken: dict[str, str], account: Account, by: Iterable[str]
) -> Matched:
    known = sides.links.get(account.id)
    if known is not None and known in index:
        return Matched(account, Decision.LINKED, known, "known on both sides")
    if account.id in sides.left_out:
        return Matched(account, Decision.SKIP, None, "a person left it out")
    if account.id in sides.new:
        return Matched(account, Decision.CREATE, None, "a person said so")
    matched = _found(index.match(account.traits, by), taken, account)
    if known is None:
        return matched
    # Its customer is gone: nothing is created for it again by itself.
    if matched.decision in {Decision.CREATE, Decision.SKIP}:
        return Matched(account, Decision.CONFLICT, None, f"{known} is not in Teamleader any more")
    return replace(matched, reason=f"{known} is gone; {matched.reason}")


def _found(match_: Match, taken: dict[str, str], account: Account) -> Matched:
    if match_.found is not None and taken.get(match_.found, account.id) != account.id:
        reason = f"{match_.found} belongs to another account already, by {match_.by}"
        return Matched(account, Decision.CONFLICT, match_.found, reason)
    if match_.found is not None:
        return Matched(account, Decision.LINK, match_.found, match_.by)
    if match_.verdict is not Verdict.NONE:
        several = "these fit" if match_.verdict is Verdict.SEVERAL else "this may be the one"
        return Matched(account, Decision.CONFLICT, match_.ids[0], f"{several} by {match_.by}: {', '.join(match_.ids)}")
    if account.blocked:
        return Matched(account, Decision.SKIP, None, "blocked in Exact")
    return Matched(account, Decision.CREATE, None, "nobody like it in Teamleader")


def counted(decided: Iterable[Matched]) -> dict[str, int]:
    """Return how many would be linked, created and in conflict."""
    counts = Counter(each.decision for each in decided)
    return {each.value: counts[each] for each in (Decision.LINK, Decision.CREATE, Decision.CONFLICT)}


def by_criterion(sides: BothSides, by: Sequence[str] = CRITERIA) -> dict[str, dict[str, int]]:
    """Return the counts that each criterion alone would give, and all of them together."""
    return {**{each: counted(match(sides, (each,))) for each in by}, "all": counted(match(sides, by))}
