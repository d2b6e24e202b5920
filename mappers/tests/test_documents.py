"""A Teamleader document as a sales entry, rule by rule."""

from __future__ import annotations

import copy
import importlib.util
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from teamleader_exactonline_mappers.documents import sales_entry
from teamleader_exactonline_mappers.reference_data import ReferenceData

if TYPE_CHECKING:
    from collections.abc import Callable

_spec = importlib.util.spec_from_file_location("mapper_shapes", Path(__file__).with_name("conftest.py"))
assert _spec
assert _spec.loader
shapes = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shapes)
invoice, credit_note, line, euro = shapes.invoice, shapes.credit_note, shapes.line, shapes.euro


def codes(entry: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in entry["problems"]]


def test_an_invoice_keeps_its_numbers_dates_and_references(reference: ReferenceData) -> None:
    entry = sales_entry(invoice(), "invoice", reference)
    assert {name: entry[name] for name in ("kind", "number", "date", "due_date", "currency", "customer")} == {
        "kind": "invoice",
        "number": "2026 / 12",
        "date": "2026-06-25",
        "due_date": "2026-07-25",
        "currency": "EUR",
        "customer": "company:c-1",
    }
    assert entry["reference"] == "PO 77"
    assert entry["payment_reference"] == "+++123/4567/89012+++"
    assert entry["payment_term"] == {"type": "after_invoice_date", "days": 30}
    assert entry["problems"] == []


@pytest.mark.parametrize(
    ("kind", "vat_number", "is_person", "number"),
    [
        ("company", "BE0780128240", False, "0780128240"),
        ("contact", None, True, None),
        ("contact", "BE0780128240", False, None),
    ],
)
def test_a_document_names_its_customer_for_when_that_is_gone(
    reference: ReferenceData, kind: str, vat_number: str | None, *, is_person: bool, number: str | None
) -> None:
    """Line 15; the national number of a contact is not that of a company."""
    invoicee = {
        "name": "Acme",
        "vat_number": vat_number,
        "customer": {"type": kind, "id": "c-1"},
        "email": "info@acme.example",
        "national_identification_number": "0780128240",
    }
    assert sales_entry(invoice(invoicee=invoicee), "invoice", reference)["invoicee"] == {
        "name": "Acme",
        "is_person": is_person,
        "vat_number": vat_number,
        "chamber_of_commerce": number,
        "email": "info@acme.example",
    }


def test_a_document_tells_the_vat_number_of_its_department(reference: ReferenceData) -> None:
    assert sales_entry(invoice(), "invoice", reference)["issuer_vat_number"] == "BE 0765.432.146"
    assert sales_entry(invoice(), "invoice", ReferenceData())["issuer_vat_number"] is None


def test_the_totals_of_an_invoice_are_those_of_teamleader(reference: ReferenceData) -> None:
    entry = sales_entry(invoice(), "invoice", reference)
    assert entry["totals"] == {
        "net": Decimal("100.00"),
        "gross": Decimal("121.00"),
        "taxes": [{"rate": Decimal("0.21"), "taxable": Decimal("100.00"), "tax": Decimal("21.00")}],
    }


def test_every_amount_of_a_credit_note_turns_negative(reference: ReferenceData) -> None:
    entry = sales_entry(credit_note(), "credit_note", reference)
    assert entry["number"] == "2026 / 3"
    assert entry["date"] == "2026-06-30"
    assert [row["net"] for row in entry["lines"]] == [Decimal("-100.00")]
    assert entry["totals"] == {
        "net": Decimal("-100.00"),
        "gross": Decimal("-121.00"),
        "taxes": [{"rate": Decimal("0.21"), "taxable": Decimal("-100.00"), "tax": Decimal("-21.00")}],
    }


def test_a_negative_line_of_a_credit_note_turns_positive(reference: ReferenceData) -> None:
    entry = sales_entry(credit_note(line("150.00"), line("-50.00")), "credit_note", reference)
    assert [row["net"] for row in entry["lines"]] == [Decimal("-150.00"), Decimal("50.00")]


def test_an_invoice_below_zero_stays_an_invoice_with_its_own_signs(reference: ReferenceData) -> None:
    document = invoice(line("-40.00"))
    document["total"] = {"tax_exclusive": euro("-40.00"), "tax_inclusive": euro("-48.40"), "taxes": []}
    entry = sales_entry(document, "invoice", reference)
    assert (entry["kind"], entry["totals"]["net"]) == ("invoice", Decimal("-40.00"))


def test_a_zero_has_no_sign(reference: ReferenceData) -> None:
    document = credit_note(line("0.00"))
    document["total"] = {"tax_exclusive": euro("0.00"), "tax_inclusive": euro("0.00"), "taxes": []}
    entry = sales_entry(document, "credit_note", reference)
    assert [str(entry["lines"][0]["net"]), str(entry["totals"]["net"]), str(entry["withheld"])] == ["0.00", "0.00", "0"]


