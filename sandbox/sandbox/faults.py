"""What a test lets go wrong: rules, and which of them hits a call."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

KINDS = frozenset(
    {"error", "empty_500", "reset_before", "reset_after", "orphaned", "held", "truncated", "limit", "business"},
)


class FaultRuleError(ValueError):
    """A rule that cannot be used; the text says why."""


@dataclass
class FaultRule:
    """One thing that goes wrong.

    Attributes:
        kind: `error` (answer with `status` and `message`), `empty_500`, `reset_before` (nothing was carried out),
            `reset_after` (carried out and kept, then the connection is cut), `orphaned` (the connection is cut at once,
            and the call is carried out `seconds` later by the sandbox's clock), `held` (waits until the rules are
            cleared, other rules still hold; a call whose client leaves meanwhile is carried out all the same),
            `truncated` (carried out; whole headers, half a body), `limit` (429, free again after `seconds`),
            `business` (500 with `message`, as Exact refuses a record).
        service: `teamleader`, `exact`, or None for both.
        match: part of the path with its query, or a regular expression that is found in it.
        method: HTTP method, None for all.
        probability: chance that a matching call is hit, drawn from the sandbox's seed.
        skip: number of matching calls that are let through first.
        times: number of calls that are hit at most, None for no end.
    """

    kind: str
    service: str | None = None
    match: str = ""
    method: str | None = None
    status: int = 500
    message: str = "Something went wrong"
    probability: float = 1.0
    seconds: float = 1.0
    skip: int = 0
    times: int | None = None

    @classmethod
    def read(cls, document: Any) -> FaultRule:
        """A rule from a test's JSON; raises FaultRuleError."""
        known = {field.name for field in fields(cls)}
        if not isinstance(document, dict) or not document.keys() <= known:
            raise FaultRuleError(f"a fault rule is an object with {', '.join(sorted(known))}")
        if document.get("kind") not in KINDS:
            raise FaultRuleError(f"the kind of a fault is one of {', '.join(sorted(KINDS))}")
        values = {
            **document,
            **{name: float(document[name]) for name in ("probability", "seconds") if name in document},
        }
        return cls(**values)

    def fits(self, service: str, method: str, target: str) -> bool:
        """Whether the rule speaks of such calls."""
        return (
            self.service in (None, service)
            and self.method in (None, method)
            and (self.match in target or re.search(self.match, target) is not None)
        )


class Faults:
    """The rules in force. Draws are seeded: the same calls in the same order meet the same faults.

    Attributes:
        rules: Those in force, in the order in which they were given.
        held: Number of calls that wait until the rules are cleared.
    """

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._cleared = asyncio.Event()
        self.rules: list[FaultRule] = []
        self.held = 0

    def add(self, documents: Any) -> int:
        """Put rules in force, one or a list; return how many are in force now. Raises FaultRuleError."""
        new = [FaultRule.read(each) for each in (documents if isinstance(documents, list) else [documents])]
        self.rules.extend(new)
        return len(self.rules)

    def clear(self) -> None:
        """Let everything go well again, the calls that wait for it as well."""
        self.rules.clear()
        self._cleared.set()
        self._cleared = asyncio.Event()

    async def hold(self) -> None:
        """Wait until the rules are cleared."""
        self.held += 1
        try:
            await self._cleared.wait()
        finally:
            self.held -= 1

    def hit(self, service: str, method: str, target: str) -> tuple[bool, FaultRule | None]:
        """Whether this call is held, and the first rule that breaks it, if any."""
        is_held = False
        for rule in self.rules:
            if not rule.fits(service, method, target) or not self._strikes(rule):
                continue
            if rule.kind != "held":
                return is_held, rule
            is_held = True
        return is_held, None

    def _strikes(self, rule: FaultRule) -> bool:
        if rule.skip > 0:
            rule.skip -= 1
            return False
        if rule.times == 0 or self._rng.random() >= rule.probability:
            return False
        if rule.times is not None:
            rule.times -= 1
        return True
