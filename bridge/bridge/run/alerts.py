"""When somebody is told: once when something new needs a person, once when it is over, and never a flood.

    before (kept) + what is the case now + what was asked for  ->  messages + what to keep

A run that was postponed by what passes (no answer, the limit of the day) tells nobody, until it lasted for longer than
the time that one may expect.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from bridge.view.health import called
from bridge.view.status import key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import date

    from bridge.view.standing import Row


@dataclass(frozen=True)
class Wishes:
    """What was asked for.

    Attributes:
        details: Numbers, customers and amounts may leave the house.
        summary: A line a day, whatever it says.
        paid: A message when invoices became paid.
        name: How the coupling is called in a message.
    """

    details: bool = False
    summary: bool = False
    paid: bool = False
    name: str = ""


@dataclass(frozen=True)
class Told:
    """What was told before: the keys of what needs a person, where nothing went through, and the last summary.

    `red` has the names of couplings, an empty one where there is only one.
    """

    to_do: frozenset[str] = frozenset()
    red: frozenset[str] = frozenset()
    paid: frozenset[str] = frozenset()
    summary: str | None = None

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Told:
        """Return what `kept` says."""
        sets = {name: frozenset(kept.get(name, ())) for name in ("to_do", "paid")}
        red = kept.get("red") or ()
        # Earlier versions kept whether it was, and knew of one coupling.
        return cls(**sets, red=frozenset([""] if red is True else red), summary=kept.get("summary"))

    def kept(self) -> dict[str, Any]:
        """Return what `read` takes."""
        return {
            "to_do": sorted(self.to_do),
            "red": sorted(self.red),
            "paid": sorted(self.paid),
            "summary": self.summary,
        }


class Message(NamedTuple):
    """What is sent. `kind` is problem, recovery, paid or summary."""

    kind: str
    title: str
    body: str


@dataclass
class _Telling:
    document: Row
    told: Told
    wishes: Wishes
    say: Callable[[str], str]
    messages: list[Message] = field(default_factory=list)

    def add(self, kind: str, title: str, body: str) -> None:
        name = f"{self.wishes.name}: " if self.wishes.name else ""
        self.messages.append(Message(kind, f"{name}{title}", body))

    def add_of_couplings(self, kind: str, title: str, body: str) -> None:
        """Add what names its coupling itself, which need not be the one that tells."""
        self.messages.append(Message(kind, title, body))


def is_quiet(health: Row, to_do: Collection[str], told: Told, wishes: Wishes, today: date) -> bool:
    """Tell whether nothing is due, from health and the keys of what needs a person alone.

    For a call that did nothing: what became paid became so in a run.
    """
    is_summary_due = wishes.summary and told.summary != today.isoformat()
    return told.red == _red(health) and told.to_do == to_do and not is_summary_due


def due(
    document: Row, told: Told, wishes: Wishes, today: date, _: Callable[[str], str] = str
) -> tuple[list[Message], Told]:
    """Return the messages that are due, and what was told once they are sent.

    Args:
        document: The status document.
        told: What was told before.
        wishes: What was asked for.
        today: The reader's day.
        _: Translates.
    """
    telling = _Telling(document, told, wishes, _)
    rejected = {key(row): row for row in document["documents"] if row["status"] == "rejected"}
    red = _red(document["health"])
    _problems(telling, rejected, red)
    paid = {_key_of_payment(row): row for row in document["paid"]}
    if wishes.paid and (new := [row for key, row in paid.items() if key not in told.paid]):
        title = (
            _("1 invoice became paid") if len(new) == 1 else _("{count} invoices became paid").format(count=len(new))
        )
        telling.add("paid", title, ", ".join(str(row["number"]) for row in new) if wishes.details else title)
    is_summary_due = wishes.summary and told.summary != today.isoformat()
    if is_summary_due and not telling.messages:
        telling.add("summary", document["health"]["line"], _summary(document, _))
    after = Told(
        to_do=frozenset(rejected),
        red=red,
        paid=frozenset(paid),
        summary=today.isoformat() if is_summary_due else told.summary,
    )
    return telling.messages, after


def _red(health: Row) -> frozenset[str]:
    """Return the couplings through which nothing goes, by their names; an empty one where there is only one."""
    each = health["couplings"] or [{**health, "name": ""}]
    return frozenset(told["name"] for told in each if told["level"] == "red")


def _problems(telling: _Telling, rejected: Mapping[str, Row], red: frozenset[str]) -> None:
    _, told, health = telling.say, telling.told, telling.document["health"]
    new = [row for key, row in rejected.items() if key not in told.to_do]
    mended = told.red - red
    add = telling.add_of_couplings if health["couplings"] else telling.add
    if begun := red - told.red:
        lines = [f"{called(each['name'], _)}: {each['line']}" for each in health["couplings"] if each["name"] in begun]
        add("problem", "; ".join(lines) or health["line"], _body(telling, new, rejected))
    elif new:
        title = _("1 needs you") if len(new) == 1 else _("{count} need you").format(count=len(new))
        telling.add("problem", title, _body(telling, new, rejected))
    elif mended:
        names = ", ".join(called(name, _) for name in sorted(mended)) if health["couplings"] else ""
        title = _("It works again")
        add("recovery", f"{names}: {title}" if names else title, health["line"])
    elif told.to_do and not rejected and not red:
        telling.add("recovery", _("Nothing needs you any more"), health["line"])


def _body(telling: _Telling, new: Collection[Row], rejected: Mapping[str, Row]) -> str:
    """Name what is new where that was asked for; else only how many there are of which code."""
    _ = telling.say
    if telling.wishes.details:
        named = [f"{row['number'] or row['source_id']} {row['customer'] or ''}: {row['hint']}" for row in new]
        return "\n".join([*named[:10], *([f"… {len(named) - 10}"] if len(named) > 10 else [])])  # noqa: PLR2004
    counted: dict[str, int] = {}
    for row in new:
        counted[row["code"]] = counted.get(row["code"], 0) + 1
    parts = [f"{code}: {number}" for code, number in sorted(counted.items())]
    parts.append(_("{count} in all; see: bridge status").format(count=len(rejected)))
    return ", ".join(parts)


def _summary(document: Row, _: Callable[[str], str]) -> str:
    counts = document["counts"]
    return ", ".join(f"{counts[status]} {_(status)}" for status in ("linked", "waiting", "rejected", "excluded"))


def _key_of_payment(row: Row) -> str:
    return f"{row['source_id']} {row['amount']}"
