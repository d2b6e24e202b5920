"""What is settled in Exact is paid in Teamleader: the increase only, never more than is due, once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Desk

ZERO = Decimal(0)


def test_a_settled_invoice_is_paid_on_the_day_of_exact(desk: Desk) -> None:
    invoice = desk.invoice("100.00")
    ran = desk.run(desk.record(invoice, ("121.00", "2026-03-20")))
    assert ran.error is None
    assert ran.counts == {"registered": 1}
    assert desk.payments(invoice) == [(Decimal("121.00"), "2026-03-20")]
    assert desk.due(invoice) == 0


def test_running_twice_changes_nothing_and_asks_nothing(desk: Desk) -> None:
    invoice = desk.invoice()
    record = desk.record(invoice, ("121.00", "2026-03-20"))
    desk.run(record)
    ran = desk.run(record)
    assert ran.counts == {"unchanged": 1}
    assert not ran.calls
    assert len(desk.payments(invoice)) == 1


def test_a_partial_payment_and_then_the_rest(desk: Desk) -> None:
    invoice = desk.invoice()
    desk.run(desk.record(invoice, ("21.00", "2026-03-20")))
    assert desk.due(invoice) == 100
    desk.run(desk.record(invoice, ("21.00", "2026-03-20"), ("100.00", "2026-04-02")))
    assert desk.payments(invoice) == [(Decimal("21.00"), "2026-03-20"), (Decimal("100.00"), "2026-04-02")]
    assert desk.due(invoice) == 0


def test_partial_payments_close_to_the_cent(desk: Desk) -> None:
    invoice = desk.invoice("82.65")
    gross = Decimal(invoice["gross"])
    parts = [("33.33", "2026-03-01"), ("33.34", "2026-03-02"), (str(gross - Decimal("66.67")), "2026-03-03")]
    for count in (1, 2, 3):
        desk.run(desk.record(invoice, *parts[:count]))
    assert desk.due(invoice) == 0
    assert sum(amount for amount, _ in desk.payments(invoice)) == gross


def test_an_entry_of_two_terms_is_paid_term_by_term(desk: Desk) -> None:
    invoice = desk.invoice()
    ran = desk.run(desk.record(invoice, ("60.50", "2026-03-20")))
    assert ran.counts == {"registered": 1}
    desk.run(desk.record(invoice, ("60.50", "2026-03-20"), ("60.50", "2026-04-20")))
    assert [day for _, day in desk.payments(invoice)] == ["2026-03-20", "2026-04-20"]


def test_an_entry_that_lacks_a_term_waits(desk: Desk) -> None:
    invoice = desk.invoice()
    record = desk.record(invoice, ("60.50", "2026-03-20"), amount=Decimal("60.50"), open=ZERO)
    ran = desk.run(record)
    assert ran.counts == {"waiting": 1}
    assert desk.codes() == {invoice["id"]: "receivable_incomplete"}
    assert not ran.calls
    ran = desk.run(desk.record(invoice, ("60.50", "2026-03-20")))
    assert ran.counts == {"registered": 1}
    assert desk.codes() == {}


def test_a_credit_note_of_exact_is_labelled_so(desk: Desk) -> None:
    methods = [row["id"] for row in desk.call("paymentMethods.list", {})]
    invoice = desk.invoice()
    settings = {"payment_method_id": methods[0], "credit_note_payment_method_id": methods[1]}
    ran = desk.run(desk.record(invoice, ("121.00", "2026-03-20", "credit_note")), **settings)
    assert ran.counts == {"registered": 1}
    assert desk.memory(invoice).registered == [
        {"amount": Decimal("121.00"), "paid_at": "2026-03-20", "how": "credit_note"}
    ]


def test_a_credit_note_that_teamleader_counts_already_is_not_registered_again(desk: Desk) -> None:
    invoice = desk.invoice()
    desk.sandbox.add_credit_note(invoice=invoice["id"], lines=[{"unit_price": "40"}])
    ran = desk.run(desk.record(invoice, ("48.40", "2026-03-20", "credit_note")))
    assert ran.counts == {"paid already": 1}
    assert desk.payments(invoice) == []
    ran = desk.run(desk.record(invoice, ("48.40", "2026-03-20", "credit_note"), ("72.60", "2026-03-25")))
    assert ran.counts == {"registered": 1}
    assert desk.payments(invoice) == [(Decimal("72.60"), "2026-03-25")]


def test_a_difference_that_was_written_off_counts_as_settled(desk: Desk) -> None:
    invoice = desk.invoice()
    desk.run(desk.record(invoice, ("120.95", "2026-03-20"), ("0.05", "2026-03-20", "write_off")))
    assert desk.due(invoice) == 0
    assert desk.memory(invoice).registered[0]["how"] == "mixed"


def test_an_invoice_that_was_paid_by_hand_is_left_alone(desk: Desk) -> None:
    invoice = desk.invoice()
    desk.pay_by_hand(invoice)
    record = desk.record(invoice, ("121.00", "2026-03-20"))
    ran = desk.run(record)
    assert ran.counts == {"paid already": 1}
    assert len(desk.payments(invoice)) == 1
    assert not desk.run(record).calls


def test_an_invoice_that_was_paid_by_hand_in_part_gets_the_rest(desk: Desk) -> None:
    invoice = desk.invoice()
    desk.pay_by_hand(invoice, "21.00", paid_at="2026-03-01T09:00:00+01:00")
    desk.run(desk.record(invoice, ("121.00", "2026-03-20")))
    assert desk.payments(invoice) == [(Decimal("21.00"), "2026-03-01"), (Decimal("100.00"), "2026-03-20")]


def test_a_lost_memory_registers_nothing_twice(desk: Desk) -> None:
    full, part = desk.invoice(), desk.invoice()
    records = [desk.record(full, ("121.00", "2026-03-20")), desk.record(part, ("50.00", "2026-03-20"))]
    desk.run(*records)
    desk.lose_memory()
    desk.link(full)
    desk.link(part)
    ran = desk.run(*records)
    assert ran.counts == {"paid already": 2}
    assert len(desk.payments(full)) == len(desk.payments(part)) == 1


def test_a_foreign_currency_is_registered_in_that_currency(desk: Desk) -> None:
    invoice = desk.invoice(currency="USD", rate="0.9")
    ran = desk.run(desk.record(invoice, ("121.00", "2026-03-20")))
    assert ran.counts == {"registered": 1}
    row = desk.call("invoices.info", {"id": invoice["id"]})
    assert row["payments"][0]["payment"]["currency"] == "USD"
    assert desk.due(invoice) == 0


def test_an_invoice_below_zero_is_settled_the_other_way_round(desk: Desk) -> None:
    invoice = desk.invoice("-100.00")
    desk.run(desk.record(invoice, ("-21.00", "2026-03-20")))
    assert desk.due(invoice) == -100
    desk.run(desk.record(invoice, ("-21.00", "2026-03-20"), ("-100.00", "2026-03-21")))
    assert desk.due(invoice) == 0


def test_what_is_not_settled_costs_nothing(desk: Desk) -> None:
    ran = desk.run(*(desk.record(desk.invoice()) for _ in range(5)))
    assert ran.counts == {"unchanged": 5}
    assert not ran.calls


@pytest.mark.parametrize("settled", [Decimal("121.00"), 121, Decimal("120.999999999")])
def test_amounts_are_taken_to_the_cent(desk: Desk, settled: Decimal | int) -> None:
    invoice = desk.invoice()
    desk.run(desk.record(invoice, ("121.00", "2026-03-20"), settled=settled, open=Decimal("0.000000001")))
    assert desk.due(invoice) == 0


def test_of_two_versions_in_one_run_the_newer_counts(desk: Desk) -> None:
    invoice = desk.invoice()
    older = desk.record(invoice, ("21.00", "2026-03-20"))
    newer = desk.record(invoice, ("121.00", "2026-03-22"))
    ran = desk.run(newer, older)
    assert ran.counts == {"registered": 1}
    assert desk.payments(invoice) == [(Decimal("121.00"), "2026-03-22")]


def test_payments_of_other_administrations_are_passed_over(desk: Desk) -> None:
    invoice = desk.invoice()
    ran = desk.run(desk.record(invoice, ("121.00", "2026-03-20"), division=desk.division + 1000))
    assert ran.counts == {"of other administrations": 1}
    assert not ran.calls


def test_without_a_division_every_administration_is_taken(desk: Desk) -> None:
    invoice = desk.invoice()
    ran = desk.run(desk.record(invoice, ("121.00", "2026-03-20")), division=None)
    assert ran.counts == {"registered": 1}
