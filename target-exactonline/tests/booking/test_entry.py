"""The whole entry: journal and signs, what Exact is sent, and what is refused before anything is composed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from target_exactonline.booking.closing import DISCOUNT_TEXT

Make = Any


def test_an_invoice_as_exact_gets_it(document: Make, line: Make, book: Make) -> None:
    record = document(
        line("1.02", description="  Uren\n maart ", quantity=Decimal("1.5"), ledger_number="701000"),
        *[line("1.02")] * 4,
        taxes=[("0.21", "5.10", "1.07")],
        payment_reference="+++123/4567/89002+++",
    )
    body = book(record).body("customer-guid", "document-guid")
    lines = body.pop("SalesEntryLines")
    assert body == {
        "Customer": "customer-guid",
        "Journal": "70",
        "YourRef": "2026 / 12",
        "EntryDate": "2026-03-05",
        "DueDate": "2026-04-04",
        "Currency": "EUR",
        "PaymentCondition": "30",
        "Description": "Factuur 2026 / 12",
        "PaymentReference": "123456789002",
        "Document": "document-guid",
    }
    assert lines[0] == {
        "GLAccount": "id-701000",
        "AmountFC": Decimal("1.02"),
        "VATCode": "H",
        "VATAmountFC": Decimal("0.22"),
        "Description": "Uren maart",
        "Quantity": Decimal("1.5"),
    }
    assert "VATAmountFC" not in lines[4]


def test_without_a_document_none_is_named(document: Make, book: Make) -> None:
    assert "Document" not in book(document()).body("customer-guid")


@pytest.mark.parametrize(
    ("name", "kind", "net", "journal"),
    [
        ("an invoice", "invoice", "100", "70"),
        ("an invoice below zero stays an invoice", "invoice", "-100", "70"),
        ("a credit note", "credit_note", "-100", "71"),
    ],
)
def test_the_kind_decides_the_journal(
    document: Make, line: Make, book: Make, name: str, kind: str, net: str, journal: str
) -> None:
    plan = book(document(line(net), kind=kind))
    assert plan.journal == journal, name
    assert plan.gross == Decimal(net) * Decimal("1.21")


def test_a_credit_note_with_the_sign_of_an_invoice_is_refused(document: Make, line: Make, refusal: Make) -> None:
    """Line 10: a wrong sign is never booked (accounting rule 3)."""
    rejection = refusal(document(line("100"), kind="credit_note"))
    words = "The credit note raises what the customer owes: its total is 121.00"
    assert (rejection.code, rejection.reason) == ("sign_unexpected", words)


def test_a_single_line_may_have_the_other_sign(document: Make, line: Make, book: Make) -> None:
    """Line 10: the total of the document is what counts."""
    assert book(document(line("100"), line("-25"))).net == Decimal("75.00")
    assert book(document(line("-100"), line("25"), kind="credit_note")).net == Decimal("-75.00")


def test_a_credit_note_lowers_receivable_revenue_and_vat(document: Make, line: Make, book: Make) -> None:
    plan = book(document(line("-33.33"), line("-66.67", "0.06"), kind="credit_note"))
    assert (plan.net, plan.vat, plan.gross) == (Decimal("-100.00"), Decimal("-11.00"), Decimal("-111.00"))
    assert all(each.amount < 0 and each.vat_amount < 0 for each in plan.lines)


def test_a_credit_note_of_nothing_raises_nothing(document: Make, line: Make, book: Make) -> None:
    assert book(document(line(0), kind="credit_note")).warnings == ()


def test_a_dutch_administration_may_share_one_journal(document: Make, line: Make, book: Make) -> None:
    plan = book(document(line(-5), kind="credit_note"), credit_note_journal=None, single_journal=True)
    assert plan.journal == "70"


def test_long_texts_are_cut_to_what_exact_takes(document: Make, line: Make, book: Make) -> None:
    plan = book(document(line(100, description="Ω" * 61), line(100, description="Ω" * 60)))
    assert [each.description for each in plan.lines] == ["Ω" * 59 + "…", "Ω" * 60]


def test_a_discount_without_a_name_is_called_a_discount(document: Make, line: Make, book: Make) -> None:
    record = document(line(100), taxes=[("0.21", "90.00", "18.90")], discounts=[{"percentage": 10, "description": ""}])
    assert book(record, discount_gl_account="708000").lines[-1].description == DISCOUNT_TEXT


@pytest.mark.parametrize(
    ("name", "changes", "settings", "code"),
    [
        ("withholding tax", {"withheld": Decimal("20.00")}, {}, "withholding_tax"),
        ("no lines", {"lines": []}, {}, "lines_missing"),
        ("a date that is none", {"date": "2026-02-30"}, {}, "record_invalid"),
        ("an unknown journal", {}, {"invoice_journal": "99"}, "journal_missing"),
        ("a purchase journal", {}, {"invoice_journal": "60"}, "journal_not_sales"),
        ("a blocked journal", {}, {"invoice_journal": "72"}, "journal_blocked"),
    ],
)
def test_what_is_not_booked(
    document: Make, refusal: Make, name: str, changes: dict[str, Any], settings: dict[str, Any], code: str
) -> None:
    assert refusal({**document(), **changes}, **settings).code == code, name


def test_a_line_with_an_amount_needs_a_tax_rate(document: Make, line: Make, refusal: Make) -> None:
    record = document(line(100))
    record["lines"].append(line(50, tax_rate=None))
    assert (refusal(record).code, refusal(record).reason) == ("tax_rate_unknown", "Line 2 has no tax rate")


@pytest.mark.parametrize(
    ("code", "kept"),
    [("lines_missing", "lines_missing"), ("currency_unknown", "currency_unknown"), ("odd", "record_invalid")],
)
def test_what_the_mapper_could_not_express_is_refused_with_its_words(
    document: Make, refusal: Make, code: str, kept: str
) -> None:
    rejection = refusal(document(problems=[{"code": code, "message": "Words."}, {"code": "x", "message": "y"}]))
    assert (rejection.code, rejection.reason) == (kept, "Words.")
    assert rejection.hint
    assert "{" not in rejection.hint


@pytest.mark.parametrize(("setting", "posted"), [("post", True), ("skip", False)])
def test_a_document_of_zero_value_is_posted_or_skipped(
    document: Make, line: Make, book: Make, refusal: Make, setting: str, *, posted: bool
) -> None:
    record = document(line(0))
    if posted:
        assert [str(each.amount) for each in book(record, zero_value_documents=setting).lines] == ["0.00"]
    else:
        assert refusal(record, zero_value_documents=setting).code == "zero_value_skipped"


def test_lines_that_cancel_out_are_not_of_zero_value_to_the_ledger(document: Make, line: Make, book: Make) -> None:
    record = document(line(100, ledger_number="701000"), line(-100, ledger_number="702000"))
    assert [str(each.amount) for each in book(record).lines] == ["100.00", "-100.00"]
