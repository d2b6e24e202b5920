"""The entry meets the document's totals to the cent, discounts and rounding included (accounting rules 6 to 9)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

Make = Any


def amounts(plan: Any) -> list[tuple[str, str, str]]:
    """Account, net and VAT of every line."""
    return [(each.gl_account.code, str(each.amount), str(each.vat_amount)) for each in plan.lines]


def test_vat_per_line_is_sent_only_where_exact_would_compute_another(document: Make, line: Make, book: Make) -> None:
    """Three lines of 0.33: SandboxExact computes 3 x 0.07 = 0.21, the document states 21% of 0.99 = 0.21."""
    plan = book(document(*[line("0.33")] * 3, taxes=[("0.21", "0.99", "0.21")]))
    assert ["VATAmountFC" in body for body in plan.line_bodies()] == [False, False, False]


def test_vat_of_the_document_wins_over_the_sum_of_the_lines(document: Make, line: Make, book: Make) -> None:
    """Five lines of 1.02: SandboxExact computes 5 x 0.21 = 1.05, the document states 21% of 5.10 = 1.07."""
    plan = book(document(*[line("1.02")] * 5, taxes=[("0.21", "5.10", "1.07")]))
    assert plan.vat == Decimal("1.07")
    assert [body.get("VATAmountFC") for body in plan.line_bodies()] == [
        Decimal("0.22"),
        Decimal("0.22"),
        None,
        None,
        None,
    ]
    assert [str(each.vat_amount) for each in plan.lines] == ["0.22", "0.22", "0.21", "0.21", "0.21"]


def test_large_lines_that_almost_cancel_out_keep_their_own_vat(document: Make, line: Make, book: Make) -> None:
    plan = book(document(line("1000.00"), line("-999.99"), taxes=[("0.21", "0.01", "0.00")]))
    assert amounts(plan) == [("700000", "1000.00", "210.00"), ("700000", "-999.99", "-210.00")]


@pytest.mark.parametrize(
    ("name", "lines", "discounts", "taxes", "booked"),
    [
        (
            "10% on one rate",
            [("100.00", "0.21")],
            ["10"],
            [("0.21", "90.00", "18.90")],
            [("700000", "100.00", "21.00"), ("708000", "-10.00", "-2.10")],
        ),
        (
            "one discount line per VAT rate",
            [("100.00", "0.21"), ("50.00", "0.06")],
            ["10"],
            [("0.21", "90.00", "18.90"), ("0.06", "45.00", "2.70")],
            [
                ("700000", "100.00", "21.00"),
                ("700000", "50.00", "3.00"),
                ("708000", "-5.00", "-0.30"),
                ("708000", "-10.00", "-2.10"),
            ],
        ),
        (
            "a discount that does not divide evenly",
            [("33.33", "0.21"), ("33.33", "0.21"), ("33.33", "0.21")],
            ["7.5"],
            [("0.21", "92.49", "19.42")],
            [
                ("700000", "33.33", "7.00"),
                ("700000", "33.33", "7.00"),
                ("700000", "33.33", "7.00"),
                ("708000", "-7.50", "-1.58"),
            ],
        ),
        (
            "two discounts one after the other",
            [("100.00", "0.21")],
            ["10", "10"],
            [("0.21", "81.00", "17.01")],
            [("700000", "100.00", "21.00"), ("708000", "-19.00", "-3.99")],
        ),
        (
            "two discounts added up",
            [("100.00", "0.21")],
            ["10", "10"],
            [("0.21", "80.00", "16.80")],
            [("700000", "100.00", "21.00"), ("708000", "-20.00", "-4.20")],
        ),
        (
            "everything off",
            [("100.00", "0.21")],
            ["100"],
            [],
            [("700000", "100.00", "21.00"), ("708000", "-100.00", "-21.00")],
        ),
        (
            "lines that were lowered already",
            [("90.00", "0.21")],
            ["10"],
            [("0.21", "90.00", "18.90")],
            [("700000", "90.00", "18.90")],
        ),
        (
            "a credit note",
            [("-100.00", "0.21")],
            ["10"],
            [("0.21", "-90.00", "-18.90")],
            [("700000", "-100.00", "-21.00"), ("708000", "10.00", "2.10")],
        ),
    ],
)
def test_a_commercial_discount_is_a_line_per_vat_rate(
    document: Make, line: Make, book: Make, name: str, lines: Any, discounts: Any, taxes: Any, booked: Any
) -> None:
    given = [{"percentage": Decimal(each)} for each in discounts]
    kind = "credit_note" if name == "a credit note" else "invoice"
    record = document(*(line(*each) for each in lines), taxes=taxes, discounts=given, kind=kind)
    assert amounts(book(record, discount_gl_account="708000")) == booked, name


def test_a_discount_has_a_line_per_vat_code_within_a_rate(document: Make, line: Make, book: Make) -> None:
    record = document(
        line("100.00", "0", tax_rate_description="0% Export"),
        line("50.00", "0", tax_rate_description="0% Medecontractant"),
        taxes=[("0", "135.00", "0")],
        discounts=[{"percentage": 10, "description": "Trouwe klant"}],
    )
    plan = book(record, discount_gl_account="708000")
    assert [(each.vat_code, str(each.amount), each.description) for each in plan.lines[2:]] == [
        ("EX", "-10.00", "Trouwe klant"),
        ("MC", "-5.00", "Trouwe klant"),
    ]


def test_without_a_discount_account_the_lines_are_lowered_pro_rata(document: Make, line: Make, book: Make) -> None:
    record = document(
        line("10.01"), line("20.02"), line("30.03"), taxes=[("0.21", "54.05", "11.35")], discounts=[{"percentage": 10}]
    )
    plan = book(record)
    assert [str(each.amount) for each in plan.lines] == ["9.01", "18.02", "27.02"]
    assert (plan.net, plan.vat, plan.gross) == (Decimal("54.05"), Decimal("11.35"), Decimal("65.40"))


@pytest.mark.parametrize(
    ("name", "nets", "taxable", "booked"),
    [
        ("a cent too few goes to the largest line", ["10.00", "20.00"], "30.01", ["10.00", "20.01"]),
        ("a cent too many comes from the largest line", ["10.00", "20.00"], "29.99", ["10.00", "19.99"]),
        ("two cents, one on each of the largest", ["5.00", "20.00", "10.00"], "35.02", ["5.00", "20.01", "10.01"]),
        ("unrounded lines end as cents", ["10.004", "10.004"], "20.01", ["10.01", "10.00"]),
    ],
)
def test_a_cent_of_rounding_is_borne_by_the_lines(
    document: Make, line: Make, book: Make, name: str, nets: list[str], taxable: str, booked: list[str]
) -> None:
    tax = str(round(Decimal(taxable) * Decimal("0.21"), 2))
    plan = book(document(*(line(net) for net in nets), taxes=[("0.21", taxable, tax)]))
    assert [str(each.amount) for each in plan.lines] == booked, name


def test_zero_rated_lines_need_no_row_in_the_taxes(document: Make, line: Make, book: Make) -> None:
    record = document(line("100.00"), line("50.00", "0"), taxes=[("0.21", "100.00", "21.00")])
    record["totals"] |= {"net": Decimal("150.00"), "gross": Decimal("171.00")}
    assert book(record).net == Decimal("150.00")


def test_lines_that_round_to_nothing_may_make_a_cent_together(document: Make, line: Make, book: Make) -> None:
    """Three lines of 0.004 come to 0.01, but each is stated as 0.00."""
    plan = book(
        document(line("50"), *[line(0, "0.06")] * 3, taxes=[("0.21", "50.00", "10.50"), ("0.06", "0.01", "0.00")])
    )
    assert amounts(plan) == [("700000", "50.00", "10.50"), ("700000", "0.01", "0.00")]
    more = [line("10.00"), *[line("0.00")] * 9]
    assert amounts(book(document(*more, taxes=[("0.21", "10.04", "2.11")]))) == [("700000", "10.04", "2.11")]


def test_lines_without_an_amount_are_not_booked(document: Make, line: Make, book: Make) -> None:
    text_only = line(0, "0.21", tax_rate=None, description="Periode: maart")
    assert len(book({**document(line(100)), "lines": [text_only, line(100)]}).lines) == 1


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("lines and taxable differ by more than rounding", {"taxes": [("0.21", "100.05", "21.01")]}),
        ("the VAT is not the rate of its base", {"taxes": [("0.21", "100.00", "21.05")]}),
        ("a zero rate with VAT", {"lines": [("100", "0")], "taxes": [("0", "100.00", "0.01")]}),
        ("VAT without lines", {"taxes": [("0.21", "100.00", "21.00"), ("0.06", "0.00", "0.60")]}),
        ("a rate without lines", {"taxes": [("0.21", "100.00", "21.00"), ("0.06", "10.00", "0.60")]}),
        ("a discount that the totals do not know", {"discounts": ["5"], "taxes": [("0.21", "90.00", "18.90")]}),
        ("a discount that is not stated", {"taxes": [("0.21", "90.00", "18.90")]}),
        ("net and taxes do not make the gross", {"gross": "122.00"}),
        ("the rates do not make the net", {"net": "100.01"}),
    ],
)
def test_what_does_not_close_is_refused(
    document: Make, line: Make, refusal: Make, name: str, changes: dict[str, Any]
) -> None:
    lines = [line(*each) for each in changes.get("lines", [("100", "0.21")])]
    discounts = [{"percentage": Decimal(each)} for each in changes.get("discounts", [])]
    record = document(*lines, taxes=changes.get("taxes"), discounts=discounts)
    record["totals"] |= {key: Decimal(changes[key]) for key in ("net", "gross") if key in changes}
    for settings in ({}, {"discount_gl_account": "708000"}):
        assert refusal(record, **settings).code == "totals_do_not_close", name
