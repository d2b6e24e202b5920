"""Entries that were booked for a document in another spelling: shown or adopted, never doubled (line 6)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import DivisionStore
from connector_store.known import NotPossibleError
from connector_store.people import book_beside, link_by_hand

if TYPE_CHECKING:
    from conftest import Harness

ADOPT = {"on_similar": "adopt"}


def bare(number: str) -> str:
    return number.replace(" ", "")


def reason(harness: Harness, record: dict[str, Any]) -> str:
    with harness.store() as store:
        kept = store.rejects(harness.division).get(record["kind"], record["id"])
    assert kept is not None
    return kept.reason


def as_text(number: str) -> str:
    return f"Factuur {number.replace(' / ', '-0')}"


@pytest.mark.parametrize("spell", [bare, str.upper, as_text, lambda _: ""])
def test_a_number_in_another_spelling_is_not_booked_again(harness: Harness, spell: Any) -> None:
    """Line 6: `2026/125` by hand beside Teamleader's `2026 / 125`."""
    customer, record = harness.known_customer(), harness.invoice(number=f"x{harness.invoice()['number']}")
    made = harness.book_by_hand(record, customer, your_ref=spell(record["number"]))
    ran = harness.run(record)
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {record["id"]: "similar_entry"}
    assert made["id"] in reason(harness, record)
    assert harness.exact.entries(record["number"]) in ([], [made])


def test_a_number_in_another_spelling_is_not_booked_again_when_the_amount_changed(harness: Harness) -> None:
    """Line 6: a person edits the invoice that waits beside the entry; the number is still that of the entry."""
    customer, record = harness.known_customer(), harness.invoice()
    harness.book_by_hand(record, customer, your_ref=bare(record["number"]))
    harness.run(record)
    changed = harness.invoice(net="200.00", number=record["number"], id=record["id"])
    for settings in ({}, ADOPT):
        assert harness.run(changed, **settings).counts == {"rejected": 1}
        assert harness.codes() == {record["id"]: "similar_entry"}
    assert harness.exact.entries(record["number"]) == []


@pytest.mark.parametrize("is_known", [True, False], ids=["known customer", "new customer"])
def test_the_entry_may_be_of_another_account(harness: Harness, is_known: bool) -> None:  # noqa: FBT001
    """Line 6: its account was merged into another, or the person chose another; the number is still the document's."""
    elsewhere = harness.exact.do("add_account", Name="Overnemer NV", Status="C", Country="BE")["id"]
    records = [] if is_known else [harness.company()]
    if is_known:
        harness.known_customer()
    record = harness.invoice()
    made = harness.book_by_hand(record, elsewhere, your_ref=bare(record["number"]))
    for settings in ({}, ADOPT):
        assert harness.run(*records, record, **settings).counts["rejected"] == 1
        assert harness.codes() == {record["id"]: "similar_entry"}
    assert made["id"] in reason(harness, record)
    assert harness.exact.entries(record["number"]) == []
    assert len(harness.accounts()) == int(is_known), "no account is made for what is not booked"


def test_the_same_amount_of_another_account_does_not_stand_in_the_way(harness: Harness) -> None:
    harness.known_customer()
    elsewhere = harness.exact.do("add_account", Name="Iemand Anders NV", Status="C", Country="BE")["id"]
    record = harness.invoice()
    harness.book_by_hand(record, elsewhere, your_ref="")
    assert harness.run(record).counts == {"booked": 1}


def test_the_entry_may_stand_in_the_other_sales_journal(harness: Harness) -> None:
    customer, record = harness.known_customer(), harness.invoice()
    harness.book_by_hand(record, customer, journal="71")
    ran = harness.run(record)
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {record["id"]: "similar_entry"}


