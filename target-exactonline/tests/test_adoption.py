"""Entries that are in Exact already: linked when they are the document's, shown when they are not."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conftest import Desk


def by_hand(desk: Desk, record: dict[str, Any], customer: str, **changes: Any) -> Any:
    return desk.exact.do(
        "add_entry",
        **{
            "customer": customer,
            "your_ref": record["number"],
            "date": record["date"],
            "lines": [{"gl_account": "700000", "vat_code": "21", "amount": str(record["totals"]["net"])}],
            **changes,
        },
    )


def known_customer(desk: Desk) -> str:
    """Book one document, so that the customer has an account."""
    desk.run(desk.company(), desk.invoice())
    return str(desk.accounts()[0]["id"])


def test_an_entry_booked_by_hand_is_adopted(desk: Desk) -> None:
    customer, record = known_customer(desk), desk.invoice()
    made = by_hand(desk, record, customer)
    ran = desk.run(record)
    assert ran.counts == {"adopted": 1}
    link = desk.link(record)
    assert (link.how, link.exact_id, link.entry_number) == ("adopted", made["id"], made["entry_number"])
    assert len(desk.exact.entries(record["number"])) == 1


def test_another_amount_is_a_conflict_and_nothing_is_overwritten(desk: Desk) -> None:
    customer, record = known_customer(desk), desk.invoice(net="100.00")
    by_hand(desk, record, customer, lines=[{"vat_code": "21", "amount": "90.00"}])
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
    customer, record = known_customer(desk), desk.invoice(net="100.00")
    by_hand(desk, record, customer, lines=[{"gl_account": "700000", "vat_code": "0", "amount": "121.00"}])
    ran = desk.run(record)
    assert ran.counts == {"rejected": 1}
    assert desk.codes() == {record["id"]: "conflict"}
    with desk.store() as store:
        kept = store.rejects(desk.division).get("invoice", record["id"])
    assert kept is not None
    assert "VATAmountFC: 0.00 in Exact, 21.00 in Teamleader" in kept.reason


def test_another_customer_is_a_conflict_and_no_account_is_created(desk: Desk) -> None:
    other = known_customer(desk)
    stranger = desk.company(other=True)
    record = desk.invoice(customer=stranger["id"])
    by_hand(desk, record, other)
    before = len(desk.accounts())
    desk.run(stranger, record)
    assert desk.codes() == {record["id"]: "conflict"}
    assert len(desk.accounts()) == before


def test_two_entries_with_the_number_are_a_conflict(desk: Desk) -> None:
    customer, record = known_customer(desk), desk.invoice()
    by_hand(desk, record, customer)
    by_hand(desk, record, customer)
    desk.run(record)
    assert desk.codes() == {record["id"]: "conflict"}


def test_a_conflict_that_a_person_solved_is_adopted_by_itself(desk: Desk) -> None:
    customer, record = known_customer(desk), desk.invoice()
    by_hand(desk, record, customer)
    second = by_hand(desk, record, customer)
    desk.run(record)
    desk.exact.do("delete_entry", id=second["id"])
    ran = desk.run()
    assert ran.counts == {"adopted": 1}
    assert desk.codes() == {}


def test_the_same_number_in_the_other_journal_is_no_conflict(desk: Desk) -> None:
    customer, record = known_customer(desk), desk.credit_note()
    by_hand(desk, record, customer, lines=[{"vat_code": "21", "amount": "100.00"}])
    ran = desk.run(record)
    assert ran.counts == {"booked": 1}


def test_look_ups_are_batched(desk: Desk) -> None:
    customer = known_customer(desk)
    records = [desk.invoice() for _ in range(40)]
    for record in records:
        by_hand(desk, record, customer)
    desk.exact.forget_calls()
    ran = desk.run(*records)
    assert ran.counts == {"adopted": 40}
    assert desk.exact.calls().count(("GET", "salesentry/SalesEntries")) == 1
