"""VAT of a line, to the cent."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Exact


def booked(exact: Exact, **changes: Any) -> tuple[Decimal, Decimal, Decimal]:
    """(revenue, VAT, receivable) of an entry of one line."""
    customer = exact.state.by_code("crm/Accounts", "0000004")
    entry = exact.entry(exact.line(**changes), Customer=customer["ID"]).d
    lines = exact.transaction_lines(entry["EntryID"])
    assert sum(line["AmountFC"] for line in lines) == 0
    revenue = -sum(line["AmountFC"] for line in lines if 0 < line["LineNumber"] < 9999)
    vat = -sum(line["AmountFC"] for line in lines if line["LineNumber"] == 9999)
    return revenue, vat, lines[0]["AmountFC"]


@pytest.mark.parametrize(
    ("code", "amount", "expected"),
    [
        ("21", "100", ("100", "21", "121")),
        ("12", "100", ("100", "12", "112")),
        ("6", "100", ("100", "6", "106")),
        ("21", "0.02", ("0.02", "0", "0.02")),
        ("21", "0.03", ("0.03", "0.01", "0.04")),
        ("21", "95.83", ("95.83", "20.12", "115.95")),
        ("6", "20.75", ("20.75", "1.25", "22")),
        ("6", "-20.75", ("-20.75", "-1.25", "-22")),
        ("12", "0.125", ("0.13", "0.02", "0.15")),
        ("0", "100", ("100", "0", "100")),
        ("IC", "100", ("100", "0", "100")),
        ("EX", "100", ("100", "0", "100")),
        ("MC", "100", ("100", "0", "100")),
        ("VR", "100", ("100", "0", "100")),
        ("FR", "100", ("100", "20", "120")),
        ("I21", "121", ("100", "21", "121")),
        ("I21", "100", ("82.64", "17.36", "100")),
    ],
)
def test_computed_per_line_half_away_from_zero(
    exact: Exact, code: str, amount: str, expected: tuple[str, str, str]
) -> None:
    assert booked(exact, VATCode=code, AmountFC=amount) == tuple(map(Decimal, expected))


def test_a_vat_amount_that_is_sent_wins(exact: Exact) -> None:
    assert booked(exact, VATAmountFC="21.01") == (100, Decimal("21.01"), Decimal("121.01"))
    assert booked(exact, VATAmountFC=0) == (100, 0, 100)
    assert booked(exact, VATCode="I21", AmountFC="121", VATAmountFC="20.99") == (
        Decimal("100.01"),
        Decimal("20.99"),
        121,
    )


def test_zero_vat_may_be_sent_for_a_code_without_vat(exact: Exact) -> None:
    assert booked(exact, VATCode="IC", VATAmountFC=0) == (100, 0, 100)


def test_codes_are_taken_trimmed_and_padded_and_given_back_padded(exact: Exact) -> None:
    for sent in ("6", "6  "):
        entry = exact.entry(exact.line(VATCode=sent)).d
        line = exact.get(entry["SalesEntryLines"]["__deferred"]["uri"]).rows[0]
        assert (line["VATCode"], line["VATCodeDescription"]) == ("6  ", "Verkoop 6%")


def test_without_a_code_the_ledger_account_gives_one(exact: Exact) -> None:
    assert booked(exact, VATCode=None)[1] == 21
    assert booked(exact, VATCode=None, GLAccount=exact.ledger("708000"))[1] == 0


def test_a_code_is_found_by_its_percentage(exact: Exact) -> None:
    assert booked(exact, VATCode=None, VATPercentage=0.12)[1] == 12


def test_the_percentage_of_the_entry_date_counts(exact: Exact) -> None:
    exact.verb("change_percentage", code="6", percentage="0.09", **{"from": "2026-04-01"})
    customer = exact.customer()
    for day, vat in (("2026-03-31", 6), ("2026-04-01", 9)):
        assert exact.entry(exact.line(VATCode="6"), Customer=customer, EntryDate=day).d["VATAmountFC"] == vat
    code = exact.get("vat/VATCodes?$filter=Code eq '6  '&$expand=VATPercentages").rows[0]
    assert code["Percentage"] == Decimal("0.09")
    assert [row["Percentage"] for row in code["VATPercentages"]["results"]] == [Decimal("0.06"), Decimal("0.09")]


def test_a_code_may_be_blocked_and_added(exact: Exact) -> None:
    exact.verb("edit_vat_code", code="12", changes={"IsBlocked": True})
    assert exact.entry(exact.line(VATCode="12")).message == "Niet toegestaan: Btw-code"
    exact.verb("add_vat_code", Code="9", Description="Laag", Percentage=0.09)
    assert booked(exact, VATCode="9")[1] == 9
