"""Probes of Exact Online: payments in the general journal, matching, and the login."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from bridge.setup.probes.lab import CannotTellError
from bridge.setup.probes.probe import probe
from exactonline_api.odata import guid, text

if TYPE_CHECKING:
    from bridge.setup.probes.lab import Lab
    from exactonline_api import Message

Row = dict[str, Any]

GENERAL: Final = "generaljournalentry/GeneralJournalEntries"
TRANSACTIONS: Final = "financialtransaction/TransactionLines"
RECEIVABLES: Final = "cashflow/Receivables"
GENERAL_JOURNAL: Final = 90
UN_MATCH: Final = "un-match the entry of the probe, which is open on the account Probe of the coupling"
SETTLED: Final = 50
KINDS: Final = frozenset({0, 1, 2, 3})
_NAME: Final = {
    "finyear": "FinancialYear",
    "finperiod": "FinancialPeriod",
    "journal": "JournalCode",
    "entry": "EntryNumber",
}
RATE: Final = Decimal("0.123456789012")


@probe("E8")
def a_refused_token_request_costs_nothing(lab: Lab) -> bool | None:
    """The login works on after Exact refused a new access token as too early."""
    me = lab.exact.me()
    asked = lab.exact.token_calls
    lab.exact.renew_early()
    lab.note(token_calls=lab.exact.token_calls - asked)
    return bool(lab.exact.me()["UserID"] == me["UserID"])


@probe("E14", writes=True)
def a_general_entry_is_booked_at_once(lab: Lab) -> bool | None:
    """An entry of a general journal takes our fields and is booked at once."""
    _, payment = _paid(lab)
    lines = _lines(lab, payment)
    lab.note(lines=len(lines))
    return len(lines) == 2 and sum(row["AmountFC"] for row in lines) == 0  # noqa: PLR2004 - a payment has two


@probe("E15", writes=True)
def a_payment_is_an_outstanding_item(lab: Lab) -> bool | None:
    """A payment's line on the receivable account is an outstanding item of type 90, with the other sign."""
    entry, payment = _paid(lab)
    own, its = _items(lab, payment), _items(lab, entry)
    lab.note(types=sorted({row["TransactionType"] for row in own}))
    if not own or not its:
        return False
    return bool(own[0]["TransactionType"] == GENERAL_JOURNAL and own[0]["AmountFC"] * its[0]["AmountFC"] < 0)


@probe("E16", writes=True)
def transactions_are_found_by_description(lab: Lab) -> bool | None:
    """Transaction lines are found by journal and description, at once."""
    _, payment = _paid(lab)
    condition = f"JournalCode eq {text(_journal(lab))} and Description eq {text('Probe of a payment')}"
    rows = lab.exact.rows(TRANSACTIONS, select=("EntryID",), filter=condition)
    return any(row["EntryID"] == payment for row in rows)


@probe("E17", writes=True)
def a_part_can_be_matched(lab: Lab) -> bool | None:
    """The XML topic MatchSets matches a part of an entry with a payment."""
    entry, payment = _paid(lab)
    _match(lab, entry, payment, "4.00")
    settled = [row for row in lab.terms(entry) if row["Status"] >= SETTLED]
    lab.note(settled=[str(row["AmountFC"]) for row in settled])
    return [abs(row["AmountFC"]) for row in settled] == [4]


@probe("E18", writes=True)
def messages_tell_what_was_done(lab: Lab) -> bool | None:
    """The answer of the XML service has messages of type 0 to 3."""
    entry, payment = _paid(lab)
    messages = _match(lab, entry, payment, "10.00")
    lab.note(types=[message.kind for message in messages])
    return bool(messages) and {message.kind for message in messages} <= KINDS


@probe("E19", writes=True)
def the_xml_service_shares_the_login(lab: Lab) -> bool | None:
    """The XML service answers with the same login, in the same administration."""
    entry, payment = _paid(lab)
    asked = lab.exact.token_calls
    _match(lab, entry, payment, "10.00")
    return lab.exact.token_calls == asked and any(row["Status"] >= SETTLED for row in lab.terms(entry))


@probe("E20", writes=True)
def exchange_rates_are_kept_whole(lab: Lab) -> bool | None:
    """An exchange rate keeps twelve decimals."""
    currencies = {str(row["Code"]).strip() for row in lab.exact.rows("general/Currencies", select=("Code",))}
    fields = ("Code", "AllowVariableCurrency", "AllowVariableExchangeRate")
    journals = {str(row["Code"]).strip(): row for row in lab.exact.rows("financial/Journals", select=fields)}
    takes_any = all(journals[_journal(lab)][name] for name in fields[1:])
    if "USD" not in currencies or not takes_any:
        return None
    payment = _pay(lab, "10.00", Currency="USD", ExchangeRate=RATE)
    kept = Decimal(str(lab.exact.row(GENERAL, payment, ("ExchangeRate",))["ExchangeRate"]))
    lab.note(rate=str(kept))
    return abs(kept - RATE) < Decimal("0.0000000000005")


