"""Entries that are in Exact already: linked when they are the document's, shown when they are not."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Desk


def test_an_entry_booked_by_hand_is_adopted(desk: Desk) -> None:
    customer, record = desk.known_customer(), desk.invoice()
    made = desk.book_by_hand(record, customer)
    ran = desk.run(record)
    assert ran.counts == {"adopted": 1}
    link = desk.link(record)
    assert (link.how, link.exact_id, link.entry_number) == ("adopted", made["id"], made["entry_number"])
    assert len(desk.exact.entries(record["number"])) == 1


def test_another_amount_is_a_conflict_and_nothing_is_overwritten(desk: Desk) -> None:
    customer, record = desk.known_customer(), desk.invoice(net="100.00")
    desk.book_by_hand(record, customer, lines=[{"vat_code": "21", "amount": "90.00"}])
    ran = desk.run(record)
    assert desk.codes() == {record["id"]: "conflict"}
    assert ran.counts == {"rejected": 1}
    assert [entry["gross"] for entry in desk.exact.entries(record["number"])] == [Decimal("108.90")]
    with desk.store() as store:
        kept = store.rejects(desk.division).get("invoice", record["id"])
    assert kept is not None
    assert "108.90" in kept.reason
    assert "121.00" in kept.reason


def test_the_same_gross_with_another_vat_is_a_conflict(desk: Desk) -> None:
    """Line 5: 121.00 at 0 % is not 100.00 and 21.00 VAT."""
    customer, record = desk.known_customer(), desk.invoice(net="100.00")
    desk.book_by_hand(record, customer, lines=[{"gl_account": "700000", "vat_code": "0", "amount": "121.00"}])
    ran = desk.run(record)
    assert ran.counts == {"rejected": 1}
    assert desk.codes() == {record["id"]: "conflict"}
    with desk.store() as store:
        kept = store.rejects(desk.division).get("invoice", record["id"])
    assert kept is not None
    assert "VATAmountFC: 0.00 in Exact, 21.00 in Teamleader" in kept.reason


def test_the_same_totals_at_other_rates_are_a_conflict(desk: Desk) -> None:
    """Line 5: 160.00 at 21 % and 6 %, of which 20.00 stand at 0 % in the entry."""
    customer, record = desk.known_customer(), desk.invoice(**two_rates())
    lines = [("21", "60.00", "12.60"), ("6", "80.00", "6.00"), ("0", "20.00", "0.00")]
    named = [{"gl_account": "700000", "vat_code": code, "amount": net, "vat_amount": vat} for code, net, vat in lines]
    desk.book_by_hand(record, customer, lines=named)
    assert desk.run(record).counts == {"rejected": 1}
    assert desk.codes() == {record["id"]: "conflict"}


def test_the_same_amounts_at_each_rate_are_adopted(desk: Desk) -> None:
    """Line 5: in more lines than the document has."""
    customer, record = desk.known_customer(), desk.invoice(**two_rates())
    lines = [("21", "30.00"), ("21", "30.00"), ("6", "100.00")]
    named = [{"gl_account": "700000", "vat_code": code, "amount": net} for code, net in lines]
    desk.book_by_hand(record, customer, lines=named)
    assert desk.run(record).counts == {"adopted": 1}


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


def test_another_customer_is_a_conflict_and_no_account_is_created(desk: Desk) -> None:
    other = desk.known_customer()
    stranger = desk.company(other=True)
    record = desk.invoice(customer=stranger["id"])
    desk.book_by_hand(record, other)
    before = len(desk.accounts())
    desk.run(stranger, record)
    assert desk.codes() == {record["id"]: "conflict"}
    assert len(desk.accounts()) == before


def test_two_entries_with_the_number_are_a_conflict(desk: Desk) -> None:
    customer, record = desk.known_customer(), desk.invoice()
    desk.book_by_hand(record, customer)
    desk.book_by_hand(record, customer)
    desk.run(record)
    assert desk.codes() == {record["id"]: "conflict"}


def test_a_conflict_that_a_person_solved_is_adopted_by_itself(desk: Desk) -> None:
    customer, record = desk.known_customer(), desk.invoice()
    desk.book_by_hand(record, customer)
    second = desk.book_by_hand(record, customer)
    desk.run(record)
    desk.exact.do("delete_entry", id=second["id"])
    ran = desk.run()
    assert ran.counts == {"adopted": 1}
    assert desk.codes() == {}


def test_the_same_number_in_the_other_journal_is_no_conflict(desk: Desk) -> None:
    customer, record = desk.known_customer(), desk.credit_note()
    desk.book_by_hand(record, customer, lines=[{"vat_code": "21", "amount": "100.00"}])
    ran = desk.run(record)
    assert ran.counts == {"booked": 1}


def test_look_ups_are_batched(desk: Desk) -> None:
    customer = desk.known_customer()
    records = [desk.invoice() for _ in range(40)]
    for record in records:
        desk.book_by_hand(record, customer)
    desk.exact.forget_calls()
    ran = desk.run(*records)
    assert ran.counts == {"adopted": 40}
    assert desk.exact.calls().count(("GET", "salesentry/SalesEntries")) == 1