def test_it_is_adopted_when_the_setting_says_so(harness: Harness) -> None:
    customer, record = harness.known_customer(), harness.invoice()
    made = harness.book_by_hand(record, customer, your_ref=bare(record["number"]))
    ran = harness.run(record, **ADOPT)
    assert ran.counts == {"adopted": 1}
    assert (harness.link(record).how, harness.link(record).exact_id) == ("adopted", made["id"])


@pytest.mark.parametrize(
    "changes",
    [
        {"your_ref": ""},
        {"lines": [{"gl_account": "700000", "vat_code": "0", "amount": "121.00"}]},
    ],
    ids=["without a number", "with another VAT"],
)
def test_what_is_not_surely_the_document_is_never_adopted(harness: Harness, changes: dict[str, Any]) -> None:
    customer, record = harness.known_customer(), harness.invoice()
    harness.book_by_hand(record, customer, **{"your_ref": bare(record["number"]), **changes})
    ran = harness.run(record, **ADOPT)
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {record["id"]: "similar_entry"}


def test_a_person_links_the_entry_that_the_reason_names(harness: Harness) -> None:
    customer, record = harness.known_customer(), harness.invoice()
    made = harness.book_by_hand(record, customer, your_ref=bare(record["number"]))
    harness.run(record)
    with harness.store() as store:
        link_by_hand(DivisionStore(store, harness.division), "invoice", record["number"], made["id"])
    harness.run(record)
    assert harness.codes() == {}
    assert harness.exact.entries(record["number"]) == []


def test_a_person_says_that_it_is_another_document(harness: Harness) -> None:
    customer, record = harness.known_customer(), harness.invoice()
    harness.book_by_hand(record, customer, your_ref=bare(record["number"]))
    harness.run(record)
    with harness.store() as store:
        book_beside(DivisionStore(store, harness.division), "invoice", record["number"])
    ran = harness.run()
    assert ran.counts == {"booked": 1}
    assert [entry["gross"] for entry in harness.exact.entries(record["number"])] == [Decimal("121.00")]


def test_nobody_says_so_of_a_document_without_a_similar_entry(harness: Harness) -> None:
    record = harness.invoice(tax_rate="0.55")
    harness.run(harness.company(), record)
    with harness.store() as store, pytest.raises(NotPossibleError, match="No entry in Exact is in question"):
        book_beside(DivisionStore(store, harness.division), "invoice", record["number"])


@pytest.mark.parametrize(
    "changes",
    [
        {"your_ref": "2025 / 9"},
        {"date": "2026-03-03"},
        {"your_ref": "", "lines": [{"vat_code": "21", "amount": "99.00"}]},
        {"lines": [{"vat_code": "21", "amount": "-100.00"}]},
    ],
    ids=["another number", "another day", "no number and another amount", "another sign"],
)
def test_another_document_of_the_customer_does_not_stand_in_the_way(harness: Harness, changes: dict[str, Any]) -> None:
    customer, record = harness.known_customer(), harness.invoice()
    harness.book_by_hand(record, customer, **{"your_ref": bare(record["number"]), **changes})
    assert harness.run(record).counts == {"booked": 1}


def test_a_linked_entry_is_that_of_its_own_document(harness: Harness) -> None:
    harness.known_customer()
    first = harness.invoice()
    harness.run(first)
    harness.exact.do("edit_entry", your_ref=first["number"], changes={"YourRef": ""})
    assert harness.run(harness.invoice()).counts == {"booked": 1}


def test_a_batch_costs_one_look_by_reference_and_one_by_customer(harness: Harness) -> None:
    customer = harness.known_customer()
    records = [harness.invoice() for _ in range(40)]
    for record in records[:3]:
        harness.book_by_hand(record, customer, your_ref=bare(record["number"]))
    harness.exact.forget_calls()
    ran = harness.run(*records)
    assert ran.counts == {"booked": 37, "rejected": 3}
    # The third is the one look of every run at what moved: three of them wait for something in Exact.
    assert harness.exact.calls().count(("GET", "salesentry/SalesEntries")) == 3
