"""Entries that fall due in several terms, and what settling, un-matching and changing does to them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Exact

PARTS = [
    {"amount": "60.50", "due_date": "2026-07-31"},
    {"amount": "21", "due_date": "2026-06-30"},
    {"amount": "39.50", "due_date": "2026-08-31"},
]


def days(rows: list[dict[str, Any]]) -> list[tuple[str | None, int, Decimal]]:
    """Due date, status and amount of terms."""
    found = {1782777600000: "06-30", 1785456000000: "07-31", 1788134400000: "08-31"}
    dues = [int(row["DueDate"][6:-2]) for row in rows]
    return sorted((found[due], row["Status"], -row["AmountFC"]) for due, row in zip(dues, rows, strict=True))


@pytest.fixture
def invoice(exact: Exact) -> str:
    """An open invoice of 121 in three terms."""
    key = str(exact.entry().d["EntryID"])
    exact.verb("split_terms", id=key, parts=PARTS)
    return key


def test_the_terms_of_an_entry_have_due_dates_of_their_own(exact: Exact) -> None:
    entry = exact.entry().d["EntryID"]
    before = exact.receivables(entry)[0]["ID"]
    made = exact.verb("split_terms", id=entry, parts=PARTS)["ids"]
    rows = exact.receivables(entry)
    assert days(rows) == [("06-30", 20, 21), ("07-31", 20, Decimal("60.5")), ("08-31", 20, Decimal("39.5"))]
    assert {row["ID"] for row in rows} == set(made)
    assert len({row["EntryID"] for row in rows}) == 3
    assert (10, before) in exact.deleted()


@pytest.mark.parametrize("amounts", [("60", "60"), ("130", "-9"), ("121", "0")])
def test_parts_that_do_not_make_up_what_is_open_are_refused(exact: Exact, amounts: tuple[str, str]) -> None:
    entry = exact.entry().d["EntryID"]
    parts = [{"amount": amount, "due_date": "2026-07-01"} for amount in amounts]
    with pytest.raises(ValueError, match="make up the 121"):
        exact.verb("split_terms", id=entry, parts=parts)


def test_what_is_left_after_a_payment_can_be_split(exact: Exact) -> None:
    entry = exact.entry().d["EntryID"]
    exact.verb("match_entry", id=entry, amount="21")
    exact.verb(
        "split_terms",
        id=entry,
        parts=[{"amount": 50, "due_date": "2026-06-30"}, *PARTS[1:2], {"amount": 29, "due_date": "2026-08-31"}],
    )
    exact.verb("unmatch_entry", id=entry)
    assert sorted(row["AmountFC"] for row in exact.receivables(entry)) == [-50, -29, -21, -21]


def test_the_oldest_due_is_settled_first_and_a_payment_spans_terms(exact: Exact, invoice: str) -> None:
    exact.verb("match_entry", id=invoice, amount="50")
    assert days(exact.receivables(invoice)) == [
        ("06-30", 50, 21),
        ("07-31", 20, Decimal("31.5")),
        ("07-31", 50, 29),
        ("08-31", 20, Decimal("39.5")),
    ]
    exact.verb("match_entry", id=invoice)
    assert {status for _, status, _ in days(exact.receivables(invoice))} == {50}
    query = "cashflow/Receivables?$select=AmountFC&$filter=TransactionType eq 40"
    assert sorted(row["AmountFC"] for row in exact.get(query).rows) == [50, 71]


def test_terms_settled_by_money_a_credit_note_and_a_write_off(exact: Exact, invoice: str) -> None:
    credit = exact.entry(exact.line(AmountFC=-50), Journal="71").d["EntryID"]
    exact.verb("split_terms", id=credit, parts=[{"amount": part, "due_date": "2026-06-30"} for part in ("20", "40.50")])
    against = {"id": credit}
    first = exact.verb("match_entry", id=invoice, how="credit_note", against=against, amount="30")
    second = exact.verb("match_entry", id=invoice, how="credit_note", against=against)
    assert (first, second) == ({"amount": 30}, {"amount": Decimal("30.50")})
    assert {row["Status"] for row in exact.receivables(credit)} == {50}
    assert {row["LastPaymentDate"] for row in exact.receivables(credit)} == {None}
    exact.verb("match_entry", id=invoice, amount="60")
    exact.verb("match_entry", id=invoice, how="write_off")
    rows = exact.receivables(invoice)
    assert sum(-row["AmountFC"] for row in rows) == 121
    assert {row["Status"] for row in rows} == {50}
    with pytest.raises(ValueError, match="nothing is open"):
        exact.verb("match_entry", id=invoice, how="credit_note", against=against)


@pytest.mark.parametrize("amount", ["121.01", "0", "-1"])
def test_too_much_and_too_little_is_refused_and_leaves_everything_as_it_was(
    exact: Exact, invoice: str, amount: str
) -> None:
    before = exact.receivables(invoice)
    with pytest.raises(ValueError, match="more than is open"):
        exact.verb("match_entry", id=invoice, amount=amount)
    assert exact.receivables(invoice) == before


def test_all_rows_of_a_match_carry_its_date(exact: Exact, invoice: str) -> None:
    exact.verb("match_entry", id=invoice, amount="50", date="2026-06-20")
    select = "$select=Status,EndDate,Account"
    rows = exact.get(f"cashflow/Receivables?{select}&$filter=Status eq 50").rows
    assert len(rows) == 3
    assert len({(row["EndDate"], row["Account"]) for row in rows}) == 1


def test_un_matching_joins_the_parts_of_a_term_and_keeps_the_terms(exact: Exact, invoice: str) -> None:
    for amount in ("10", "30", "20"):
        exact.verb("match_entry", id=invoice, amount=amount)
    ids = {row["ID"] for row in exact.receivables(invoice)}
    exact.verb("unmatch_entry", id=invoice)
    rows = exact.receivables(invoice)
    assert days(rows) == [("06-30", 20, 21), ("07-31", 20, Decimal("60.5")), ("08-31", 20, Decimal("39.5"))]
    assert {key for type_, key in exact.deleted() if type_ == 10} >= ids - {row["ID"] for row in rows}


def test_only_the_latest_match_is_taken_back_when_asked(exact: Exact, invoice: str) -> None:
    for amount in ("10", "30"):
        exact.verb("match_entry", id=invoice, amount=amount)
    exact.verb("unmatch_entry", id=invoice, last=True)
    matched = [row["AmountFC"] for row in exact.receivables(invoice) if row["Status"] == 50]
    assert matched == [-10]
    payments = exact.get("cashflow/Receivables?$select=Status,AmountFC&$filter=TransactionType eq 40").rows
    assert sorted((row["Status"], row["AmountFC"]) for row in payments) == [(20, 30), (50, 10)]


def test_what_was_never_matched_cannot_be_un_matched(exact: Exact, invoice: str) -> None:
    with pytest.raises(ValueError, match="nothing of entry 26700001 is matched"):
        exact.verb("unmatch_entry", id=invoice)


def test_a_deleted_entry_takes_all_its_terms_along(exact: Exact, invoice: str) -> None:
    exact.verb("match_entry", id=invoice, amount="50")
    ids = {row["ID"] for row in exact.receivables(invoice)}
    exact.verb("delete_entry", id=invoice)
    assert exact.receivables(invoice) == []
    assert ids <= {key for type_, key in exact.deleted() if type_ == 10}


def test_a_changed_description_leaves_the_terms_as_they_are(exact: Exact, invoice: str) -> None:
    before = exact.receivables(invoice)
    exact.verb("edit_entry", id=invoice, changes={"Description": "Anders"})
    assert exact.receivables(invoice) == before


def test_another_customer_makes_one_new_term_of_all(exact: Exact, invoice: str) -> None:
    before = {row["ID"] for row in exact.receivables(invoice)}
    changes = {"Customer": exact.customer(), "PaymentCondition": "30"}
    exact.verb("edit_entry", id=invoice, changes=changes)
    rows = exact.receivables(invoice)
    assert [row["AmountFC"] for row in rows] == [-121]
    assert before <= {key for type_, key in exact.deleted() if type_ == 10}


def test_terms_in_a_foreign_currency_add_up_in_both(exact: Exact) -> None:
    key = exact.entry(exact.line(VATCode="EX"), Currency="USD", Rate=0.8333).d["EntryID"]
    parts = [{"amount": amount, "due_date": "2026-07-01"} for amount in ("33.33", "33.33", "33.34")]
    exact.verb("split_terms", id=key, parts=parts)
    exact.verb("match_entry", id=key, amount="50")
    rows = exact.receivables(key)
    assert sum(row["AmountFC"] for row in rows) == -100
    assert sum(row["AmountDC"] for row in rows) == Decimal("-83.33")
    matched = sum(row["AmountDC"] for row in rows if row["Status"] == 50)
    query = "cashflow/Receivables?$select=AmountDC&$filter=TransactionType eq 40"
    assert [row["AmountDC"] for row in exact.get(query).rows] == [-matched]


def test_many_entries_are_matched_and_un_matched_in_one_call(exact: Exact) -> None:
    keys = [exact.entry(YourRef=f"2026 / {number}").d["EntryID"] for number in (1, 2, 3)]
    entries = [{"id": keys[0]}, {"your_ref": "2026 / 2", "amount": "21", "how": "write_off"}, {"id": keys[2]}]
    answer = exact.verb("match_entries", entries=entries)
    assert len(answer["entries"]) == 3
    assert [len(exact.receivables(key)) for key in keys] == [1, 2, 1]
    exact.verb("unmatch_entries", entries=[{"id": key} for key in keys])
    assert [row["Status"] for key in keys for row in exact.receivables(key)] == [20, 20, 20]


def test_the_entry_that_cannot_be_matched_is_named(exact: Exact) -> None:
    key = exact.entry().d["EntryID"]
    with pytest.raises(ValueError, match=r"entries\.1: no such entry"):
        exact.verb("match_entries", entries=[{"id": key}, {"your_ref": "2030 / 1"}])
    with pytest.raises(ValueError, match="how is credit_note, money, write_off"):
        exact.verb("match_entry", id=key, how="magic")


def test_payment_terms_hold_the_purchase_side_too(exact: Exact, invoice: str) -> None:
    select = "$select=LineType,TransactionType,TransactionEntryID,YourRef,AmountDC,Status,Journal,Timestamp"
    rows = exact.get(f"sync/Cashflow/PaymentTerms?{select}&$filter=Timestamp gt 1L").rows
    payable = [row for row in rows if row["LineType"] == 22]
    assert {(row["TransactionType"], row["Status"]) for row in payable} == {(30, 20), (30, 50), (40, 50)}
    assert {row["Journal"] for row in payable} == {"60", "50"}
    assert "2026 / 1" in {row["YourRef"] for row in payable}
    assert len({row["Timestamp"] for row in rows}) == len(rows)
    assert {row["TransactionEntryID"] for row in rows if row["LineType"] == 20} == {invoice}


def test_other_endpoints_show_the_sales_side_only(exact: Exact) -> None:
    for path in ("cashflow/Receivables", "bulk/Cashflow/Receivables"):
        assert exact.get(f"{path}?$select=ID").rows == []
