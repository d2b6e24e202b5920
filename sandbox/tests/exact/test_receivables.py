"""Receivables and transaction lines: what an entry leaves behind, and what settling does to it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Exact


@pytest.fixture
def invoice(exact: Exact) -> str:
    """An open invoice of 121."""
    return str(exact.entry().d["EntryID"])


def amounts(rows: list[dict[str, Any]]) -> list[tuple[int, Decimal]]:
    return sorted((row["Status"], row["AmountFC"]) for row in rows)


def test_an_open_invoice_is_negative_and_a_credit_note_positive(exact: Exact, invoice: str) -> None:
    row = exact.receivables(invoice)[0]
    assert (row["AmountDC"], row["TransactionAmountDC"], row["Status"], row["TransactionType"]) == (-121, 121, 20, 20)
    assert row["IsFullyPaid"] is False
    credit = exact.entry(exact.line(AmountFC=-100), Journal="71").d["EntryID"]
    row = exact.receivables(credit)[0]
    assert (row["AmountDC"], row["TransactionAmountDC"], row["TransactionType"]) == (121, -121, 21)


def test_transaction_lines_balance_and_are_numbered(exact: Exact) -> None:
    entry = exact.entry(exact.line(AmountFC=100), exact.line(AmountFC=50, VATCode="6"), Description="Werk").d
    lines = exact.transaction_lines(entry["EntryID"])
    assert [row["LineNumber"] for row in lines] == [0, 1, 2, 9999, 9999]
    assert [row["GLAccountCode"] for row in lines[:3]] == ["400000", "700000", "700000"]
    assert [row["AmountFC"] for row in lines[:3]] == [174, -100, -50]
    assert {row["VATCode"]: row["AmountFC"] for row in lines[3:]} == {"21 ": -21, "6  ": -3}
    assert {row["GLAccountCode"] for row in lines[3:]} == {"451000"}
    assert {row["EntryNumber"] for row in lines} == {26700001}
    assert {row["JournalCode"] for row in lines} == {"70"}
    ids = [row["ID"] for row in exact.get(entry["SalesEntryLines"]["__deferred"]["uri"]).rows]
    assert ids == [row["ID"] for row in lines[1:3]]


def test_a_full_payment_settles(exact: Exact, invoice: str) -> None:
    exact.verb("match_entry", id=invoice, date="2026-06-20")
    row = exact.receivables(invoice)[0]
    assert (row["Status"], row["IsFullyPaid"], row["AmountDC"]) == (50, True, -121)
    assert row["LastPaymentDate"] == "/Date(1781913600000)/"


def test_a_partial_payment_splits_into_records(exact: Exact, invoice: str) -> None:
    before = exact.receivables(invoice)[0]
    exact.verb("match_entry", id=invoice, amount="21")
    rows = exact.receivables(invoice)
    assert amounts(rows) == [(20, -100), (50, -21)]
    assert len({row["EntryID"] for row in rows}) == 2
    assert next(row for row in rows if row["Status"] == 50)["ID"] == before["ID"]
    exact.verb("match_entry", id=invoice)
    assert amounts(exact.receivables(invoice)) == [(50, -100), (50, -21)]
    with pytest.raises(ValueError, match="nothing is open of entry 26700001"):
        exact.verb("match_entry", id=invoice)


def test_more_than_is_open_cannot_be_settled(exact: Exact, invoice: str) -> None:
    with pytest.raises(ValueError, match="more than is open"):
        exact.verb("match_entry", id=invoice, amount="121.01")


def test_the_payment_itself_is_among_the_receivables(exact: Exact, invoice: str) -> None:
    exact.verb("match_entry", id=invoice)
    select = "$select=AmountDC,Journal,TransactionEntryID,YourRef"
    row = exact.get(f"cashflow/Receivables?{select}&$filter=TransactionType eq 40").rows[0]
    assert (row["AmountDC"], row["Journal"], row["YourRef"]) == (121, "50", None)
    lines = exact.transaction_lines(row["TransactionEntryID"])
    assert [(line["GLAccountCode"], line["AmountDC"], line["Type"]) for line in lines] == [
        ("550000", 121, 40),
        ("400000", -121, 40),
    ]


def test_a_difference_is_written_off(exact: Exact, invoice: str) -> None:
    exact.verb("match_entry", id=invoice, amount="120.50")
    exact.verb("match_entry", id=invoice, how="write_off")
    assert amounts(exact.receivables(invoice)) == [(50, Decimal("-120.5")), (50, Decimal("-0.5"))]
    lines = exact.get("financialtransaction/TransactionLines?$filter=Type eq 83&$orderby=LineNumber").rows
    assert [(line["GLAccountCode"], line["AmountDC"]) for line in lines] == [
        ("657000", Decimal("0.5")),
        ("400000", Decimal("-0.5")),
    ]


def test_a_credit_note_is_set_off(exact: Exact, invoice: str) -> None:
    credit = exact.entry(exact.line(AmountFC=-40), Journal="71").d["EntryID"]
    assert exact.verb("match_entry", id=invoice, how="credit_note", against={"id": credit}) == {
        "amount": Decimal("48.40")
    }
    assert amounts(exact.receivables(invoice)) == [(20, Decimal("-72.6")), (50, Decimal("-48.4"))]
    assert amounts(exact.receivables(credit)) == [(50, Decimal("48.4"))]
    assert exact.get("financialtransaction/TransactionLines?$filter=Type eq 40").rows == []


def test_what_was_paid_may_revert(exact: Exact, invoice: str) -> None:
    for amount in ("21", "50"):
        exact.verb("match_entry", id=invoice, amount=amount)
    split = {row["ID"] for row in exact.receivables(invoice)}
    exact.verb("unmatch_entry", id=invoice)
    rows = exact.receivables(invoice)
    assert amounts(rows) == [(20, -121)]
    assert rows[0]["LastPaymentDate"] is None
    assert {key for type_, key in exact.deleted() if type_ == 10} == split - {rows[0]["ID"]}
    payments = exact.get("cashflow/Receivables?$select=Status&$filter=TransactionType eq 40").rows
    assert [row["Status"] for row in payments] == [20, 20]


def test_settling_in_a_foreign_currency(exact: Exact) -> None:
    key = exact.entry(exact.line(VATCode="EX"), Currency="USD", Rate=0.9).d["EntryID"]
    exact.verb("match_entry", id=key, amount="33.33")
    rows = {row["Status"]: row for row in exact.receivables(key)}
    assert (rows[50]["AmountFC"], rows[50]["AmountDC"]) == (Decimal("-33.33"), Decimal(-30))
    assert (rows[20]["AmountFC"], rows[20]["AmountDC"]) == (Decimal("-66.67"), Decimal(-60))


def test_payment_terms_come_through_sync(exact: Exact, invoice: str) -> None:
    path = (
        "sync/Cashflow/PaymentTerms?$select=Timestamp,TransactionEntryID,Status,LineType,YourRef&$filter=Timestamp gt "
    )
    newest = max(int(row["Timestamp"]) for row in exact.get(f"{path}1L").rows)
    exact.verb("match_entry", id=invoice, amount="21")
    rows = [row for row in exact.get(f"{path}{newest}L").rows if row["TransactionEntryID"] == invoice]
    assert sorted(row["Status"] for row in rows) == [20, 50]
    assert {(row["LineType"], row["YourRef"]) for row in rows} == {(20, "2026 / 1")}


def test_only_a_few_fields_of_a_receivable_are_written(exact: Exact, invoice: str) -> None:
    key = exact.receivables(invoice)[0]["ID"]
    assert exact.put("cashflow/Receivables", key, {"PaymentMethod": "I", "AmountDC": 0}).status == 204
    row = exact.row("cashflow/Receivables", key)
    assert (row["PaymentMethod"], row["AmountDC"]) == ("I", -121)


def test_bulk_receivables_filter_on_the_listed_fields(exact: Exact, invoice: str) -> None:
    exact.verb("match_entry", id=invoice, amount="21")
    rows = exact.get(
        "bulk/Cashflow/Receivables?$select=TransactionEntryID&$filter=Status eq 20 and TransactionType eq 20"
    ).rows
    assert [row["TransactionEntryID"] for row in rows] == [invoice]
