"""salesentry/SalesEntries and SalesEntryLines: booking, changing, deleting (exact-online 6.1-6.30)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.exact import wire
from sandbox.exact.refusals import BusinessRefusal, Forbidden
from sandbox.exact.rules import entry_header, entry_lines, numbering, periods, posting
from sandbox.exact.rules.checks import Problems, exists, mandatory, too_long

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

ENTRIES = posting.ENTRIES
LINES = posting.LINES
_OPEN, _PROCESSED, _MATCHED = 20, 50, 50


def create(state: ExactState, values: Row) -> Row:
    """Book an entry, all of it or nothing. A YourRef that exists already is no obstacle (exact-online 6.15)."""
    problems: Problems = []
    sent_lines = values.pop("SalesEntryLines", None) or []
    header = _new_header(state, values, problems)
    if not sent_lines:
        problems.append(("mandatory", "lines"))
    lines = [
        entry_lines.line(state, line, date_ms=header["EntryDate"], rate=header["Rate"], problems=problems)
        for line in sent_lines
    ]
    if problems:
        raise BusinessRefusal(*problems)
    number = numbering.take(state, header["Journal"], header["ReportingYear"], values.get("EntryNumber"))
    header |= {"EntryNumber": number, "InvoiceNumber": number}
    header.setdefault("PaymentReference", _own_reference(state, header))
    entry = state.insert(ENTRIES, header)
    for position, line in enumerate(lines, start=1):
        state.insert(LINES, {**line, "EntryID": entry["EntryID"], "LineNumber": position})
    posting.recompute(state, entry)
    posting.post(state, entry, new_receivable=True)
    return entry


def _new_header(state: ExactState, values: Row, problems: Problems) -> Row:
    too_long(ENTRIES, values, problems)
    account = entry_header.customer(state, values, problems)
    book = entry_header.journal(state, values, problems)
    entry_header.receivable_account(account, book, problems)
    entry_date = _day(values.get("EntryDate")) or wire.day_ms(state.today())
    condition = entry_header.payment_condition(state, values, account, problems)
    currency = entry_header.currency(state, values, book, problems)
    exists(state, "documents/Documents", values.get("Document"), "document", problems)
    due = _day(values.get("DueDate"))
    header = {name: value for name, value in values.items() if value is not None}
    return header | {
        "Journal": None if book is None else book["Code"],
        "EntryDate": entry_date,
        "DueDate": due if due is not None or condition is None else entry_header.due_date(entry_date, condition),
        "PaymentCondition": None if condition is None else condition["Code"],
        "Currency": currency,
        "Rate": entry_header.rate(state, values, currency, entry_date, book, problems),
        "Status": _OPEN,
        **_period(state, values, entry_date, problems),
    }


def update(state: ExactState, entry: Row, values: Row) -> None:
    """Merge header fields into an open, unmatched entry (exact-online 6.25, 6.28, 6.29)."""
    _guard(state, entry)
    problems: Problems = []
    if values.get("EntryNumber") is not None:
        problems.append(("exists",))  # a complete row that is sent back (exact-online 6.25)
    if "Journal" in values and values["Journal"] != entry["Journal"]:
        problems.append(("not_allowed", "journal"))
    too_long(ENTRIES, values, problems)
    exists(state, "documents/Documents", values.get("Document"), "document", problems)
    merged = {**entry, **values}
    other_customer = "Customer" in values and values["Customer"] != entry["Customer"]
    if other_customer:
        merged["PaymentCondition"] = values.get("PaymentCondition")
    changes = _changed_header(state, entry, values, merged, problems)
    if problems:
        raise BusinessRefusal(*problems)
    if other_customer and not values.get("PaymentReference"):
        changes["PaymentReference"] = _own_reference(state, {**entry, **changes})
    state.update(ENTRIES, entry, changes)
    if {"Currency", "Rate"} & values.keys():
        _revalue(state, entry)
    posting.recompute(state, entry)
    posting.post(state, entry, new_receivable=other_customer)


def _changed_header(state: ExactState, entry: Row, values: Row, merged: Row, problems: Problems) -> Row:
    account = state["crm/Accounts"].get(entry["Customer"])
    if "Customer" in values:
        account = entry_header.customer(state, values, problems)
    changes = {name: value for name, value in values.items() if name not in {"EntryNumber", "InvoiceNumber"}}
    book = state.by_code("financial/Journals", entry["Journal"])
    entry_date = _day(merged.get("EntryDate")) or entry["EntryDate"]
    changes["EntryDate"] = entry_date
    if {"EntryDate", "ReportingYear", "ReportingPeriod"} & values.keys():
        period = _period(state, values, entry_date, problems)
        if period.get("ReportingYear", entry["ReportingYear"]) != entry["ReportingYear"]:
            problems.append(("other_year",))
        changes |= period
    if {"Customer", "EntryDate", "PaymentCondition", "DueDate"} & values.keys():
        condition = entry_header.payment_condition(state, merged, account, problems)
        changes["PaymentCondition"] = None if condition is None else condition["Code"]
        due = _day(values.get("DueDate"))
        changes["DueDate"] = (
            due if due is not None or condition is None else entry_header.due_date(entry_date, condition)
        )
    if {"Currency", "Rate"} & values.keys():
        changes["Currency"] = entry_header.currency(state, merged, book, problems)
        sent = values if "Currency" in values else merged
        changes["Rate"] = entry_header.rate(state, sent, changes["Currency"], entry_date, book, problems)
    return changes


def delete(state: ExactState, entry: Row) -> None:
    """Take an open, unmatched entry out of the books (exact-online 6.27); its number may be used again."""
    _guard(state, entry)
    posting.remove(state, entry)
    numbering.give_back(state, entry["Journal"], entry["ReportingYear"], entry["EntryNumber"])


def create_line(state: ExactState, values: Row) -> Row:
    """Add a line to an entry."""
    problems: Problems = []
    entry = None
    if mandatory(values, "EntryID", "entry", problems):
        entry = exists(state, ENTRIES, values["EntryID"], "entry", problems)
    if entry is None:
        raise BusinessRefusal(*problems)
    _guard(state, entry)
    line = entry_lines.line(state, values, date_ms=entry["EntryDate"], rate=entry["Rate"], problems=problems)
    if problems:
        raise BusinessRefusal(*problems)
    last = max((row["LineNumber"] for row in state[LINES].find("EntryID", entry["EntryID"])), default=0)
    stored = state.insert(LINES, {**line, "EntryID": entry["EntryID"], "LineNumber": last + 1})
    _lines_changed(state, entry)
    return stored


def update_line(state: ExactState, row: Row, values: Row) -> None:
    """Change a line; totals and receivable follow."""
    entry = _entry_of(state, row)
    _guard(state, entry)
    change_line(state, entry, row, values, new_receivable=True)


def change_line(state: ExactState, entry: Row, row: Row, values: Row, *, new_receivable: bool) -> None:
    """Change a line, whatever the entry's state."""
    problems: Problems = []
    line = entry_lines.changed(state, row, values, date_ms=entry["EntryDate"], rate=entry["Rate"], problems=problems)
    if problems:
        raise BusinessRefusal(*problems)
    state.update(LINES, row, line)
    posting.recompute(state, entry)
    posting.post(state, entry, new_receivable=new_receivable)


