"""What differs between a document and its entry: one difference each, the one that explains the others first."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from bridge.view.sides import ZERO, Document, Entry, Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from bridge.view.sides import Facts, Key, Known, Rates

Value = Decimal | str | int | None
Side = Document | Entry


@dataclass(frozen=True)
class Difference:
    """One difference; `what` is one of WHAT, the values are what each side says, None where it says nothing."""

    what: str
    kind: str
    number: str | None
    teamleader: Value
    exact: Value
    source_id: str | None = None
    exact_id: str | None = None
    entry_number: int | None = None
    code: str | None = None
    """The reason that the store has for it, where it has one."""


WHAT = {
    "not_known": "no run has read it, or it was lost",
    "entry_missing": "its entry was deleted in Exact",
    "double": "another entry in Exact has its number",
    "unlinked": "an entry in Exact has its number, and nothing links the two",
    "document_missing": "its entry stands in Exact, and it is not in Teamleader any more",
    "shared_entry": "its entry is another document's as well",
    "currency": "the currencies differ",
    "net": "the amounts without VAT differ",
    "vat_rate": "the amounts stand at other VAT rates",
    "vat": "the amounts of VAT differ",
    "gross": "the amounts with VAT differ",
    "date": "the entry was moved to another day",
    "number": "the entry has another number",
    "customer": "the entry stands on another customer",
    "open": "not as much is open",
    "month": "the sums of the month differ, and no document says why",
}
"""What can differ, in the words of a sentence that begins with the document."""


def compare(document: Document, entry: Entry, known: Known, facts: Facts) -> Iterator[Difference]:
    """Yield how an entry differs from its document, but for what is open (see `open_differs`)."""
    made = _maker(document, entry, known.code)
    amounts = _amounts(document, entry)
    if amounts is not None:
        yield made(*amounts)
    if entry.date not in {document.date, known.date}:
        yield made("date", document.date.isoformat(), entry.date.isoformat())
    if entry.number != document.number:
        yield made("number", document.number, entry.number)
    accounts = {facts.accounts.get(document.customer or ""), known.account} - {None}
    if accounts and entry.account not in accounts:
        yield made("customer", document.customer, entry.account)


def _amounts(document: Document, entry: Entry) -> tuple[str, Value, Value] | None:
    """Return what of the amounts differs, the cause before what follows of it."""
    if document.currency != entry.currency:
        return "currency", document.currency, entry.currency
    for what, compared, told in _AMOUNTS:
        if compared(document) != compared(entry):
            return what, told(document), told(entry)
    return None


def _net(side: Side) -> Decimal:
    return sum((each.net for each in side.rates.values()), ZERO)


def _vat(side: Side) -> Decimal:
    return sum((each.vat for each in side.rates.values()), ZERO)


def _gross(side: Side) -> Decimal:
    return side.gross


def _rates(side: Side) -> Rates:
    return side.rates


def _nets(side: Side) -> dict[Decimal, Decimal]:
    return {rate: each.net for rate, each in side.rates.items() if each.net}


def _written(side: Side) -> str:
    """Write amounts per rate: `6%: 50.00 + 3.00; 21%: 100.00 + 21.00`."""
    return "; ".join(f"{percent(rate)}: {each.net:.2f} + {each.vat:.2f}" for rate, each in sorted(side.rates.items()))


_AMOUNTS: tuple[tuple[str, Callable[[Side], object], Callable[[Side], Value]], ...] = (
    ("net", _net, _net),
    ("vat_rate", _nets, _written),
    ("vat", _vat, _vat),
    ("vat_rate", _rates, _written),
    ("gross", _gross, _gross),
)
"""What is compared, in this order, and how it is told."""


def open_differs(
    invoice: Document,
    entry: Entry,
    notes: Sequence[tuple[Document, Entry | None, Standing]],
    facts: Facts,
) -> Difference | None:
    """Tell whether not as much is open of an invoice as is due; None when it is, or the totals already say why.

    Teamleader takes a credit note off its invoice at once (teamleader 3.4); in Exact both are open until somebody
    matches them. So what is open of the invoice and of its credit notes counts together, and a credit note that is not
    booked yet as if it were. What was paid or credited too much Teamleader does not show as due.

    Args:
        invoice: Of Teamleader.
        entry: Of the invoice.
        notes: Its credit notes, with the entry of each that is booked.
        facts: Of the store.
    """
    opens = [each.open for each in (entry, *(booked for _, booked, _ in notes)) if each is not None]
    if invoice.open is None or invoice.currency != entry.currency or None in opens:
        return None
    booked = sum((each for each in opens if each is not None), ZERO)
    waiting = sum((note.gross for note, each, standing in notes if each is None and standing is not Standing.EXCLUDED))
    left_out = sum((note.gross for note, each, standing in notes if each is None and standing is Standing.EXCLUDED))
    # A credit note that a person books by hand may be matched already, or not.
    possible = {_floor(invoice, booked + waiting + more) for more in (ZERO, left_out)}
    unexplained = invoice.open - (invoice.gross - entry.gross)
    if invoice.open in possible or unexplained in possible:
        return None
    made = _maker(invoice, entry, facts.payments.get(invoice.key.id))
    return made("open", invoice.open, _floor(invoice, booked + waiting))


def more_is_due(found: Difference) -> bool:
    """Tell whether more is due in Teamleader than is open in Exact: what was settled there was not registered."""
    due, still_open = found.teamleader, found.exact
    return isinstance(due, Decimal) and isinstance(still_open, Decimal) and abs(due) > abs(still_open)


def _floor(invoice: Document, amount: Decimal) -> Decimal:
    return max(amount, ZERO) if invoice.gross >= 0 else min(amount, ZERO)


def without_entry(known: Known, document: Document) -> Difference:
    """Return what is to be said of a booked document whose entry does not stand in Exact."""
    return Difference(
        "entry_missing", document.key.kind, document.number, document.gross, None, document.key.id, known.exact_id
    )


def of_document(what: str, document: Document, code: str | None = None) -> Difference:
    """Return what is to be said of a document without an entry."""
    return Difference(what, document.key.kind, document.number, document.gross, None, document.key.id, code=code)


def of_entry(what: str, kind: str, entry: Entry, key: Key | None = None, code: str | None = None) -> Difference:
    """Return what is to be said of an entry without a document."""
    source_id = key.id if key else None
    return Difference(what, kind, entry.number, None, entry.gross, source_id, entry.id, entry.entry_number, code)


def percent(rate: Decimal) -> str:
    """Write a rate: 0.21 is `21%`, 0.055 is `5.5%`."""
    return f"{(rate * 100).normalize():f}%"


def _maker(document: Document, entry: Entry, code: str | None) -> Callable[[str, Value, Value], Difference]:
    def made(what: str, teamleader: Value, exact: Value) -> Difference:
        return Difference(
            what,
            document.key.kind,
            document.number,
            teamleader,
            exact,
            document.key.id,
            entry.id,
            entry.entry_number,
            code,
        )

    return made


def month_of(day: date) -> str:
    """Write the month of a day: `2026-03`."""
    return f"{day:%Y-%m}"
