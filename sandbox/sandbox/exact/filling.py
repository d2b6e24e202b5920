"""An administration as it is after years of other work: many accounts, ledger accounts, and entries booked by hand.

The rows are put into the tables directly, without the checks of the API, and the entries have no lines: heads and terms
are what the size of an administration is about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

from sandbox import words
from sandbox.exact import wire
from sandbox.exact.administration import CURRENCY
from sandbox.exact.rules import accounts, numbering, posting, purchases
from sandbox.exact.rules.matching import BANK, MATCHED, OPEN
from sandbox.exact.rules.periods import period_of
from sandbox.exact.rules.vat import cents

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

JOURNAL = "72"
_ACCOUNTS, _LEDGER = "crm/Accounts", "financial/GLAccounts"
_ENTRIES_PER_ACCOUNT, _ENTRIES_PER_PURCHASE = 20, 20
_CREDIT, _PAID, _PARTLY = 0.04, 0.62, 0.70
"""Of the entries so many are credit notes, then paid as a whole, then paid in part; the others are open."""
_WITHOUT_REFERENCE = 0.3
_VAT, _ONE = Decimal("0.21"), Decimal(1)
_PAYMENT_DAYS = (8, 14, 30, 30, 30, 60)
_LEDGER_CLASSES = ((6, 121, "W", "D"), (7, 110, "W", "C"), (4, 32, "B", "D"), (6, 111, "W", "D"))
"""First digit of the code, Type, BalanceType and BalanceSide."""


def fill(state: ExactState, arguments: dict[str, Any]) -> dict[str, int]:
    """Add so many `receivables` (entries in journal 72, each with its terms), `accounts` and `gl_accounts`.

    Without `accounts` one is added for every 20 entries; with 0 the customers that are there share them. `payables`
    are purchase invoices, one for every 20 entries. Everything is drawn from the seed. Gives how many `entries`,
    `terms`, `accounts`, `gl_accounts` and `payables` were added; payments count among the terms.
    """
    rng = Random(state.new_guid())  # noqa: S311 - a reproducible draw, not a secret
    entries = int(arguments.get("receivables", 0))
    wanted = int(arguments.get("accounts", -(-entries // _ENTRIES_PER_ACCOUNT)))
    customers = _add_accounts(state, rng, wanted)
    added = {
        "accounts": len(customers),
        "gl_accounts": _add_ledger(state, rng, int(arguments.get("gl_accounts", 0))),
        "payables": _add_purchases(state, rng, int(arguments.get("payables", entries // _ENTRIES_PER_PURCHASE))),
    }
    customers = customers or [row["ID"] for row in state[_ACCOUNTS] if row.get("Status") == "C"]
    booking = _Booking(state, rng, customers)
    booking.book(entries)
    return {"entries": len(booking.entries), "terms": len(booking.terms), **added}


def _guid(rng: Random) -> str:
    """A guid of version 4, as `ExactState.new_guid` draws them, in a fraction of its time."""
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def _add_accounts(state: ExactState, rng: Random, count: int) -> list[str]:
    since = wire.day_ms(state.today()) - 400 * wire.DAY_MS
    rows: list[Row] = []
    for _ in range(count):
        number = state.next_number("filled account")
        rest, trade = divmod(number, len(words.TRADES))
        rest, surname = divmod(rest, len(words.SURNAMES))
        partner = words.SURNAMES[rest % len(words.SURNAMES)]
        postcode, city = rng.choice(words.CITIES["BE"])
        body = f"0{2_000_000 + number}"
        rows.append(
            {
                "ID": _guid(rng),
                "Code": accounts.next_code(state),
                "Name": f"{words.TRADES[trade]} {words.SURNAMES[surname]}-{partner} {rng.choice(words.FORMS['BE'])}",
                "Status": "C",
                "Country": "BE",
                "Language": "NL",
                "VATNumber": f"BE{body}{97 - int(body) % 97:02d}",
                "Postcode": postcode,
                "City": city,
                "StartDate": since,
                "StatusSince": since,
                "CustomerSince": since,
            }
        )
    state.insert_many(_ACCOUNTS, rows)
    return [row["ID"] for row in rows]


def _add_ledger(state: ExactState, rng: Random, count: int) -> int:
    rows: list[Row] = []
    for _ in range(count):
        digit, type_, balance, side = rng.choice(_LEDGER_CLASSES)
        goods = rng.choice(words.GOODS)[0]
        rows.append(
            {
                "ID": _guid(rng),
                "Code": f"{digit}{state.next_number('filled ledger'):07d}",
                "Description": goods,
                "SearchCode": goods[:20].upper(),
                "Type": type_,
                "BalanceType": balance,
                "BalanceSide": side,
            }
        )
    state.insert_many(_LEDGER, rows)
    return count


def _add_purchases(state: ExactState, rng: Random, count: int) -> int:
    suppliers = [row["ID"] for row in state[_ACCOUNTS] if row.get("IsSupplier")]
    today = wire.day_ms(state.today())
    for number in range(count):
        date_ms = today - rng.randrange(1, 300) * wire.DAY_MS
        amount = Decimal(rng.randrange(500, 500_000)).scaleb(-2)
        reference = f"{rng.randrange(10_000_000)}"
        due = date_ms + 30 * wire.DAY_MS
        purchase = purchases.create(state, suppliers[number % len(suppliers)], amount, date_ms, due, reference)
        if rng.random() < _PAID:
            purchases.pay(state, purchase, min(due, today))
    return count


@dataclass
class _Booking:
    """Entries in the order of their dates, from the first day of last year until today."""

    state: ExactState
    rng: Random
    customers: list[str]
    entries: list[Row] = field(default_factory=list)
    terms: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.today = wire.day_ms(self.state.today())
        self.receivable = (self.state.by_code(_LEDGER, "400000") or {}).get("ID")
        self.period = cache(lambda date_ms: period_of(self.state, date_ms) or (0, 0))

    def book(self, count: int) -> None:
        """Make so many entries and store them."""
        first = wire.day_ms(date(self.state.today().year - 1, 1, 1))
        days = (self.today - first) // wire.DAY_MS + 1
        for place in range(count):
            self._entry(first + place * days // count * wire.DAY_MS)
        self.state.insert_many(posting.ENTRIES, self.entries)
        self.state.insert_many(posting.RECEIVABLES, self.terms)

    def _entry(self, date_ms: int) -> None:
        rng, draw = self.rng, self.rng.random()
        net = Decimal(rng.randrange(1_000, 400_000)).scaleb(-2) * (-1 if draw < _CREDIT else 1)
        vat = cents(net * _VAT)
        due_ms = date_ms + rng.choice(_PAYMENT_DAYS) * wire.DAY_MS
        entry = self._header(rng.choice(self.customers), date_ms, JOURNAL, 21 if net < 0 else 20)
        entry["EntryNumber"] = numbering.take(self.state, JOURNAL, entry["ReportingYear"], None)
        amounts = {"AmountFC": net + vat, "AmountDC": net + vat, "VATAmountFC": vat, "VATAmountDC": vat}
        entry |= {
            **amounts,
            "InvoiceNumber": entry["EntryNumber"],
            "YourRef": self._reference(date_ms),
            "DueDate": due_ms,
            "PaymentCondition": "30",
        }
        self.entries.append(entry)
        due = -entry["AmountFC"]
        paid = Decimal(0)
        if _CREDIT <= draw < _PAID:
            paid = due
        elif _PAID <= draw < _PARTLY:
            paid = cents(due * rng.randrange(10, 90) / 100)
        if paid:
            self._pay(entry, paid, due_ms, min(date_ms + rng.randrange(1, 75) * wire.DAY_MS, self.today))
        if due != paid:
            self._term(entry, due - paid, due_ms)

    def _header(self, customer: str, date_ms: int, journal: str, kind: int) -> Row:
        year, period = self.period(date_ms)
        return {
            "EntryID": _guid(self.rng),
            "Journal": journal,
            "Customer": customer,
            "EntryDate": date_ms,
            "Currency": CURRENCY,
            "Rate": _ONE,
            "ReportingYear": year,
            "ReportingPeriod": period,
            "Status": OPEN,
            "Type": kind,
            "_transaction_ids": {"header": _guid(self.rng)},
        }

    def _reference(self, date_ms: int) -> str | None:
        """The number that another system gave, or none."""
        if self.rng.random() < _WITHOUT_REFERENCE:
            return None
        return f"VF{wire.ms_day(date_ms).year}-{self.rng.randrange(100_000):05d}"

    def _pay(self, entry: Row, amount: Decimal, due_ms: int, paid_on: int) -> None:
        payment = self._header(entry["Customer"], paid_on, "50", BANK)
        first = numbering.first_number("50", payment["ReportingYear"])
        payment["EntryNumber"] = first + self.state.next_number("journal 50")
        self.state.other_entries[payment["EntryID"]] = payment
        year, period = self.period(paid_on)
        match: Row = {"EndDate": paid_on, "EndYear": year, "EndPeriod": period, "LastPaymentDate": paid_on}
        match |= {"Status": MATCHED, "_match": _guid(self.rng)}
        self._term(entry, amount, due_ms, match)
        self._term(payment, -amount, None, match)

    def _term(self, entry: Row, amount: Decimal, due_ms: int | None, match: Row | None = None) -> None:
        self.terms.append(
            {
                "ID": _guid(self.rng),
                "EntryID": _guid(self.rng),
                "HID": self.state.next_number("receivable"),
                "TransactionEntryID": entry["EntryID"],
                "TransactionID": entry["_transaction_ids"]["header"],
                "Status": OPEN,
                "AmountFC": amount,
                "AmountDC": amount,
                "DueDate": due_ms,
                "GLAccount": self.receivable,
                **(match or {}),
            }
        )
