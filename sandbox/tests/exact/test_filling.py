"""A big administration, made at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Exact

TERMS = (
    "ID,Timestamp,LineType,TransactionType,TransactionEntryID,Account,AccountCode,AmountFC,AmountDC,Status,EndDate,"
    "LastPaymentDate,DueDate,YourRef,Journal,EntryNumber,InvoiceDate,Currency"
)


def read(exact: Exact, path: str, select: str, above: int = 1) -> list[dict[str, Any]]:
    """All rows of a sync endpoint."""
    url = f"{path}?$select={select}&$filter=Timestamp gt {above}L"
    rows: list[dict[str, Any]] = []
    while url:
        page = exact.get(url).d
        rows += page["results"]
        url = page.get("__next", "")
    return rows


@pytest.fixture(scope="module")
def full(new_exact: type[Exact]) -> Exact:
    exact = new_exact({"no_limits": True}).login()
    exact.verb("fill", receivables=1500, gl_accounts=1200)
    return exact


def test_what_was_added_is_told(new_exact: type[Exact]) -> None:
    exact = new_exact({"no_limits": True}).login()
    told = exact.verb("fill", receivables=100, accounts=7, gl_accounts=9)
    assert told == {"entries": 100, "terms": told["terms"], "accounts": 7, "gl_accounts": 9, "payables": 5}
    assert len(exact.state["cashflow/Receivables"]) == told["terms"]
    assert exact.verb("fill", accounts=3)["entries"] == 0
    assert exact.verb("fill", receivables=2, accounts=0)["accounts"] == 0


def test_the_same_seed_gives_the_same_rows(new_exact: type[Exact], full: Exact) -> None:
    other = new_exact({"no_limits": True}).login()
    other.verb("fill", receivables=1500, gl_accounts=1200)
    assert read(other, "sync/Cashflow/PaymentTerms", TERMS) == read(full, "sync/Cashflow/PaymentTerms", TERMS)


def test_every_row_is_read_once(full: Exact) -> None:
    for path, base in (
        ("sync/CRM/Accounts", "crm/Accounts"),
        ("sync/Financial/GLAccounts", "financial/GLAccounts"),
    ):
        rows = read(full, path, "ID,Timestamp,Code")
        assert {row["ID"] for row in rows} == set(full.state[base].rows)
        assert len(rows) == len(full.state[base]) == len({row["Code"] for row in rows})
    terms = read(full, "sync/Cashflow/PaymentTerms", TERMS)
    assert len({row["ID"] for row in terms}) == len(terms) > 2500


def test_the_entries_are_those_of_another_system(full: Exact) -> None:
    entries = list(full.state["salesentry/SalesEntries"])
    references = [entry["YourRef"] for entry in entries]
    assert len(entries) == 1500
    assert None in references
    assert all(reference is None or reference.startswith("VF20") for reference in references)
    assert {entry["Type"] for entry in entries} == {20, 21}
    assert len({entry["EntryNumber"] for entry in entries}) == 1500
    assert len({entry["Customer"] for entry in entries}) == 75


def test_the_terms_of_every_entry_add_up_and_every_match_is_balanced(full: Exact) -> None:
    terms = [row for row in read(full, "sync/Cashflow/PaymentTerms", TERMS) if row["LineType"] == 20]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in terms:
        sums[row["TransactionEntryID"]] -= row["AmountFC"]
    entries = full.state["salesentry/SalesEntries"]
    assert {key: sums[key] for key in entries.rows} == {row["EntryID"]: row["AmountFC"] for row in entries}
    matches: dict[str, Decimal] = defaultdict(Decimal)
    for row in full.state["cashflow/Receivables"]:
        if row["Status"] == 50:
            matches[row["_match"]] += row["AmountFC"]
    assert set(matches.values()) == {0}
    kinds = Counter((row["TransactionType"], row["Status"]) for row in terms)
    assert kinds.keys() == {(20, 20), (20, 50), (21, 20), (40, 50)}


def test_filled_entries_are_settled_split_changed_and_deleted(full: Exact) -> None:
    summaries = full.verb("add_entry", customer="Oude Klant NV", lines=[{"amount": "1"}])
    assert summaries["entry_number"] == 26700001
    table = full.state["salesentry/SalesEntries"]
    unpaid = [row for row in table if row["Journal"] == "72" and row["AmountFC"] > 100 and row["Status"] == 20]
    entry = next(row for row in unpaid if [term["Status"] for term in full.receivables(row["EntryID"])] == [20])
    key, half = entry["EntryID"], entry["AmountFC"] - 50
    full.verb("edit_entry", id=key, changes={"Description": "Anders"})
    parts = [{"amount": "50", "due_date": "2026-09-01"}, {"amount": str(half), "due_date": "2026-08-01"}]
    full.verb("split_terms", id=key, parts=parts)
    full.verb("match_entry", id=key, amount="1")
    assert sum(-row["AmountFC"] for row in full.receivables(key)) == entry["AmountFC"]
    full.verb("unmatch_entry", id=key)
    full.verb("delete_entry", id=key)
    assert full.receivables(key) == []


def test_payables_come_along(full: Exact) -> None:
    rows = [row for row in read(full, "sync/Cashflow/PaymentTerms", TERMS) if row["LineType"] == 22]
    assert len([row for row in rows if row["TransactionType"] == 30]) == 75 + 4


class Counted(list[Any]):
    """A list that counts how many of its items are looked at."""

    looked_at = 0

    def __getitem__(self, place: Any) -> Any:
        self.looked_at += 1
        return super().__getitem__(place)

    def __iter__(self) -> Iterator[Any]:
        for each in super().__iter__():
            self.looked_at += 1
            yield each


@pytest.mark.parametrize("above", [0, 50_000])
def test_a_page_costs_as_much_at_the_end_as_at_the_beginning(new_exact: type[Exact], above: int) -> None:
    exact = new_exact({"no_limits": True}).login()
    exact.verb("fill", accounts=60_000)
    first = min(
        int(row["Timestamp"]) for row in exact.get("sync/CRM/Accounts?$select=Timestamp&$filter=Timestamp gt 1L").rows
    )
    table = exact.state["crm/Accounts"]
    table._changes = changes = Counted(table._changes)
    assert next(table.by_version(first + above))["Timestamp"] > first + above
    assert changes.looked_at <= 20
