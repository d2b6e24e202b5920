"""Terms of payment and exchange rates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from teamleader_exactonline_mappers.terms import exchange_rate, mandate_reference, payment_method, payment_term


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ({"type": "cash"}, {"type": "cash", "days": 0}),
        ({"type": "end_of_month", "days": 30}, {"type": "end_of_month", "days": 30}),
        ({"type": "after_invoice_date", "days": Decimal(14)}, {"type": "after_invoice_date", "days": 14}),
        (None, None),
        ("30 days", None),
    ],
)
def test_payment_term(term: object, expected: dict[str, Any] | None) -> None:
    assert payment_term({"payment_term": term}) == expected


@pytest.mark.parametrize("method", ["direct_debit", "sepa_direct_debit"])
def test_both_forms_of_collection_are_direct_debit_with_their_mandate(method: str) -> None:
    document = {"expected_payment_method": {"method": method, "reference": "MANDATE-1"}}
    assert (payment_method(document), mandate_reference(document)) == ("direct_debit", "MANDATE-1")


def test_another_method_goes_on_by_its_name_and_has_no_mandate() -> None:
    document = {"expected_payment_method": {"method": "bank_transfer", "reference": "X"}}
    assert (payment_method(document), mandate_reference(document)) == ("bank_transfer", None)


def rate(source: str | None, target: str | None, value: object) -> dict[str, Any]:
    return {"currency_exchange_rate": {"from": source, "to": target, "rate": value}}


@pytest.mark.parametrize(
    ("document", "currency", "company", "expected"),
    [
        pytest.param(rate("EUR", "EUR", 1), "EUR", "EUR", "1", id="own currency"),
        pytest.param({}, "EUR", "EUR", "1", id="own currency, no rate given"),
        pytest.param(
            rate("USD", "EUR", Decimal("1.1")), "EUR", "EUR", "1", id="a rate that is not about this document"
        ),
        pytest.param(rate("EUR", "EUR", 1), "EUR", None, "1", id="unknown department, same currencies"),
        pytest.param(rate("USD", "EUR", Decimal("0.92")), "USD", "EUR", "0.92", id="as Teamleader gives it"),
        pytest.param(rate("USD", "EUR", Decimal("0.92")), "USD", None, "0.92", id="unknown department"),
        pytest.param(rate("EUR", "USD", Decimal("1.25")), "USD", "EUR", "0.8", id="upside down"),
        pytest.param(rate("EUR", "USD", Decimal("1.25")), "USD", None, None, id="upside down, nobody says of what"),
        pytest.param(rate("USD", "EUR", 0), "USD", "EUR", None, id="zero is no rate"),
        pytest.param(rate("USD", "EUR", None), "USD", "EUR", None, id="no rate"),
        pytest.param(rate("GBP", "EUR", 2), "USD", "EUR", None, id="rate of another currency"),
        pytest.param(rate("USD", "CHF", 2), "USD", "EUR", None, id="rate to another currency"),
        pytest.param({}, "USD", "EUR", None, id="foreign and no rate"),
    ],
)
def test_exchange_rate_is_company_currency_per_document_currency(
    document: dict[str, Any], currency: str, company: str | None, expected: str | None
) -> None:
    found = exchange_rate(document, currency, company)
    assert found == (Decimal(expected) if expected else None)
