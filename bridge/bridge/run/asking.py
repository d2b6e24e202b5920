"""What a full run would ask both services for, asked in this one process: is there anything that it would deal with?

A question more than a run's own may be answered with yes, never one less: the run itself finds out what is to be done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bridge import services
from connector_store.division_store import ACCOUNT, DOCUMENT_KINDS
from exactonline_api import AccessDenied, odata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bridge.project import Coupling
    from connector_store import DivisionStore
    from teamleader_api import TeamleaderClient

DOCUMENTS: Final = "documents"
CUSTOMERS: Final = "customers"
_LISTS: Final[dict[str, tuple[str, dict[str, Any]]]] = dict(
    zip(DOCUMENT_KINDS, (("invoices", {"status": ["outstanding", "matched"]}), ("creditNotes", {})), strict=True)
)  # teamleader 2.1, 3.1
_CUSTOMERS: Final = {"company": "companies", "contact": "contacts"}
_BOOKED: Final = frozenset({"outstanding", "matched", "booked"})
_NEWEST: Final = 100
"""Only a draft or the last booked document can be deleted (teamleader 3.8); one call asks for so many ids."""
_CLOCKS: Final = timedelta(minutes=2)
"""How far this machine's clock may be from Teamleader's."""
_PAYABLE: Final = 22
_BEGINNING: Final = 1
"""Row version behind which all of what was deleted in Exact is read."""


@dataclass(frozen=True)
class Questions:
    """What is asked.

    Attributes:
        since: From when changes are news, of documents and of customers.
        listed: Versions of before that are no news.
        deleted: Row version of Exact behind which deletions are news, None when they were never read.
        turn: Kind of document that was last looked for.
        is_complete: All that a full run asks, instead of the two questions that matter most.
    """

    since: Mapping[str, datetime]
    listed: Mapping[str, str]
    deleted: int | None
    turn: str
    is_complete: bool


@dataclass
class Answers:
    """What was found.

    Attributes:
        reason: What there is to do, None when that is nothing.
        documents: How many documents changed.
        listed, deleted, turn: As in the questions, for the next ones.
    """

    deleted: int | None
    turn: str
    reason: str | None = None
    documents: int = 0
    listed: dict[str, str] = field(default_factory=dict)


class _Asked(NamedTuple):
    coupling: Coupling
    memory: DivisionStore
    questions: Questions
    answers: Answers


def ask(coupling: Coupling, memory: DivisionStore, questions: Questions) -> Answers:
    """Ask Teamleader, and Exact when there is nothing to do yet.

    Raises:
        ApiError: A service did not answer.
        Refused: A login is not set.
    """
    answers = Answers(questions.deleted, questions.turn)
    asked = _Asked(coupling, memory, questions, answers)
    # Where customers are not asked for, what was dealt with of them stays known.
    answers.listed.update({key: version for key, version in questions.listed.items() if ":" in key})
    for find in (_in_teamleader, _in_exact):
        if answers.reason is None:
            answers.reason = find(asked)
    return answers


def _in_teamleader(asked: _Asked) -> str | None:
    client = services.teamleader(asked.coupling, asked.memory.store, read_only=True)
    asked.answers.documents = sum(_changed_documents(client, asked, kind) for kind in _LISTS)
    if asked.answers.documents:
        return "documents changed in Teamleader"
    if not asked.questions.is_complete:
        return None
    for key in [key for key in asked.answers.listed if ":" in key]:
        del asked.answers.listed[key]
    if sum(_changed_customers(client, asked, kind) for kind in _CUSTOMERS):
        return "customers changed in Teamleader"
    return "documents were deleted in Teamleader" if _is_gone(client, asked) else None


def _changed_documents(client: TeamleaderClient, asked: _Asked, kind: str) -> int:
    resource, conditions = _LISTS[kind]
    wanted: dict[str, Any] = dict(conditions)
    if department := asked.coupling.settings("tap-teamleader").get("department_id"):
        wanted["department_id"] = department
    rows = [row for row in _changed(client, asked, resource, DOCUMENTS, wanted) if row.get("status") in _BOOKED]
    new = _new(asked, {row["id"]: row["updated_at"] for row in rows})
    links = asked.memory.links.get_many(kind, new)
    return sum(key not in links or _is_later(new[key], links[key].detail.updated_at) for key in new)


def _changed_customers(client: TeamleaderClient, asked: _Asked, kind: str) -> int:
    """Count the changed customers that have an account: the others matter to no run before a document names them."""
    rows = _changed(client, asked, _CUSTOMERS[kind], CUSTOMERS, {})
    new = _new(asked, {f"{kind}:{row['id']}": row["updated_at"] for row in rows})
    links = asked.memory.links.get_many(ACCOUNT, new)
    return sum(_is_later(new[key], link.detail.updated_at) for key, link in links.items())


def _changed(
    client: TeamleaderClient, asked: _Asked, resource: str, what: str, wanted: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield what changed since it was asked for; a change may show late, and clocks differ."""
    minutes = asked.coupling.settings("tap-teamleader").get("lookback_minutes")
    since = asked.questions.since[what] - max(timedelta(minutes=int(minutes or 0)), _CLOCKS)
    conditions = {**wanted, "updated_since": since.isoformat(timespec="seconds")}
    yield from client.rows(f"{resource}.list", {"filter": conditions})


