"""Verbs on entries: booked by hand, changed, processed, settled, taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from sandbox.exact import wire
from sandbox.exact.control_lines import line_values, line_verbs
from sandbox.exact.rules import instalments, matching, posting, sales_entries

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

Arguments = dict[str, Any]
Verb: TypeAlias = "Callable[[ExactState, Arguments], Any]"
_SETTLED_BY = {"money": matching.BANK, "write_off": matching.PAYMENT_DIFFERENCE}


def find_entry(state: ExactState, arguments: Arguments) -> Row:
    """The entry with that `id`, `your_ref` (and `journal`) or `entry_number`; raises ValueError."""
    table = state[posting.ENTRIES]
    if "id" in arguments:
        found = [row for row in [table.get(arguments["id"])] if row is not None]
    elif "your_ref" in arguments:
        found = table.find("YourRef", arguments["your_ref"])
    else:
        found = table.find("EntryNumber", arguments.get("entry_number"))
    if "journal" in arguments:
        found = [row for row in found if row["Journal"] == arguments["journal"]]
    if not found:
        raise ValueError("no such entry")
    return found[0]


def add_entry(state: ExactState, arguments: Arguments) -> Any:
    """Book an entry by hand.

    `journal` (default 70), `customer` (id, code or name), `your_ref`, `date` (default today), `description`,
    `due_date`, `currency`, `payment_condition` (default 30) and `lines` of `gl_account` (code), `vat_code`, `amount`,
    `vat_amount`, `description`. Gives id and entry number.
    """
    values = {
        "Journal": arguments.get("journal", "70"),
        "Customer": _customer(state, arguments["customer"]),
        "YourRef": arguments.get("your_ref"),
        "Description": arguments.get("description"),
        "Currency": arguments.get("currency"),
        "PaymentCondition": arguments.get("payment_condition", "30"),
        "EntryDate": _day(state, arguments.get("date")),
        "DueDate": wire.iso_ms(arguments["due_date"]) if "due_date" in arguments else None,
        "SalesEntryLines": [line_values(state, {"gl_account": "700000", **line}) for line in arguments["lines"]],
    }
    entry = sales_entries.create(state, values)
    return {"id": entry["EntryID"], "entry_number": entry["EntryNumber"]}


def _customer(state: ExactState, name: str) -> str:
    table = state["crm/Accounts"]
    found = table.get(name) or state.by_code("crm/Accounts", name) or next(iter(table.find("Name", name)), None)
    if found is None:
        raise ValueError("no such account")
    return str(found["ID"])


def _day(state: ExactState, text: str | None) -> int:
    return wire.day_ms(state.today() if text is None else date.fromisoformat(text))


def edit_entry(state: ExactState, arguments: Arguments) -> Any:
    """Change header fields (`changes`, by their Exact names) of an entry, as the API would."""
    entry = find_entry(state, arguments)
    changes = dict(arguments["changes"])
    for name in ("EntryDate", "DueDate"):
        if isinstance(changes.get(name), str):
            changes[name] = wire.iso_ms(changes[name])
    sales_entries.update(state, entry, changes)


def delete_entry(state: ExactState, arguments: Arguments) -> Any:
    """Delete an entry, whatever its state: a person may un-match and reopen first."""
    entry = find_entry(state, arguments)
    _reopen(state, entry)
    sales_entries.delete(state, entry)


def process_entry(state: ExactState, arguments: Arguments) -> Any:
    """Make an entry final (exact-online 6.24)."""
    _set_status(state, find_entry(state, arguments), 50)


def reopen_entry(state: ExactState, arguments: Arguments) -> Any:
    """Make an entry changeable again, un-matched and not processed."""
    _reopen(state, find_entry(state, arguments))


def _reopen(state: ExactState, entry: Row) -> None:
    if any(term["Status"] == matching.MATCHED for term in posting.receivables(state, entry)):
        matching.undo(state, entry)
    _set_status(state, entry, 20)


def _set_status(state: ExactState, entry: Row, status: int) -> None:
    state.update(posting.ENTRIES, entry, {"Status": status})
    for line in state[posting.TRANSACTION_LINES].find("EntryID", entry["EntryID"]):
        state.update(posting.TRANSACTION_LINES, line, {})


def match_entry(state: ExactState, arguments: Arguments) -> Any:
    """Settle an entry: `amount` (positive, its currency; all that is open when absent), `date` (default today).

    `how` is `money` (default), `write_off`, or `credit_note` with `against` (how the credit note is found). Of several
    open terms the oldest due is settled first.
    """
    entry = find_entry(state, arguments)
    day = _day(state, arguments.get("date"))
    amount = None if arguments.get("amount") is None else Decimal(str(arguments["amount"]))
    if arguments.get("how") == "credit_note":
        credit_note = find_entry(state, arguments["against"])
        return {"amount": matching.settle_against(state, entry, credit_note, day, amount)}
    how = arguments.get("how", "money")
    if how not in _SETTLED_BY:
        raise ValueError(f"how is credit_note, {', '.join(_SETTLED_BY)}")
    counter = matching.settle(state, entry, amount, day, _SETTLED_BY[how])
    return {"entry_number": counter["EntryNumber"]}


def unmatch_entry(state: ExactState, arguments: Arguments) -> Any:
    """Take every match of an entry back (exact-online 7.7), or with `last: true` only the latest."""
    matching.undo(state, find_entry(state, arguments), last=bool(arguments.get("last", False)))


def collect_entry(state: ExactState, arguments: Arguments) -> Any:
    """Select what is open of an entry for a collection run, or by `status` 20 take it out again (exact-online 7.2)."""
    for term in matching.open_terms(state, find_entry(state, arguments)):
        state.update(posting.RECEIVABLES, term, {"Status": arguments.get("status", 30)})


def split_terms(state: ExactState, arguments: Arguments) -> Any:
    """Let what is open of an entry fall due in `parts` of `amount` and `due_date`. Gives the ids of the terms."""
    parts = [(Decimal(str(part["amount"])), wire.iso_ms(part["due_date"])) for part in arguments["parts"]]
    terms = instalments.split(state, find_entry(state, arguments), parts)
    return {"ids": [term["ID"] for term in terms]}


def _for_each(verb: Verb) -> Verb:
    """The verb for every one of `entries`, in their order. What is wrong with one ends it; those before it are done."""

    def carry_out(state: ExactState, number: int, arguments: Arguments) -> Any:
        try:
            return verb(state, arguments)
        except ValueError as problem:
            raise ValueError(f"entries.{number}: {problem}") from None

    def carry_out_all(state: ExactState, arguments: Arguments) -> Any:
        return {"entries": [carry_out(state, number, each) for number, each in enumerate(arguments["entries"])]}

    return carry_out_all


def refuse_entry_changes(state: ExactState, arguments: Arguments) -> Any:
    """Some companies refuse PUT and DELETE of entries altogether (exact-online 6.27); `refuse: false` ends it."""
    state.refuses_entry_changes = bool(arguments.get("refuse", True))


ENTRY_VERBS: dict[str, Verb] = {
    "add_entry": add_entry,
    "edit_entry": edit_entry,
    "delete_entry": delete_entry,
    **line_verbs(find_entry),
    "process_entry": process_entry,
    "reopen_entry": reopen_entry,
    "match_entry": match_entry,
    "match_entries": _for_each(match_entry),
    "unmatch_entry": unmatch_entry,
    "unmatch_entries": _for_each(unmatch_entry),
    "collect_entry": collect_entry,
    "split_terms": split_terms,
    "refuse_entry_changes": refuse_entry_changes,
}
