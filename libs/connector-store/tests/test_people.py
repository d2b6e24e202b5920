"""When a refused document is tried again, and what a person may decide of it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from connector_store import ConnectorStore, DivisionStore, How, Paid, RegisterPlan, Status, Term
from connector_store.division_store import PAYMENT
from connector_store.known import NotPossibleError
from connector_store.people import (
    Next,
    leave_out,
    link_by_hand,
    release,
    take_in,
    try_again,
    try_all_again,
)
from connector_store.rejects import next_try

NOON = datetime(2026, 6, 25, 12, tzinfo=timezone.utc)


@pytest.fixture
def division(store: ConnectorStore) -> DivisionStore:
    return DivisionStore(store, 1)


def refuse(division: DivisionStore, source_id: str = "a", **more: Any) -> None:
    told = {"code": "refused_by_exact", "reason": "Exact quotes Jan Peeters", "hint": "h", "payload": {"id": source_id}}
    division.rejects.put("invoice", source_id, number="2026 / 1", **{**told, **more})


def due(division: DivisionStore, now: datetime) -> list[str]:
    return [each.source_id for each in division.rejects.due(now)]


def test_what_is_refused_rests_a_quarter_an_hour_six_hours_and_then_a_day() -> None:
    minutes = [(next_try(attempts, NOON) - NOON) // timedelta(minutes=1) for attempts in (1, 2, 3, 4, 9)]
    assert minutes == [15, 60, 360, 1440, 1440]


def test_a_reject_is_due_at_its_moment_or_when_a_person_asks(division: DivisionStore) -> None:
    refuse(division, not_before=NOON)
    refuse(division, "new")
    assert due(division, NOON - timedelta(seconds=1)) == ["new"]
    assert due(division, NOON) == ["a", "new"]
    assert try_again(division, "invoice", "a")[1] is Next.NEXT_RUN
    assert due(division, NOON - timedelta(days=1)) == ["a", "new"]
    reject = division.rejects.get("invoice", "a")
    assert reject is not None
    assert (reject.code, reject.not_before) == ("refused_by_exact", None)


def test_with_each_refusal_for_the_same_reason_a_document_rests_longer(division: DivisionStore) -> None:
    rests = []
    for hour, code in enumerate(["refused_by_exact", "refused_by_exact", "customer_blocked", "customer_blocked"]):
        with time_machine.travel(NOON + timedelta(hours=hour), tick=False):
            refuse(division, code=code, backs_off=True)
            reject = division.rejects.get("invoice", "a")
            assert reject is not None
            assert reject.not_before is not None
            rests.append((reject.not_before - NOON) // timedelta(minutes=1) - 60 * hour)
    assert rests == [15, 60, 15, 1440]


def test_a_person_wakes_all_that_waits_or_all_of_one_reason(division: DivisionStore) -> None:
    refuse(division, "closed", code="period_closed", not_before=NOON)
    refuse(division, "vat", code="vat_code_missing", not_before=NOON)
    refuse(division, "out", not_before=NOON)
    leave_out(division, "invoice", "out", who="An", why="Booked by hand")
    division.closed_periods.learn(2026, 3)
    before = NOON - timedelta(days=1)
    assert (try_all_again(division, "period_closed"), due(division, before)) == (1, ["closed"])
    assert division.closed_periods.known() == set()
    assert (try_all_again(division), due(division, before)) == (2, ["closed", "vat"])
    assert division.rejects.codes({"invoice"}) == {"period_closed", "vat_code_missing"}


def test_a_linked_customer_wakes_its_documents(division: DivisionStore) -> None:
    refuse(division, code="waiting_for_customer", not_before=NOON)
    refuse(division, "other", not_before=NOON)
    division.rejects.put("account", "c", code="customer_conflict", reason="r", hint="h", payload={"id": "c"})
    link_by_hand(division, "account", "c", "00000000-0000-4000-8000-000000000001")
    assert [each.source_id for each in division.rejects.due(NOON - timedelta(days=1), {"invoice"})] == ["a"]


def test_what_a_person_left_out_is_not_tried_until_it_is_taken_in(division: DivisionStore) -> None:
    refuse(division)
    leave_out(division, "invoice", "2026/1", who="An", why="Booked by hand in 2025")
    refuse(division, payload={"id": "a", "version": 2})
    reject = division.rejects.get("invoice", "a")
    assert reject is not None
    assert (reject.status, reject.decided_by, reject.reason) == (Status.EXCLUDED, "An", "Booked by hand in 2025")
    assert reject.payload == {"id": "a", "version": 2}
    assert due(division, NOON) == [] == list(division.rejects.pending())
    assert division.rejects.excluded("invoice") == {"a"}
    with pytest.raises(NotPossibleError, match="left out by An"):
        try_again(division, "invoice", "a")
    assert take_in(division, "invoice", "a")[1] is Next.NEXT_RUN
    assert due(division, NOON) == ["a"]
    with pytest.raises(NotPossibleError, match="was not left out"):
        take_in(division, "invoice", "a")


def test_a_booked_document_is_not_left_out(division: DivisionStore) -> None:
    division.links.confirm("invoice", "a", exact_id="e", fingerprint="f", how=How.POSTED)
    with pytest.raises(NotPossibleError, match="is linked to e"):
        leave_out(division, "invoice", "a", who="An", why="no")


def test_a_reason_that_quotes_exact_is_not_in_the_clear(store: ConnectorStore, division: DivisionStore) -> None:
    refuse(division)
    with store._database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM connector_rejects").all()
    assert "Peeters" not in repr(rows)
    assert [each.reason for each in division.rejects.all()] == ["Exact quotes Jan Peeters"]


# Payments of a document that a person links or releases

ENTRY = "aaaaaaaa-0000-4000-8000-000000000001"
INVOICE = "bbbbbbbb-0000-4000-8000-000000000001"
NAMED: dict[str, Any] = {"exact_id": ENTRY, "number": "2026 / 1", "currency": "EUR", "entry_number": 1}


def shown_after(division: DivisionStore, version: int) -> list[str]:
    return [each.entry_id for each in division.terms.entries(version)]


@pytest.fixture
def version(division: DivisionStore) -> int:
    """Return the version of the mirror when an entry was last shown."""
    row = {"AmountFC": Decimal(-121)}
    division.terms.apply([Term("t", ENTRY, 5, "customer", 50, None, row), Term("u", "other", 6, None, 20, None, row)])
    return max(each.version for each in division.terms.entries(0))


def test_an_entry_that_is_linked_by_hand_is_shown_again(division: DivisionStore, version: int) -> None:
    """Line 27: what was paid before reaches the source."""
    refuse(division)
    link_by_hand(division, "invoice", "a", ENTRY)
    assert shown_after(division, version) == [ENTRY]


@pytest.mark.parametrize("how", [How.POSTED, How.ADOPTED])
def test_an_entry_is_shown_again_once_when_a_run_links_it(division: DivisionStore, version: int, how: How) -> None:
    division.links.confirm("invoice", "a", exact_id=ENTRY, fingerprint="f", how=how)
    assert shown_after(division, version) == [ENTRY]
    seen = max(each.version for each in division.terms.entries(0))
    division.links.confirm("invoice", "a", exact_id=ENTRY, fingerprint="g", how=how)
    assert shown_after(division, seen) == []


def test_an_entry_that_the_mirror_does_not_know_is_linked_like_any_other(division: DivisionStore) -> None:
    division.links.confirm("invoice", "a", exact_id=ENTRY, fingerprint="f", how=How.POSTED)
    assert list(division.terms.entries(0)) == []


@pytest.mark.usefixtures("version")
def test_release_forgets_what_was_registered_and_shows_the_entry_again(division: DivisionStore) -> None:
    """Line 26: the hint of invoice_missing."""
    division.links.confirm("invoice", INVOICE, exact_id=ENTRY, fingerprint="f", how=How.POSTED, number="2026 / 1")
    division.registered_payments.note(INVOICE, **NAMED, settled=Decimal(121))
    division.rejects.put(PAYMENT, INVOICE, code="invoice_missing", reason="r", hint="h", payload={"id": ENTRY})
    seen = max(each.version for each in division.terms.entries(0))
    release(division, "invoice", "2026/1")
    assert (division.rejects.all(), division.registered_payments.get(INVOICE)) == ([], None)
    assert shown_after(division, seen) == [ENTRY]


@pytest.mark.parametrize("name", ["2026/1", INVOICE])
def test_release_finds_an_invoice_of_which_only_payments_are_known(division: DivisionStore, name: str) -> None:
    division.registered_payments.note(INVOICE, **NAMED, settled=Decimal(121))
    assert release(division, "invoice", name)[0].name == "Invoice 2026 / 1"
    assert division.registered_payments.get(INVOICE) is None


def test_release_leaves_a_payment_that_is_under_way(division: DivisionStore) -> None:
    plan = RegisterPlan(Paid(Decimal(121), "2026-11-20"), due_before=Decimal(121), settled=Decimal(121))
    division.registered_payments.intend(INVOICE, **NAMED, plan=plan)
    with pytest.raises(NotPossibleError, match="being registered"):
        release(division, "invoice", INVOICE)


def test_an_invoice_that_is_known_by_an_ambiguous_payment_alone_is_linked_by_its_id(division: DivisionStore) -> None:
    """Line 26: the hint of invoice_ambiguous."""
    division.rejects.put(
        PAYMENT, ENTRY, code="invoice_ambiguous", reason="r", hint="h", payload={"id": ENTRY}, number="2026 / 1"
    )
    assert link_by_hand(division, "invoice", INVOICE, ENTRY).name == "Invoice 2026 / 1"
    link = division.links.get("invoice", INVOICE)
    assert link is not None
    assert (link.exact_id, link.number, link.amount) == (ENTRY, "2026 / 1", None)
    with pytest.raises(NotPossibleError, match="No invoice"):
        link_by_hand(division, "invoice", "2026/99", ENTRY)
