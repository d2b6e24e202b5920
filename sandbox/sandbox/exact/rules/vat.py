"""VAT of a sales line (exact-online 6.2-6.5): the code, its percentage on a date, base, tax; half away from zero."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from sandbox.exact.rules.checks import code_exists

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row
    from sandbox.exact.rules.checks import Problems

PATH = "vat/VATCodes"
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Amounts:
    """Amounts of a line in one currency: `net` excludes VAT."""

    net: Decimal
    vat: Decimal


def cents(amount: Decimal) -> Decimal:
    """Rounded to the cent, half away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def sales_code(state: ExactState, values: Row, account: Row | None, date_ms: int, problems: Problems) -> Row | None:
    """The VAT code of a line: the one that is sent, found by VATPercentage, or the default of the ledger account.

    Unknown, blocked and purchase codes are noted as problems.
    """
    code = values.get("VATCode")
    if code:
        row = code_exists(state, PATH, code, "vat_code", problems)
    elif values.get("VATPercentage"):
        row = _code_with(state, values["VATPercentage"], date_ms)
        if row is None:
            problems.append(("invalid", "vat_percentage"))
    else:
        row = state.by_code(PATH, (account or {}).get("VATCode"))
    if row is not None and not is_for_sales(row):
        problems.append(("not_allowed", "vat_code"))
    return row


def is_for_sales(code: Row) -> bool:
    """Not blocked, and of transaction type S or B (exact-online 6.3)."""
    return not code.get("IsBlocked", False) and code.get("VATTransactionType") in {"S", "B"}


def percentage_on(state: ExactState, code: Row, date_ms: int) -> Decimal:
    """The fraction that is valid on a date, 0 when none is (exact-online 8.5)."""
    for row in state["vat/VatPercentages"].find("VATCodeID", code["ID"]):
        if row["StartDate"] <= date_ms and (row.get("EndDate") is None or date_ms <= row["EndDate"]):
            return Decimal(row["Percentage"])
    return Decimal(0)


def amounts(
    code: Row | None, percentage: Decimal, amount: Decimal, given_vat: Decimal | None, problems: Problems
) -> Amounts:
    """Net and VAT of a line of `amount`, with `given_vat` instead of the computed VAT when sent (exact-online 6.4)."""
    kind = "N" if code is None else code.get("Type")
    if kind in {"B", "N"}:
        if given_vat:
            problems.append(("vat_on_no_vat",))
        return Amounts(amount, Decimal(0))
    if kind == "I":
        vat = cents(amount - amount / (1 + percentage)) if given_vat is None else cents(given_vat)
        return Amounts(amount - vat, vat)
    return Amounts(amount, cents(amount * percentage) if given_vat is None else cents(given_vat))


def _code_with(state: ExactState, percentage: Decimal, date_ms: int) -> Row | None:
    """The first sales code of type Excluding with that percentage (exact-online 6.5)."""
    for row in state[PATH]:
        if row.get("Type") == "E" and is_for_sales(row) and percentage_on(state, row, date_ms) == percentage > 0:
            return row
    return None
