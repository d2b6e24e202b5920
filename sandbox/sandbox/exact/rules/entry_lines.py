"""Lines of a sales entry: ledger account, VAT, cost centre, amounts in both currencies (exact-online 6.1-6.12)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox.exact.rules import vat
from sandbox.exact.rules.checks import Problems, code_exists, exists, mandatory, too_long

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

PATH = "salesentry/SalesEntryLines"
REFUSED_ACCOUNT_TYPES = frozenset({20, 22, 24})
"""Receivable, payable, VAT (exact-online 6.7)."""


def line(state: ExactState, values: Row, *, date_ms: int, rate: Decimal, problems: Problems) -> Row:
    """A stored line out of sent values: checked, with VAT and amounts. `date_ms` is the entry date.

    A missing `AmountFC` counts as zero: whoever sends the read-only `AmountDC` books nothing (exact-online 3.30).
    """
    account = _ledger_account(state, values, problems)
    too_long(PATH, values, problems)
    _check_costs(state, values, account, problems)
    code = vat.sales_code(state, values, account, date_ms, problems)
    percentage = Decimal(0) if code is None else vat.percentage_on(state, code, date_ms)
    amount = vat.cents(values.get("AmountFC") or Decimal(0))
    amounts = vat.amounts(code, percentage, amount, values.get("VATAmountFC"), problems)
    base = amounts.net if code is not None and code.get("Type") != "N" else Decimal(0)
    row: dict[str, Any] = {
        **{name: value for name, value in values.items() if name not in {"ID", "EntryID"}},
        "AmountFC": amount,
        "VATCode": None if code is None else code["Code"],
        "VATPercentage": percentage,
        "VATAmountFC": amounts.vat,
        "VATBaseAmountFC": base,
        "_net_fc": amounts.net,
    }
    for source, target in (
        ("AmountFC", "AmountDC"),
        ("VATAmountFC", "VATAmountDC"),
        ("VATBaseAmountFC", "VATBaseAmountDC"),
        ("_net_fc", "_net_dc"),
    ):
        row[target] = vat.cents(row[source] * rate)  # exact-online 6.11
    return row


def changed(state: ExactState, row: Row, values: Row, *, date_ms: int, rate: Decimal, problems: Problems) -> Row:
    """A stored line merged with sent values; the VAT is computed anew when amount or code change without it."""
    merged = {**row, **values}
    if "VATAmountFC" not in values and {"AmountFC", "VATCode", "VATPercentage"} & values.keys():
        merged["VATAmountFC"] = None
    if "VATPercentage" in values and "VATCode" not in values:
        merged["VATCode"] = None
    return line(state, merged, date_ms=date_ms, rate=rate, problems=problems)


def _ledger_account(state: ExactState, values: Row, problems: Problems) -> Row | None:
    if not mandatory(values, "GLAccount", "gl_account", problems):
        return None
    account = exists(state, "financial/GLAccounts", values["GLAccount"], "gl_account", problems)
    if account is not None and account.get("IsBlocked"):
        problems.append(("blocked", "gl_account"))
    if account is not None and account["Type"] in REFUSED_ACCOUNT_TYPES:
        problems.append(("invalid", "gl_account_type"))
    return account


def _check_costs(state: ExactState, values: Row, account: Row | None, problems: Problems) -> None:
    """Cost centre and unit must exist, and may be mandatory for the ledger account (exact-online 6.8)."""
    for field, path, word, use in (
        ("CostCenter", "hrm/Costcenters", "cost_center", "UseCostcenter"),
        ("CostUnit", "hrm/Costunits", "cost_unit", "UseCostunit"),
    ):
        if values.get(field):
            code_exists(state, path, values[field], word, problems)
        elif account is not None and account.get(use) == 1:
            problems.append(("mandatory", word))