@probe("E21", writes=True)
def un_matching_leaves_the_payment(lab: Lab) -> bool | None:
    """A payment's entry stays in place when a person un-matches it."""
    entry, payment = _matched(lab)
    if not lab.person(UN_MATCH, entry):
        return None
    return bool(_lines(lab, payment)) and all(row["Status"] < SETTLED for row in lab.terms(entry))


@probe("E23", writes=True)
def a_rebuilt_term_is_told(lab: Lab) -> bool | None:
    """A term that is split and joined again shows in `sync/Deleted` as type 10."""
    entry, payment = _paid(lab)
    _match(lab, entry, payment, "4.00")
    parts = {str(row["ID"]) for row in lab.terms(entry)}
    if not lab.person(UN_MATCH, entry):
        return None
    gone = parts - {str(row["ID"]) for row in lab.terms(entry)}
    rows = lab.exact.rows("sync/Deleted", select=("EntityKey", "EntityType"), filter="Timestamp gt 1L")
    told = {str(row["EntityKey"]) for row in rows if row["EntityType"] == 10}  # noqa: PLR2004 - payment terms
    lab.note(gone=len(gone), told=len(gone & told))
    return bool(gone) and gone <= told


@probe("E24", writes=True)
def terms_of_a_match_share_account_and_day(lab: Lab) -> bool | None:
    """The terms of one match share account and `EndDate`."""
    entry, payment = _matched(lab)
    settled = [row for each in (entry, payment) for row in lab.terms(each) if row["Status"] >= SETTLED]
    lab.note(settled=len(settled))
    return len(settled) > 1 and len({(row["Account"], row["EndDate"]) for row in settled}) == 1


def _journal(lab: Lab) -> str:
    code = lab.settings.get("payment_journal")
    if code:
        return str(code)
    for row in lab.exact.rows("financial/Journals", select=("Code",), filter=f"Type eq {GENERAL_JOURNAL}"):
        return str(row["Code"]).strip()
    raise CannotTellError("there is no general journal")


def _receivable(lab: Lab) -> str:
    rows = lab.exact.rows("financial/Journals", select=("GLAccountCode", "Code"))
    wanted = str(lab.settings["invoice_journal"])
    code = next((str(row["GLAccountCode"]).strip() for row in rows if str(row["Code"]).strip() == wanted), None)
    if not code:
        raise CannotTellError("the sales journal has no ledger account")
    return code


def _pay(lab: Lab, amount: str, **more: Any) -> str:  # noqa: ANN401 - fields of Exact
    """Book a payment of our customer; return its entry."""
    receivable = lab.id_of("financial/GLAccounts", _receivable(lab))
    common = {"Date": lab.today.isoformat(), "Description": "Probe of a payment"}
    lines = [
        {"GLAccount": receivable, "Account": lab.account, "AmountFC": f"-{amount}", **common},
        {"GLAccount": lab.gl_account, "AmountFC": amount, **common},
    ]
    body = {"JournalCode": _journal(lab), "Currency": "EUR", "GeneralJournalEntryLines": lines, **more}
    entry = str(lab.exact.post(GENERAL, body)["EntryID"])
    lab.later(lambda: lab.exact.delete(GENERAL, entry))
    return entry


def _paid(lab: Lab) -> tuple[str, str]:
    """Book an entry and a payment of 10.00."""
    return str(lab.booked()["EntryID"]), _pay(lab, "10.00")


def _matched(lab: Lab) -> tuple[str, str]:
    entry, payment = _paid(lab)
    _match(lab, entry, payment, "10.00")
    return entry, payment


def _lines(lab: Lab, entry: str) -> list[Row]:
    fields = ("EntryID", "EntryNumber", "FinancialYear", "FinancialPeriod", "JournalCode", "AmountFC")
    return list(lab.exact.rows(TRANSACTIONS, select=fields, filter=f"EntryID eq {guid(entry)}"))


def _items(lab: Lab, entry: str) -> list[Row]:
    fields = ("AmountFC", "TransactionType")
    return list(lab.exact.rows(RECEIVABLES, select=fields, filter=f"TransactionEntryID eq {guid(entry)}"))


def _match(lab: Lab, entry: str, payment: str, amount: str) -> list[Message]:
    """Match an amount of an entry with a payment (assumption E17 shows the form)."""
    root = ET.Element("eExact")
    one = ET.SubElement(ET.SubElement(root, "MatchSets"), "MatchSet")
    ET.SubElement(one, "GLAccount", code=_receivable(lab))
    code = lab.exact.row("crm/Accounts", lab.account, ("Code",))["Code"]
    ET.SubElement(one, "Account", code=str(code).strip())
    lines = ET.SubElement(one, "MatchLines")
    for each, signed in ((entry, amount), (payment, f"-{amount}")):
        row = _lines(lab, each)[0]
        name = {
            "finyear": "FinancialYear",
            "finperiod": "FinancialPeriod",
            "journal": "JournalCode",
            "entry": "EntryNumber",
        }
        told = {tag: str(row[column]).strip() for tag, column in name.items()}
        ET.SubElement(lines, "MatchLine", {**told, "amountdc": signed})
    # What is matched cannot be deleted, and only a person can undo it.
    lab.later(lambda: lab.person(UN_MATCH, entry))
    return lab.exact.upload("MatchSets", ET.tostring(root, encoding="utf-8", xml_declaration=True))
