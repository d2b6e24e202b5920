"""Entries of a general journal: what they need, and what they leave in the books."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Answer, Exact

ENTRIES = "generaljournalentry/GeneralJournalEntries"


@pytest.fixture
def exact(new_exact: type[Exact]) -> Exact:
    return new_exact({"no_limits": True}).login()


def book(exact: Exact, customer: str | None = None, *, lines: Any = None, **changes: Any) -> Answer:
    common = {"Date": "2026-06-10", "Description": "Betaling 2026 / 1"}
    usual = [
        {**common, "GLAccount": exact.ledger("400000"), "Account": customer, "AmountFC": -121},
        {**common, "GLAccount": exact.ledger("499000"), "AmountFC": 121},
    ]
    body = {"JournalCode": "90", "GeneralJournalEntryLines": usual if lines is None else lines, **changes}
    return exact.post(ENTRIES, body, prefer="return=representation")


def test_an_entry_takes_its_number_and_period_from_journal_and_day(exact: Exact) -> None:
    row = book(exact, exact.customer()).d
    assert (row["JournalCode"], row["FinancialYear"], row["FinancialPeriod"]) == ("90", 2026, 6)
    assert str(row["EntryNumber"]).startswith("2690")
    assert (row["Type"], row["Status"]) == (90, 20)
    found = exact.get(f"{ENTRIES}?$filter=EntryID eq guid'{row['EntryID']}'&$select=EntryNumber").rows
    assert [each["EntryNumber"] for each in found] == [row["EntryNumber"]]


def test_its_lines_show_among_the_transaction_lines_and_add_up_to_zero(exact: Exact) -> None:
    customer = exact.customer()
    row = book(exact, customer).d
    fields = "EntryID,AmountFC,AmountDC,Description,JournalCode,EntryNumber,GLAccountCode,Account,Type,Date"
    query = f"financialtransaction/TransactionLines?$select={fields}&$filter=Description eq 'Betaling 2026 / 1'"
    lines = exact.get(query).rows
    assert [line["EntryID"] for line in lines] == [row["EntryID"]] * 2
    assert sorted(line["AmountFC"] for line in lines) == [-121, 121]
    assert {line["Type"] for line in lines} == {90}


def test_what_is_booked_on_a_customer_is_open_with_the_sign_of_money_that_came_in(exact: Exact) -> None:
    customer = exact.customer()
    entry = book(exact, customer).d["EntryID"]
    fields = "AmountDC,AmountFC,Status,Account,TransactionType,GLAccountCode"
    query = f"cashflow/Receivables?$select={fields}&$filter=TransactionEntryID eq guid'{entry}'"
    (term,) = exact.get(query).rows
    assert (term["AmountFC"], term["AmountDC"], term["Status"], term["TransactionType"]) == (121, 121, 20, 90)
    assert (term["Account"], term["GLAccountCode"]) == (customer, "400000")


def test_the_sent_rate_decides_the_amount_in_the_companys_currency(exact: Exact) -> None:
    exact.verb("edit_journal", code="90", changes={"AllowVariableCurrency": True, "AllowVariableExchangeRate": True})
    entry = book(exact, exact.customer(), Currency="USD", ExchangeRate="0.9").d
    query = f"financialtransaction/TransactionLines?$select=AmountDC&$filter=EntryID eq guid'{entry['EntryID']}'"
    assert sorted(line["AmountDC"] for line in exact.get(query).rows) == [Decimal("-108.9"), Decimal("108.9")]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"JournalCode": "70"}, "Ongeldig: Dagboek (Type)"),
        ({"JournalCode": "XX"}, "Ongeldige referentie: Journals"),
        ({"JournalCode": None}, "Verplicht: Dagboek"),
        ({"Currency": "USD"}, "Niet toegestaan: Valuta"),
        ({"lines": []}, "Verplicht: Regels"),
    ],
)
def test_what_is_wrong_with_the_header_is_refused(exact: Exact, changes: dict[str, Any], said: str) -> None:
    answer = book(exact, exact.customer(), **changes)
    assert answer.status == 500
    assert said in answer.message


def test_lines_that_do_not_add_up_are_refused(exact: Exact) -> None:
    lines = [
        {"GLAccount": exact.ledger("499000"), "AmountFC": 10},
        {"GLAccount": exact.ledger("580000"), "AmountFC": -9},
    ]
    assert "niet in evenwicht" in book(exact, lines=lines).message


def test_a_receivable_account_needs_a_customer_that_is_not_blocked(exact: Exact) -> None:
    assert "Verplicht: Relatie" in book(exact).message
    assert "Geblokkeerd: Klant" in book(exact, exact.customer(Blocked=True)).message


def test_a_closed_period_takes_no_entry(exact: Exact) -> None:
    exact.verb("close_period", year=2026, period=6)
    assert "Periode is afgesloten: 2026-06" in book(exact, exact.customer()).message


def test_an_entry_can_be_deleted_until_it_is_matched(exact: Exact) -> None:
    customer = exact.customer()
    invoice = exact.entry(Customer=customer).d["EntryID"]
    first, second = (book(exact, customer).d["EntryID"] for _ in range(2))
    exact.verb("match_general_entry", id=second, **{"with": invoice})
    assert exact.delete(ENTRIES, first).status == 204
    refused = exact.delete(ENTRIES, second)
    assert (refused.status, refused.message) == (500, "Reeds afgeletterd")
    exact.verb("delete_general_entry", id=second)
    assert exact.get(f"{ENTRIES}?$select=EntryID").rows == []
    open_terms = "cashflow/Receivables?$select=AmountFC,TransactionEntryID&$filter=Status lt 50"
    assert -121 in [term["AmountFC"] for term in exact.get(open_terms).rows if term["TransactionEntryID"] == invoice]


def test_a_journal_with_vat_takes_it_out_of_a_line_whose_ledger_account_has_a_vat_code(exact: Exact) -> None:
    exact.verb("edit_journal", code="90", changes={"AllowVAT": True})
    exact.verb("edit_gl_account", code="499000", changes={"VATCode": "21 "})
    entry = book(exact, exact.customer()).d["EntryID"]
    lines = exact.transaction_lines(entry)
    assert [(line["GLAccountCode"], line["AmountFC"]) for line in lines] == [
        ("400000", -121),
        ("499000", 100),
        ("451000", 21),
    ]
