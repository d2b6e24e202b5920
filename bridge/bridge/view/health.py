"""Health, from facts: green only when both directions succeeded within the time that one may expect.

    documents: tap-teamleader -> target-exactonline        payments: tap-exactonline -> target-teamleader

A direction succeeded when both of its programs did; its moment is the earlier one of theirs, because a target that is
fed by a program that broke ends well, with nothing done. After programs that ended well, a look that asked both
services and found nothing to do is a success of both directions. What nobody can tell is no success.

Where several couplings book in one administration, each is judged by its own runs, and the worst one counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from bridge.view.couplings import DOCUMENTS, PAYMENTS, by_coupling

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime, tzinfo

    from connector_store import Run

Level = Literal["green", "amber", "red"]

MAX_AGE: Final = timedelta(hours=2)
"""A schedule of a quarter of an hour misses eight times before it shows."""
CYCLE: Final = "bridge"
"""Plugin name of the runs of this tool: a cycle that could not start its programs is known from there alone."""
ONE_WAY: Final = {"documents": "bridge documents", "payments": "bridge payments"}
"""The same where a direction is run alone, so that the other one's success does not hide its failure."""
LOOK: Final = "bridge look"
"""Plugin name of the looks for something to do (`bridge run --only-news`); an ok one found nothing."""
_WORKED: Final = frozenset({"ok", "degraded"})
_RANKS: Final = ("green", "amber", "red")
_UNTIL_THEN: Final = "; until then "


class Health(NamedTuple):
    """How a coupling is, or all those of an administration. Moments are UTC, None before the first success."""

    level: Level
    line: str
    documents_ok_at: datetime | None
    payments_ok_at: datetime | None
    couplings: tuple[tuple[str, Health], ...] = ()
    """Each by its name, empty for the project's own, where there are several."""


@dataclass(frozen=True)
class Facts:
    """What health is read from.

    Attributes:
        runs: Runs of the division, and those that name none; in any order.
        to_do: Number of documents, customers and payments that need a person.
        now: The moment, in UTC.
        is_there: Tells whether the project still has a coupling of a name.
        alone: The store knows no other division, so that a run that names none was of this one.
        max_age: How old the last success of a direction may be.
        zone: Where the reader is; None is the zone of this machine.
    """

    runs: Sequence[Run]
    to_do: int
    now: datetime
    is_there: Callable[[str], bool]
    alone: bool = True
    max_age: timedelta = MAX_AGE
    zone: tzinfo | None = None


def health(facts: Facts, _: Callable[[str], str] = str) -> Health:
    """Return the level and one line that says why.

    Args:
        facts: What is known.
        _: Translates the fixed words of the line; what a run said itself stays as it is.
    """
    found = by_coupling(facts.runs, facts.is_there)
    if len(found) == 1:
        (runs,) = found.values()
        return _of_one(replace(facts, runs=runs), _)
    # What needs a person is the administration's: no document says by which coupling it came.
    each = {name: _of_one(replace(facts, runs=runs, to_do=0), _) for name, runs in found.items()}
    worst = max(each, key=lambda name: _RANKS.index(each[name].level))
    documents = _earliest([told.documents_ok_at for told in each.values()])
    payments = _earliest([told.payments_ok_at for told in each.values()])
    if documents is not None and payments is not None and each[worst].level == "green":
        level, line = _in_order(facts, min(documents, payments), _)
    else:
        level, line = each[worst].level, f"{called(worst, _)}: {each[worst].line}"
    return Health(level, line, documents, payments, tuple(each.items()))


def called(coupling: str, _: Callable[[str], str]) -> str:
    """Return what a reader calls a coupling."""
    return coupling or _("the project's own coupling")


def _of_one(facts: Facts, _: Callable[[str], str]) -> Health:
    documents, payments = (_succeeded(facts, plugins) for plugins in (DOCUMENTS, PAYMENTS))
    if documents and payments and all(run.outcome in _WORKED for run in _last_ends(facts, documents, payments)):
        looked = _newest(run for run in facts.runs if run.plugin == LOOK and run.outcome == "ok")
        if looked is not None:
            documents, payments = max(documents, looked), max(payments, looked)
    level, line = _judged(facts, documents, payments, _)
    return Health(level, line, documents, payments)


def _judged(
    facts: Facts, documents: datetime | None, payments: datetime | None, _: Callable[[str], str]
) -> tuple[Level, str]:
    if not facts.runs:
        return "amber", _("No run yet. Begin with: bridge run")
    since = _since(facts, documents, payments, _)
    ended = _last_ends(facts, documents, payments)
    failed = [run for run in ended if run.outcome == "failed"]
    if failed:
        return "red", f"{_trouble(failed[0])}: {since}"
    is_late = documents is None or payments is None or facts.now - min(documents, payments) > facts.max_age
    postponed = [run for run in ended if run.outcome == "postponed"]
    if postponed:
        return ("red" if is_late else "amber"), f"{_trouble(postponed[0])}: {since}"
    if is_late:
        return _late(facts, since, _)
    assert documents is not None  # noqa: S101 - `is_late` says so
    assert payments is not None  # noqa: S101
    return _in_order(facts, min(documents, payments), _)


