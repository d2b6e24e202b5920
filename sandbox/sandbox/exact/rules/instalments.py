"""Several terms of one entry, each with its own due date: by hand, or by a payment condition (exact-online 7.10)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox.exact.rules import matching, posting
from sandbox.exact.rules.vat import cents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row


def split(state: ExactState, entry: Row, parts: Sequence[tuple[Decimal, int]]) -> list[Row]:
    """Replace what is open of an entry by terms of these amounts (positive) and due dates; give the new terms.

    The open terms are deleted, as sync/Deleted tells, and the new ones have identities of their own; what is matched
    stays as it is. Raises ValueError when the amounts do not make up what is open.
    """
    terms = matching.open_terms(state, entry)
    due = {field: sum((term[field] for term in terms), Decimal(0)) for field in ("AmountFC", "AmountDC")}
    if any(amount <= 0 for amount, _ in parts) or sum(amount for amount, _ in parts) != abs(due["AmountFC"]):
        raise ValueError(f"the parts must be positive and make up the {abs(due['AmountFC'])} that is open")
    last = max(term.get("_instalment", 0) for term in posting.receivables(state, entry))
    common = {field: terms[0].get(field) for field in ("GLAccount", "Description", "PaymentMethod", "PaymentReference")}
    for term in terms:
        state.delete(posting.RECEIVABLES, term)
    new = []
    left_dc = due["AmountDC"]
    for number, (amount, due_ms) in enumerate(parts, start=1):
        fc = amount.copy_sign(due["AmountFC"])
        dc = left_dc if number == len(parts) else cents(fc * entry["Rate"])
        left_dc -= dc
        own = {"AmountFC": fc, "AmountDC": dc, "DueDate": due_ms, "_instalment": last + number}
        new.append(state.insert(posting.RECEIVABLES, {**posting.open_receivable(state, entry), **common, **own}))
    return new
