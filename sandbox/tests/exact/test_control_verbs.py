"""What a person does in the office (the control verbs), and the ledger that tests and people look at."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

import pytest

from sandbox.exact.control import ledger, verbs
from sandbox.exact.state import seed_exact

if TYPE_CHECKING:
    from conftest import Exact


def ledger_of(exact: Exact) -> dict:  # type: ignore[type-arg]
    return ledger(exact.state)


def test_the_ledger_adds_up_per_journal_and_currency(exact: Exact) -> None:
    exact.entry(exact.line(AmountFC=100), exact.line(AmountFC=0.10))
    exact.entry(exact.line(VATCode="EX"), Currency="USD", Rate=0.9)
    exact.entry(exact.line(AmountFC=-40), Journal="71")
    journals = ledger_of(exact)["journals"]
    assert journals["70"] == {
        "entries": 2,
        "net": Decimal("190.10"),
        "vat": Decimal("21.02"),
        "gross": Decimal("211.12"),
        "currencies": {
            "EUR": {"entries": 1, "net": Decimal("100.10"), "vat": Decimal("21.02"), "gross": Decimal("121.12")},
            "USD": {"entries": 1, "net": 100, "vat": 0, "gross": 100},
        },
    }
    assert (journals["71"]["net"], journals["71"]["gross"]) == (-40, Decimal("-48.4"))


def test_the_ledger_tells_every_entry_with_its_lines_and_what_is_open(exact: Exact) -> None:
    document = exact.post("documents/Documents", {"Subject": "Factuur", "Type": 10}).d["ID"]
    exact.post("documents/DocumentAttachments", {"Document": document, "FileName": "f.pdf", "Attachment": "dGVzdA=="})
    key = exact.entry(exact.line(Description="Werk"), Document=document).d["EntryID"]
    exact.verb("match_entry", id=key, amount=21)
    told = ledger_of(exact)
    entry = told["entries"][0]
    assert (entry["entry_id"], entry["your_ref"], entry["date"], entry["due_date"], entry["period"]) == (
        key,
        "2026 / 1",
        "2026-06-01",
        "2026-07-01",
        "2026-06",
    )
    assert (entry["gross"], entry["open"]) == (121, 100)
    line = entry["lines"][0]
    assert (line["gl_account"], line["vat_code"], line["net"], line["vat"]) == ("700000", "21", 100, 21)
    attachment = told["documents"][0]["attachments"][0]
    assert (told["documents"][0]["entry_id"], attachment["file_name"], attachment["size"]) == (key, "f.pdf", 4)
    assert attachment["sha256"] == hashlib.sha256(b"test").hexdigest()
    assert {(row["amount"], row["status"]) for row in told["receivables"]} == {(100, 20), (21, 50), (-21, 50)}
    assert told["accounts"][0]["code"] == "0000001"


def test_an_entry_is_booked_by_hand(exact: Exact) -> None:
    lines = [{"gl_account": "704000", "vat_code": "21", "amount": "99.99", "vat_amount": "20.99"}]
    made = exact.verb("add_entry", customer="Oude Klant NV", your_ref="2026 / 9", date="2026-05-04", lines=lines)
    row = exact.row("salesentry/SalesEntries", made["id"])
    assert (row["EntryNumber"], row["YourRef"], row["AmountFC"]) == (
        made["entry_number"],
        "2026 / 9",
        Decimal("120.98"),
    )
    exact.verb("edit_entry", id=made["id"], changes={"YourRef": "2026 / 10"})
    exact.verb("delete_entry", your_ref="2026 / 10", journal="70")
    assert ledger_of(exact)["entries"] == []


def test_even_a_settled_entry_is_deleted_by_hand(exact: Exact) -> None:
    key = exact.entry().d["EntryID"]
    exact.verb("match_entry", id=key)
    exact.verb("process_entry", id=key)
    exact.verb("delete_entry", id=key)
    assert ledger_of(exact)["journals"] == {}


def test_master_data_is_changed_by_hand(exact: Exact) -> None:
    exact.verb("block", name="Oude Klant NV")
    exact.verb("edit_gl_account", code="700000", changes={"IsBlocked": True})
    exact.verb("edit_journal", code="70", changes={"Type": 22})
    exact.verb("edit_division", changes={"VATNumber": "BE0812345702"})
    assert exact.get("crm/Accounts?$filter=Blocked eq true&$select=Name").rows[0]["Name"] == "Oude Klant NV"
    assert exact.get("financial/GLAccounts?$filter=Code eq '700000'&$select=IsBlocked").rows[0]["IsBlocked"] is True
    assert exact.get("financial/Journals?$filter=Code eq '70'&$select=Type").rows[0]["Type"] == 22
    assert exact.get("system/Divisions(123456)?$select=VATNumber").d["VATNumber"] == "BE0812345702"
    exact.verb("block", name="Oude Klant NV", blocked=False)
    assert exact.get("crm/Accounts?$filter=Blocked eq true&$select=Name").rows == []


def test_master_data_is_added_by_hand(exact: Exact) -> None:
    exact.verb("add_journal", Code="74", Description="Verkopen webshop", Type=20, GLAccount=exact.ledger("400000"))
    exact.verb("add_payment_condition", Code="90", Description="90 dagen", PaymentDays=90, PaymentMethod="B")
    exact.verb("add_gl_account", Code="709000", Description="Webshop", Type=110)
    exact.verb("add_cost_center", Code="WEB", Description="Webshop")
    exact.verb("add_cost_unit", Code="WEB", Description="Webshop")
    customer = exact.verb("add_account", Name="Webklant", Status="C")["id"]
    line = exact.line(GLAccount=exact.ledger("709000"), CostCenter="WEB", CostUnit="WEB")
    entry = exact.entry(line, Journal="74", PaymentCondition="90", Customer=customer).d
    assert (entry["EntryNumber"], entry["DueDate"]) == (26740001, "/Date(1788048000000)/")
    exact.verb("delete_entry", id=entry["EntryID"])
    exact.verb("delete_account", id=customer)
    exact.verb("edit_payment_condition", code="90", changes={"PaymentDays": 80})
    exact.verb("remove_year", year=2026)
    assert exact.entry().message == "Onbekend: Boekjaar (Periode-datumtabel)"


def test_an_exchange_rate_and_a_default_condition(exact: Exact) -> None:
    exact.verb("add_exchange_rate", SourceCurrency="USD", Rate="0.95", StartDate="2026-05-01")
    exact.verb("set_default_payment_condition", code="08")
    entry = exact.entry(exact.line(VATCode="EX"), Currency="USD", PaymentCondition=None).d
    assert (entry["AmountDC"], entry["PaymentCondition"]) == (95, "08")


@pytest.mark.parametrize(
    ("verb", "arguments", "text"),
    [
        ("edit_account", {"name": "Niemand", "changes": {}}, "no such account"),
        ("edit_account", {"code": "1", "changes": {"Nme": ""}}, "no such account"),
        ("edit_account", {"code": "0000001", "changes": {"Nme": ""}}, "crm/Accounts has no field Nme"),
        ("edit_vat_code", {"code": "99", "changes": {}}, "vat/VATCodes has no code 99"),
        ("delete_entry", {"your_ref": "2026 / 1"}, "no such entry"),
        ("add_entry", {"customer": "Niemand", "lines": []}, "no such account"),
        ("add_entry", {"customer": "Oude Klant NV", "lines": []}, "Mandatory: Lines"),
        ("set_language", {"language": "fr"}, "texts are known in nl, en"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(exact: Exact, verb: str, arguments: dict, text: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(ValueError, match=text):
        verbs[verb](exact.state, arguments)


def test_the_same_seed_gives_the_same_administration(exact: Exact) -> None:
    again = seed_exact({"no_limits": True}, Random(7), exact.clock)  # noqa: S311
    for path in ("financial/GLAccounts", "vat/VATCodes", "crm/Accounts"):
        assert list(again[path].rows) == list(exact.state[path].rows)


def test_the_administration_has_what_the_rules_need(exact: Exact) -> None:
    assert len(exact.get("financial/GLAccounts?$select=Code").rows) == 60, "more than a page"
    periods = exact.get("financial/FinancialPeriods?$select=FinYear,FinPeriod").rows
    assert {row["FinYear"] for row in periods} == {2025, 2026, 2027}
    codes = exact.get("vat/VATCodes?$select=Code,Percentage,Type").rows
    known = {row["Code"]: (row["Type"], row["Percentage"]) for row in codes}
    assert (known["21 "], known["IC "], known["VR "]) == (("E", Decimal("0.21")), ("B", 0), ("N", 0))
    conditions = exact.get("cashflow/PaymentConditions?$select=Code,PaymentMethod").rows
    assert {"00", "08", "14", "30", "30E", "60", "DD"} == {row["Code"] for row in conditions}
    assert exact.get("hrm/Divisions?$select=Code,Main,HID").rows[0]["Main"] is True
