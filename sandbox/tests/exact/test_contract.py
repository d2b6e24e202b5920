"""Every answer has the fields and types of the contract, and the shape of what was recorded live."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.contracts import contract
from sandbox.exact.entities import ENTITIES, UNDOCUMENTED

if TYPE_CHECKING:
    from conftest import Exact

RECORDED = contract("exact-recorded")
TYPES: dict[str, Any] = {
    "Guid": lambda value: isinstance(value, str) and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value),
    "String": lambda value: isinstance(value, str),
    "DateTime": lambda value: isinstance(value, str) and re.fullmatch(r"/Date\(-?\d+\)/", value),
    "Boolean": lambda value: isinstance(value, bool),
    "Double": lambda value: isinstance(value, int | Decimal) and not isinstance(value, bool),
    "Int64": lambda value: isinstance(value, str) and re.fullmatch(r"-?\d+", value),
    "Byte": lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 255,
    "Int16": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Int32": lambda value: isinstance(value, int) and not isinstance(value, bool),
}


@pytest.fixture(scope="module")
def busy(new_exact: type[Exact]) -> Exact:
    """An administration in which every entity has a row."""
    exact = new_exact({"no_limits": True}).login()
    customer = exact.customer(
        Email="a@b.example", AddressLine1="Straat 1", Country="BE", Language="nl", SalesVATCode="21"
    )
    exact.post("crm/Contacts", {"Account": customer, "LastName": "Peeters", "FirstName": "An"})
    bank = exact.post(
        "crm/BankAccounts", {"Account": customer, "BankAccount": "BE71096123456769"}, prefer="return=representation"
    )
    exact.post("cashflow/DirectDebitMandates", {"Account": customer, "BankAccount": bank.d["ID"], "PaymentType": 1})
    document = exact.post("documents/Documents", {"Subject": "Factuur", "Type": 10, "Account": customer}).d["ID"]
    exact.post("documents/DocumentAttachments", {"Document": document, "FileName": "f.pdf", "Attachment": "dGVzdA=="})
    for number in range(3):
        lines = [exact.line(CostCenter="ALG"), exact.line(VATCode="IC", Quantity=2)]
        exact.entry(*lines, Customer=customer, Document=document, YourRef=f"2026 / {number}", Description="Werk")
    exact.verb("match_entry", your_ref="2026 / 1", amount="50")
    exact.verb("delete_entry", your_ref="2026 / 2")
    open_parts = [{"amount": amount, "due_date": "2026-08-01"} for amount in ("121", "100")]
    exact.verb("split_terms", your_ref="2026 / 0", parts=open_parts)
    exact.verb("fill", receivables=30, gl_accounts=2)
    accounts = (exact.ledger("400000"), -121), (exact.ledger("499000"), 121)
    halves = [{"GLAccount": account, "AmountFC": amount, "Date": "2026-06-10"} for account, amount in accounts]
    halves[0]["Account"] = customer
    exact.post("generaljournalentry/GeneralJournalEntries", {"JournalCode": "90", "GeneralJournalEntryLines": halves})
    return exact


@pytest.mark.parametrize("path", sorted(ENTITIES))
def test_rows_have_every_field_of_the_contract_with_its_type(path: str, busy: Exact) -> None:
    fields = {name: field for name, field in ENTITIES[path].fields.items() if name not in UNDOCUMENTED.get(path, ())}
    address = "/api/v1/current/Me" if path == "current/Me" else path
    answer = busy.get(f"{address}?$select={','.join(fields)}")
    assert answer.status == 200, answer.text
    assert answer.rows, "this entity needs a row in the busy administration"
    for row in answer.rows:
        assert row.keys() == fields.keys() | {"__metadata"}
        assert row["__metadata"]["uri"].startswith("http://127.0.0.1:8002/api/v1/")
        assert row["__metadata"]["type"].startswith("Exact.Web.Api.Models.")
        for name, field in fields.items():
            kind = field.type
            value = row[name]
            if kind.startswith("Collection"):
                assert value["__deferred"]["uri"].endswith(f"/{name}")
            elif value is not None:
                assert kind in TYPES, f"{name} should be null"
                assert TYPES[kind](value), (name, kind, value)


def shape(value: Any) -> Any:
    """Structure of a JSON value: which keys, which kinds of values; null fits everything."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    if isinstance(value, str) and value.startswith("/Date("):
        return "date"
    if isinstance(value, bool):
        return "bool"
    return {int: "number", Decimal: "number", float: "number", str: "text", type(None): None}[type(value)]


def assert_same_shape(ours: Any, recorded: Any, at: str = "d") -> None:
    if recorded is None or ours is None:
        return
    if isinstance(recorded, dict):
        assert isinstance(ours, dict), at
        for key, inner in recorded.items():
            assert key in ours, f"{at}.{key} is missing"
            assert_same_shape(ours[key], inner, f"{at}.{key}")
    elif isinstance(recorded, list):
        assert isinstance(ours, list), at
        if recorded and ours:
            assert_same_shape(ours[0], recorded[0], f"{at}[0]")
    else:
        assert ours == recorded, at


def recorded(call: str, number: int = 0) -> Any:
    return RECORDED[call][number]["body"]["d"]


LISTS = [
    ("GET /api/v1/{division}/crm/Contacts", 0, "crm/Contacts"),
    ("GET /api/v1/{division}/crm/Contacts", 1, "crm/Contacts"),
    ("GET /api/v1/{division}/crm/Accounts", 0, "crm/Accounts"),
    ("GET /api/v1/{division}/system/Divisions", 0, "system/Divisions"),
    ("GET /api/v1/{division}/documents/DocumentAttachments", 0, "documents/DocumentAttachments"),
    ("GET /api/v1/{division}/documents/Documents", 0, "documents/Documents"),
    ("GET /api/v1/{division}/financial/GLAccounts", 0, "financial/GLAccounts"),
    ("GET /api/v1/{division}/financial/Journals", 0, "financial/Journals"),
    ("GET /api/v1/{division}/vat/VATCodes", 0, "vat/VATCodes"),
]


@pytest.mark.parametrize(("call", "number", "path"), LISTS)
def test_lists_look_like_the_recorded_ones(call: str, number: int, path: str, busy: Exact) -> None:
    example = RECORDED[call][number]
    query = "&".join(f"{name}={value}" for name, value in example["params"].items())
    assert_same_shape(shape(busy.get(f"{path}?{query}").d), shape(example["body"]["d"]))


def test_me_looks_like_the_recorded_one(busy: Exact) -> None:
    assert_same_shape(shape(busy.get("/api/v1/current/Me").d), shape(recorded("GET /api/v1/current/Me")))


def test_a_created_account_looks_like_the_recorded_one(busy: Exact) -> None:
    sent = {"Name": "x", "Status": "C", "IsSales": True, "IsPurchase": False, "Email": "x@example.com", "Country": "FR"}
    answer = busy.post("crm/Accounts", sent)
    assert answer.status == 201
    example = recorded("POST /api/v1/{division}/crm/Accounts")
    assert_same_shape(shape(answer.d), shape(example))
    scalar = {name for name, value in example.items() if not isinstance(value, dict)}
    assert {name for name in scalar if answer.d[name] is None} == {name for name in scalar if example[name] is None}
    row = busy.row("crm/Accounts", answer.d["ID"])
    read = recorded("GET /api/v1/{division}/crm/Accounts(guid'GUID')")
    assert_same_shape(shape(row), shape(read))
    given = (
        "Status",
        "Type",
        "SecurityLevel",
        "InvoicingMethod",
        "Source",
        "SalesCurrency",
        "IsSales",
        "IsPurchase",
        "Country",
    )
    assert [row[name] for name in given] == [read[name] for name in given]


def test_a_created_contact_looks_like_the_recorded_one(busy: Exact) -> None:
    account = busy.customer()
    answer = busy.post("crm/Contacts", {"Account": account, "FirstName": "An", "LastName": "Peeters"})
    example = recorded("POST /api/v1/{division}/crm/Contacts")
    assert_same_shape(shape(answer.d), shape(example))
    assert {name for name, value in answer.d.items() if value is None} == {
        name for name, value in example.items() if value is None
    }


def test_a_document_and_its_attachment_look_like_the_recorded_ones(busy: Exact) -> None:
    sent = {"Subject": "Factuur", "DocumentDate": "2026-06-25", "Account": busy.customer(), "Type": 10}
    document = busy.post("documents/Documents", sent).d
    example = recorded("POST /api/v1/{division}/documents/Documents")
    assert_same_shape(shape(document), shape(example))
    assert document["DocumentDate"] == example["DocumentDate"]
    attached = busy.post(
        "documents/DocumentAttachments", {"Document": document["ID"], "Attachment": "dGVzdA==", "FileName": "test.txt"}
    ).d
    example = recorded("POST /api/v1/{division}/documents/DocumentAttachments")
    assert_same_shape(shape(attached), shape(example))
    assert (attached["Attachment"], attached["FileSize"]) == (None, 4)


def test_a_sales_entry_looks_like_its_recorded_purchase_twin(busy: Exact) -> None:
    example = recorded("POST /api/v1/{division}/purchaseentry/PurchaseEntries")
    twin = {name for name in example if not name.startswith(("Supplier", "Purchase"))} - {"__metadata"}
    entry = busy.entry(YourRef="2026 / 77").d
    assert twin <= entry.keys()
    assert_same_shape(
        {name: shape(entry[name]) for name in twin},
        {name: shape(example[name]) for name in twin if name != "VATAmountDC"},
    )
