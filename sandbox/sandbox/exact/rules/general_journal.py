"""generaljournalentry/GeneralJournalEntries: booking between ledger accounts, and what that leaves in the books.

No source describes this endpoint; fields and rules follow its sales twin and what public clients show.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox.exact import wire
from sandbox.exact.refusals import BusinessRefusal, Forbidden
from sandbox.exact.rules import entry_header, matching, numbering, periods, posting
from sandbox.exact.rules.checks import Problems, code_exists, exists, mandatory
from sandbox.exact.rules.vat import cents

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

ENTRIES = "generaljournalentry/GeneralJournalEntries"
LINES = "generaljournalentry/GeneralJournalEntryLines"
GENERAL_JOURNAL = 90
RECEIVABLE, PAYABLE = 20, 22
"""GLAccounts.Type of the accounts that are kept per customer or supplier (exact-online 8.2)."""
_OPEN = 20


def create(state: ExactState, values: Row) -> Row:
    """Book an entry, all of it or nothing; its lines have to add up to zero."""
    problems: Problems = []
    sent = values.pop("GeneralJournalEntryLines", None) or []
    book = _journal(state, values, problems)
    if not sent:
        problems.append(("mandatory", "lines"))
    day = next((_day(line["Date"]) for line in sent if line.get("Date") is not None), wire.day_ms(state.today()))
    period = periods.period_of(state, day)
    if period is None:
        problems.append(("no_period",))
    else:
        periods.check_open(state, period, problems)
    currency = entry_header.currency(state, values, book, problems)
    rate = entry_header.rate(state, {"Rate": values.get("ExchangeRate")}, currency, day, book, problems)
    lines = [_line(state, line, rate, problems) for line in sent]
    if book is not None and book.get("AllowVAT"):
        lines = [part for line in lines for part in _with_vat(state, line, rate)]
    left = sum((line["AmountFC"] for line in lines), Decimal(0))
    if left:
        problems.append(("out_of_balance", f"{currency} {left}"))
    if problems or book is None or period is None:
        raise BusinessRefusal(*problems)
    code, year = book["Code"], period[0]
    header = _header(state, values, {"code": code, "day": day, "period": period, "currency": currency, "rate": rate})
    header["EntryNumber"] = numbering.first_number(code, year) + state.next_number(f"journal {code}")
    return _stored(state, header, lines)


def _journal(state: ExactState, values: Row, problems: Problems) -> Row | None:
    if not mandatory(values, "JournalCode", "journal", problems):
        return None
    book = code_exists(state, "financial/Journals", values["JournalCode"], "journals", problems)
    if book is not None and book["Type"] != GENERAL_JOURNAL:
        problems.append(("invalid", "journal_type"))
    if book is not None and book.get("IsBlocked"):
        problems.append(("invalid", "journal"))
    return book


def _line(state: ExactState, values: Row, rate: Decimal, problems: Problems) -> Row:
    line = {name: value for name, value in values.items() if value is not None and name not in {"ID", "EntryID"}}
    ledger = None
    if mandatory(values, "GLAccount", "gl_account", problems):
        ledger = exists(state, "financial/GLAccounts", values["GLAccount"], "gl_account", problems)
    if ledger is not None and ledger.get("IsBlocked"):
        problems.append(("blocked", "gl_account"))
    account = exists(state, "crm/Accounts", values.get("Account"), "account", problems)
    if account is not None and account.get("Blocked"):
        problems.append(("blocked", "customer"))
    if ledger is not None and ledger["Type"] in {RECEIVABLE, PAYABLE}:
        mandatory(values, "Account", "account", problems)
    amount = values.get("AmountFC") or Decimal(0)
    amounts = {"AmountFC": amount, "AmountDC": cents(amount * rate)}
    return {**line, **amounts, "AmountVATFC": Decimal(0), "AmountVATDC": Decimal(0), **_names(ledger, account)}


def _with_vat(state: ExactState, line: Row, rate: Decimal) -> list[Row]:
    """In a journal with VAT a line takes the default VAT code of its ledger account, the VAT out of its own amount."""
    ledger = state["financial/GLAccounts"].get(line.get("GLAccount")) or {}
    code = state.by_code("vat/VATCodes", line.get("VATCode") or ledger.get("VATCode"))
    account = state["financial/GLAccounts"].get((code or {}).get("GLToPay"))
    dated = state["vat/VatPercentages"].find("VATCodeID", code["ID"]) if code else []
    fraction = max((row["Percentage"] for row in dated), default=Decimal(0))
    if account is None or not fraction:
        return [line]
    vat = cents(line["AmountFC"] * fraction / (1 + fraction))
    net = line["AmountFC"] - vat
    parts = ((line, net), ({**line, "GLAccount": account["ID"], **_names(account, None)}, vat))
    return [{**part, "AmountFC": amount, "AmountDC": cents(amount * rate)} for part, amount in parts]


def _names(ledger: Row | None, account: Row | None) -> Row:
    names = {} if ledger is None else {"GLAccountCode": ledger["Code"], "GLAccountDescription": ledger["Description"]}
    return names if account is None else {**names, "AccountCode": account["Code"], "AccountName": account["Name"]}


def _header(state: ExactState, values: Row, known: dict[str, Any]) -> Row:
    book = state.by_code("financial/Journals", known["code"]) or {}
    return {
        "EntryID": state.new_guid(),
        "JournalCode": known["code"],
        "JournalDescription": book.get("Description"),
        "Currency": known["currency"],
        "ExchangeRate": known["rate"],
        "FinancialYear": known["period"][0],
        "FinancialPeriod": known["period"][1],
        "Reversal": bool(values.get("Reversal")),
        "Status": _OPEN,
        "StatusDescription": "Open",
        "Type": GENERAL_JOURNAL,
        "TypeDescription": "Overige",
        "_day": known["day"],
    }


def _stored(state: ExactState, header: Row, lines: list[Row]) -> Row:
    """Keep the entry, its transaction lines and the terms of its lines on customers."""
    entry_id, day = header["EntryID"], header["_day"]
    other = {
        "EntryID": entry_id,
        "Journal": header["JournalCode"],
        "EntryNumber": header["EntryNumber"],
        "Customer": next((line["Account"] for line in lines if line.get("Account")), None),
        "EntryDate": day,
        "Currency": header["Currency"],
        "Rate": header["ExchangeRate"],
        "ReportingYear": header["FinancialYear"],
        "ReportingPeriod": header["FinancialPeriod"],
        "Status": _OPEN,
        "Type": GENERAL_JOURNAL,
        "_transaction_ids": {},
    }
    state.other_entries[entry_id] = other
    entry = state.insert(ENTRIES, header)
    for number, line in enumerate(lines, start=1):
        numbers = {"EntryID": entry_id, "EntryNumber": header["EntryNumber"], "LineNumber": number}
        stored = state.insert(LINES, {**line, **numbers, "Date": day})
        transaction = {name: stored.get(name) for name in ("GLAccount", "Description", "Notes", "AmountFC", "AmountDC")}
        rest = {"ID": stored["ID"], "EntryID": entry_id, "LineNumber": number, "LineType": 1, "AmountVATFC": Decimal(0)}
        state.insert(posting.TRANSACTION_LINES, {**transaction, **rest})
        ledger = state["financial/GLAccounts"].get(line["GLAccount"]) or {}
        if ledger.get("Type") == RECEIVABLE:
            other["_transaction_ids"] = {"header": stored["ID"]}
            amounts = {"AmountFC": -line["AmountFC"], "AmountDC": -line["AmountDC"]}  # exact-online 7.4
            about = {"DueDate": day, "GLAccount": line["GLAccount"], "Description": line.get("Description")}
            state.insert(posting.RECEIVABLES, {**posting.open_receivable(state, other), **amounts, **about})
    return entry


def delete(state: ExactState, entry: Row) -> None:
    """Take an open entry of which nothing is matched out of the books."""
    other = state.other_entries[entry["EntryID"]]
    problems: Problems = []
    if any(term["Status"] == matching.MATCHED for term in posting.receivables(state, other)):
        problems.append(("matched",))
    periods.check_open(state, (entry["FinancialYear"], entry["FinancialPeriod"]), problems)
    if problems:
        raise BusinessRefusal(*problems)
    for term in posting.receivables(state, other):
        state.delete(posting.RECEIVABLES, term)
    for path in (LINES, posting.TRANSACTION_LINES):
        for line in state[path].find("EntryID", entry["EntryID"]):
            state.delete(path, line)
    state.delete(ENTRIES, entry)
    del state.other_entries[entry["EntryID"]]


def create_line(_state: ExactState, _values: Row) -> Row:
    """A line on its own would leave the entry out of balance."""
    raise Forbidden


def keep(_state: ExactState, _row: Row, _values: Row) -> None:
    """General journal entries know no PUT."""


def delete_line(_state: ExactState, _row: Row) -> None:
    """Lines know no DELETE."""


def delete_by_hand(state: ExactState, arguments: dict[str, Any]) -> None:
    """A person deletes the general journal entry `id`, un-matched first."""
    entry = state[ENTRIES].get(arguments["id"])
    if entry is None:
        raise ValueError("no such general journal entry")
    other = state.other_entries[entry["EntryID"]]
    if any(term["Status"] == matching.MATCHED for term in posting.receivables(state, other)):
        matching.undo(state, other)
    delete(state, entry)


def match_by_hand(state: ExactState, arguments: dict[str, Any]) -> None:
    """A person matches the general journal entry `id` with the sales entry `with` (its EntryID)."""
    invoice = state[posting.ENTRIES].get(arguments["with"])
    receipt = state.other_entries.get(arguments["id"])
    if invoice is None or receipt is None:
        raise ValueError("no such entries")
    matching.settle_against(state, invoice, receipt, receipt["EntryDate"])


def summary(state: ExactState) -> list[dict[str, Any]]:
    """General journal entries in plain words; `open` is what is not matched, positive for money that came in."""
    return [_summary(state, entry) for entry in state[ENTRIES]]


def _summary(state: ExactState, entry: Row) -> dict[str, Any]:
    terms = posting.receivables(state, state.other_entries[entry["EntryID"]])
    lines = sorted(state[LINES].find("EntryID", entry["EntryID"]), key=lambda line: line["LineNumber"])
    names = {"gl_account": "GLAccountCode", "account": "Account", "amount": "AmountFC", "amount_dc": "AmountDC"}
    return {
        "entry_id": entry["EntryID"],
        "journal": entry["JournalCode"],
        "entry_number": entry["EntryNumber"],
        "date": wire.ms_day(entry["_day"]).isoformat(),
        "currency": entry["Currency"],
        "open": sum((term["AmountFC"] for term in terms if term["Status"] < matching.MATCHED), Decimal(0)),
        "description": lines[0].get("Description"),
        "lines": [{key: line.get(name) for key, name in names.items()} for line in lines],
    }


def _day(ms: int) -> int:
    return ms - ms % wire.DAY_MS
