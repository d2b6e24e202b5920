"""Probes of Exact Online: accounts, sales entries, files and periods."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from api_core.errors import OutcomeUnknown, RecordRefused
from bridge.setup.probes.lab import ACCOUNTS, ENTRIES, CannotTellError
from bridge.setup.probes.probe import probe
from exactonline_api.odata import guid, text

if TYPE_CHECKING:
    from bridge.setup.probes.lab import Lab

REFUSED = 500
TRANSACTION_LINE = 1
LARGE = 7 * 1024 * 1024


@probe("E1", writes=True)
def a_refusal_is_no_fault(lab: Lab) -> bool | None:
    """A business refusal comes as 500 with a message, and a good entry goes through after it."""
    try:
        lab.exact.post(ENTRIES, lab.body(Journal="ZZ"))
    except RecordRefused as error:
        lab.note(status=error.status, messages=len(error.messages))
        if error.status != REFUSED or not error.messages:
            return False
    else:
        return False
    return bool(lab.booked()["EntryID"])


@probe("E2", writes=True)
def totals_come_back(lab: Lab) -> bool | None:
    """A new entry comes back with its totals."""
    row = lab.booked()
    lab.note(fields=sorted(name for name in ("AmountFC", "VATAmountFC") if row.get(name) is not None))
    return row.get("AmountFC") is not None and row.get("VATAmountFC") is not None


@probe("E3", writes=True)
def reference_and_description_fit(lab: Lab) -> bool | None:
    """`YourRef` holds 30 characters and `Description` 60."""
    reference, description = "P" * 30, "D" * 60
    kept = lab.entry(str(lab.booked(YourRef=reference, Description=description)["EntryID"]))
    lab.note(your_ref=len(kept["YourRef"]), description=len(kept["Description"]))
    return bool(kept["YourRef"] == reference and kept["Description"] == description)


@probe("E4", writes=True)
def type_follows_the_sign(lab: Lab) -> bool | None:
    """`Type` of an entry below zero is another than that of one above."""
    above = lab.entry(str(lab.booked()["EntryID"]))["Type"]
    below = lab.entry(str(lab.booked("-10.00")["EntryID"]))["Type"]
    lab.note(above=above, below=below)
    return bool(above != below)


@probe("E5", writes=True)
def search_code_is_ours(lab: Lab) -> bool | None:
    """An account is found by the search code that it was made with."""
    rows = lab.exact.rows(ACCOUNTS, select=("ID",), filter=f"SearchCode eq {text('TLPROBE00001')}")
    account = lab.account
    return any(row["ID"] == account for row in rows)


@probe("E6")
def periods_do_not_tell_whether_they_are_closed(lab: Lab) -> bool | None:
    """A financial period has no field that tells whether it is closed."""
    for period in lab.exact.rows("financial/FinancialPeriods", select=("ID",), top=1):
        fields = sorted(lab.exact.row("financial/FinancialPeriods", str(period["ID"])))
        lab.note(fields=fields)
        return not any("clos" in name.lower() or "status" in name.lower() for name in fields)
    return None


@probe("E7", writes=True)
def a_document_goes_before_its_entry(lab: Lab) -> bool | None:
    """A document can be made first, and the entry can name it."""
    document = _document(lab)
    return bool(lab.entry(str(lab.booked(Document=document)["EntryID"]))["Document"] == document)


@probe("E9", writes=True)
def a_deletion_shows_as_transaction_lines(lab: Lab) -> bool | None:
    """A deleted entry shows in `sync/Deleted` as transaction lines."""
    entry = str(lab.exact.post(ENTRIES, lab.body())["EntryID"])
    path = "financialtransaction/TransactionLines"
    lines = {str(row["ID"]) for row in lab.exact.rows(path, select=("ID",), filter=f"EntryID eq {guid(entry)}")}
    lab.exact.delete(ENTRIES, entry)
    rows = lab.exact.rows("sync/Deleted", select=("EntityKey", "EntityType"), filter="Timestamp gt 1L")
    deleted = {str(row["EntityKey"]) for row in rows if row["EntityType"] == TRANSACTION_LINE}
    lab.note(lines=len(lines), told=len(lines & deleted))
    return bool(lines) and lines <= deleted


@probe("E10", writes=True)
def large_files_are_taken(lab: Lab) -> bool | None:
    """An attachment of 7 MB is taken."""
    content = base64.b64encode(b"%PDF-1.4\n" + b"0" * LARGE + b"\n%%EOF").decode()
    body = {"Document": _document(lab), "FileName": "probe.pdf", "Attachment": content}
    try:
        row = lab.exact.post("documents/DocumentAttachments", body)
    except RecordRefused as error:
        lab.note(status=error.status)
        return False
    lab.later(lambda: lab.exact.delete("documents/DocumentAttachments", str(row["ID"])))
    return True


@probe("E11", writes=True)
def a_write_without_answer_is_done_soon(lab: Lab) -> bool | None:
    """An entry whose answer nobody waited for is there soon afterwards."""
    if lab.hasty is None:
        return None
    body = lab.body()
    try:
        lab.hasty().post(ENTRIES, body)
    except OutcomeUnknown:
        pass
    else:
        raise CannotTellError("the answer came at once")
    for _ in range(20):
        for row in lab.exact.rows(ENTRIES, select=("EntryID",), filter=f"YourRef eq {text(body['YourRef'])}"):
            lab.exact.delete(ENTRIES, str(row["EntryID"]))
            return True
    return None  # it may still come: five minutes are allowed


@probe("E12", writes=True)
def names_and_texts_fit(lab: Lab) -> bool | None:
    """An account's name holds 50 characters, a line's description 60, a payment reference 50."""
    account = lab.exact.post(ACCOUNTS, {"Name": "N" * 50, "Status": "C"})
    lab.later(lambda: lab.exact.delete(ACCOUNTS, str(account["ID"])))
    name = lab.exact.row(ACCOUNTS, str(account["ID"]), ("Name",))["Name"]
    entry = str(lab.booked(PaymentReference="R" * 50, line={"Description": "L" * 60})["EntryID"])
    kept = lab.entry(entry)["PaymentReference"]
    path = "salesentry/SalesEntryLines"
    lines = lab.exact.rows(path, select=("Description",), filter=f"EntryID eq {guid(entry)}")
    description = next(iter(lines))["Description"]
    lab.note(name=len(name), description=len(description), reference=len(kept or ""))
    return bool(name == "N" * 50 and description == "L" * 60 and kept == "R" * 50)


@probe("E13")
def a_mandate_has_no_date_in_teamleader(lab: Lab) -> bool | None:
    """Teamleader names the mandate of a direct debit, but not its date."""
    for row in lab.recent:
        expected = lab.info(str(row["id"])).get("expected_payment_method") or {}
        if expected.get("method") in {"direct_debit", "sepa_direct_debit"}:
            lab.note(fields=sorted(expected))
            return set(expected) <= {"method", "reference"}
    return None


@probe("E22", writes=True)
def terms_of_an_entry_are_whole(lab: Lab) -> bool | None:
    """The payment terms of an entry carry its id, are open with a status below 50, and add up to it."""
    entry = str(lab.booked()["EntryID"])
    terms = lab.terms(entry)
    total = sum(abs(row["AmountFC"]) for row in terms)
    lab.note(terms=len(terms), status=sorted({row["Status"] for row in terms}))
    return bool(terms) and total == abs(lab.entry(entry)["AmountFC"]) and all(row["Status"] < 50 for row in terms)  # noqa: PLR2004 - Exact's status of what is settled


@probe("E25", writes=True)
def a_row_version_shows_soon(lab: Lab) -> bool | None:
    """The row version of a new term is at most 500 below the highest that was seen."""
    before = max((row["Timestamp"] for row in lab.terms(str(lab.booked()["EntryID"]))), default=None)
    after = min((row["Timestamp"] for row in lab.terms(str(lab.booked()["EntryID"]))), default=None)
    if before is None or after is None:
        return None
    lab.note(step=int(after) - int(before))
    return int(after) > int(before) - 500


@probe("E26")
def a_division_tells_its_move(lab: Lab) -> bool | None:
    """`system/Divisions` has `DivisionMoveDate`."""
    for row in lab.exact.rows("system/Divisions", select=("Code", "DivisionMoveDate")):
        return "DivisionMoveDate" in row
    return None


def _document(lab: Lab) -> str:
    body = {"Subject": "Probe of the coupling", "Type": 10, "Account": lab.account}
    row = lab.exact.post("documents/Documents", body)
    lab.later(lambda: lab.exact.delete("documents/Documents", str(row["ID"])))
    return str(row["ID"])


@probe("E27")
def an_account_does_not_tell_persons(lab: Lab) -> bool | None:
    """An account has no field that tells a person from a company."""
    for account in lab.exact.rows(ACCOUNTS, select=("ID",), top=1):
        fields = {name.lower() for name in lab.exact.row(ACCOUNTS, str(account["ID"]))}
        return fields.isdisjoint({"isperson", "iscompany", "isprivate", "isprivateperson"})
    return None


@probe("E28")
def bulk_tables_are_filtered_by_day(lab: Lab) -> bool | None:
    """The bulk tables of transactions and receivables take a filter on their day."""
    day = f"datetime'{lab.today}'"
    for path, name in (("bulk/Financial/TransactionLines", "Date"), ("bulk/Cashflow/Receivables", "InvoiceDate")):
        list(lab.exact.rows(path, select=("ID",), filter=f"{name} ge {day}", top=1))
    return True
