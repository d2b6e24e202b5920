"""What an accountant does to entries and customers beside the API, and what the service refuses or shows late."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Exact

ENTRIES = "salesentry/SalesEntries"
LINES = "salesentry/SalesEntryLines"


def lines_of(exact: Exact, entry: str) -> list[dict[str, Any]]:
    rows = exact.get(f"{LINES}?$filter=EntryID eq guid'{entry}'").rows
    return sorted(rows, key=lambda row: row["LineNumber"])


def test_a_line_is_recoded_and_the_receivable_stays(exact: Exact) -> None:
    entry = exact.entry(exact.line(), exact.line(AmountFC=50)).d["EntryID"]
    receivable = exact.receivables(entry)
    exact.clock.advance(60)
    before = exact.row(ENTRIES, entry)["Modified"]
    exact.verb("edit_line", id=entry, line=2, gl_account="704000", description="Hercodeerd")
    first, second = lines_of(exact, entry)
    assert (first["GLAccountCode"].strip(), second["GLAccountCode"].strip()) == ("700000", "704000")
    assert (second["Description"], second["AmountFC"]) == ("Hercodeerd", 50)
    assert exact.row(ENTRIES, entry)["Modified"] > before
    assert exact.receivables(entry) == receivable
    books = [row for row in exact.transaction_lines(entry) if row["LineNumber"] == 2]
    assert [row["GLAccountCode"].strip() for row in books] == ["704000"]


def test_another_vat_code_changes_what_is_open(exact: Exact) -> None:
    entry = exact.entry().d["EntryID"]
    exact.verb("edit_line", id=entry, vat_code="6")
    assert [row["AmountFC"] for row in exact.receivables(entry)] == [-106]
    exact.verb("edit_line", id=entry, vat_amount="5.99")
    assert exact.row(ENTRIES, entry)["AmountFC"] == Decimal("105.99")


def test_even_a_settled_entry_is_recoded_but_keeps_its_amounts(exact: Exact) -> None:
    entry = exact.entry().d["EntryID"]
    exact.verb("match_entry", id=entry)
    exact.verb("edit_line", id=entry, gl_account="704000")
    assert [row["Status"] for row in exact.receivables(entry)] == [50]
    with pytest.raises(ValueError, match="un-match it first"):
        exact.verb("edit_line", id=entry, amount="90")


def test_lines_come_and_go(exact: Exact) -> None:
    entry = exact.entry().d["EntryID"]
    exact.verb("add_line", id=entry, gl_account="704000", amount="20", vat_code="21", description="Erbij")
    assert [row["AmountFC"] for row in lines_of(exact, entry)] == [100, 20]
    exact.verb("delete_line", id=entry, line=1)
    assert exact.row(ENTRIES, entry)["AmountFC"] == Decimal("24.2")
    with pytest.raises(ValueError, match="no line 9"):
        exact.verb("delete_line", id=entry, line=9)


@pytest.mark.parametrize("number", ["2026/125", "2026 / 125", "125", "FACT 2026-125"])
def test_an_entry_is_typed_by_hand_in_any_spelling_and_vat_split(exact: Exact, number: str) -> None:
    lines = [{"amount": "121", "vat_code": "0"}, {"amount": "100", "vat_code": "21", "vat_amount": "20.99"}]
    made = exact.verb("add_entry", customer=exact.customer(), your_ref=number, lines=lines)
    row = exact.row(ENTRIES, made["id"])
    assert (row["YourRef"], row["AmountFC"], row["VATAmountFC"]) == (number, Decimal("241.99"), Decimal("20.99"))


def test_a_line_of_a_general_journal_entry_is_edited(exact: Exact) -> None:
    customer = exact.customer()
    halves = [{"GLAccount": exact.ledger(code), "AmountFC": fc} for code, fc in (("400000", -121), ("499000", 121))]
    halves[0]["Account"] = customer
    body = {"JournalCode": "90", "GeneralJournalEntryLines": halves}
    entry = exact.post("generaljournalentry/GeneralJournalEntries", body).d["EntryID"]
    exact.verb("edit_general_line", id=entry, line=2, gl_account="580000", description="Anders")
    rows = exact.transaction_lines(entry)
    assert [(row["GLAccountCode"].strip(), row["Description"]) for row in rows][1] == ("580000", "Anders")


def test_a_closed_period_is_named_and_opens_again(exact: Exact) -> None:
    exact.verb("close_period", year=2026, period=6)
    assert exact.entry().message == "Periode is afgesloten: 2026-06"
    exact.verb("open_period", year=2026, period=6)
    assert exact.entry().status == 201


def test_a_blocked_journal_takes_no_entry(exact: Exact) -> None:
    exact.verb("edit_journal", code="70", changes={"IsBlocked": True})
    assert (exact.entry().status, exact.entry(Journal="71").status) == (500, 201)


def test_a_right_that_is_missing_answers_403(exact: Exact) -> None:
    exact.verb("deny", entities=["documents/"])
    assert exact.post("documents/Documents", {"Subject": "x", "Type": 10}).status == 403
    assert exact.get("documents/DocumentTypes").status == 403
    assert exact.get("crm/Accounts").status == 200
    exact.verb("deny", entities=[])
    assert exact.get("documents/DocumentTypes").status == 200


def test_new_rows_show_late_in_lists_but_not_by_their_key(exact: Exact) -> None:
    exact.verb("show_late", seconds=30, entities=[ENTRIES, "financialtransaction/TransactionLines"])
    entry = exact.entry().d["EntryID"]
    search = f"{ENTRIES}?$select=EntryID&$filter=YourRef eq '2026 / 1'"
    assert exact.get(search).rows == exact.transaction_lines(entry) == []
    assert exact.row(ENTRIES, entry)["YourRef"] == "2026 / 1"
    assert len(exact.receivables(entry)) == 1
    exact.clock.advance(29)
    assert exact.get(search).rows == []
    exact.clock.advance(1)
    assert [row["EntryID"] for row in exact.get(search).rows] == [entry]
    assert len(exact.transaction_lines(entry)) == 3
    exact.verb("show_late", seconds=0)
    assert exact.entry(YourRef="2026 / 2").status == 201
    assert len(exact.get(f"{ENTRIES}?$select=EntryID&$filter=YourRef eq '2026 / 2'").rows) == 1


def test_an_account_is_merged_into_another_that_takes_over_its_entries(exact: Exact) -> None:
    old, survivor = exact.customer(Name="Dubbel"), exact.customer(Name="Blijver")
    entry = exact.entry(Customer=old).d["EntryID"]
    with pytest.raises(ValueError, match="In use"):
        exact.verb("delete_account", id=old)
    exact.verb("merge_accounts", id=old, into={"id": survivor})
    assert exact.row(ENTRIES, entry)["Customer"] == survivor
    assert exact.get(f"crm/Accounts(guid'{old}')").status == 403
    assert (2, old) in exact.deleted()
    exact.verb("delete_account", id=exact.customer())


def test_an_unknown_country_is_refused(exact: Exact) -> None:
    answer = exact.post("crm/Accounts", {"Name": "Ver weg", "Country": "XK"})
    assert (answer.status, answer.message) == (500, "Ongeldige referentie: Land")


def test_a_revoked_login_has_no_way_back(exact: Exact) -> None:
    exact.verb("expire_tokens")
    assert exact.get("crm/Accounts").status == 401
    exact.verb("revoke")
    assert exact.token().status == 400


def test_the_days_limit_is_reached_when_it_is_lowered(exact: Exact) -> None:
    for _ in range(5):
        exact.get("crm/Accounts")
    exact.verb("set_limits", day=6)
    last = exact.get("crm/Accounts")
    assert (last.status, last.headers["x-ratelimit-remaining"]) == (200, "0")
    assert exact.get("crm/Accounts").status == 429
    exact.verb("set_limits", day=100)
    assert exact.get("crm/Accounts").status == 200


@pytest.mark.parametrize(
    ("path", "verb", "code", "changes"),
    [
        ("crm/Accounts", "edit_account", "0000001", {"Name": "Anders"}),
        ("cashflow/PaymentConditions", "edit_payment_condition", "30", {"PaymentDays": 31}),
        ("financial/Journals", "edit_journal", "70", {"Description": "Anders"}),
        ("financial/GLAccounts", "edit_gl_account", "700000", {"Description": "Anders"}),
        ("vat/VATCodes", "edit_vat_code", "21", {"Description": "Anders"}),
    ],
)
def test_modified_moves_with_an_edit(exact: Exact, path: str, verb: str, code: str, changes: dict[str, Any]) -> None:
    key = exact.state.by_code(path, code) if path != "crm/Accounts" else next(iter(exact.state[path]))
    assert key is not None
    before = exact.row(path, key["ID"])["Modified"]
    exact.clock.advance(60)
    exact.verb(verb, code=key["Code"].strip(), changes=changes)
    assert exact.row(path, key["ID"])["Modified"] > before
