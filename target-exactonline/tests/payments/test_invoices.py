"""Payments that were registered in Teamleader first: booked once, matched with their invoice, never beyond the gap."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import Paid, RegisterPlan, RemovePlan
from singer_shell import unknown_outcomes

if TYPE_CHECKING:
    from conftest import Harness

Record = dict[str, Any]

GENERAL = "generaljournalentry/GeneralJournalEntries"
MATCH = "docs/XMLUpload.aspx"
ON = {"book_payments": True, "payment_journal": "90", "payment_gl_account": "499000", "payments_from": "2026-01-01"}
PAID = ("121.00", "2026-05-18")


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0, 0.05))


@pytest.fixture
def paying(harness: Harness) -> Harness:
    """Return a harness that books payments."""
    harness.settings.update(ON)
    return harness


def booked(harness: Harness, **changes: Any) -> Record:
    record = harness.invoice(**changes)
    harness.run(harness.company(), record)
    harness.exact.forget_calls()
    return record


def calls(harness: Harness) -> list[tuple[str, str]]:
    """Return the calls since the last look, without the one per run for what was deleted."""
    return [call for call in harness.exact.calls() if call != ("GET", "sync/Deleted")]


def codes(harness: Harness) -> set[str]:
    return set(harness.codes().values())


# What is booked


def test_a_payment_of_a_booked_invoice_is_booked_and_matched(paying: Harness) -> None:
    record = booked(paying)
    ran = paying.run(paying.paid(record, PAID))
    assert ran.counts == {"unchanged": 1, "payments booked": 1, "payments matched": 1}
    (payment,) = paying.exact.booked_payments(record["number"])
    assert (payment["journal"], payment["date"], payment["currency"]) == ("90", "2026-05-18", "EUR")
    assert [(line["gl_account"], line["amount"]) for line in payment["lines"]] == [("400000", -121), ("499000", 121)]
    assert payment["lines"][0]["account"] == paying.exact.entries(record["number"])[0]["customer"]
    assert (payment["open"], paying.exact.open_of(record["number"]), paying.codes()) == (0, 0, {})


def test_an_invoice_that_comes_with_its_payment_is_booked_first(paying: Harness) -> None:
    record = paying.invoice()
    ran = paying.run(paying.company(), paying.paid(record, PAID))
    assert (ran.counts["booked"], ran.counts["payments matched"]) == (1, 1)
    assert paying.exact.open_of(record["number"]) == 0


def test_a_part_is_booked_as_a_part_and_the_rest_when_it_comes(paying: Harness) -> None:
    record = booked(paying)
    paying.run(paying.paid(record, ("50.00", "2026-05-18")))
    assert paying.exact.open_of(record["number"]) == 71
    paying.run(paying.paid(record, ("50.00", "2026-05-18"), ("71.00", "2026-05-20"), updated_at="2026-05-21T09:00:00Z"))
    assert paying.exact.open_of(record["number"]) == 0
    assert [each["lines"][1]["amount"] for each in paying.exact.booked_payments(record["number"])] == [50, 71]


def test_two_equal_payments_of_one_day_are_two(paying: Harness) -> None:
    record = booked(paying)
    half = ("60.50", "2026-05-18")
    paying.run(paying.paid(record, half))
    paying.run(paying.paid(record, half, half, updated_at="2026-05-21T09:00:00Z"))
    assert len(paying.exact.booked_payments(record["number"])) == 2
    assert paying.exact.open_of(record["number"]) == 0


def test_running_twice_changes_nothing_and_asks_nothing(paying: Harness) -> None:
    record = paying.paid(booked(paying), PAID)
    paying.run(record)
    paying.exact.forget_calls()
    ran = paying.run(record)
    assert ran.counts == {"unchanged": 1}
    assert calls(paying) == []


def test_many_payments_cost_little_more_than_three_calls_each(paying: Harness) -> None:
    records = [paying.invoice() for _ in range(12)]
    paying.run(paying.company(), *records)
    paying.exact.forget_calls()
    paying.run(*(paying.paid(record, PAID) for record in records))
    assert all(paying.exact.open_of(record["number"]) == 0 for record in records)
    assert len(calls(paying)) <= 3 * 12 + 15


def test_credit_notes_are_never_considered(paying: Harness) -> None:
    note = paying.credit_note()
    paying.run(paying.company(), note)
    paying.exact.forget_calls()
    payments = [{"amount": Decimal("48.40"), "currency": "EUR", "paid_at": "2026-05-18"}]
    paying.run({**note, "payments": payments, "due": Decimal(0)})
    assert calls(paying) == []


# What is left alone


def test_without_the_setting_payments_cost_no_call_and_change_nothing(harness: Harness) -> None:
    record = booked(harness)
    ran = harness.run(harness.paid(record, PAID))
    assert ran.counts == {"unchanged": 1}
    assert calls(harness) == []
    assert harness.exact.booked_payments(record["number"]) == []


def test_what_exact_knows_to_be_paid_is_looked_at_once_and_left_alone(paying: Harness) -> None:
    record = paying.paid(booked(paying), PAID)
    paying.exact.do("match_entry", your_ref=record["number"])
    paying.run(record)
    assert calls(paying) == [("GET", "cashflow/Receivables")]
    paying.exact.forget_calls()
    paying.run(record)
    assert calls(paying) == []
    assert paying.exact.booked_payments(record["number"]) == []


def test_only_the_gap_is_booked_when_exact_knows_a_part(paying: Harness) -> None:
    record = booked(paying)
    paying.exact.do("match_entry", your_ref=record["number"], amount="100.00")
    paying.run(paying.paid(record, PAID))
    (payment,) = paying.exact.booked_payments(record["number"])
    assert payment["lines"][1]["amount"] == 21
    assert paying.exact.open_of(record["number"]) == 0


def test_what_a_credit_note_settles_in_teamleader_is_not_booked_as_money(paying: Harness) -> None:
    record = paying.paid(booked(paying), ("60.00", "2026-05-18"))
    paying.run({**record, "due": Decimal(0)})
    assert paying.exact.open_of(record["number"]) == 61


@pytest.mark.parametrize("on", [True, False])
@pytest.mark.parametrize("is_confirmed", [True, False])
def test_a_payment_that_came_from_exact_is_no_news_to_exact(harness: Harness, *, on: bool, is_confirmed: bool) -> None:
    harness.settings.update(ON if on else {})
    record = booked(harness)
    harness.exact.do("match_entry", your_ref=record["number"], amount="100.00")
    link = harness.link(record)
    named = {"exact_id": link.exact_id, "number": record["number"], "currency": "EUR", "entry_number": 1}
    ours = Paid(Decimal("100.00"), "2026-05-18", "money")
    plan = RegisterPlan(paid=ours, due_before=Decimal("121.00"), settled=Decimal("100.00"))
    with harness.store() as store:
        payments = store.registered_payments(harness.division)
        payments.intend(record["id"], **named, plan=plan)
        if is_confirmed:
            payments.confirm(record["id"], settled=Decimal("100.00"), registered=[ours])
    ran = harness.run(harness.paid(record, ("100.00", "2026-05-18")))
    assert (ran.counts, harness.codes()) == ({"unchanged": 1}, {})
    assert calls(harness) == []
    assert harness.exact.booked_payments(record["number"]) == []


def test_a_payment_beside_one_that_came_from_exact_is_booked(paying: Harness) -> None:
    record = booked(paying)
    paying.exact.do("match_entry", your_ref=record["number"], amount="100.00")
    with paying.store() as store:
        payments = store.registered_payments(paying.division)
        named = {"exact_id": paying.link(record).exact_id, "number": None, "currency": "EUR", "entry_number": None}
        payments.note(record["id"], **named, settled=Decimal(0))
        ours = Paid(Decimal("100.00"), "2026-05-19", "money")
        payments.confirm(record["id"], settled=Decimal("100.00"), registered=[ours])
    paying.run(paying.paid(record, ("100.00", "2026-05-18"), ("21.00", "2026-05-20")))
    (payment,) = paying.exact.booked_payments(record["number"])
    assert (payment["lines"][1]["amount"], payment["date"]) == (21, "2026-05-20")


def test_while_the_payments_job_takes_payments_back_the_others_wait(paying: Harness) -> None:
    record = paying.paid(booked(paying), PAID)
    with paying.store() as store:
        named = {"exact_id": paying.link(record).exact_id, "number": None, "currency": "EUR", "entry_number": None}
        plan = RemovePlan(amount=Decimal(1), settled=Decimal(0))
        store.registered_payments(paying.division).intend(record["id"], **named, plan=plan)
    paying.run(record)
    assert codes(paying) == {"payment_waits"}
    with paying.store() as store:
        store.registered_payments(paying.division).withdraw(record["id"])
    paying.run()
    assert paying.codes() == {}
    assert paying.exact.open_of(record["number"]) == 0


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
    paying: Harness, settings: dict[str, Any], code: str
) -> None:
    record = paying.paid(paying.invoice(), PAID)
    paying.exact.forget_calls()
    ran = paying.run(paying.company(), record, **settings)
    assert ran.counts["booked"] == 1
    assert codes(paying) == {code}
    assert f"{code}: " in ran.log
    assert GENERAL not in {path for _, path in paying.exact.calls()}
    paying.run()
    assert paying.codes() == {}
    assert paying.exact.open_of(record["number"]) == 0


def test_the_settings_have_to_come_together(paying: Harness) -> None:
    ran = paying.run(paying.company(), payment_journal=None, payment_gl_account=None)
    lines = getattr(ran.error, "lines", ())
    assert [line.split()[0] for line in lines] == ["payment_journal", "payment_gl_account"]


def test_a_payment_of_a_closed_period_waits_until_it_is_open(paying: Harness) -> None:
    record = paying.paid(booked(paying), ("121.00", "2026-04-28"))
    paying.exact.do("close_period", year=2026, period=4)
    try:
        paying.run(record)
        assert codes(paying) == {"period_closed"}
    finally:
        paying.exact.do("open_period", year=2026, period=4)
    paying.run()
    assert paying.codes() == {}
    assert [each["date"] for each in paying.exact.booked_payments(record["number"])] == ["2026-04-28"]


def test_a_payment_of_closed_books_goes_to_the_first_open_day_when_asked(paying: Harness) -> None:
    record = paying.paid(booked(paying), ("121.00", "2026-04-28"))
    paying.run(record, closed_until="2026-04-30")
    assert codes(paying) == {"period_closed"}
    paying.run(closed_until="2026-04-30", on_closed_period="next_open")
    assert paying.codes() == {}
    assert [each["date"] for each in paying.exact.booked_payments(record["number"])] == ["2026-05-01"]


def test_a_refusal_teaches_that_a_period_is_closed(paying: Harness) -> None:
    records = [paying.paid(booked(paying), ("121.00", "2026-04-28")) for _ in range(3)]
    paying.exact.do("close_period", year=2026, period=4)
    try:
        paying.exact.forget_calls()
        paying.run(*records, on_closed_period="next_open")
    finally:
        paying.exact.do("open_period", year=2026, period=4)
    assert [path for method, path in paying.exact.calls() if method == "POST"].count(GENERAL) == 4
    assert {each["date"] for record in records for each in paying.exact.booked_payments(record["number"])} == {
        "2026-05-01"
    }


@pytest.mark.parametrize("changes", [{"paid_at": None}, {"currency": "USD"}])
def test_a_payment_that_is_not_clear_is_told(paying: Harness, changes: dict[str, Any]) -> None:
    record = paying.paid(booked(paying), PAID)
    record["payments"][0].update(changes)
    paying.run(record)
    assert codes(paying) == {"payment_unclear"}
    paying.run(paying.paid(record, PAID, updated_at="2026-05-21T09:00:00Z"))
    assert paying.codes() == {}


def test_a_reject_of_a_payment_that_was_taken_back_goes(paying: Harness) -> None:
    record = paying.paid(booked(paying), PAID)
    paying.run(record, payment_journal="XX")
    assert codes(paying) == {"payment_journal"}
    paying.run(paying.paid(record, updated_at="2026-05-21T09:00:00Z"))
    assert paying.codes() == {}


def test_a_blocked_customer_holds_up_its_payment(paying: Harness) -> None:
    record = paying.paid(booked(paying), PAID)
    customer = paying.exact.entries(record["number"])[0]["customer"]
    paying.exact.do("block", id=customer)
    paying.run(record)
    assert codes(paying) == {"customer_blocked"}
    paying.exact.do("block", id=customer, blocked=False)
    paying.run()
    assert paying.codes() == {}


def test_an_app_without_the_right_to_the_journal_still_books_invoices(paying: Harness) -> None:
    paying.exact.fault(match=GENERAL, method="POST", kind="error", status=403, message="Forbidden", times=9)
    record = paying.paid(paying.invoice(), PAID)
    ran = paying.run(paying.company(), record)
    assert (ran.error, ran.counts["booked"], codes(paying)) == (None, 1, {"payment_refused"})


def test_an_entry_with_other_lines_than_were_sent_is_taken_out_again(paying: Harness) -> None:
    """A journal with VAT takes VAT out of a payment when the clearing account has a VAT code of its own."""
    record = paying.paid(booked(paying), PAID)
    paying.exact.do("edit_journal", code="90", changes={"AllowVAT": True})
    paying.exact.do("edit_gl_account", code="499000", changes={"VATCode": "21 "})
    try:
        paying.run(record)
        assert codes(paying) == {"payment_differs"}
        assert paying.exact.booked_payments(record["number"]) == []
        paying.exact.fault(match=GENERAL, method="DELETE", kind="business", times=1, message="Reeds verwerkt")
        paying.run()
    finally:
        paying.exact.do("edit_journal", code="90", changes={"AllowVAT": False})
        paying.exact.do("edit_gl_account", code="499000", changes={"VATCode": None})
    assert codes(paying) == {"payment_differs"}
    paying.run()
    paying.run(record)
    assert len(paying.exact.booked_payments(record["number"])) == 1
    assert codes(paying) == {"payment_differs"}


# Currency


def test_a_payment_in_a_foreign_currency_leaves_no_exchange_difference(paying: Harness) -> None:
    record = booked(paying, currency="USD", exchange_rate=Decimal("0.9137"), net="33.33")
    gross = record["totals"]["gross"]
    parts = [("13.13", "2026-05-18"), (str(gross - Decimal("13.13")), "2026-05-19")]
    paying.run(paying.paid(record, *parts))
    assert codes(paying) == {"payment_currency"}
    paying.exact.do(
        "edit_journal", code="90", changes={"AllowVariableCurrency": True, "AllowVariableExchangeRate": True}
    )
    try:
        paying.run()
    finally:
        paying.exact.do("edit_journal", code="90", changes={"AllowVariableCurrency": False})
    assert paying.codes() == {}
    payments = paying.exact.booked_payments(record["number"])
    assert [each["currency"] for each in payments] == ["USD", "USD"]
    assert [each["open"] for each in payments] == [0, 0]
    assert paying.exact.open_of(record["number"]) == 0
    (entry,) = paying.exact.entries(record["number"])
    assert sum(each["lines"][1]["amount_dc"] for each in payments) == entry["gross_dc"]


# Matching


def test_a_payment_that_cannot_be_matched_stays_booked_and_says_what_to_do(paying: Harness) -> None:
    record = paying.paid(booked(paying), PAID)
    paying.exact.do("end_xml_topics")
    try:
        ran = paying.run(record)
        assert ran.counts == {"unchanged": 1, "payments booked": 1, "rejected": 1}
        assert codes(paying) == {"payment_not_matched"}
        for _ in range(4):
            paying.ask_for_all()
            paying.run()
        uploads = [path for method, path in paying.exact.calls() if "XMLUpload" in path and method == "POST"]
        assert len(uploads) == 3
        assert len(paying.exact.booked_payments(record["number"])) == 1
        (payment,) = paying.exact.booked_payments(record["number"])
        invoice = paying.exact.entries(record["number"])[0]["entry_id"]
        paying.exact.do("match_general_entry", id=payment["entry_id"], **{"with": invoice})
        ran = paying.run()
    finally:
        paying.exact.do("end_xml_topics", ended=False)
    assert paying.codes() == {}
    assert ran.counts == {"payments matched": 1}


def test_a_match_that_was_refused_once_is_sent_again(paying: Harness) -> None:
    record = paying.paid(booked(paying), PAID)
    paying.exact.do("end_xml_topics")
    paying.run(record)
    paying.exact.do("end_xml_topics", ended=False)
    paying.run()
    assert paying.codes() == {}
    assert paying.exact.open_of(record["number"]) == 0


@pytest.mark.parametrize("kind", ["reset_after", "truncated"])
def test_a_match_whose_answer_is_lost_is_seen_in_the_books(paying: Harness, kind: str) -> None:
    record = paying.paid(booked(paying), PAID)
    paying.exact.fault(match=MATCH, method="POST", kind=kind, times=1)
    ran = paying.run(record)
    assert ran.counts["payments matched"] == 1
    assert paying.codes() == {}


def test_a_booking_that_somebody_deleted_is_not_booked_again(paying: Harness) -> None:
    record = paying.paid(booked(paying), PAID)
    paying.exact.do("end_xml_topics")
    paying.run(record)
    paying.exact.do("end_xml_topics", ended=False)
    (payment,) = paying.exact.booked_payments(record["number"])
    paying.exact.do("delete_general_entry", id=payment["entry_id"])
    paying.run()
    paying.run(record)
    assert codes(paying) == {"payment_entry_missing"}
    assert paying.exact.booked_payments(record["number"]) == []
    paying.exact.do("match_entry", your_ref=record["number"])
    paying.run()
    assert paying.codes() == {}


def test_a_booking_waits_open_when_the_invoice_was_settled_by_something_else(paying: Harness) -> None:
    record = paying.paid(booked(paying), PAID)
    paying.exact.do("end_xml_topics")
    paying.run(record)
    paying.exact.do("end_xml_topics", ended=False)
    paying.exact.do("match_entry", your_ref=record["number"])
    paying.run()
    assert codes(paying) == {"payment_not_matched"}


def test_an_unmatched_booking_counts_for_what_is_left_to_book(paying: Harness) -> None:
    record = booked(paying)
    paying.exact.do("end_xml_topics")
    paying.run(paying.paid(record, ("100.00", "2026-05-18")))
    more = paying.paid(record, ("100.00", "2026-05-18"), ("100.00", "2026-05-19"), updated_at="2026-05-21T09:00:00Z")
    paying.run(more)
    paying.exact.do("end_xml_topics", ended=False)
    assert [each["lines"][1]["amount"] for each in paying.exact.booked_payments(record["number"])] == [100, 21]
    paying.run()
    assert (paying.codes(), paying.exact.open_of(record["number"])) == ({}, 0)


# Lost answers, lost store, dry run


@pytest.mark.parametrize("kind", ["reset_after", "truncated"])
def test_an_entry_whose_answer_is_lost_is_found_by_its_text(paying: Harness, kind: str) -> None:
    record = paying.paid(booked(paying), PAID)
    paying.exact.fault(match=GENERAL, method="POST", kind=kind, times=1)
    ran = paying.run(record)
    assert ran.counts["payments matched"] == 1
    assert len(paying.exact.booked_payments(record["number"])) == 1


@pytest.mark.parametrize("kind", ["reset_before", "empty_500"])
def test_an_entry_that_may_not_have_been_booked_waits_for_the_next_run(paying: Harness, kind: str) -> None:
    record = paying.paid(booked(paying), PAID)
    paying.exact.fault(match=GENERAL, method="POST", kind=kind, times=1)
    ran = paying.run(record)
    assert (ran.error, codes(paying)) == (None, {"outcome_unknown"})
    paying.exact.later()
    paying.run()
    assert paying.codes() == {}
    assert len(paying.exact.booked_payments(record["number"])) == 1


def test_a_lost_store_finds_its_bookings_again(paying: Harness) -> None:
    company, record = paying.company(), paying.invoice()
    paid = paying.paid(record, ("60.50", "2026-05-18"), ("60.50", "2026-05-18"))
    paying.exact.do("end_xml_topics")
    paying.run(company, paid)
    paying.exact.do("end_xml_topics", ended=False)
    paying.lose_store()
    ran = paying.run(company, paid)
    assert (ran.counts["adopted"], ran.counts["payments matched"]) == (1, 2)
    assert len(paying.exact.booked_payments(record["number"])) == 2
    assert paying.exact.open_of(record["number"]) == 0


def test_after_a_lost_store_a_matched_payment_is_left_alone(paying: Harness) -> None:
    company, record = paying.company(), paying.invoice()
    paying.run(company, paying.paid(record, PAID))
    paying.lose_store()
    ran = paying.run(company, paying.paid(record, PAID))
    assert ran.counts == {"adopted": 1, "customers matched": 1}
    assert len(paying.exact.booked_payments(record["number"])) == 1


def test_a_dry_run_says_what_would_be_booked(paying: Harness) -> None:
    record = paying.paid(booked(paying), PAID)
    ran = paying.run(record, dry_run=True)
    assert ran.counts["payments booked"] == 1
    assert f"{record['number']}: would be payments booked, 121.00 EUR" in ran.log
    assert [call for call in calls(paying) if call[0] != "GET"] == []
    with paying.store() as store:
        assert store.booked_payments(paying.division).of(record["id"]) == []


def test_an_invoice_in_a_collection_run_is_left_to_a_person(paying: Harness) -> None:
    record = paying.paid(booked(paying), PAID)
    paying.exact.do("collect_entry", your_ref=record["number"])
    paying.run(record)
    assert codes(paying) == {"payment_being_collected"}


# What is none of our business


def test_rejects_of_the_payments_job_are_left_to_it(harness: Harness) -> None:
    with harness.store() as store:
        rejects = store.rejects(harness.division)
        rejects.put("payment", "i-1", code="payment_refused", reason="x", hint="y", payload={"id": "i-1"})
        rejects.put("receipt", "i-1/1", code="payment_not_matched", reason="x", hint="y", payload={"id": "i-1/1"})
    harness.exact.forget_calls()
    harness.run()
    assert calls(harness) == []
    assert harness.codes() == {"i-1": "payment_refused", "i-1/1": "payment_not_matched"}
