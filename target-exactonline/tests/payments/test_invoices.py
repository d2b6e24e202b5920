"""Payments that were registered in Teamleader first: booked once, matched with their invoice, never beyond the gap."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import Paid, RegisterPlan, RemovePlan
from singer_shell import unknown_outcomes

if TYPE_CHECKING:
    from conftest import Desk

Record = dict[str, Any]

GENERAL = "generaljournalentry/GeneralJournalEntries"
MATCH = "docs/XMLUpload.aspx"
ON = {"book_payments": True, "payment_journal": "90", "payment_gl_account": "499000", "payments_from": "2026-01-01"}
PAID = ("121.00", "2026-05-18")


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0, 0.05))


@pytest.fixture
def till(desk: Desk) -> Desk:
    """Return a desk that books payments."""
    desk.settings.update(ON)
    return desk


def booked(desk: Desk, **changes: Any) -> Record:
    record = desk.invoice(**changes)
    desk.run(desk.company(), record)
    desk.exact.forget_calls()
    return record


def calls(desk: Desk) -> list[tuple[str, str]]:
    """Return the calls since the last look, without the one per run for what was deleted."""
    return [call for call in desk.exact.calls() if call != ("GET", "sync/Deleted")]


def codes(desk: Desk) -> set[str]:
    return set(desk.codes().values())


# What is booked


def test_a_payment_of_a_booked_invoice_is_booked_and_matched(till: Desk) -> None:
    record = booked(till)
    ran = till.run(till.paid(record, PAID))
    assert ran.counts == {"unchanged": 1, "payments booked": 1, "payments matched": 1}
    (receipt,) = till.exact.receipts(record["number"])
    assert (receipt["journal"], receipt["date"], receipt["currency"]) == ("90", "2026-05-18", "EUR")
    assert [(line["gl_account"], line["amount"]) for line in receipt["lines"]] == [("400000", -121), ("499000", 121)]
    assert receipt["lines"][0]["account"] == till.exact.entries(record["number"])[0]["customer"]
    assert (receipt["open"], till.exact.open_of(record["number"]), till.codes()) == (0, 0, {})


def test_an_invoice_that_comes_with_its_payment_is_booked_first(till: Desk) -> None:
    record = till.invoice()
    ran = till.run(till.company(), till.paid(record, PAID))
    assert (ran.counts["booked"], ran.counts["payments matched"]) == (1, 1)
    assert till.exact.open_of(record["number"]) == 0


def test_a_part_is_booked_as_a_part_and_the_rest_when_it_comes(till: Desk) -> None:
    record = booked(till)
    till.run(till.paid(record, ("50.00", "2026-05-18")))
    assert till.exact.open_of(record["number"]) == 71
    till.run(till.paid(record, ("50.00", "2026-05-18"), ("71.00", "2026-05-20"), updated_at="2026-05-21T09:00:00Z"))
    assert till.exact.open_of(record["number"]) == 0
    assert [each["lines"][1]["amount"] for each in till.exact.receipts(record["number"])] == [50, 71]


def test_two_equal_payments_of_one_day_are_two(till: Desk) -> None:
    record = booked(till)
    half = ("60.50", "2026-05-18")
    till.run(till.paid(record, half))
    till.run(till.paid(record, half, half, updated_at="2026-05-21T09:00:00Z"))
    assert len(till.exact.receipts(record["number"])) == 2
    assert till.exact.open_of(record["number"]) == 0


def test_running_twice_changes_nothing_and_asks_nothing(till: Desk) -> None:
    record = till.paid(booked(till), PAID)
    till.run(record)
    till.exact.forget_calls()
    ran = till.run(record)
    assert ran.counts == {"unchanged": 1}
    assert calls(till) == []


def test_many_payments_cost_little_more_than_three_calls_each(till: Desk) -> None:
    records = [till.invoice() for _ in range(12)]
    till.run(till.company(), *records)
    till.exact.forget_calls()
    till.run(*(till.paid(record, PAID) for record in records))
    assert all(till.exact.open_of(record["number"]) == 0 for record in records)
    assert len(calls(till)) <= 3 * 12 + 15


def test_credit_notes_are_never_considered(till: Desk) -> None:
    note = till.credit_note()
    till.run(till.company(), note)
    till.exact.forget_calls()
    payments = [{"amount": Decimal("48.40"), "currency": "EUR", "paid_at": "2026-05-18"}]
    till.run({**note, "payments": payments, "due": Decimal(0)})
    assert calls(till) == []


# What is left alone


def test_without_the_setting_payments_cost_no_call_and_change_nothing(desk: Desk) -> None:
    record = booked(desk)
    ran = desk.run(desk.paid(record, PAID))
    assert ran.counts == {"unchanged": 1}
    assert calls(desk) == []
    assert desk.exact.receipts(record["number"]) == []


def test_what_exact_knows_to_be_paid_is_looked_at_once_and_left_alone(till: Desk) -> None:
    record = till.paid(booked(till), PAID)
    till.exact.do("match_entry", your_ref=record["number"])
    till.run(record)
    assert calls(till) == [("GET", "cashflow/Receivables")]
    till.exact.forget_calls()
    till.run(record)
    assert calls(till) == []
    assert till.exact.receipts(record["number"]) == []


def test_only_the_gap_is_booked_when_exact_knows_a_part(till: Desk) -> None:
    record = booked(till)
    till.exact.do("match_entry", your_ref=record["number"], amount="100.00")
    till.run(till.paid(record, PAID))
    (receipt,) = till.exact.receipts(record["number"])
    assert receipt["lines"][1]["amount"] == 21
    assert till.exact.open_of(record["number"]) == 0


def test_what_a_credit_note_settles_in_teamleader_is_not_booked_as_money(till: Desk) -> None:
    record = till.paid(booked(till), ("60.00", "2026-05-18"))
    till.run({**record, "due": Decimal(0)})
    assert till.exact.open_of(record["number"]) == 61


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("is_confirmed", [True, False])
def test_a_payment_that_came_from_exact_is_no_news_to_exact(desk: Desk, *, on: bool, is_confirmed: bool) -> None:
    desk.settings.update(ON if on else {})
    record = booked(desk)
    desk.exact.do("match_entry", your_ref=record["number"], amount="100.00")
    link = desk.link(record)
    named = {"exact_id": link.exact_id, "number": record["number"], "currency": "EUR", "entry_number": 1}
    ours = Paid(Decimal("100.00"), "2026-05-18", "money")
    plan = RegisterPlan(paid=ours, due_before=Decimal("121.00"), settled=Decimal("100.00"))
    with desk.store() as store:
        payments = store.registered_payments(desk.division)
        payments.intend(record["id"], **named, plan=plan)
        if is_confirmed:
            payments.confirm(record["id"], settled=Decimal("100.00"), registered=[ours])
    ran = desk.run(desk.paid(record, ("100.00", "2026-05-18")))
    assert (ran.counts, desk.codes()) == ({"unchanged": 1}, {})
    assert calls(desk) == []
    assert desk.exact.receipts(record["number"]) == []


def test_a_payment_beside_one_that_came_from_exact_is_booked(till: Desk) -> None:
    record = booked(till)
    till.exact.do("match_entry", your_ref=record["number"], amount="100.00")
    with till.store() as store:
        payments = store.registered_payments(till.division)
        named = {"exact_id": till.link(record).exact_id, "number": None, "currency": "EUR", "entry_number": None}
        payments.note(record["id"], **named, settled=Decimal(0))
        ours = Paid(Decimal("100.00"), "2026-05-19", "money")
        payments.confirm(record["id"], settled=Decimal("100.00"), registered=[ours])
    till.run(till.paid(record, ("100.00", "2026-05-18"), ("21.00", "2026-05-20")))
    (receipt,) = till.exact.receipts(record["number"])
    assert (receipt["lines"][1]["amount"], receipt["date"]) == (21, "2026-05-20")


def test_while_the_payments_job_takes_payments_back_the_others_wait(till: Desk) -> None:
    record = till.paid(booked(till), PAID)
    with till.store() as store:
        named = {"exact_id": till.link(record).exact_id, "number": None, "currency": "EUR", "entry_number": None}
        plan = RemovePlan(amount=Decimal(1), settled=Decimal(0))
        store.registered_payments(till.division).intend(record["id"], **named, plan=plan)
    till.run(record)
    assert codes(till) == {"payment_waits"}
    with till.store() as store:
        store.registered_payments(till.division).withdraw(record["id"])
    till.run()
    assert till.codes() == {}
    assert till.exact.open_of(record["number"]) == 0


# What cannot be booked


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"payment_journal": "70"}, "payment_journal"),
        ({"payment_journal": "XX"}, "payment_journal"),
        ({"payment_gl_account": "400000"}, "payment_gl_account"),
        ({"payment_gl_account": "1"}, "payment_gl_account"),
    ],
)
def test_a_wrong_setting_holds_up_the_payments_and_not_the_invoices(
    till: Desk, settings: dict[str, Any], code: str
) -> None:
    record = till.paid(till.invoice(), PAID)
    till.exact.forget_calls()
    ran = till.run(till.company(), record, **settings)
    assert ran.counts["booked"] == 1
    assert codes(till) == {code}
    assert f"{code}: " in ran.log
    assert GENERAL not in {path for _, path in till.exact.calls()}
    till.run()
    assert till.codes() == {}
    assert till.exact.open_of(record["number"]) == 0


def test_the_settings_have_to_come_together(till: Desk) -> None:
    ran = till.run(till.company(), payment_journal=None, payment_gl_account=None)
    lines = getattr(ran.error, "lines", ())
    assert [line.split()[0] for line in lines] == ["payment_journal", "payment_gl_account"]


def test_a_payment_of_a_closed_period_waits_until_it_is_open(till: Desk) -> None:
    record = till.paid(booked(till), ("121.00", "2026-04-28"))
    till.exact.do("close_period", year=2026, period=4)
    try:
        till.run(record)
        assert codes(till) == {"period_closed"}
    finally:
        till.exact.do("open_period", year=2026, period=4)
    till.run()
    assert till.codes() == {}
    assert [each["date"] for each in till.exact.receipts(record["number"])] == ["2026-04-28"]


def test_a_payment_of_closed_books_goes_to_the_first_open_day_when_asked(till: Desk) -> None:
    record = till.paid(booked(till), ("121.00", "2026-04-28"))
    till.run(record, closed_until="2026-04-30")
    assert codes(till) == {"period_closed"}
    till.run(closed_until="2026-04-30", on_closed_period="next_open")
    assert till.codes() == {}
    assert [each["date"] for each in till.exact.receipts(record["number"])] == ["2026-05-01"]


def test_a_refusal_teaches_that_a_period_is_closed(till: Desk) -> None:
    records = [till.paid(booked(till), ("121.00", "2026-04-28")) for _ in range(3)]
    till.exact.do("close_period", year=2026, period=4)
    try:
        till.exact.forget_calls()
        till.run(*records, on_closed_period="next_open")
    finally:
        till.exact.do("open_period", year=2026, period=4)
    assert [path for method, path in till.exact.calls() if method == "POST"].count(GENERAL) == 4
    assert {each["date"] for record in records for each in till.exact.receipts(record["number"])} == {"2026-05-01"}


@pytest.mark.parametrize("changes", [{"paid_at": None}, {"currency": "USD"}])
def test_a_payment_that_is_not_clear_is_told(till: Desk, changes: dict[str, Any]) -> None:
    record = till.paid(booked(till), PAID)
    record["payments"][0].update(changes)
    till.run(record)
    assert codes(till) == {"payment_unclear"}
    till.run(till.paid(record, PAID, updated_at="2026-05-21T09:00:00Z"))
    assert till.codes() == {}


def test_a_reject_of_a_payment_that_was_taken_back_goes(till: Desk) -> None:
    record = till.paid(booked(till), PAID)
    till.run(record, payment_journal="XX")
    assert codes(till) == {"payment_journal"}
    till.run(till.paid(record, updated_at="2026-05-21T09:00:00Z"))
    assert till.codes() == {}


def test_a_blocked_customer_holds_up_its_payment(till: Desk) -> None:
    record = till.paid(booked(till), PAID)
    customer = till.exact.entries(record["number"])[0]["customer"]
    till.exact.do("block", id=customer)
    till.run(record)
    assert codes(till) == {"customer_blocked"}
    till.exact.do("block", id=customer, blocked=False)
    till.run()
    assert till.codes() == {}


def test_an_app_without_the_right_to_the_journal_still_books_invoices(till: Desk) -> None:
    till.exact.fault(match=GENERAL, method="POST", kind="error", status=403, message="Forbidden", times=9)
    record = till.paid(till.invoice(), PAID)
    ran = till.run(till.company(), record)
    assert (ran.error, ran.counts["booked"], codes(till)) == (None, 1, {"payment_refused"})


def test_an_entry_with_other_lines_than_were_sent_is_taken_out_again(till: Desk) -> None:
    """A journal with VAT takes VAT out of a payment when the clearing account has a VAT code of its own."""
    record = till.paid(booked(till), PAID)
    till.exact.do("edit_journal", code="90", changes={"AllowVAT": True})
    till.exact.do("edit_gl_account", code="499000", changes={"VATCode": "21 "})
    try:
        till.run(record)
        assert codes(till) == {"payment_differs"}
        assert till.exact.receipts(record["number"]) == []
        till.exact.fault(match=GENERAL, method="DELETE", kind="business", times=1, message="Reeds verwerkt")
        till.run()
    finally:
        till.exact.do("edit_journal", code="90", changes={"AllowVAT": False})
        till.exact.do("edit_gl_account", code="499000", changes={"VATCode": None})
    assert codes(till) == {"payment_differs"}
    till.run()
    till.run(record)
    assert len(till.exact.receipts(record["number"])) == 1
    assert codes(till) == {"payment_differs"}


# Currency


def test_a_payment_in_a_foreign_currency_leaves_no_exchange_difference(till: Desk) -> None:
    record = booked(till, currency="USD", exchange_rate=Decimal("0.9137"), net="33.33")
    gross = record["totals"]["gross"]
    parts = [("13.13", "2026-05-18"), (str(gross - Decimal("13.13")), "2026-05-19")]
    till.run(till.paid(record, *parts))
    assert codes(till) == {"payment_currency"}
    till.exact.do("edit_journal", code="90", changes={"AllowVariableCurrency": True, "AllowVariableExchangeRate": True})
    try:
        till.run()
    finally:
        till.exact.do("edit_journal", code="90", changes={"AllowVariableCurrency": False})
    assert till.codes() == {}
    receipts = till.exact.receipts(record["number"])
    assert [each["currency"] for each in receipts] == ["USD", "USD"]
    assert [each["open"] for each in receipts] == [0, 0]
    assert till.exact.open_of(record["number"]) == 0
    (entry,) = till.exact.entries(record["number"])
    assert sum(each["lines"][1]["amount_dc"] for each in receipts) == entry["gross_dc"]


# Matching


def test_a_payment_that_cannot_be_matched_stays_booked_and_says_what_to_do(till: Desk) -> None:
    record = till.paid(booked(till), PAID)
    till.exact.do("end_xml_topics")
    try:
        ran = till.run(record)
        assert ran.counts == {"unchanged": 1, "payments booked": 1, "rejected": 1}
        assert codes(till) == {"payment_not_matched"}
        for _ in range(4):
            till.ask_for_all()
            till.run()
        uploads = [path for method, path in till.exact.calls() if "XMLUpload" in path and method == "POST"]
        assert len(uploads) == 3
        assert len(till.exact.receipts(record["number"])) == 1
        (receipt,) = till.exact.receipts(record["number"])
        invoice = till.exact.entries(record["number"])[0]["entry_id"]
        till.exact.do("match_general_entry", id=receipt["entry_id"], **{"with": invoice})
        ran = till.run()
    finally:
        till.exact.do("end_xml_topics", ended=False)
    assert till.codes() == {}
    assert ran.counts == {"payments matched": 1}


def test_a_match_that_was_refused_once_is_sent_again(till: Desk) -> None:
    record = till.paid(booked(till), PAID)
    till.exact.do("end_xml_topics")
    till.run(record)
    till.exact.do("end_xml_topics", ended=False)
    till.run()
    assert till.codes() == {}
    assert till.exact.open_of(record["number"]) == 0


@pytest.mark.parametrize("kind", ["reset_after", "truncated"])
def test_a_match_whose_answer_is_lost_is_seen_in_the_books(till: Desk, kind: str) -> None:
    record = till.paid(booked(till), PAID)
    till.exact.fault(match=MATCH, method="POST", kind=kind, times=1)
    ran = till.run(record)
    assert ran.counts["payments matched"] == 1
    assert till.codes() == {}


def test_a_booking_that_somebody_deleted_is_not_booked_again(till: Desk) -> None:
    record = till.paid(booked(till), PAID)
    till.exact.do("end_xml_topics")
    till.run(record)
    till.exact.do("end_xml_topics", ended=False)
    (receipt,) = till.exact.receipts(record["number"])
    till.exact.do("delete_general_entry", id=receipt["entry_id"])
    till.run()
    till.run(record)
    assert codes(till) == {"payment_entry_missing"}
    assert till.exact.receipts(record["number"]) == []
    till.exact.do("match_entry", your_ref=record["number"])
    till.run()
    assert till.codes() == {}


def test_a_booking_waits_open_when_the_invoice_was_settled_by_something_else(till: Desk) -> None:
    record = till.paid(booked(till), PAID)
    till.exact.do("end_xml_topics")
    till.run(record)
    till.exact.do("end_xml_topics", ended=False)
    till.exact.do("match_entry", your_ref=record["number"])
    till.run()
    assert codes(till) == {"payment_not_matched"}


def test_an_unmatched_booking_counts_for_what_is_left_to_book(till: Desk) -> None:
    record = booked(till)
    till.exact.do("end_xml_topics")
    till.run(till.paid(record, ("100.00", "2026-05-18")))
    more = till.paid(record, ("100.00", "2026-05-18"), ("100.00", "2026-05-19"), updated_at="2026-05-21T09:00:00Z")
    till.run(more)
    till.exact.do("end_xml_topics", ended=False)
    assert [each["lines"][1]["amount"] for each in till.exact.receipts(record["number"])] == [100, 21]
    till.run()
    assert (till.codes(), till.exact.open_of(record["number"])) == ({}, 0)


# Lost answers, lost memory, dry run


@pytest.mark.parametrize("kind", ["reset_after", "truncated"])
def test_an_entry_whose_answer_is_lost_is_found_by_its_text(till: Desk, kind: str) -> None:
    record = till.paid(booked(till), PAID)
    till.exact.fault(match=GENERAL, method="POST", kind=kind, times=1)
    ran = till.run(record)
    assert ran.counts["payments matched"] == 1
    assert len(till.exact.receipts(record["number"])) == 1


@pytest.mark.parametrize("kind", ["reset_before", "empty_500"])
def test_an_entry_that_may_not_have_been_booked_waits_for_the_next_run(till: Desk, kind: str) -> None:
    record = till.paid(booked(till), PAID)
    till.exact.fault(match=GENERAL, method="POST", kind=kind, times=1)
    ran = till.run(record)
    assert (ran.error, codes(till)) == (None, {"outcome_unknown"})
    till.exact.later()
    till.run()
    assert till.codes() == {}
    assert len(till.exact.receipts(record["number"])) == 1


def test_a_lost_memory_finds_its_bookings_again(till: Desk) -> None:
    company, record = till.company(), till.invoice()
    paid = till.paid(record, ("60.50", "2026-05-18"), ("60.50", "2026-05-18"))
    till.exact.do("end_xml_topics")
    till.run(company, paid)
    till.exact.do("end_xml_topics", ended=False)
    till.lose_memory()
    ran = till.run(company, paid)
    assert (ran.counts["adopted"], ran.counts["payments matched"]) == (1, 2)
    assert len(till.exact.receipts(record["number"])) == 2
    assert till.exact.open_of(record["number"]) == 0


def test_after_a_lost_memory_a_matched_payment_is_left_alone(till: Desk) -> None:
    company, record = till.company(), till.invoice()
    till.run(company, till.paid(record, PAID))
    till.lose_memory()
    ran = till.run(company, till.paid(record, PAID))
    assert ran.counts == {"adopted": 1, "customers matched": 1}
    assert len(till.exact.receipts(record["number"])) == 1


def test_a_dry_run_says_what_would_be_booked(till: Desk) -> None:
    record = till.paid(booked(till), PAID)
    ran = till.run(record, dry_run=True)
    assert ran.counts["payments booked"] == 1
    assert f"{record['number']}: would be payments booked, 121.00 EUR" in ran.log
    assert [call for call in calls(till) if call[0] != "GET"] == []
    with till.store() as store:
        assert store.booked_payments(till.division).of(record["id"]) == []


def test_an_invoice_in_a_collection_run_is_left_to_a_person(till: Desk) -> None:
    record = till.paid(booked(till), PAID)
    till.exact.do("collect_entry", your_ref=record["number"])
    till.run(record)
    assert codes(till) == {"payment_being_collected"}


# What is none of our business


def test_rejects_of_the_payments_job_are_left_to_it(desk: Desk) -> None:
    with desk.store() as store:
        rejects = store.rejects(desk.division)
        rejects.put("payment", "i-1", code="payment_refused", reason="x", hint="y", payload={"id": "i-1"})
        rejects.put("receipt", "i-1/1", code="payment_not_matched", reason="x", hint="y", payload={"id": "i-1/1"})
    desk.exact.forget_calls()
    desk.run()
    assert calls(desk) == []
    assert desk.codes() == {"i-1": "payment_refused", "i-1/1": "payment_not_matched"}
