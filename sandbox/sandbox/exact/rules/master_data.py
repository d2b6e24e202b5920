"""Ledger accounts, journals, VAT codes, payment conditions, cost centres … written through the API or by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.exact.administration import padded
from sandbox.exact.entities import ENTITIES
from sandbox.exact.refusals import BusinessRefusal

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row
    from sandbox.exact.rules.checks import Problems


def create(state: ExactState, path: str, values: Row) -> Row:
    """A row of master data: what the reference marks mandatory must be there, and its Code must be new."""
    problems: Problems = [
        ("mandatory", name)
        for name, field in ENTITIES[path].fields.items()
        if field.mandatory and not field.is_navigation and values.get(name) in {None, ""}
    ]
    if values.get("Code") and state.by_code(path, values["Code"]):
        problems.append(("exists",))
    if problems:
        raise BusinessRefusal(*problems)
    if "Code" in values:
        values = {**values, "Code": padded(path, values["Code"])}
    return state.insert(path, values)


def update(state: ExactState, path: str, row: Row, values: Row) -> None:
    """Merge; a Code that is sent, even unchanged, is refused as for accounts (exact-online 5.4)."""
    if values.get("Code") is not None and state.by_code(path, values["Code"]):
        raise BusinessRefusal(("exists",))
    state.update(path, row, values)
