"""Entries that are in Exact already: linked when they are the document's, shown when they are not."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from connector_store import DivisionStore, people

if TYPE_CHECKING:
    from conftest import Harness


def test_an_entry_booked_by_hand_is_adopted(harness: Harness) -> None:
    customer, record = harness.known_customer(), harness.invoice()
    made = harness.book_by_hand(record, customer)
    ran = harness.run(record)
    assert ran.counts == {"adopted": 1}
    link = harness.link(record)
    assert (link.how, link.exact_id, link.entry_number) == ("adopted", made["id"], made["entry_number"])
    assert len(harness.exact.entries(record["number"])) == 1


def test_another_amount_is_a_conflict_and_nothing_is_overwritten(harness: Harness) -> None:
    customer, record = harness.known_customer(), harness.invoice(net="100.00")
    harness.book_by_hand(record, customer, lines=[{"vat_code": "21", "amount": "90.00"}])
    ran = harness.run(record)
    assert harness.codes() == {record["id"]: "conflict"}
    assert ran.counts == {"rejected": 1}
    assert [entry["gross"] for entry in harness.exact.entries(record["number"])] == [Decimal("108.90")]
    with harness.store() as store:
        kept = store.rejects(harness.division).get("invoice", record["id"])
    assert kept is not None
    assert "108.90" in kept.reason
    assert "121.00" in kept.reason


def test_the_same_gross_with_another_vat_is_a_conflict(harness: Harness) -> None:
    """Line 5: 121.00 at 0 % is not 100.00 and 21.00 VAT."""
    customer, record = harness.known_customer(), harness.invoice(net="100.00")
    harness.book_by_hand(record, customer, lines=[{"gl_account": "700000", "vat_code": "0", "amount": "121.00"}])
    ran = harness.run(record)
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {record["id"]: "conflict"}
    with harness.store() as store:
        kept = store.rejects(harness.division).get("invoice", record["id"])
    assert kept is not None
    assert "VATAmountFC: 0.00 in Exact, 21.00 in Teamleader" in kept.reason


def test_the_same_totals_at_other_rates_are_a_conflict(harness: Harness) -> None:
    """Line 5: 160.00 at 21 % and 6 %, of which 20.00 stand at 0 % in the entry."""
    customer, record = harness.known_customer(), harness.invoice(**two_rates())
    lines = [("21", "60.00", "12.60"), ("6", "80.00", "6.00"), ("0", "20.00", "0.00")]
    named = [{"gl_account": "700000", "vat_code": code, "amount": net, "vat_amount": vat} for code, net, vat in lines]
    harness.book_by_hand(record, customer, lines=named)
    assert harness.run(record).counts == {"rejected": 1}
    assert harness.codes() == {record["id"]: "conflict"}


def test_a_linked_entry_of_other_rates_is_shown_when_its_document_changes(harness: Harness) -> None:
    """Line 5: a person linked it, so that nothing is remembered of how it was booked."""
    customer, record = harness.known_customer(), harness.invoice(**two_rates())
    lines = [("21", "60.00", "12.60"), ("6", "80.00", "6.00"), ("0", "20.00", "0.00")]
    named = [{"gl_account": "700000", "vat_code": code, "amount": net, "vat_amount": vat} for code, net, vat in lines]
    made = harness.book_by_hand(record, customer, lines=named)
    harness.run(record)
    with harness.store() as store:
        people.link_by_hand(DivisionStore(store, harness.division), "invoice", record["number"], made["id"])
    harness.run(harness.as_version(record, updated_at="2099-01-01T09:00:00Z"))
    assert harness.codes() == {record["id"]: "adopted_differs"}


def test_the_same_amounts_at_each_rate_are_adopted(harness: Harness) -> None:
    """Line 5: in more lines than the document has."""
    customer, record = harness.known_customer(), harness.invoice(**two_rates())
    lines = [("21", "30.00"), ("21", "30.00"), ("6", "100.00")]
    named = [{"gl_account": "700000", "vat_code": code, "amount": net} for code, net in lines]
    harness.book_by_hand(record, customer, lines=named)
    assert harness.run(record).counts == {"adopted": 1}


def two_rates() -> dict[str, Any]:
    """Return 60.00 at 21 % and 100.00 at 6 %: 18.60 VAT."""
    parts = [
        (Decimal("0.21"), Decimal("60.00"), Decimal("12.60")),
        (Decimal("0.06"), Decimal("100.00"), Decimal("6.00")),
    ]
    return {
        "lines": [{"description": "Werk", "quantity": 1, "net": net, "tax_rate": rate} for rate, net, _ in parts],
        "totals": {
            "net": Decimal("160.00"),
            "gross": Decimal("178.60"),
            "taxes": [{"rate": rate, "taxable": net, "tax": tax} for rate, net, tax in parts],
        },
    }


def test_another_customer_is_a_conflict_and_no_account_is_created(harness: Harness) -> None:
    other = harness.known_customer()
    stranger = harness.company(other=True)
    record = harness.invoice(customer=stranger["id"])
    harness.book_by_hand(record, other)
    before = len(harness.accounts())
    harness.run(stranger, record)
    assert harness.codes() == {record["id"]: "conflict"}
    assert len(harness.accounts()) == before


def test_two_entries_with_the_number_are_a_conflict(harness: Harness) -> None:
    customer, record = harness.known_customer(), harness.invoice()
    harness.book_by_hand(record, customer)
    harness.book_by_hand(record, customer)
    harness.run(record)
    assert harness.codes() == {record["id"]: "conflict"}


def test_a_conflict_that_a_person_solved_is_adopted_by_itself(harness: Harness) -> None:
    customer, record = harness.known_customer(), harness.invoice()
    harness.book_by_hand(record, customer)
    second = harness.book_by_hand(record, customer)
    harness.run(record)
    harness.exact.do("delete_entry", id=second["id"])
    ran = harness.run()
    assert ran.counts == {"adopted": 1}
    assert harness.codes() == {}


def test_the_same_number_in_the_other_journal_is_no_conflict(harness: Harness) -> None:
    customer, record = harness.known_customer(), harness.credit_note()
    harness.book_by_hand(record, customer, lines=[{"vat_code": "21", "amount": "100.00"}])
    ran = harness.run(record)
    assert ran.counts == {"booked": 1}


def test_look_ups_are_batched(harness: Harness) -> None:
    customer = harness.known_customer()
    records = [harness.invoice() for _ in range(40)]
    for record in records:
        harness.book_by_hand(record, customer)
    harness.exact.forget_calls()
    ran = harness.run(*records)
    assert ran.counts == {"adopted": 40}
    assert harness.exact.calls().count(("GET", "salesentry/SalesEntries")) == 1
