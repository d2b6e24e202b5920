"""Entries that were booked for a document in another spelling: shown or adopted, never doubled (line 6)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import DivisionStore
from connector_store.people import NotPossibleError, book_beside, link_by_hand

if TYPE_CHECKING:
    from conftest import Desk

ADOPT = {"on_similar": "adopt"}


def bare(number: str) -> str:
    return number.replace(" ", "")


def reason(desk: Desk, record: dict[str, Any]) -> str:
    with desk.store() as store:
        kept = store.rejects(desk.division).get(record["kind"], record["id"])
    assert kept is not None
    return kept.reason


def as_text(number: str) -> str:
    return f"Factuur {number.replace(' / ', '-0')}"


@pytest.mark.parametrize("spell", [bare, str.upper, as_text, lambda _: ""])
def test_a_number_in_another_spelling_is_not_booked_again(desk: Desk, spell: Any) -> None:
    """Line 6: `2026/125` by hand beside Teamleader's `2026 / 125`."""
    customer, record = desk.known_customer(), desk.invoice(number=f"x{desk.invoice()['number']}")
    made = desk.book_by_hand(record, customer, your_ref=spell(record["number"]))
    ran = desk.run(record)
    assert ran.counts == {"rejected": 1}
    assert desk.codes() == {record["id"]: "similar_entry"}
    assert made["id"] in reason(desk, record)
    assert desk.exact.entries(record["number"]) in ([], [made])


def test_the_entry_may_stand_in_the_other_sales_journal(desk: Desk) -> None:
    customer, record = desk.known_customer(), desk.invoice()
    desk.book_by_hand(record, customer, journal="71")
    ran = desk.run(record)
    assert ran.counts == {"rejected": 1}
    assert desk.codes() == {record["id"]: "similar_entry"}


def test_it_is_adopted_when_the_setting_says_so(desk: Desk) -> None:
    customer, record = desk.known_customer(), desk.invoice()
    made = desk.book_by_hand(record, customer, your_ref=bare(record["number"]))
    ran = desk.run(record, **ADOPT)
    assert ran.counts == {"adopted": 1}
    assert (desk.link(record).how, desk.link(record).exact_id) == ("adopted", made["id"])


@pytest.mark.parametrize(
    "changes",
    [
        {"your_ref": ""},
        {"lines": [{"gl_account": "700000", "vat_code": "0", "amount": "121.00"}]},
    ],
    ids=["without a number", "with another VAT"],
)
def test_what_is_not_surely_the_document_is_never_adopted(desk: Desk, changes: dict[str, Any]) -> None:
    customer, record = desk.known_customer(), desk.invoice()
    desk.book_by_hand(record, customer, **{"your_ref": bare(record["number"]), **changes})
    ran = desk.run(record, **ADOPT)
    assert ran.counts == {"rejected": 1}
    assert desk.codes() == {record["id"]: "similar_entry"}


def test_a_person_links_the_entry_that_the_reason_names(desk: Desk) -> None:
    customer, record = desk.known_customer(), desk.invoice()
    made = desk.book_by_hand(record, customer, your_ref=bare(record["number"]))
    desk.run(record)
    with desk.store() as store:
        link_by_hand(DivisionStore(store, desk.division), "invoice", record["number"], made["id"])
    desk.run(record)
    assert desk.codes() == {}
    assert desk.exact.entries(record["number"]) == []


def test_a_person_says_that_it_is_another_document(desk: Desk) -> None:
    customer, record = desk.known_customer(), desk.invoice()
    desk.book_by_hand(record, customer, your_ref=bare(record["number"]))
    desk.run(record)
    with desk.store() as store:
        book_beside(DivisionStore(store, desk.division), "invoice", record["number"])
    ran = desk.run()
    assert ran.counts == {"booked": 1}
    assert [entry["gross"] for entry in desk.exact.entries(record["number"])] == [Decimal("121.00")]


def test_nobody_says_so_of_a_document_without_a_similar_entry(desk: Desk) -> None:
    record = desk.invoice(tax_rate="0.55")
    desk.run(desk.company(), record)
    with desk.store() as store, pytest.raises(NotPossibleError, match="No entry in Exact is in question"):
        book_beside(DivisionStore(store, desk.division), "invoice", record["number"])


@pytest.mark.parametrize(
    "changes",
    [
        {"your_ref": "2025 / 9"},
        {"date": "2026-03-03"},
        {"lines": [{"vat_code": "21", "amount": "99.00"}]},
    ],
    ids=["another number", "another day", "another amount"],
)
def test_another_document_of_the_customer_does_not_stand_in_the_way(desk: Desk, changes: dict[str, Any]) -> None:
    customer, record = desk.known_customer(), desk.invoice()
    desk.book_by_hand(record, customer, **{"your_ref": bare(record["number"]), **changes})
    assert desk.run(record).counts == {"booked": 1}


def test_a_linked_entry_is_that_of_its_own_document(desk: Desk) -> None:
    desk.known_customer()
    first = desk.invoice()
    desk.run(first)
    desk.exact.do("edit_entry", your_ref=first["number"], changes={"YourRef": ""})
    assert desk.run(desk.invoice()).counts == {"booked": 1}


def test_a_batch_costs_one_look_by_reference_and_one_by_customer(desk: Desk) -> None:
    customer = desk.known_customer()
    records = [desk.invoice() for _ in range(40)]
    for record in records[:3]:
        desk.book_by_hand(record, customer, your_ref=bare(record["number"]))
    desk.exact.forget_calls()
    ran = desk.run(*records)
    assert ran.counts == {"booked": 37, "rejected": 3}
    # The third is the one look of every run at what moved: three of them wait for something in Exact.
    assert desk.exact.calls().count(("GET", "salesentry/SalesEntries")) == 3