def test_a_line_discount_is_in_the_net_of_its_line(reference: ReferenceData) -> None:
    discounted = line("90.00", discount={"type": "percentage", "value": 10})
    discounted["total"]["tax_exclusive_before_discount"] = euro("100.00")
    assert sales_entry(invoice(discounted), "invoice", reference)["lines"][0]["net"] == Decimal("90.00")


def test_discounts_on_the_document_go_on_beside_the_lines(reference: ReferenceData) -> None:
    entry = sales_entry(
        invoice(discounts=[{"type": "percentage", "value": Decimal("2.5"), "description": "Loyalty"}]),
        "invoice",
        reference,
    )
    assert entry["discounts"] == [{"description": "Loyalty", "percentage": Decimal("2.5")}]


def test_lines_of_all_sections_come_in_order(reference: ReferenceData) -> None:
    document = invoice()
    document["grouped_lines"] = [
        {"section": {"title": "A"}, "line_items": [line("1.00"), line("2.00")]},
        {"section": {"title": "B"}, "line_items": []},
        {"section": {"title": "C"}, "line_items": [line("3.00")]},
    ]
    entry = sales_entry(document, "invoice", reference)
    assert [row["net"] for row in entry["lines"]] == [Decimal("1.00"), Decimal("2.00"), Decimal("3.00")]


def test_a_line_carries_rate_and_description_of_its_tax(reference: ReferenceData) -> None:
    row = sales_entry(invoice(line("10.00", tax="rate-ic")), "invoice", reference)["lines"][0]
    assert (row["tax_rate_id"], row["tax_rate_description"], row["tax_rate"]) == (
        "rate-ic",
        "0% Intracommunautair",
        Decimal(0),
    )


def test_an_archived_tax_rate_is_told_by_the_only_rate_of_the_document(reference: ReferenceData) -> None:
    row = sales_entry(invoice(line("100.00", tax="archived")), "invoice", reference)["lines"][0]
    assert (row["tax_rate"], row["tax_rate_description"]) == (Decimal("0.21"), None)


def test_an_archived_tax_rate_is_told_by_the_amounts_of_its_line_when_there_are_several(
    reference: ReferenceData,
) -> None:
    document = invoice(line("9.99", tax="archived", gross="10.59"), line("100.00", gross="121.00"))
    document["total"]["taxes"].append({"rate": Decimal("0.06"), "taxable": euro("9.99"), "tax": euro("0.60")})
    assert sales_entry(document, "invoice", reference)["lines"][0]["tax_rate"] == Decimal("0.06")


def test_the_ledger_number_is_that_of_the_documents_department(reference: ReferenceData) -> None:
    row = sales_entry(invoice(line("10.00", product_category={"id": "services"})), "invoice", reference)["lines"][0]
    assert (row["ledger_number"], row["product_category"]) == ("700100", "Services")


@pytest.mark.parametrize("category", [None, {"id": "unmapped"}, {"id": "deleted"}])
def test_a_line_without_ledger_number_leaves_the_account_to_the_target(
    reference: ReferenceData, category: dict[str, str] | None
) -> None:
    entry = sales_entry(invoice(line("10.00", product_category=category)), "invoice", reference)
    assert entry["lines"][0]["ledger_number"] is None
    assert entry["problems"] == []


def test_a_category_without_the_stream_of_categories_is_a_problem_not_a_wrong_account() -> None:
    entry = sales_entry(invoice(line("10.00", product_category={"id": "services"})), "invoice", ReferenceData())
    assert codes(entry) == ["product_categories_missing"]


def test_a_credit_note_names_the_invoice_that_came_by_before(reference: ReferenceData) -> None:
    entry = sales_entry(credit_note(), "credit_note", reference)
    assert (entry["credited_id"], entry["credited_number"]) == ("i-1", "2026 / 11")


def test_a_credit_note_for_an_invoice_of_an_earlier_run_keeps_its_id(reference: ReferenceData) -> None:
    entry = sales_entry(credit_note(invoice={"type": "invoice", "id": "i-0"}), "credit_note", reference)
    assert (entry["credited_id"], entry["credited_number"]) == ("i-0", None)


def test_withheld_tax_is_summed(reference: ReferenceData) -> None:
    document = invoice()
    document["total"]["withheld_taxes"] = [{"id": "w", "taxable": euro("100.00"), "withheld": euro("15.00")}] * 2
    assert sales_entry(document, "invoice", reference)["withheld"] == Decimal("30.00")


