"""Header amounts as a service that adds doubles shows them: 38.980000000000004 instead of 38.98 (exact-online 3.22)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row


def _double_sum(*fields: str) -> Callable[[ExactState, Row], Decimal]:
    def derive(state: ExactState, row: Row) -> Decimal:
        total = 0.0
        for line in state["salesentry/SalesEntryLines"].find("EntryID", row["EntryID"]):
            for field in fields:
                total += float(line[field])
        return Decimal(repr(total))

    return derive


FLOAT_SUMS = {
    ("salesentry/SalesEntries", "AmountDC"): _double_sum("_net_dc", "VATAmountDC"),
    ("salesentry/SalesEntries", "AmountFC"): _double_sum("_net_fc", "VATAmountFC"),
    ("salesentry/SalesEntries", "VATAmountDC"): _double_sum("VATAmountDC"),
    ("salesentry/SalesEntries", "VATAmountFC"): _double_sum("VATAmountFC"),
}
"""(entity, field) → the amount with the noise of a sum of doubles."""
