"""Other administrations than the Belgian one of seed.py: a Dutch one, and ones that nobody finished."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox.exact import wire
from sandbox.exact.rules.periods import PATH as PERIODS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.exact.administration import ExactState

DUTCH_VAT_NUMBER = "NL001234567B29"
DUTCH_NAME = "Zandbak Nederland BV"
SALES = 20
GENERAL = 90
_ACCOUNTS = "financial/GLAccounts"
_JOURNALS = "financial/Journals"
_DUTCH_CODES = {
    "21": "Btw hoog 21%",
    "6": "Btw laag 9%",
    "MC": "Btw verlegd",
    "NL": "OSS België 21%",
}
"""VAT code -> description."""


def dutch_ledger_code(code: str) -> str:
    """The Dutch number of an account of the Belgian chart: revenue is 8000 and on (accounts of class 7 there)."""
    return f"8{code[1:4]}" if code.startswith("7") else code


def make_dutch(state: ExactState) -> None:
    """Turn the administration into one of a Dutch company: number, chart, rates."""
    for row in list(state[_ACCOUNTS].rows.values()):
        if row["Code"] == "800000":
            state.update(_ACCOUNTS, row, {"Code": "9990"})
        elif row["Code"].startswith("7"):
            state.update(_ACCOUNTS, row, {"Code": dutch_ledger_code(row["Code"])})
    for code in list(state["vat/VATCodes"].rows.values()):
        name = code["Code"].strip()
        if name in _DUTCH_CODES:
            country = {"OssCountry": "BE"} if name == "NL" else {}
            state.update("vat/VATCodes", code, {"Description": _DUTCH_CODES[name], **country})
        for percentage in state["vat/VatPercentages"].find("VATCodeID", code["ID"]) if name == "6" else ():
            state.update("vat/VatPercentages", percentage, {"Percentage": Decimal("0.09")})
    division = state["system/Divisions"].rows[min(state["system/Divisions"].rows)]
    named = {"Description": DUTCH_NAME, "CustomerName": DUTCH_NAME}
    state.update("system/Divisions", division, {"VATNumber": DUTCH_VAT_NUMBER, "Country": "NL ", **named})


def _without_journals(state: ExactState) -> None:
    for row in list(state[_JOURNALS].rows.values()):
        if row["Type"] == SALES:
            state.delete(_JOURNALS, row)


def _without_year(state: ExactState) -> None:
    for row in list(state[PERIODS].rows.values()):
        if row["FinYear"] >= wire.ms_day(state.now_ms()).year:
            state.delete(PERIODS, row)


def _with_wrong_types(state: ExactState) -> None:
    for row in list(state[_JOURNALS].rows.values()):
        if row["Type"] == SALES:
            state.update(_JOURNALS, row, {"Type": GENERAL})


def _without_vat_codes(state: ExactState) -> None:
    for row in list(state["vat/VATCodes"].rows.values()):
        if row["VATTransactionType"] == "S":
            state.delete("vat/VATCodes", row)


UNFINISHED: dict[str, Callable[[ExactState], None]] = {
    "no-journal": _without_journals,
    "no-year": _without_year,
    "wrong-types": _with_wrong_types,
    "no-vat-codes": _without_vat_codes,
}
"""What somebody left out or got wrong -> how."""
