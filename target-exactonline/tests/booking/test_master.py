"""Master data read from rows as the API client gives them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from target_exactonline.booking import MasterData


def test_master_data_from_rows() -> None:
    master = MasterData.from_rows(
        gl_accounts=[{"ID": "g1", "Code": "700000", "Type": 110, "Description": "Verkopen", "IsBlocked": False}],
        vat_codes=[
            {
                "ID": "v1",
                "Code": "H  ",
                "Type": "E",
                "VATTransactionType": "S",
                "Percentage": Decimal("0.21"),
                "IsBlocked": False,
                "OssCountry": None,
                "EUSalesListing": "N",
            },
            {"ID": "v2", "Code": "IC ", "Type": "B", "VATTransactionType": "B", "Percentage": 0, "EUSalesListing": "L"},
        ],
        vat_percentages=[
            {"VATCodeID": "v1", "Type": 0, "StartDate": None, "EndDate": "/Date(820368000000)/", "Percentage": 0.205},
            {"VATCodeID": "v1", "Type": 0, "StartDate": "/Date(820454400000)/", "EndDate": None, "Percentage": 0.21},
            {"VATCodeID": "v1", "Type": 1, "StartDate": None, "EndDate": None, "Percentage": 0.052},
        ],
        journals=[
            {
                "Code": "70",
                "Type": 20,
                "Currency": "EUR",
                "AllowVariableCurrency": False,
                "AllowVariableExchangeRate": True,
                "IsBlocked": True,
            },
            {"Code": "71", "Type": 20, "Currency": None},
        ],
        payment_conditions=[
            {"Code": "30E", "PaymentDays": 30, "PaymentEndOfMonths": 1, "PaymentMethod": "B"},
            {"Code": "DD", "PaymentDays": 14, "PaymentEndOfMonths": None, "PaymentMethod": "I"},
        ],
        periods=[
            {"FinYear": 2026, "FinPeriod": 1, "StartDate": "/Date(1767225600000)/", "EndDate": "/Date(1769817600000)/"}
        ],
        currency="EUR",
        country="BE ",
    )
    high = master.vat_codes["H"]
    assert high.fraction_on(date(1995, 12, 31)) == Decimal("0.205")
    assert high.fraction_on(date(1996, 1, 1)) == Decimal("0.21")
    assert master.vat_codes["IC"].has_no_amount
    assert master.gl_accounts["700000"].id == "g1"
    assert not master.journals["70"].any_currency
    assert master.journals["70"].blocked
    assert master.journals["71"].any_currency
    assert (master.journals["70"].own_rate, master.journals["70"].type) == (True, 20)
    assert master.gl_accounts["700000"].type == 110
    assert (high.eu_listing, master.vat_codes["IC"].eu_listing) == ("N", "L")
    assert master.payment_conditions["30E"].days == 30
    assert master.payment_conditions["DD"].collects
    assert master.payment_conditions["30E"].end_of_months == 1
    assert master.periods.find(date(2026, 1, 31)) is not None
    assert master.country == "BE"
