"""What is settled in Exact is paid in Teamleader: the increase only, never more than is due, once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import time_machine

from connector_store import Paid
from connector_store.columns import utc_now

if TYPE_CHECKING:
    from conftest import Harness

ZERO = Decimal(0)


def test_a_settled_invoice_is_paid_on_the_day_of_exact(harness: Harness) -> None:
    invoice = harness.invoice("100.00")
    ran = harness.run(harness.record(invoice, ("121.00", "2026-03-20")))
    assert ran.error is None
    assert ran.counts == {"registered": 1}
    assert harness.payments(invoice) == [(Decimal("121.00"), "2026-03-20")]
    assert harness.due(invoice) == 0


def test_running_twice_changes_nothing_and_asks_nothing(harness: Harness) -> None:
    invoice = harness.invoice()
    record = harness.record(invoice, ("121.00", "2026-03-20"))
    harness.run(record)
    ran = harness.run(record)
    assert ran.counts == {"unchanged": 1}
    assert not ran.calls
    assert len(harness.payments(invoice)) == 1


def test_a_partial_payment_and_then_the_rest(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.run(harness.record(invoice, ("21.00", "2026-03-20")))
    assert harness.due(invoice) == 100
    harness.run(harness.record(invoice, ("21.00", "2026-03-20"), ("100.00", "2026-04-02")))
    assert harness.payments(invoice) == [(Decimal("21.00"), "2026-03-20"), (Decimal("100.00"), "2026-04-02")]
    assert harness.due(invoice) == 0


def test_partial_payments_close_to_the_cent(harness: Harness) -> None:
    invoice = harness.invoice("82.65")
    gross = Decimal(invoice["gross"])
    parts = [("33.33", "2026-03-01"), ("33.34", "2026-03-02"), (str(gross - Decimal("66.67")), "2026-03-03")]
    for count in (1, 2, 3):
        harness.run(harness.record(invoice, *parts[:count]))
    assert harness.due(invoice) == 0
    assert sum(amount for amount, _ in harness.payments(invoice)) == gross


def test_an_entry_of_two_terms_is_paid_term_by_term(harness: Harness) -> None:
    invoice = harness.invoice()
    ran = harness.run(harness.record(invoice, ("60.50", "2026-03-20")))
    assert ran.counts == {"registered": 1}
    harness.run(harness.record(invoice, ("60.50", "2026-03-20"), ("60.50", "2026-04-20")))
    assert [day for _, day in harness.payments(invoice)] == ["2026-03-20", "2026-04-20"]


def test_an_entry_that_lacks_a_term_waits(harness: Harness) -> None:
    invoice = harness.invoice()
    record = harness.record(invoice, ("60.50", "2026-03-20"), amount=Decimal("60.50"), open=ZERO)
    ran = harness.run(record)
    assert ran.counts == {"waiting": 1}
    assert harness.codes() == {invoice["id"]: "receivable_incomplete"}
    assert not ran.calls
    ran = harness.run(harness.record(invoice, ("60.50", "2026-03-20")))
    assert ran.counts == {"registered": 1}
    assert harness.codes() == {}


def test_an_entry_that_is_of_another_amount_for_hours_needs_a_person(harness: Harness) -> None:
    invoice = harness.invoice()
    record = harness.record(invoice, ("60.50", "2026-03-20"), amount=Decimal("60.50"), open=ZERO)
    with time_machine.travel(utc_now() - timedelta(hours=3), tick=False):
        assert harness.run(record).counts == {"waiting": 1}
        assert harness.run().counts == {}
    assert harness.statuses() == {invoice["id"]: "waiting"}

    assert harness.run().counts == {"rejected": 1}
    assert harness.statuses() == {invoice["id"]: "rejected"}

    again = {**record, "version": record["version"] + 1}
    assert harness.run(again).counts == {"rejected": 1}
    assert harness.run().counts == {}
    assert harness.statuses() == {invoice["id"]: "rejected"}


def test_a_credit_note_of_exact_is_labelled_so(harness: Harness) -> None:
    methods = [row["id"] for row in harness.call("paymentMethods.list", {})]
    invoice = harness.invoice()
    settings = {"payment_method_id": methods[0], "credit_note_payment_method_id": methods[1]}
    ran = harness.run(harness.record(invoice, ("121.00", "2026-03-20", "credit_note")), **settings)
    assert ran.counts == {"registered": 1}
    assert harness.registered(invoice).registered == (Paid(Decimal("121.00"), "2026-03-20", "credit_note"),)


def test_a_credit_note_that_teamleader_counts_already_is_not_registered_again(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.sandbox.add_credit_note(invoice=invoice["id"], lines=[{"unit_price": "40"}])
    ran = harness.run(harness.record(invoice, ("48.40", "2026-03-20", "credit_note")))
    assert ran.counts == {"paid already": 1}
    assert harness.payments(invoice) == []
    ran = harness.run(harness.record(invoice, ("48.40", "2026-03-20", "credit_note"), ("72.60", "2026-03-25")))
    assert ran.counts == {"registered": 1}
    assert harness.payments(invoice) == [(Decimal("72.60"), "2026-03-25")]


def test_a_difference_that_was_written_off_counts_as_settled(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.run(harness.record(invoice, ("120.95", "2026-03-20"), ("0.05", "2026-03-20", "write_off")))
    assert harness.due(invoice) == 0
    assert harness.registered(invoice).registered[0].how == "mixed"


def test_an_invoice_that_was_paid_by_hand_is_left_alone(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.pay_by_hand(invoice)
    record = harness.record(invoice, ("121.00", "2026-03-20"))
    ran = harness.run(record)
    assert ran.counts == {"paid already": 1}
    assert len(harness.payments(invoice)) == 1
    assert not harness.run(record).calls


def test_an_invoice_that_was_paid_by_hand_in_part_gets_the_rest(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.pay_by_hand(invoice, "21.00", paid_at="2026-03-01T09:00:00+01:00")
    harness.run(harness.record(invoice, ("121.00", "2026-03-20")))
    assert harness.payments(invoice) == [(Decimal("21.00"), "2026-03-01"), (Decimal("100.00"), "2026-03-20")]


def test_a_lost_store_registers_nothing_twice(harness: Harness) -> None:
    full, part = harness.invoice(), harness.invoice()
    records = [harness.record(full, ("121.00", "2026-03-20")), harness.record(part, ("50.00", "2026-03-20"))]
    harness.run(*records)
    harness.lose_store()
    harness.link(full)
    harness.link(part)
    ran = harness.run(*records)
    assert ran.counts == {"paid already": 2}
    assert len(harness.payments(full)) == len(harness.payments(part)) == 1


def test_a_foreign_currency_is_registered_in_that_currency(harness: Harness) -> None:
    invoice = harness.invoice(currency="USD", rate="0.9")
    ran = harness.run(harness.record(invoice, ("121.00", "2026-03-20")))
    assert ran.counts == {"registered": 1}
    row = harness.call("invoices.info", {"id": invoice["id"]})
    assert row["payments"][0]["payment"]["currency"] == "USD"
    assert harness.due(invoice) == 0


def test_an_invoice_below_zero_is_settled_the_other_way_round(harness: Harness) -> None:
    invoice = harness.invoice("-100.00")
    harness.run(harness.record(invoice, ("-21.00", "2026-03-20")))
    assert harness.due(invoice) == -100
    harness.run(harness.record(invoice, ("-21.00", "2026-03-20"), ("-100.00", "2026-03-21")))
    assert harness.due(invoice) == 0


def test_what_is_not_settled_costs_nothing(harness: Harness) -> None:
    ran = harness.run(*(harness.record(harness.invoice()) for _ in range(5)))
    assert ran.counts == {"unchanged": 5}
    assert not ran.calls


@pytest.mark.parametrize("settled", [Decimal("121.00"), 121, Decimal("120.999999999")])
def test_amounts_are_taken_to_the_cent(harness: Harness, settled: Decimal | int) -> None:
    invoice = harness.invoice()
    harness.run(harness.record(invoice, ("121.00", "2026-03-20"), settled=settled, open=Decimal("0.000000001")))
    assert harness.due(invoice) == 0


def test_of_two_versions_in_one_run_the_newer_counts(harness: Harness) -> None:
    invoice = harness.invoice()
    older = harness.record(invoice, ("21.00", "2026-03-20"))
    newer = harness.record(invoice, ("121.00", "2026-03-22"))
    ran = harness.run(newer, older)
    assert ran.counts == {"registered": 1}
    assert harness.payments(invoice) == [(Decimal("121.00"), "2026-03-22")]


def test_payments_of_other_administrations_are_passed_over(harness: Harness) -> None:
    invoice = harness.invoice()
    ran = harness.run(harness.record(invoice, ("121.00", "2026-03-20"), division=harness.division + 1000))
    assert ran.counts == {"of other administrations": 1}
    assert not ran.calls


def test_without_a_division_every_administration_is_taken(harness: Harness) -> None:
    invoice = harness.invoice()
    ran = harness.run(harness.record(invoice, ("121.00", "2026-03-20")), division=None)
    assert ran.counts == {"registered": 1}


def test_nothing_is_registered_while_it_is_off_and_what_was_settled_comes_when_it_is_read_again(
    harness: Harness,
) -> None:
    invoice = harness.invoice()
    record = harness.record(invoice, ("121.00", "2026-03-20"))
    ran = harness.run(record, register_payments=False)
    assert ran.counts == {"left out: register_payments is off": 1}
    assert harness.due(invoice) == Decimal("121.00")
    harness.run()
    assert harness.payments(invoice) == []
    assert harness.run(record).counts == {"registered": 1}
    assert harness.payments(invoice) == [(Decimal("121.00"), "2026-03-20")]
