"""Which invoice an entry belongs to: the link, the sender's word, the memory, and last of all YourRef."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Desk

DAY = "2026-03-20"
OTHER_DEPARTMENT = "d0000000-0000-4000-8000-000000000002"


def test_an_adopted_entry_is_followed_like_one_that_was_posted(desk: Desk) -> None:
    invoice = desk.unlinked_invoice()
    desk.link(invoice, how="adopted", amount=None)
    assert desk.run(desk.record(invoice, ("121.00", DAY))).counts == {"registered": 1}


def test_without_a_link_the_number_amount_and_currency_name_the_invoice(desk: Desk) -> None:
    invoice = desk.unlinked_invoice()
    ran = desk.run(desk.record(invoice, ("21.00", DAY)))
    assert ran.counts == {"registered": 1}
    assert desk.due(invoice) == 100


def test_an_invoice_that_was_named_by_its_number_is_remembered(desk: Desk) -> None:
    invoice = desk.unlinked_invoice()
    desk.run(desk.record(invoice, ("21.00", DAY)))
    ran = desk.run(desk.record(invoice, ("21.00", DAY), ("100.00", DAY)))
    assert ran.counts == {"registered": 1}
    assert ran.calls == {"invoices.list": 1, "invoices.registerPayment": 1}
    ran = desk.run(desk.record(invoice, ("21.00", DAY), number=None))
    assert ran.counts == {"rejected": 1}
    assert not ran.calls


def test_a_sender_that_knows_the_invoice_is_believed(desk: Desk) -> None:
    invoice = desk.unlinked_invoice()
    ran = desk.run(desk.record(invoice, ("121.00", DAY), invoice_id=invoice["id"], number=None))
    assert ran.counts == {"registered": 1}


def test_outstanding_invoices_are_listed_once_per_run(desk: Desk) -> None:
    invoices = [desk.unlinked_invoice() for _ in range(5)]
    stranger = desk.record({**invoices[0], "entry": str(uuid.uuid4()), "number": "2019 / 999"}, ("121.00", DAY))
    listing = desk.run(stranger).calls["invoices.list"]
    ran = desk.run(*(desk.record(invoice, ("121.00", DAY)) for invoice in invoices), stranger)
    assert ran.counts == {"registered": 5, "not from Teamleader": 1}
    assert ran.calls["invoices.list"] == listing + 1


def test_an_entry_that_was_booked_by_hand_in_exact_is_ignored(desk: Desk) -> None:
    invoice = desk.unlinked_invoice()
    for changes in ({"number": "V-2026-17"}, {"number": None}, {"amount": 120, "open": 0}, {"currency": "USD"}):
        record = desk.record({**invoice, "entry": str(uuid.uuid4())}, ("120.00", DAY), **changes)
        ran = desk.run(record)
        assert ran.counts == {"not from Teamleader": 1}
        assert desk.codes() == {}
    assert desk.payments(invoice) == []


def test_a_number_that_only_begins_alike_is_another_invoice(desk: Desk) -> None:
    invoice = desk.unlinked_invoice()
    record = desk.record({**invoice, "number": f"{invoice['number']}99999"}, ("121.00", DAY))
    assert desk.run(record).counts == {"not from Teamleader": 1}


def test_an_invoice_of_another_department_is_not_looked_at(desk: Desk) -> None:
    invoice = desk.unlinked_invoice()
    ran = desk.run(desk.record(invoice, ("121.00", DAY)), department_id=OTHER_DEPARTMENT)
    assert ran.counts == {"not from Teamleader": 1}
    assert desk.payments(invoice) == []


def test_between_two_invoices_nothing_is_guessed(desk: Desk) -> None:
    first = desk.unlinked_invoice(number="2024 / 77")
    desk.unlinked_invoice(number="2024 / 77")
    record = desk.record(first, ("121.00", DAY))
    ran = desk.run(record)
    assert ran.counts == {"rejected": 1}
    assert desk.codes() == {first["entry"]: "invoice_ambiguous"}
    desk.link(first)
    ran = desk.run()
    assert ran.counts == {"registered": 1}
    assert desk.codes() == {}


def test_an_invoice_that_is_linked_to_another_entry_is_not_paid_by_a_second_one(desk: Desk) -> None:
    invoice = desk.invoice()
    double = desk.record({**invoice, "entry": str(uuid.uuid4())}, ("121.00", DAY))
    assert desk.run(double).counts == {"not from Teamleader": 1}
    assert desk.payments(invoice) == []


def test_another_currency_than_the_invoice_is_refused(desk: Desk) -> None:
    invoice = desk.invoice()
    ran = desk.run(desk.record(invoice, ("121.00", DAY), currency="USD"))
    assert ran.counts == {"rejected": 1}
    assert desk.codes() == {invoice["id"]: "currency_differs"}
    assert desk.payments(invoice) == []


def test_an_invoice_that_is_gone_is_told_and_the_others_are_paid(desk: Desk) -> None:
    gone, there = desk.invoice(), desk.invoice()
    desk.sandbox.teamleader("delete_document", id=gone["id"])
    ran = desk.run(desk.record(gone, ("121.00", DAY)), desk.record(there, ("121.00", DAY)))
    assert ran.counts == {"registered": 1, "rejected": 1}
    assert desk.codes() == {gone["id"]: "invoice_missing"}


def test_an_id_that_teamleader_refuses_does_not_spoil_the_others(desk: Desk) -> None:
    wrong, right = desk.unlinked_invoice(), desk.unlinked_invoice()
    desk.fault("invoices.list", "error", status=400, message="filter.ids is not valid", times=2)
    ran = desk.run(
        desk.record(wrong, ("121.00", DAY), invoice_id="no id at all"),
        desk.record(right, ("121.00", DAY), invoice_id=right["id"]),
    )
    assert ran.counts == {"registered": 1, "rejected": 1}
    assert desk.codes() == {"no id at all": "invoice_missing"}


def test_a_draft_is_refused_by_teamleader_and_kept(desk: Desk) -> None:
    draft = desk.unlinked_invoice(status="draft")
    desk.link(draft)
    ran = desk.run(desk.record(draft, ("121.00", DAY), number="2026 / 1"))
    assert ran.counts == {"rejected": 1}
    assert desk.codes() == {draft["id"]: "payment_refused"}
    assert desk.memory(draft).plan is None
    desk.sandbox.teamleader("book", id=draft["id"])
    assert desk.run().counts == {"registered": 1}
    assert desk.codes() == {}
