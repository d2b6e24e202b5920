"""The couplings of one administration, told apart by what their runs say: the success of one is none of another's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from connector_store import Run

DOCUMENTS: Final = ("tap-teamleader", "target-exactonline")
PAYMENTS: Final = ("tap-exactonline", "target-teamleader")


def by_coupling(runs: Sequence[Run], is_there: Callable[[str], bool]) -> dict[str, list[Run]]:
    """Return the runs of each coupling by its name, empty for the project's own; one of that name where none is told.

    A run that names no coupling is of before they were told apart, or was started by hand: it counts for the only one,
    and for each of several until that has a run of the same program that names it. A coupling of this administration
    is who booked documents there, or meant to.

    Args:
        runs: Of the administration, and those that name none; in any order.
        is_there: Tells whether the project still has a coupling of a name.
    """
    found: dict[str, list[Run]] = {}
    for run in runs:
        if run.coupling is not None:
            found.setdefault(run.coupling, []).append(run)
    there = {name: theirs for name, theirs in found.items() if is_there(name) and _books_here(theirs)}
    named = {name: theirs for name, theirs in there.items() if not _is_succeeded(name, there)}
    if not named:
        return {"": list(runs)}
    anybodys = [run for run in runs if run.coupling is None]
    if len(named) > 1:
        return {name: named[name] + [run for run in anybodys if _is_before(run, named[name])] for name in sorted(named)}
    return {name: own + anybodys for name, own in named.items()}


def _is_before(run: Run, own: list[Run]) -> bool:
    return all(run.id < each.id for each in own if each.plugin == run.plugin)


def _books_here(runs: list[Run]) -> bool:
    """Tell whether runs name the administration; what brings in customers is the project's own, and no coupling."""
    return any(run.division is not None and run.plugin not in PAYMENTS for run in runs)


def _is_succeeded(name: str, couplings: dict[str, list[Run]]) -> bool:
    """Tell whether the department of a coupling has another one by now, such as one that was given a name."""
    department = _department(couplings[name])
    return department is not None and any(
        _department(theirs) == department and _last(theirs) > _last(couplings[name]) for theirs in couplings.values()
    )


def _department(runs: list[Run]) -> str | None:
    told = [run for run in runs if run.department is not None]
    return max(told, key=lambda run: run.id).department if told else None


def _last(runs: list[Run]) -> int:
    return max(run.id for run in runs)
