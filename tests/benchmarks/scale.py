"""What many couplings cost as they were measured, and what more of them need: arithmetic with those figures, pure."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .bounds import CONNECTIONS_OF_A_CALL

if TYPE_CHECKING:
    from collections.abc import Iterable

Figures = dict[str, Any]
"""As `many.measure` returns them."""

MINUTES: Final = 15
"""Between two calls for a coupling."""
IDLE: Final = 0.9
PER_CORE: Final = 2
"""Calls side by side, which half use a core."""
BUSY: Final = 0.5
TEAMLEADER_A_MINUTE: Final = 200
"""Of one integration in one account (teamleader 1.6)."""
DOCUMENTS_A_YEAR: Final = 1_000
MINUTES_A_DAY: Final = 1_440
MIB_OF_A_RUN: Final = 450
"""More than the peak of both directions in the table of what one coupling costs."""
GIB: Final = 2**30


class Need(NamedTuple):
    """What so many couplings need, nine in ten of which have nothing to do at any call."""

    couplings: int
    cycles: float
    """A minute."""
    cpu: float
    """Seconds a minute, the server's own included."""
    cores: int
    projects: int
    connections: int
    memory: float
    """GiB."""
    teamleader: float
    """Calls a minute."""
    accounts: int
    """Of Teamleader, that they have to be spread over."""
    store: float
    """GiB more a year."""


def need(figures: Figures, couplings: int) -> Need:
    """Return what so many couplings need, from what the first round was measured to cost."""
    first = figures["rounds"][0]
    idle, work, server = first["idle"]["cpu"], first["work"]["cpu"], first["server_cpu"]
    cycles = couplings / MINUTES
    # Once a day each runs in full and has Meltano asked for its settings.
    daily = couplings * (work + figures["settings_cpu"]) / MINUTES_A_DAY
    cpu = cycles * (IDLE * idle + (1 - IDLE) * work + server) + daily
    cores = ceil(cpu / 60 / BUSY)
    side_by_side = cores * PER_CORE
    teamleader = cycles * first["calls"]["teamleader"] / figures["couplings"]
    return Need(
        couplings,
        cycles,
        cpu,
        cores,
        ceil(couplings / figures["couplings"]),
        side_by_side * CONNECTIONS_OF_A_CALL,
        side_by_side * MIB_OF_A_RUN / 1024,
        teamleader,
        ceil(teamleader / TEAMLEADER_A_MINUTE),
        couplings * DOCUMENTS_A_YEAR * figures["bytes_of_a_document"] / GIB,
    )


def markdown(figures: Figures) -> str:
    """Return both tables for a document."""
    machine, rounds = figures["machine"], figures["rounds"]
    measured = _table(("measured", *(each["work_of"] for each in rounds)), _measured(rounds))
    needs = [need(figures, couplings) for couplings in (200, 1_000, 10_000)]
    paper = _table(("on paper: couplings", *(f"{each.couplings:,}" for each in needs)), _on_paper(needs))
    about = (
        f"{figures['couplings']} couplings, {figures['side_by_side']} calls at a time; {machine['cores']} cores, "
        f"{machine['system']}, Python {machine['python']}. Meltano takes {figures['settings_cpu']:.1f} s of CPU to "
        f"tell the settings of one. A document takes {figures['bytes_of_a_document'] / 1024:.1f} KiB in the store."
    )
    return f"{about}\n\n{measured}\n{arithmetic(figures, 1_000)}.\n\n{paper}"


def arithmetic(figures: Figures, couplings: int) -> str:
    """Return how the CPU of so many couplings is made up."""
    first, needed = figures["rounds"][0], need(figures, couplings)
    idle, work, server, settings = (
        f"{each:.2f}"
        for each in (first["idle"]["cpu"], first["work"]["cpu"], first["server_cpu"], figures["settings_cpu"])
    )
    return (
        f"{couplings:,} couplings are {needed.cycles:.1f} cycles a minute, which take "
        f"{needed.cycles:.1f} · ({IDLE} · {idle} + {1 - IDLE:.1f} · {work} + {server}) "
        f"+ {couplings:,} · ({work} + {settings}) : {MINUTES_A_DAY:,} = {needed.cpu:,.0f} s of CPU a minute"
    )


def _measured(rounds: list[Figures]) -> Iterable[tuple[str, ...]]:
    lines = {
        "calls without work, with work": lambda each: f"{each['idle']['count']}, {each['work']['count']}",
        "cycles a minute": lambda each: f"{each['cycles_a_minute']:.0f}",
        "CPU s of a call without work": lambda each: f"{each['idle']['cpu']:.2f}",
        "CPU s of a call with work": lambda each: f"{each['work']['cpu']:.2f}",
        "CPU ms of PostgreSQL for a call": lambda each: f"{1000 * each['server_cpu']:.0f}",
        "connections at one moment, at most": lambda each: str(each["connections"]),
        "seconds that statements waited for a row, all together": lambda each: f"{each['row_wait']:.1f}",
        "seconds that calls waited for a lock of ours, all together": lambda each: f"{each['turn_wait']:.1f}",
        "deadlocks": lambda each: str(each["deadlocks"]),
        "calls to Teamleader, Exact": lambda each: f"{each['calls']['teamleader']:,}, {each['calls']['exact']:,}",
    }
    for name, told in lines.items():
        yield (name, *map(told, rounds))


def _on_paper(needs: list[Need]) -> Iterable[tuple[str, ...]]:
    lines = {
        "cycles a minute": lambda each: f"{each.cycles:.0f}",
        "CPU s a minute": lambda each: f"{each.cpu:,.0f}",
        "cores, half busy": lambda each: str(each.cores),
        "GiB of memory for calls": lambda each: f"{each.memory:.1f}",
        "projects": lambda each: str(each.projects),
        "connections to PostgreSQL, at most": lambda each: f"{each.connections:,}",
        "calls to Teamleader a minute": lambda each: f"{each.teamleader:,.0f}",
        "accounts of Teamleader, at least": lambda each: str(each.accounts),
        f"GiB more in the store a year, {DOCUMENTS_A_YEAR:,} documents each": lambda each: f"{each.store:.1f}",
    }
    for name, told in lines.items():
        yield (name, *map(told, needs))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---", *["---:"] * (len(head) - 1)), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