def _new(asked: _Asked, versions: dict[str, str]) -> dict[str, str]:
    """Return the versions that no look listed before, and keep them all for the next one."""
    asked.answers.listed.update(versions)
    return {key: version for key, version in versions.items() if asked.questions.listed.get(key) != version}


def _is_later(version: str, known: str | None) -> bool:
    return known is None or datetime.fromisoformat(version) > datetime.fromisoformat(known)


def _is_gone(client: TeamleaderClient, asked: _Asked) -> bool:
    """Look for the newest documents of one kind, by turns; tell whether any of them is gone."""
    links = asked.memory.links
    kinds = sorted(_LISTS, key=lambda kind: kind == asked.questions.turn)
    for kind in kinds:
        if ids := [link.source_id for link in links.newest(kind, limit=_NEWEST)]:
            asked.answers.turn = kind
            body = {"filter": {"ids": ids}, "page": {"size": _NEWEST, "number": 1}}
            there = {row["id"] for row in client.call(f"{_LISTS[kind][0]}.list", body)}
            return not there.issuperset(ids)
    return False


def _in_exact(asked: _Asked) -> str | None:
    client = services.exact(asked.coupling, asked.memory.store, division=asked.memory.division, read_only=True)
    newest = asked.memory.terms.mirror.terms_read
    # The newest term that is known comes again; where it does not, Exact may count its row versions anew.
    behind = newest - 1 if asked.questions.is_complete and newest else newest
    condition = f"Timestamp gt {odata.int64(behind)}"
    rows = client.rows("sync/Cashflow/PaymentTerms", select=("ID", "Timestamp", "LineType"), filter=condition)
    # What is owed to suppliers stands among them (exact-online 7.10) and is none of our business.
    owed_to_us = (row for row in rows if row.get("LineType") != _PAYABLE)
    versions = [int(row["Timestamp"]) for row in islice(owed_to_us, 2)]
    if any(version > newest for version in versions) or (behind < newest and not versions):
        return "payment terms changed in Exact"
    if not asked.questions.is_complete:
        return None
    read = asked.questions.deleted or _BEGINNING
    rows = client.rows("sync/Deleted", select=("ID", "Timestamp"), filter=f"Timestamp gt {odata.int64(read)}")
    try:
        asked.answers.deleted = max((int(row["Timestamp"]) for row in rows), default=read)
    except AccessDenied:
        return "Exact does not show what was deleted"
    return "something was deleted in Exact" if asked.answers.deleted > read else None
