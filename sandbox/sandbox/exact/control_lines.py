"""What a person changes in the lines of an entry, beside the API: recoding, other texts, other amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox.exact.rules import general_journal, matching, posting, sales_entries

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

Arguments = dict[str, Any]
_NAMES = {
    "vat_code": "VATCode",
    "description": "Description",
    "notes": "Notes",
    "cost_center": "CostCenter",
    "cost_unit": "CostUnit",
}


def line_values(state: ExactState, line: Arguments) -> Row:
    """Fields of a line out of `gl_account` (code), `vat_code`, `amount`, `vat_amount`, `description` and others."""
    values: Row = {field: line[name] for name, field in _NAMES.items() if name in line}
    for name, field in (("amount", "AmountFC"), ("vat_amount", "VATAmountFC")):
        if name in line:
            values[field] = Decimal(str(line[name]))
    if "gl_account" in line:
        account = state.by_code("financial/GLAccounts", str(line["gl_account"]))
        if account is None:
            raise ValueError(f"no ledger account {line['gl_account']}")
        values["GLAccount"] = account["ID"]
    return values


def _line_of(state: ExactState, path: str, entry: Row, arguments: Arguments) -> Row:
    number = int(arguments.get("line", 1))
    for line in state[path].find("EntryID", entry["EntryID"]):
        if line["LineNumber"] == number:
            return line
    raise ValueError(f"the entry has no line {number}")


def line_verbs(
    find_entry: Callable[[ExactState, Arguments], Row],
) -> dict[str, Callable[[ExactState, Arguments], Any]]:
    """The verbs on lines, for entries that are found by `find_entry`."""

    def edit_line(state: ExactState, arguments: Arguments) -> Any:
        """Change line number `line` (default 1) of an entry; the amounts of a matched one stay."""
        entry = find_entry(state, arguments)
        values = line_values(state, arguments)
        has_amounts = bool({"AmountFC", "VATAmountFC", "VATCode"} & values.keys())
        if has_amounts and any(term["Status"] == matching.MATCHED for term in posting.receivables(state, entry)):
            raise ValueError("a matched entry keeps its amounts: un-match it first")
        line = _line_of(state, sales_entries.LINES, entry, arguments)
        sales_entries.change_line(state, entry, line, values, new_receivable=has_amounts)

    def add_line(state: ExactState, arguments: Arguments) -> Any:
        """Add a line to an entry."""
        entry = find_entry(state, arguments)
        return {
            "id": sales_entries.create_line(state, {"EntryID": entry["EntryID"], **line_values(state, arguments)})["ID"]
        }

    def delete_line(state: ExactState, arguments: Arguments) -> Any:
        """Delete line number `line` of an entry."""
        sales_entries.delete_line(state, _line_of(state, sales_entries.LINES, find_entry(state, arguments), arguments))

    return {"edit_line": edit_line, "add_line": add_line, "delete_line": delete_line}


def edit_general_line(state: ExactState, arguments: Arguments) -> Any:
    """Change `gl_account`, `description` or `notes` of line number `line` of the general journal entry `id`."""
    entry = state[general_journal.ENTRIES].get(arguments["id"])
    if entry is None:
        raise ValueError("no such general journal entry")
    values = line_values(
        state, {name: arguments[name] for name in ("gl_account", "description", "notes") if name in arguments}
    )
    line = _line_of(state, general_journal.LINES, entry, arguments)
    state.update(general_journal.LINES, line, values)
    state.update(posting.TRANSACTION_LINES, state[posting.TRANSACTION_LINES].rows[line["ID"]], values)
    state.update(general_journal.ENTRIES, entry, {})