def test_line_13_files_go_along_those_that_are_still_to_come_as_well(reference: ReferenceData) -> None:
    files = [
        {"filename": "a.pdf", "media_type": "application/pdf", "content": "JVBERi0="},
        {"filename": "b.pdf", "media_type": "application/pdf", "sha256": "0" * 64},
        {"filename": "c.pdf", "media_type": "application/pdf", "problem": "file_damaged"},
    ]
    entry = sales_entry(invoice(attachments=[*files, {"content": "without a name"}, None]), "invoice", reference)
    assert entry["attachments"] == files


def test_files_that_were_not_read_are_absent(reference: ReferenceData) -> None:
    assert "attachments" not in sales_entry(invoice(), "invoice", reference)


def _without(*path: str) -> Callable[[dict[str, Any]], None]:
    def remove(document: dict[str, Any]) -> None:
        for name in path[:-1]:
            document = document[name]
        document[path[-1]] = None

    return remove


def _line_without_amount(document: dict[str, Any]) -> None:
    document["grouped_lines"][0]["line_items"][0]["total"] = {}


def _no_rates(document: dict[str, Any]) -> None:
    document["total"]["taxes"] = []
    document["grouped_lines"][0]["line_items"][0]["tax"] = {"id": "archived"}


def _amount_discount(document: dict[str, Any]) -> None:
    document["discounts"] = [{"type": "amount", "value": 10}]


def _broken_tax(document: dict[str, Any]) -> None:
    document["total"]["taxes"].append({"rate": Decimal("0.06"), "taxable": None, "tax": euro("1.00")})


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (_without("invoice_number"), "not_numbered"),
        (_without("invoice_date"), "date_missing"),
        (_without("invoicee"), "customer_missing"),
        (_without("invoicee", "customer"), "customer_missing"),
        (_without("grouped_lines"), "lines_missing"),
        (_line_without_amount, "line_amount_missing"),
        (_no_rates, "tax_rate_unknown"),
        (_amount_discount, "discount_unsupported"),
        (_without("total", "tax_inclusive"), "totals_missing"),
        (_broken_tax, "totals_missing"),
    ],
)
def test_what_cannot_be_expressed_is_a_problem_of_the_record(
    reference: ReferenceData, harm: Callable[[dict[str, Any]], None], expected: str
) -> None:
    document = copy.deepcopy(invoice())
    harm(document)
    entry = sales_entry(document, "invoice", reference)
    assert codes(entry) == [expected]
    assert "\n" not in entry["problems"][0]["message"]


def test_the_currency_is_taken_from_the_totals_when_the_document_does_not_say_it(reference: ReferenceData) -> None:
    assert sales_entry(invoice(currency=None), "invoice", reference)["currency"] == "EUR"


def test_a_document_without_any_currency_is_a_problem(reference: ReferenceData) -> None:
    document = invoice(currency=None)
    document["total"]["tax_exclusive"] = {"amount": Decimal("100.00")}
    assert codes(sales_entry(document, "invoice", reference)) == ["currency_missing"]


def paid(amount: str, at: str | None, code: str | None = "EUR") -> dict[str, Any]:
    return {"paid_at": at, "payment": {"amount": Decimal(amount), "currency": code}}


def test_an_invoice_tells_what_is_due_and_what_was_paid_on_it(reference: ReferenceData) -> None:
    total = {**invoice()["total"], "due": euro("21.00")}
    entry = sales_entry(
        invoice(total=total, payments=[paid("100.00", "2026-07-01T12:00:00+00:00")]), "invoice", reference
    )
    assert entry["due"] == Decimal("21.00")
    assert entry["payments"] == [{"amount": Decimal("100.00"), "currency": "EUR", "paid_at": "2026-07-01"}]


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-06-30T22:00:00+00:00", "2026-07-01"),
        ("2026-12-31T23:00:00Z", "2027-01-01"),
        ("2026-12-31T22:30:00+00:00", "2026-12-31"),
        ("2026-07-01", "2026-07-01"),
        ("2026-07-01T22:30:00", "2026-07-01"),
        ("2026-07-01T99:00:00Z", "2026-07-01"),
        ("soon", None),
        (None, None),
    ],
)
def test_a_payment_is_of_the_payers_day(reference: ReferenceData, at: str | None, day: str | None) -> None:
    (payment,) = sales_entry(invoice(payments=[paid("1.00", at)]), "invoice", reference)["payments"]
    assert payment["paid_at"] == day


def test_a_payment_without_an_amount_is_none(reference: ReferenceData) -> None:
    payments = [{"paid_at": "2026-07-01", "payment": None}, None, "x", paid("1.00", None, None)]
    entry = sales_entry(invoice(payments=payments), "invoice", reference)
    assert entry["payments"] == [{"amount": Decimal("1.00"), "currency": None, "paid_at": None}]
    assert entry["problems"] == []


def test_a_credit_note_has_no_payments(reference: ReferenceData) -> None:
    entry = sales_entry(credit_note(payments=[paid("1.00", None)]), "credit_note", reference)
    assert not {"due", "payments"} & entry.keys()
