"""When somebody is told: once when something new needs a person, once when it is over, and never a flood.

    before (kept) + what is the case now + what was asked for  ->  messages + what to keep

A run that was postponed by what passes (no answer, the limit of the day) tells nobody, until it lasted for longer than
the time that one may expect.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

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
    """What was told before: the keys of what needs a person, whether nothing went through, and the last summary."""

    to_do: frozenset[str] = frozenset()
    red: bool = False
    paid: frozenset[str] = frozenset()
    summary: str | None = None

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Told:
        """Return what `kept` says."""
        sets = {name: frozenset(kept.get(name, ())) for name in ("to_do", "paid")}
        return cls(**sets, red=bool(kept.get("red")), summary=kept.get("summary"))

    def kept(self) -> dict[str, Any]:
        """Return what `read` takes."""
        return {"to_do": sorted(self.to_do), "red": self.red, "paid": sorted(self.paid), "summary": self.summary}


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


def is_quiet(level: str, to_do: Collection[str], told: Told, wishes: Wishes, today: date) -> bool:
    """Tell whether nothing is due, from the level of health and the keys of what needs a person alone.

    For a call that did nothing: what became paid became so in a run.
    """
    is_summary_due = wishes.summary and told.summary != today.isoformat()
    return told.red == (level == "red") and told.to_do == to_do and not is_summary_due


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
    is_red = document["health"]["level"] == "red"
    _problems(telling, rejected, is_red=is_red)
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
        red=is_red,
        paid=frozenset(paid),
        summary=today.isoformat() if is_summary_due else told.summary,
    )
    return telling.messages, after


def _problems(telling: _Telling, rejected: Mapping[str, Row], *, is_red: bool) -> None:
    _, told, line = telling.say, telling.told, telling.document["health"]["line"]
    new = [row for key, row in rejected.items() if key not in told.to_do]
    if is_red and not told.red:
        telling.add("problem", line, _body(telling, new, rejected))
    elif new:
        title = _("1 needs you") if len(new) == 1 else _("{count} need you").format(count=len(new))
        telling.add("problem", title, _body(telling, new, rejected))
    elif (told.red and not is_red) or (told.to_do and not rejected and not is_red):
        telling.add("recovery", _("It works again") if told.red else _("Nothing needs you any more"), line)


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
