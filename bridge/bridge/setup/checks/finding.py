"""What is wrong, for a person: which thing, in plain words, where to mend it, and who does that."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Level = Literal["green", "amber", "red"]
Actor = Literal["office manager", "accountant", "consultant", "operator"]

OFFICE: Final[Actor] = "office manager"
ACCOUNTANT: Final[Actor] = "accountant"
CONSULTANT: Final[Actor] = "consultant"
OPERATOR: Final[Actor] = "operator"
_ORDER: Final[dict[Level, int]] = {"red": 0, "amber": 1, "green": 2}


@dataclass(frozen=True)
class Kind:
    """One way of being wrong.

    Attributes:
        level: red: documents cannot be booked, or not rightly; amber: they can, and somebody ought to look.
        remedy: What to do, with the place in the menus; may name `{subject}`.
        actor: Who does it.
    """

    level: Level
    remedy: str
    actor: Actor


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. `code` is stable and documented."""

    code: str
    level: Level
    subject: str
    message: str
    remedy: str
    actor: Actor


def level_of(findings: Iterable[Finding]) -> Level:
    """Return the worst level, green without findings."""
    return min((each.level for each in findings), key=_ORDER.__getitem__, default="green")


def document(findings: Iterable[Finding]) -> dict[str, Any]:
    """Return the findings as JSON has them, the worst first."""
    ordered = sorted(findings, key=lambda each: _ORDER[each.level])
    return {"level": level_of(ordered), "findings": [asdict(each) for each in ordered]}
