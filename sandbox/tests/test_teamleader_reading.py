"""Filters, orders and pages of the sandbox's Teamleader."""

from __future__ import annotations

import re
from typing import Any

import pytest


def test_a_page_holds_twenty_rows_unless_asked_otherwise(shared_teamleader: Any) -> None:
    answer = shared_teamleader.call("companies.list", {})

    assert len(answer["data"]) == 20
    assert answer["meta"] == {"page": {"size": 20, "number": 1}, "matches": 128}


def test_pages_of_a_hundred_hold_every_row_once(shared_teamleader: Any) -> None:
    ids = [row["id"] for row in shared_teamleader.every("invoices.list")]

    assert len(ids) == len(set(ids)) == 330


@pytest.mark.parametrize(
    "body",
    [
        {"page": {"size": 101, "number": 1}},
        {"page": {"size": 0, "number": 1}},
        {"page": {"size": 20, "number": 0}},
        {"page": {"size": "20"}},
        {"filter": {"ids": ["x"] * 101}},
        {"filter": {"ids": "x"}},
        {"filter": {"status": "draft"}},
        {"filter": {"status": ["paid"]}},
        {"filter": {"updated_since": "2026-01-01"}},
        {"filter": {"invoice_date_after": "2026-02-30"}},
        {"sort": [{"field": "updated_at"}]},
        {"sort": [{"field": "invoice_date", "order": "up"}]},
        ["filter"],
    ],
)
def test_a_malformed_request_is_refused_with_a_title(shared_teamleader: Any, body: Any) -> None:
    answer = shared_teamleader.post("invoices.list", body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["title"]


def test_credit_notes_cannot_be_sorted(shared_teamleader: Any) -> None:
    assert shared_teamleader.post("creditNotes.list", {"sort": [{"field": "updated_at"}]}).status_code == 400


@pytest.mark.parametrize("action", ["invoices.list", "creditNotes.list"])
def test_documents_do_not_come_in_the_order_of_their_changes(shared_teamleader: Any, action: str) -> None:
    moments = [row["updated_at"] for row in shared_teamleader.every(action)]

    assert moments != sorted(moments)
    assert moments != sorted(moments, reverse=True)


@pytest.mark.parametrize("action", ["invoices.list", "creditNotes.list", "companies.list", "contacts.list"])
def test_updated_since_is_inclusive(shared_teamleader: Any, action: str) -> None:
    rows = shared_teamleader.every(action)
    since = sorted(row["updated_at"] for row in rows)[len(rows) // 2]

    found = shared_teamleader.every(action, {"filter": {"updated_since": since}})

    assert {row["id"] for row in found} == {row["id"] for row in rows if row["updated_at"] >= since}


def test_ids_find_a_hundred_rows_in_one_call(shared_teamleader: Any) -> None:
    ids = [row["id"] for row in shared_teamleader.every("invoices.list")][100:200]

    found = shared_teamleader.data("invoices.list", {"filter": {"ids": ids}, "page": {"size": 100, "number": 1}})

    assert {row["id"] for row in found} == set(ids)


def test_dates_of_invoices_are_inclusive_and_the_last_one_of_credit_notes_is_not(shared_teamleader: Any) -> None:
    for action, name, is_inclusive in (
        ("invoices.list", "invoice_date", True),
        ("creditNotes.list", "credit_note_date", False),
    ):
        rows = [row for row in shared_teamleader.every(action) if row[name] is not None]
        days = sorted(row[name] for row in rows)
        first, last = days[len(days) // 4], days[len(days) // 2]
        found = shared_teamleader.every(action, {"filter": {f"{name}_after": first, f"{name}_before": last}})
        wanted = {
            row["id"]
            for row in rows
            if first <= row[name] and (row[name] < last or (is_inclusive and row[name] == last))
        }
        assert {row["id"] for row in found} == wanted


def test_status_is_a_list_and_drafts_have_neither_number_nor_date(shared_teamleader: Any) -> None:
    drafts = shared_teamleader.every("invoices.list", {"filter": {"status": ["draft"]}})
    booked = shared_teamleader.every("invoices.list", {"filter": {"status": ["outstanding", "matched"]}})

    assert drafts
    assert {(row["invoice_number"], row["invoice_date"]) for row in drafts} == {(None, None)}
    assert len(booked) == 320
    assert all(re.fullmatch(r"\d{4} / \d+", row["invoice_number"]) for row in booked)
    assert {row["status"] == "matched" for row in booked if row["paid"]} == {True}


def test_invoices_sort_by_number_and_date(shared_teamleader: Any) -> None:
    body = {"sort": [{"field": "invoice_number", "order": "asc"}], "filter": {"status": ["outstanding", "matched"]}}
    rows = shared_teamleader.every("invoices.list", body)

    numbers = [tuple(int(part) for part in row["invoice_number"].split(" / ")) for row in rows]
    assert numbers == sorted(numbers)
    assert [row["invoice_date"] for row in rows] == sorted(row["invoice_date"] for row in rows)


@pytest.mark.parametrize("field", ["added_at", "updated_at"])
def test_customers_sort_both_ways(shared_teamleader: Any, field: str) -> None:
    for action in ("companies.list", "contacts.list"):
        body = {"sort": [{"field": field, "order": "asc"}]}
        up = [row[field] for row in shared_teamleader.every(action, body)]
        down = [row[field] for row in shared_teamleader.every(action, {"sort": [{"field": field, "order": "desc"}]})]
        assert up == sorted(up)
        assert down == sorted(up, reverse=True)


def test_another_department_has_no_documents(shared_teamleader: Any) -> None:
    first, second = shared_teamleader.data("departments.list")

    assert shared_teamleader.data("invoices.list", {"filter": {"department_id": first["id"]}})
    assert shared_teamleader.data("invoices.list", {"filter": {"department_id": second["id"]}}) == []


def test_unknown_rows_and_actions_are_not_found(shared_teamleader: Any) -> None:
    for action, body in (("invoices.info", {"id": "x"}), ("companies.info", {"id": "x"}), ("invoices.fly", {})):
        answer = shared_teamleader.post(action, body)
        assert answer.status_code == 404
        assert answer.json()["errors"][0]["title"]


@pytest.mark.parametrize(("resource", "format_"), [("invoices", "pdf"), ("creditNotes", "pdf")])
def test_a_pdf_is_small_real_and_always_the_same(shared_teamleader: Any, resource: str, format_: str) -> None:
    rows = shared_teamleader.data(f"{resource}.list", {"page": {"size": 100, "number": 1}})
    row = next(row for row in rows if row.get("invoice_number") or row.get("credit_note_number"))
    body = {"id": row["id"], "format": format_}

    one, two = (
        shared_teamleader.session.get(shared_teamleader.data(f"{resource}.download", body)["location"], timeout=60)
        for _ in range(2)
    )

    assert one.content == two.content
    assert one.headers["content-type"] == "application/pdf"
    assert one.content.startswith(b"%PDF-1.4")
    assert one.content.endswith(b"%%EOF\n")
    assert 4000 <= len(one.content) <= 4400
    assert (row.get("invoice_number") or row["credit_note_number"]).encode() in one.content
    start = int(one.content.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert one.content[start:].startswith(b"xref")


def test_ubl_carries_number_and_totals(shared_teamleader: Any) -> None:
    row = shared_teamleader.data("invoices.list", {"filter": {"status": ["outstanding"]}})[0]

    location = shared_teamleader.data("invoices.download", {"id": row["id"], "format": "ubl/peppol_bis_3"})["location"]
    content = shared_teamleader.session.get(location, timeout=60).text

    assert f">{row['invoice_number']}<" in content
    assert f">{row['total']['tax_inclusive']['amount']}<" in content


def test_a_location_is_for_one_file_without_a_token(shared_teamleader: Any) -> None:
    row = shared_teamleader.data("invoices.list", {})[0]
    location = shared_teamleader.data("invoices.download", {"id": row["id"], "format": "pdf"})["location"]

    assert shared_teamleader.session.get(location, headers=shared_teamleader.headers, timeout=60).status_code == 400
    assert shared_teamleader.session.get(location, timeout=60).status_code == 200
    assert shared_teamleader.session.get(f"{location}x", timeout=60).status_code == 404


def test_a_location_expires(changing: tuple[Any, Any]) -> None:
    sandbox, teamleader = changing
    row = teamleader.data("invoices.list", {})[0]
    location = teamleader.data("invoices.download", {"id": row["id"], "format": "pdf"})["location"]

    sandbox.advance(301)

    assert teamleader.session.get(location, timeout=60).status_code == 403