def delete_line(state: ExactState, row: Row) -> None:
    """Remove a line; with the last one the whole entry goes (exact-online 6.26)."""
    entry = _entry_of(state, row)
    _guard(state, entry)
    if len(state[LINES].find("EntryID", entry["EntryID"])) == 1:
        delete(state, entry)
        return
    state.delete(LINES, row)
    _lines_changed(state, entry)


def _entry_of(state: ExactState, line: Row) -> Row:
    entry = state[ENTRIES].get(line["EntryID"])
    if entry is None:
        raise Forbidden
    return entry


def _lines_changed(state: ExactState, entry: Row) -> None:
    posting.recompute(state, entry)
    posting.post(state, entry, new_receivable=True)


def _revalue(state: ExactState, entry: Row) -> None:
    problems: Problems = []
    for row in state[LINES].find("EntryID", entry["EntryID"]):
        line = entry_lines.line(state, row, date_ms=entry["EntryDate"], rate=entry["Rate"], problems=problems)
        state.update(LINES, row, line)


def _guard(state: ExactState, entry: Row) -> None:
    """Processed, matched and closed entries do not change (exact-online 6.27)."""
    problems: Problems = []
    if state.refuses_entry_changes:
        problems.append(("no_changes",))
    if entry["Status"] == _PROCESSED:
        problems.append(("processed",))
    if any(row["Status"] == _MATCHED for row in posting.receivables(state, entry)):
        problems.append(("matched",))
    periods.check_open(state, (entry["ReportingYear"], entry["ReportingPeriod"]), problems)
    if problems:
        raise BusinessRefusal(*problems)


def _period(state: ExactState, values: Row, entry_date: int, problems: Problems) -> Row:
    period = periods.period_of(state, entry_date)
    if values.get("ReportingYear") and values.get("ReportingPeriod"):
        period = (values["ReportingYear"], values["ReportingPeriod"])
        period = period if periods.exists(state, period) else None
    if period is None:
        problems.append(("no_period",))
        return {}
    periods.check_open(state, period, problems)
    return {"ReportingYear": period[0], "ReportingPeriod": period[1]}


def _own_reference(state: ExactState, header: Row) -> str:
    """`<account code>/<entry number>`, which Exact puts where no payment reference was sent (exact-online 6.16)."""
    account = state["crm/Accounts"].get(header["Customer"]) or {}
    return f"{account.get('Code', '').strip()}/{header['EntryNumber']}"


def _day(ms: int | None) -> int | None:
    return None if ms is None else ms - ms % wire.DAY_MS
