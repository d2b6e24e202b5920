"""What a rule proposes, and what it leaves open."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

TARGET: Final = "target-exactonline"


@dataclass(frozen=True)
class Proposed:
    """A value of a setting, or of one key of a setting that is an object."""

    setting: str
    key: str | None
    value: str
    reason: str
    plugin: str = TARGET


@dataclass(frozen=True)
class Open:
    """A setting, or one key of it, that a person must choose."""

    setting: str
    key: str | None
    candidates: tuple[str, ...]
    reason: str
    plugin: str = TARGET


@dataclass
class Suggestions:
    """All that was proposed and left open."""

    proposed: list[Proposed] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)

    def add(self, found: Proposed | Open) -> None:
        """Take in one."""
        if isinstance(found, Proposed):
            self.proposed.append(found)
        else:
            self.open.append(found)

    @property
    def settings(self) -> dict[str, dict[str, Any]]:
        """What was proposed, as settings by plugin."""
        found: dict[str, dict[str, Any]] = defaultdict(dict)
        for each in self.proposed:
            if each.key is None:
                found[each.plugin][each.setting] = each.value
            else:
                found[each.plugin].setdefault(each.setting, {})[each.key] = each.value
        return dict(found)

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        why = [
            {"setting": each.setting, "key": each.key, "value": each.value, "reason": each.reason}
            for each in self.proposed
        ]
        left = [
            {"setting": each.setting, "key": each.key, "candidates": list(each.candidates), "reason": each.reason}
            for each in self.open
        ]
        return {"settings": self.settings, "why": why, "open": left}


def decide(
    setting: str, key: str | None, candidates: dict[str, str], *, kept: str | None = None, plugin: str = TARGET
) -> Proposed | Open:
    """Return a proposal when one candidate fits, and leave the setting open when none or several do.

    Args:
        setting: Its name.
        key: The key within it, None when it is no object.
        candidates: Value -> why it fits.
        kept: What is set already and usable; it stays.
        plugin: Whose setting it is.
    """
    if kept is not None:
        return Proposed(setting, key, kept, "it is set already, and can be used", plugin)
    if len(candidates) == 1:
        ((value, reason),) = candidates.items()
        return Proposed(setting, key, value, reason, plugin)
    reason = "several fit" if candidates else "nothing fits for sure"
    return Open(setting, key, tuple(sorted(candidates)), reason, plugin)
