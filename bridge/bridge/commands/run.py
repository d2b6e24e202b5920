"""`bridge run`: what the schedule calls; `bridge news`: whether it would do anything."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click
import simplejson

from api_core.errors import ApiError
from bridge.commands.options import chosen, coupling_option, language, max_age
from bridge.errors import Refused
from bridge.project import JOBS
from bridge.run import kept_settings, news
from bridge.run.endings import of_error
from bridge.run.notify import Targets, is_quiet, notify
from bridge.run.pulse import Pulse
from bridge.services import opened
from bridge.telling import Reader, brief_of, status_of
from bridge.view.health import LOOK
from bridge.view.standing import iso
from bridge.words import gettext_for
from connector_store import DivisionStore, LockBusyError, StoreError
from connector_store.columns import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.project import Coupling
    from bridge.run.cycle import Cycle
    from bridge.view.standing import Row
    from connector_store.runs import Outcome

COULD_NOT_WORK: Final = 1
NOTHING_NEW: Final = 99
"""The code by which Airflow skips a task, unless it is told another."""
TURN: Final = timedelta(minutes=10)
"""How long a coupling waits for another one of its administration."""
_SIGNALLED: Final = 128


class Wanted(NamedTuple):
    """What is asked for: to look for news first or not, and what is run then; nothing where a look is all."""

    only_news: bool
    directions: tuple[str, ...] = tuple(JOBS)

    @property
    def is_whole(self) -> bool:
        """Whether it is a cycle of both directions."""
        return len(self.directions) == len(JOBS)


@click.command()
@click.option(
    "--only-news",
    is_flag=True,
    help="Ask both services first, and run only when there is something; all that a run asks at least every hour.",
)
@click.option(
    "--direction",
    type=click.Choice(list(JOBS)),
    help="Run this one alone, for a scheduler that has a task for each. Without it: both.",
)
@coupling_option
@language
@max_age
def run(lang: str, older_than: timedelta, direction: str | None, *, only_news: bool) -> None:
    """Run one cycle: documents to Exact, then payments to Teamleader, and tell who has to know.

    The last line of standard output is one JSON object, whatever happened. Exit code 0 when both directions worked,
    documents refused or not; 1 when one could not; 128 and its number when a signal stopped it.
    """
    _end(Wanted(only_news, (direction,) if direction else tuple(JOBS)), older_than, lang)


@click.command("news")
@coupling_option
@language
@max_age
def news_command(lang: str, older_than: timedelta) -> None:
    """Say whether there is anything to run, as bridge run --only-news finds out, and run nothing.

    The last line of standard output is one JSON object, whatever happened. Exit code 0 when there is; 99 when there is
    nothing; 1 when a service could not be asked.
    """
    _end(Wanted(only_news=True, directions=()), older_than, lang)


def _end(wanted: Wanted, older_than: timedelta, lang: str) -> None:
    """Do what is asked for, write the last line, and end with the exit code."""
    began = time.monotonic()
    try:
        last, code = _run(wanted, older_than, lang)
    except (Refused, StoreError) as error:
        # Nothing is known of the store, so that this line is all there is.
        line = str(getattr(error, "message", error))
        tell(line)
        last, code = {"level": "red", "line": line, "documents": {}, "payments": {}, "calls": None}, COULD_NOT_WORK
    last["seconds"] = round(time.monotonic() - began, 1)
    click.echo(simplejson.dumps(last, ensure_ascii=False))
    sys.exit(code)


def _run(wanted: Wanted, older_than: timedelta, lang: str) -> tuple[dict[str, Any], int]:
    """Do what is asked for; return what the last line says, without the seconds, and the exit code."""
    words = gettext_for(lang)
    coupling = chosen()
    is_asked_for = wanted.is_whole and not wanted.only_news
    pulse = Pulse(tell)
    with pulse.during("Meltano is asked for the settings"):
        known = None if is_asked_for else kept_settings.recall(coupling, utc_now())
        store = known or opened(coupling)
    with store:
        is_changed = known is None and kept_settings.keep(coupling, store)
        memory = DivisionStore(store, coupling.division)
        work = _Work(coupling, memory, wanted, pulse, is_changed=is_changed)
        code = work.in_turn()
        targets = Targets.of(coupling.settings("bridge"), coupling.title)
        if work.found_nothing:
            health, to_do = brief_of(memory, Reader(lang, older_than))
            if is_quiet(memory, health, to_do, targets):
                return work.last_line({"health": health, "paid": []}), code
        document = status_of(memory, Reader(lang, older_than))
        # Those who have to know are told of a run that failed as well.
        with pulse.during("Those who have to know are told"):
            code = work.tell(lambda: notify(memory, document, targets, words)) or code
        return work.last_line(document), code


class _Work:
    """What one call of the command does, and what it says."""

    def __init__(
        self, coupling: Coupling, memory: DivisionStore, wanted: Wanted, pulse: Pulse, *, is_changed: bool
    ) -> None:
        self._coupling = coupling
        self._memory = memory
        self._wanted = wanted
        self._pulse = pulse
        self._is_changed = is_changed
        self._done: Cycle | None = None
        self._began = utc_now()
        self.line: str | None = None
        self.found_nothing = False

    def in_turn(self) -> int:
        """Do the work when no other run is at it; return the exit code."""
        store, division = self._memory.store, self._memory.division
        busy = "Another run of this coupling is under way; it does the work"
        try:
            with store.lock(f"run {division} {self._coupling.title}"):
                busy = "Another coupling is at work in this administration; the next run goes on from here"
                # One after the other, so that the records of a cycle are its own.
                turn = store.lock(f"run {division}", timeout=TURN.total_seconds() if self._wanted.directions else 0)
                with ExitStack() as held:
                    with self._pulse.during(
                        "Another coupling is at work in this administration; its end is waited for"
                    ):
                        held.enter_context(turn)
                    return self._cycle()
        except LockBusyError:
            return self._another_runs(busy)

    def _another_runs(self, line: str) -> int:
        """Say that another run is at work, which may be the other direction's; return the exit code."""
        if self._wanted.directions and not self._wanted.is_whole:
            self.line = "Another run of this administration is under way: try this one again"
            return COULD_NOT_WORK
        self.line = line
        return 0 if self._wanted.directions else NOTHING_NEW

    def _cycle(self) -> int:
        told, directions = news.News("asked for"), self._wanted.directions
        if self._wanted.only_news:
            try:
                with self._pulse.during("Both services are asked for news"):
                    told = self._news()
            except (ApiError, Refused) as error:
                self._looked(*of_error(error))
                return COULD_NOT_WORK
            if told.reason is None:
                self.found_nothing = True
                self._looked("ok", "nothing new")
                return 0 if directions else NOTHING_NEW
            self._pulse.tell(f"There is something to do: {told.reason}")
        if not directions:
            self.line = told.reason
            return 0
        return self._start(told)

    def _start(self, told: news.News) -> int:
        # What starts programs takes long to import, and most calls find nothing to do.
        from bridge.run.cycle import Cycle  # noqa: PLC0415
        from bridge.run.display import display  # noqa: PLC0415
        from bridge.run.meltano import Stop, prepare  # noqa: PLC0415

        directions, lock = self._wanted.directions, self._memory.store.lock
        with self._pulse.during("Meltano's database is brought up to date"):
            prepare(self._coupling.project, lock("Meltano's database", timeout=TURN.total_seconds()))
        with Stop() as stop:
            cycle = Cycle(self._coupling, self._memory, stop, display(self._pulse), pass_on, told.documents, directions)
            self._done = cycle
            cycle.run()
        worked = cycle.outcome == "ok"
        news.note_run(self._coupling, self._memory, directions, cycle.began, told, worked=worked)
        if stop.signum is not None:
            self.line = cycle.message
            return _SIGNALLED + stop.signum
        return 0 if worked else COULD_NOT_WORK

    def tell(self, notify_them: Callable[[], object]) -> int:
        """Tell who has to know; one who cannot be reached is told of in the log, and makes the run end 1."""
        try:
            notify_them()
        except Refused as error:
            tell(error.message)
            return COULD_NOT_WORK
        return 0

    def last_line(self, document: Row) -> dict[str, Any]:
        """Return the JSON object of the last line, without the seconds."""
        health = document["health"]
        began = iso(self._began) or ""
        paid = [row["number"] for row in document["paid"] if row["told_at"] >= began]
        if paid:
            tell(f"Became paid: {', '.join(map(str, paid))}")
        counts = {name: self._done.counts(plugins[2]) if self._done else {} for name, plugins in JOBS.items()}
        return {
            "level": health["level"],
            "line": self.line or health["line"],
            **counts,
            "paid": paid,
            "calls": self._done.calls if self._done else None,
        }

    def _news(self) -> news.News:
        if self._is_changed:
            return news.News("the settings are other ones")
        return news.look(self._coupling, self._memory, utc_now())

    def _looked(self, outcome: Outcome, line: str) -> None:
        runs, division = self._memory.store.runs, self._memory.division
        name = self._coupling.name_in_runs
        runs.note(LOOK, division, coupling=name, began=self._began, outcome=outcome, message=line)


def tell(line: str) -> None:
    """Write a line of our own for who looks on."""
    click.echo(f"bridge: {line}", err=True)


def pass_on(line: str) -> None:
    """Write a line of Meltano's log where a log is kept; a person at a terminal sees the progress alone."""
    if not sys.stderr.isatty():
        click.echo(line, err=True)
