"""A reconciliation of two services and a store: what is read, in which order, and of which days."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from bridge import services
from bridge.reconciling.documents import Range, booked_documents, dated_elsewhere
from bridge.reconciling.entries import open_amounts, sales_entries
from bridge.reconciling.remembered import facts_of
from bridge.view.reconcile import Reconciliation, reconcile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bridge.project import Coupling
    from bridge.view.sides import Document, Entry, Facts
    from connector_store import DivisionStore
    from exactonline_api import ExactClient
    from teamleader_api import TeamleaderClient

NEAR = timedelta(days=62)
"""How far from the range an entry may lie to be read with it: what was booked in the first open period."""


class Outcome(NamedTuple):
    """What came of it, and how many calls to Exact it took."""

    found: Reconciliation
    calls: int


def reconcile_services(
    teamleader: TeamleaderClient,
    exact: ExactClient,
    store: DivisionStore,
    days: Range,
    department_id: str | None = None,
    *,
    registers: bool = True,
) -> Outcome:
    """Read both services, of which nothing is changed, and hold them against each other.

    Args:
        teamleader: May be for reading only.
        exact: Idem.
        store: Of the administration.
        days: Which documents, by their dates; without a first day from the start of the coupling.
        department_id: Whose documents; None is of all departments.
        registers: Invoices that are settled in Exact are set to paid in Teamleader.
    """
    before = exact.calls
    facts = facts_of(store, department_id, registers=registers)
    if days.first is None:
        days = days._replace(first=facts.start)
    documents = booked_documents(teamleader, days, department_id)
    entries = _entries(exact, days, documents, facts)
    here = {each.key for each in documents}
    found = {each.id for each in entries}
    absent = {key for key, known in facts.documents.items() if known.exact_id in found} - here
    elsewhere = dated_elsewhere(teamleader, absent)
    return Outcome(reconcile(documents, entries, facts, elsewhere), exact.calls - before)


def reconcile_coupling(coupling: Coupling, store: DivisionStore, days: Range) -> tuple[Outcome, ExactClient]:
    """Reconcile an administration with the services of its coupling; return Exact as well, which knows its limits.

    Raises:
        Refused: A login or the administration is not known yet.
        ApiError: A service cannot be read.
    """
    teamleader = services.teamleader(coupling, store.store, read_only=True)
    exact = services.exact(coupling, store.store, division=store.division, read_only=True)
    department = coupling.settings("tap-teamleader").get("department_id")
    registers = coupling.settings("target-teamleader").get("register_payments") is not False
    return reconcile_services(teamleader, exact, store, days, department, registers=registers), exact


def _entries(exact: ExactClient, days: Range, documents: list[Document], facts: Facts) -> list[Entry]:
    """Read the entries of the range and those of its documents, with what is open of them."""
    mine = [known for each in documents if (known := facts.documents.get(each.key)) is not None and known.is_booked]
    wanted = _around(days, [each.date for each in documents], [each.date for each in mine if each.date])
    if wanted.first is None:
        return []
    ids = [each.exact_id for each in mine if each.exact_id is not None and not each.entry_gone]
    entries = sales_entries(exact, wanted, ids)
    opens = open_amounts(exact, wanted)
    booked = {each.exact_id for each in mine}
    in_question = [each for each in entries if days.holds(each.date) or each.id in booked]
    return [
        dataclasses.replace(each, open=opens.get(each.id) if each.gross else each.gross - each.gross)
        for each in in_question
    ]


def _around(days: Range, dated: Iterable[date], booked: list[date]) -> Range:
    """Return the days to read entries of: the range, and what lies near it of what was booked for it."""
    first = days.first if days.first is not None else min([*dated, *booked], default=None)
    if first is None:
        return days
    first = min([day for day in booked if day >= first - NEAR] + [first])
    if days.last is None:
        return Range(first)
    return Range(first, max([day for day in booked if day <= days.last + NEAR] + [days.last]))