def _in_order(facts: Facts, since: datetime, _: Callable[[str], str]) -> tuple[Level, str]:
    last = _("last success {time}").format(time=_clock(facts, since))
    if facts.to_do:
        told = _("1 needs you") if facts.to_do == 1 else _("{count} need you").format(count=facts.to_do)
        return "amber", f"{told}; {last}"
    return "green", f"{_('All in order')}, {last}"


def _late(facts: Facts, since: str, _: Callable[[str], str]) -> tuple[Level, str]:
    """Tell of a coupling without a trouble on record: it never ran whole, still runs, was killed, or is not called."""
    under_way = [run for run in facts.runs if run.finished_at is None and facts.now - run.started_at <= facts.max_age]
    whole = {run.plugin for run in facts.runs if _counts(run, facts)}
    missing = [plugin for plugin in (*DOCUMENTS, *PAYMENTS) if plugin not in whole]
    if under_way:
        began = _clock(facts, min(run.started_at for run in under_way))
        return "amber", _("A run is under way since {time}").format(time=began) + f"; {since}"
    newest = max(run.started_at for run in facts.runs)
    if facts.now - newest > facts.max_age:
        return "red", _("No run since {time}, look at: bridge schedule show").format(
            time=_clock(facts, newest)
        ) + f"; {since}"
    if missing:
        return "amber", _("Not every part ran yet ({missing}), run them with: bridge run").format(
            missing=", ".join(missing)
        )
    return "red", _("Runs do not come to their end") + f": {since}"


def _trouble(run: Run) -> str:
    return (run.message or "?").partition(_UNTIL_THEN)[0].rstrip(".")


def _since(facts: Facts, documents: datetime | None, payments: datetime | None, _: Callable[[str], str]) -> str:
    """Say since when a direction stands still, the one that stands longer."""
    if documents is None:
        return _("nothing was ever booked")
    if payments is None or payments < documents:
        if payments is None:
            return _("no payment was ever brought over")
        return _("no payments brought over since {time}").format(time=_clock(facts, payments))
    return _("nothing booked since {time}").format(time=_clock(facts, documents))


def _succeeded(facts: Facts, plugins: Collection[str]) -> datetime | None:
    moments = [_newest(run for run in facts.runs if run.plugin == plugin and _counts(run, facts)) for plugin in plugins]
    return _earliest(moments)


def _counts(run: Run, facts: Facts) -> bool:
    """Tell whether a run is a success of this division: that of who names none may be another one's."""
    return run.outcome in _WORKED and (run.division is not None or facts.alone)


def _earliest(moments: list[datetime | None]) -> datetime | None:
    known = [moment for moment in moments if moment is not None]
    return min(known) if len(known) == len(moments) else None


def _newest(runs: Iterable[Run]) -> datetime | None:
    return max((run.finished_at for run in runs if run.finished_at is not None), default=None)


def _last_ends(facts: Facts, documents: datetime | None, payments: datetime | None) -> list[Run]:
    """Return how each program ended last, newest first; who only found another run at work says nothing."""
    last: dict[str, Run] = {}
    for run in sorted(facts.runs, key=lambda run: (run.finished_at or facts.now, run.id)):
        if run.finished_at is not None and run.outcome not in {None, "skipped"}:
            last[run.plugin] = run
    either = max((moment for moment in (documents, payments) if moment is not None), default=None)
    cycles = {CYCLE: either, LOOK: either, ONE_WAY["documents"]: documents, ONE_WAY["payments"]: payments}
    for name, success in cycles.items():
        ended = last[name].finished_at if name in last else None
        # A cycle, and a look, is over when its programs succeeded since, whoever started them.
        if ended is not None and success is not None and ended < success:
            del last[name]
    # What a program says itself is more than what its cycle says of it.
    return sorted(last.values(), key=lambda run: (run.plugin not in cycles, run.finished_at or facts.now), reverse=True)


def _clock(facts: Facts, moment: datetime) -> str:
    """Write a moment as the reader's clock shows it, with the day when it is not today."""
    local, today = moment.astimezone(facts.zone), facts.now.astimezone(facts.zone).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%Y-%m-%d %H:%M}"


def as_json(told: Health, iso: Callable[[datetime | None], str | None]) -> dict[str, Any]:
    """Return health as the status document has it; `couplings` is empty where there is only one."""
    return {**_json(told, iso), "couplings": [{"name": name, **_json(each, iso)} for name, each in told.couplings]}


def _json(told: Health, iso: Callable[[datetime | None], str | None]) -> dict[str, Any]:
    return {
        "level": told.level,
        "line": told.line,
        "documents_ok_at": iso(told.documents_ok_at),
        "payments_ok_at": iso(told.payments_ok_at),
    }
