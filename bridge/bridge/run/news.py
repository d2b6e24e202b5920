"""Whether there is something to do, told without starting Meltano, which costs more than asking.

    every call         what is known here; documents in Teamleader and payment terms in Exact
    once an hour       what waits here, its time come or not; and all else that a full run asks when nothing waits:
                       customers, and what was deleted on either side
    once a day, and after each run that did not work, a full run whatever is known

So whatever a full run would find is noticed within an hour. A full run is one of both directions, together or each
alone.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from bridge.project import JOBS
from bridge.run import asking
from connector_store.columns import utc_now

if TYPE_CHECKING:
    from collections.abc import Collection

    from bridge.project import Coupling
    from connector_store import DivisionStore

POSITION: Final = "news"
LOOKED: Final = "looked"
FULL_EVERY: Final = timedelta(days=1)
COMPLETE_EVERY: Final = timedelta(hours=1)
PAYMENTS: Final = "payments"
AGAIN_AFTER: Final = timedelta(minutes=10)
"""A run that did not work is tried again after so long, when both services answer."""


class Ran(NamedTuple):
    """The last run of a direction that worked: when it began and ended (UTC), and how far Exact's terms were known."""

    began: datetime
    ended: datetime
    terms: str


@dataclass(frozen=True)
class Looked:
    """How far was looked. Moments are ISO, in UTC.

    Attributes:
        asked: Up to when Teamleader was asked for documents.
        complete: Up to when all was asked that a full run asks.
        failed: Direction -> when its last run ended, if that did not work.
        listed: Documents and customers that were listed lately -> the version that was dealt with.
        deleted: Highest row version of what was deleted in Exact.
        turn: Kind of document that was last looked for in Teamleader.
    """

    asked: str = ""
    complete: str = ""
    failed: dict[str, str] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    deleted: int | None = None
    turn: str = ""


class News(NamedTuple):
    """What there is to do.

    Attributes:
        reason: Why a full run is due, None when there is nothing.
        documents: Number of documents that changed in Teamleader, None when it was not asked.
        answers: What the services said, None when they were not asked.
    """

    reason: str | None
    documents: int | None = None
    answers: asking.Answers | None = None


def look(coupling: Coupling, memory: DivisionStore, now: datetime) -> News:
    """Find out whether there is something to do, and remember how far was looked.

    Raises:
        ApiError: A service did not answer.
        Refused: A login is not set.
    """
    ran = {job: found for job in JOBS if (found := _ran(coupling, memory, job)) is not None}
    if len(ran) < len(JOBS):
        return News("no full run worked yet")
    looked = _looked(coupling, memory)
    complete = _later(looked.complete, min(each.began for each in ran.values()))
    is_complete = now - complete >= COMPLETE_EVERY
    if reason := _known_here(memory, ran.values(), now, is_complete=is_complete):
        return News(reason)
    since = {asking.DOCUMENTS: _later(looked.asked, ran["documents"].began), asking.CUSTOMERS: complete}
    questions = asking.Questions(since, looked.listed, looked.deleted, looked.turn, is_complete=is_complete)
    answers = asking.ask(coupling, memory, questions)
    reason = answers.reason
    if reason is None and any(now - datetime.fromisoformat(each) >= AGAIN_AFTER for each in looked.failed.values()):
        reason = "the last run did not work"
    if reason is None and PAYMENTS not in looked.failed and ran[PAYMENTS].terms != _terms(memory):
        # Whoever reads them moves what is asked for: another coupling of the administration, or a run by hand.
        reason = "payment terms changed in Exact"
    if reason is None:
        moment = now.isoformat()
        looked = replace(looked, asked=moment, complete=moment if is_complete else looked.complete)
        _keep(coupling, memory, _with(looked, answers))
    return News(reason, answers.documents, answers)


def note_run(
    coupling: Coupling,
    memory: DivisionStore,
    directions: Collection[str],
    began: datetime,
    told: News,
    *,
    worked: bool,
) -> None:
    """Note what became of a run of these directions, and of the look that led to it."""
    looked, now = _looked(coupling, memory), utc_now().isoformat()
    failed = {job: moment for job, moment in looked.failed.items() if job not in directions}
    if not worked:
        _keep(coupling, memory, replace(looked, failed={**failed, **dict.fromkeys(directions, now)}))
        return
    kept = json.dumps({"began": began.isoformat(), "ended": now, "terms": _terms(memory)})
    for direction in directions:
        memory.store.set_position(memory.division, _name(coupling, f"{POSITION} {direction}"), kept)
    looked = replace(looked, failed=failed)
    _keep(coupling, memory, looked if told.answers is None else _with(looked, told.answers))


def _known_here(memory: DivisionStore, ran: Collection[Ran], now: datetime, *, is_complete: bool) -> str | None:
    """Return why a full run is due without asking anybody."""
    if now - min(each.began for each in ran) >= FULL_EVERY:
        return "the last full run is a day old"
    if _changed_between(memory, ran):
        return "something was changed here"
    waits = memory.store.waiting(memory.division, now)
    reasons = {
        "something is under way": waits.under_way,
        "something is to be tried again": waits.due,
        "something waits": is_complete and waits.later,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _changed_between(memory: DivisionStore, ran: Collection[Ran]) -> bool:
    """Tell whether anything was written that is no work of these runs."""
    since = min(each.ended for each in ran)
    trail = memory.store.audit_trail(division=memory.division, since=since)
    return any(not any(each.began <= entry.at < each.ended for each in ran) for entry in trail)


def _with(looked: Looked, answers: asking.Answers) -> Looked:
    return replace(looked, listed=answers.listed, deleted=answers.deleted, turn=answers.turn)


def _later(text: str, moment: datetime) -> datetime:
    return max(datetime.fromisoformat(text), moment) if text else moment


def _ran(coupling: Coupling, memory: DivisionStore, direction: str) -> Ran | None:
    text = memory.store.position(memory.division, _name(coupling, f"{POSITION} {direction}"))
    if not text:
        return None
    kept = json.loads(text)
    # Earlier versions kept no terms: then a run is due.
    began, ended = (datetime.fromisoformat(kept[name]) for name in ("began", "ended"))
    return Ran(began, ended, kept.get("terms", ""))


def _terms(memory: DivisionStore) -> str:
    """Name how far the payment terms of Exact are known here."""
    mirror = memory.terms.mirror
    return f"{mirror.identity} {mirror.last_version}"


def _looked(coupling: Coupling, memory: DivisionStore) -> Looked:
    text = memory.store.position(memory.division, _name(coupling, LOOKED))
    return Looked(**json.loads(text)) if text else Looked()


def _keep(coupling: Coupling, memory: DivisionStore, looked: Looked) -> None:
    memory.store.set_position(memory.division, _name(coupling, LOOKED), json.dumps(asdict(looked)))


def _name(coupling: Coupling, position: str) -> str:
    """Name a position of a coupling: several may be booked in one administration."""
    return position if coupling.name is None else f"{position} {coupling.name}"
