"""What OData itself refuses, ignores and answers, before and after the business rules."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Exact

ACCOUNTS = "crm/Accounts"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"[1]", b'"text"', b"null", b'{"Name": NaN}'])
def test_malformed_bodies(exact: Exact, body: bytes) -> None:
    answer = exact.post(ACCOUNTS, body)
    assert answer.status == 400
    assert answer.message.startswith("Error processing request stream.")


def test_an_unknown_property_is_refused_by_name(exact: Exact) -> None:
    answer = exact.post(ACCOUNTS, {"Name": "x", "Naam": "y"})
    assert answer.status == 400
    assert "The property name 'Naam' specified for type 'Exact.Web.Api.Models.Account' is not valid." in answer.message


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        (ACCOUNTS, "Name", 1),
        (ACCOUNTS, "Blocked", 1),
        (ACCOUNTS, "Blocked", "true"),
        (ACCOUNTS, "IsMailing", True),
        (ACCOUNTS, "IsMailing", 256),
        (ACCOUNTS, "SecurityLevel", "10"),
        (ACCOUNTS, "SecurityLevel", 2**31),
        (ACCOUNTS, "InvoiceAccount", "guid'00000000-0000-0000-0000-000000000000'"),
        (ACCOUNTS, "InvoiceAccount", 12),
        (ACCOUNTS, "StartDate", "25/06/2026"),
        (ACCOUNTS, "StartDate", "2026-02-30"),
        (ACCOUNTS, "DiscountSales", "five"),
        (ACCOUNTS, "DiscountSales", True),
        ("documents/DocumentAttachments", "Attachment", "no base64!"),
    ],
)
def test_values_of_the_wrong_type_are_refused(exact: Exact, path: str, field: str, value: Any) -> None:
    answer = exact.post(path, {field: value})
    assert answer.status == 400
    assert "Error encountered in converting the value" in answer.message
    assert f"'{field}'" in answer.message


def test_dates_are_iso_and_come_back_as_utc_midnight(exact: Exact) -> None:
    for sent, read in (
        ("2026-06-25", 1782345600000),
        ("2026-06-25T00:00:00", 1782345600000),
        ("/Date(1782345600000)/", 1782345600000),
        ("2026-06-24T22:00:00Z", 1782259200000),
    ):
        document = exact.post("documents/Documents", {"Subject": "x", "Type": 10, "DocumentDate": sent}).d
        assert document["DocumentDate"] == f"/Date({read})/", sent


def test_created_and_modified_are_dutch_wall_clock(exact: Exact) -> None:
    row = exact.row(ACCOUNTS, exact.customer())
    assert row["Created"] == row["Modified"] == "/Date(1782404464000)/"  # 16:21:04, while it is 14:21:04 UTC
    me = exact.get("/api/v1/current/Me").rows[0]
    assert (me["ServerTime"], me["ServerUtcOffset"]) == ("2026-06-25T16:21:04", 7200)


def test_decimal_texts_are_numbers(exact: Exact) -> None:
    customer = exact.customer(DiscountSales="0.055")
    assert exact.row(ACCOUNTS, customer)["DiscountSales"] == Decimal("0.055")


def test_read_only_properties_are_dropped_without_a_word(exact: Exact) -> None:
    customer = exact.customer(IsPurchase=False, CustomerSince="2001-01-01", Division=1)
    row = exact.row(ACCOUNTS, customer)
    assert (row["IsPurchase"], row["CustomerSince"], row["Division"]) == (True, "/Date(1782345600000)/", 123456)


def test_an_own_key_is_not_used(exact: Exact) -> None:
    own = "11111111-1111-4111-8111-111111111111"
    assert exact.customer(ID=own) != own


def test_accounts_come_back_whole_only_when_asked(exact: Exact) -> None:
    bare = exact.post(ACCOUNTS, {"Name": "Eén", "Status": "C"})
    assert bare.status == 201
    assert (bare.d["Name"], bare.d["Code"], bare.d["Created"]) == (None, None, None)
    assert bare.headers["location"] == bare.d["__metadata"]["uri"]
    whole = exact.post(ACCOUNTS, {"Name": "Eén", "Status": "C"}, prefer="return=representation")
    assert (whole.d["Name"], whole.d["Code"]) == ("Eén", "           0000008")


def test_put_merges_and_answers_nothing(exact: Exact) -> None:
    customer = exact.customer(City="Gent", Phone="1")
    answer = exact.put(ACCOUNTS, customer, {"Name": "Anders", "Phone": None, "ID": customer})
    assert (answer.status, answer.content) == (204, b"")
    row = exact.row(ACCOUNTS, customer)
    assert (row["Name"], row["City"], row["Phone"]) == ("Anders", "Gent", None)


def test_delete_answers_nothing_and_a_second_time_forbidden(exact: Exact) -> None:
    customer = exact.customer()
    assert exact.delete(ACCOUNTS, customer).status == 204
    again = exact.delete(ACCOUNTS, customer)
    assert (again.status, again.message) == (403, "Forbidden")
    assert exact.get(f"{ACCOUNTS}(guid'{customer}')").status == 403
    assert exact.put(ACCOUNTS, customer, {"Name": "x"}).status == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "financial/FinancialPeriods"),
        ("DELETE", "documents/DocumentTypes(10)"),
        ("PUT", "cashflow/PaymentConditions(guid'11111111-1111-4111-8111-111111111111')"),
        ("POST", "crm/Accounts(guid'11111111-1111-4111-8111-111111111111')"),
        ("POST", "sync/CRM/Accounts"),
        ("PATCH", "crm/Accounts"),
    ],
)
def test_methods_that_an_entity_does_not_have(exact: Exact, method: str, path: str) -> None:
    answer = exact.call(method, f"/api/v1/123456/{path}", b"{}", content_type="application/json")
    assert answer.status == 405


def test_a_body_must_be_json(exact: Exact) -> None:
    assert exact.post(ACCOUNTS, {"Name": "x"}, content_type="application/x-www-form-urlencoded").status == 415


def test_refusals_are_worded_in_the_language_of_the_user(exact: Exact) -> None:
    assert exact.post(ACCOUNTS, {}).message == "Verplicht: Naam"
    exact.verb("set_language", language="en")
    assert exact.post(ACCOUNTS, {}).message == "Mandatory: Name"


def test_master_data_is_written_through_the_api_too(exact: Exact) -> None:
    created = exact.post("financial/GLAccounts", {"Code": "700900", "Description": "Nieuw", "Type": 110})
    assert created.status == 201
    assert (
        exact.post("financial/GLAccounts", {"Code": "700900", "Description": "x"}).message == "Gegeven bestaat reeds."
    )
    assert exact.post("financial/GLAccounts", {"Code": "700901"}).message == "Verplicht: Description"
    assert exact.put("financial/GLAccounts", created.d["ID"], {"Description": "Beter"}).status == 204
    assert exact.put("financial/GLAccounts", created.d["ID"], {"Code": "700900"}).status == 500
    assert exact.delete("financial/GLAccounts", created.d["ID"]).status == 204
    assert exact.deleted() == [(7, created.d["ID"])]
