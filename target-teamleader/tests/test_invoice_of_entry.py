"""Which invoice an entry belongs to: the link, the sender's word, what was registered, and last of all YourRef."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_store import DocumentDetail, How
from connector_testing.ids import new_id

if TYPE_CHECKING:
    from conftest import Harness

DAY = "2026-03-20"
OTHER_DEPARTMENT = "d0000000-0000-4000-8000-000000000002"


def test_an_adopted_entry_is_followed_like_one_that_was_posted(harness: Harness) -> None:
    invoice = harness.unlinked_invoice()
    harness.link(invoice, how="adopted", amount=None)
    assert harness.run(harness.record(invoice, ("121.00", DAY))).counts == {"registered": 1}


def test_an_invoice_that_another_coupling_booked_is_paid_by_its_settings(harness: Harness) -> None:
    """Two departments in one administration, of which one wants its payments registered and the other does not."""
    invoice = harness.unlinked_invoice()
    harness.link(invoice, detail=DocumentDetail(department=OTHER_DEPARTMENT))
    record = harness.record(invoice, ("121.00", DAY))
    assert harness.run(record).counts == {"of other departments": 1}
    harness.run(record, department_id=OTHER_DEPARTMENT, register_payments=False)
    assert harness.payments(invoice) == []
    assert harness.run(record, department_id=OTHER_DEPARTMENT).counts == {"registered": 1}


def test_a_coupling_of_all_departments_registers_the_payments_of_all(harness: Harness) -> None:
    invoice = harness.unlinked_invoice()
    harness.link(invoice, detail=DocumentDetail(department=OTHER_DEPARTMENT))
    assert harness.run(harness.record(invoice, ("121.00", DAY)), department_id=None).counts == {"registered": 1}


def test_an_entry_of_an_invoice_that_was_deleted_and_what_takes_it_back_are_paid_nowhere(harness: Harness) -> None:
    """Line 11: matching the two says nothing of the invoice that has the number by now."""
    dead, live = harness.unlinked_invoice(), harness.unlinked_invoice()
    harness.link(dead)
    with harness.store() as store:
        links = store.links(harness.division)
        links.mark_orphaned("invoice", dead["id"])
        back = {**live, "entry": new_id()}
        links.confirm("reversal", f"invoice:{dead['id']}", exact_id=back["entry"], fingerprint="-", how=How.POSTED)
    for each in (dead, back):
        harness.run(harness.record(each, ("121.00", DAY)))
    assert (harness.due(dead), harness.due(live)) == (121, 121)
    assert harness.codes() == {}


def test_without_a_link_the_number_amount_and_currency_name_the_invoice(harness: Harness) -> None:
    invoice = harness.unlinked_invoice()
    ran = harness.run(harness.record(invoice, ("21.00", DAY)))
    assert ran.counts == {"registered": 1}
    assert harness.due(invoice) == 100


def test_an_invoice_that_was_named_by_its_number_is_remembered(harness: Harness) -> None:
    invoice = harness.unlinked_invoice()
    harness.run(harness.record(invoice, ("21.00", DAY)))
    ran = harness.run(harness.record(invoice, ("21.00", DAY), ("100.00", DAY)))
    assert ran.counts == {"registered": 1}
    assert ran.calls == {"invoices.list": 1, "invoices.registerPayment": 1}
    ran = harness.run(harness.record(invoice, ("21.00", DAY), number=None))
    assert ran.counts == {"rejected": 1}
    assert ran.calls == {"invoices.list": 1, "invoices.info": 1}


def test_a_sender_that_knows_the_invoice_is_believed(harness: Harness) -> None:
    invoice = harness.unlinked_invoice()
    ran = harness.run(harness.record(invoice, ("121.00", DAY), invoice_id=invoice["id"], number=None))
    assert ran.counts == {"registered": 1}


def test_outstanding_invoices_are_listed_once_per_run(harness: Harness) -> None:
    invoices = [harness.unlinked_invoice() for _ in range(5)]
    stranger = harness.record({**invoices[0], "entry": new_id(), "number": "2019 / 999"}, ("121.00", DAY))
    listing = harness.run(stranger).calls["invoices.list"]
    ran = harness.run(*(harness.record(invoice, ("121.00", DAY)) for invoice in invoices), stranger)
    assert ran.counts == {"registered": 5, "not from Teamleader": 1}
    assert ran.calls["invoices.list"] == listing + 1


def test_an_entry_that_was_booked_by_hand_in_exact_is_ignored(harness: Harness) -> None:
    invoice = harness.unlinked_invoice()
    for changes in ({"number": "V-2026-17"}, {"number": None}, {"amount": 120, "open": 0}, {"currency": "USD"}):
        record = harness.record({**invoice, "entry": new_id()}, ("120.00", DAY), **changes)
        ran = harness.run(record)
        assert ran.counts == {"not from Teamleader": 1}
        assert harness.codes() == {}
    assert harness.payments(invoice) == []


def test_a_number_that_only_begins_alike_is_another_invoice(harness: Harness) -> None:
    invoice = harness.unlinked_invoice()
    record = harness.record({**invoice, "number": f"{invoice['number']}99999"}, ("121.00", DAY))
    assert harness.run(record).counts == {"not from Teamleader": 1}


def test_an_invoice_of_another_department_is_not_looked_at(harness: Harness) -> None:
    invoice = harness.unlinked_invoice()
    ran = harness.run(harness.record(invoice, ("121.00", DAY)), department_id=OTHER_DEPARTMENT)
    assert ran.counts == {"not from Teamleader": 1}
    assert harness.payments(invoice) == []


def test_between_two_invoices_nothing_is_guessed(harness: Harness) -> None:
    first = harness.unlinked_invoice(number="2024 / 77")
    harness.unlinked_invoice(number="2024 / 77")
    record = harness.record(first, ("121.00", DAY))
    ran = harness.run(record)
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {first["entry"]: "invoice_ambiguous"}
    harness.link(first)
    ran = harness.run()
    assert ran.counts == {"registered": 1}
    assert harness.codes() == {}


def test_an_invoice_that_is_linked_to_another_entry_is_not_paid_by_a_second_one(harness: Harness) -> None:
    invoice = harness.invoice()
    double = harness.record({**invoice, "entry": new_id()}, ("121.00", DAY))
    assert harness.run(double).counts == {"not from Teamleader": 1}
    assert harness.payments(invoice) == []


def test_another_currency_than_the_invoice_is_refused(harness: Harness) -> None:
    invoice = harness.invoice()
    ran = harness.run(harness.record(invoice, ("121.00", DAY), currency="USD"))
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {invoice["id"]: "currency_differs"}
    assert harness.payments(invoice) == []


def test_an_invoice_that_is_gone_is_told_and_the_others_are_paid(harness: Harness) -> None:
    gone, there = harness.invoice(), harness.invoice()
    harness.sandbox.teamleader("delete_document", id=gone["id"])
    ran = harness.run(harness.record(gone, ("121.00", DAY)), harness.record(there, ("121.00", DAY)))
    assert ran.counts == {"registered": 1, "rejected": 1}
    assert harness.codes() == {gone["id"]: "invoice_missing"}


def test_an_id_that_teamleader_refuses_does_not_spoil_the_others(harness: Harness) -> None:
    wrong, right = harness.unlinked_invoice(), harness.unlinked_invoice()
    harness.fault("invoices.list", "error", status=400, message="filter.ids is not valid", times=2)
    ran = harness.run(
        harness.record(wrong, ("121.00", DAY), invoice_id="no id at all"),
        harness.record(right, ("121.00", DAY), invoice_id=right["id"]),
    )
    assert ran.counts == {"registered": 1, "rejected": 1}
    assert harness.codes() == {"no id at all": "invoice_missing"}


def test_a_draft_is_refused_by_teamleader_and_kept(harness: Harness) -> None:
    draft = harness.unlinked_invoice(status="draft")
    harness.link(draft)
    ran = harness.run(harness.record(draft, ("121.00", DAY), number="2026 / 1"))
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {draft["id"]: "payment_refused"}
    assert harness.registered(draft).plan is None
    harness.sandbox.teamleader("book", id=draft["id"])
    assert harness.run().counts == {"registered": 1}
    assert harness.codes() == {}
