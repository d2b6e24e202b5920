"""The entry that takes another one back: what stands in Exact with every amount negated, in the same journal.

Same accounts and VAT codes, and the same VAT to the cent, so that both together leave nothing in the books. Only an
entry that is ours, as it was booked and wholly open is taken back; what a person did with it is for a person to undo.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from exactonline_api.master_data import GLAccount
from target_exactonline.booking.plan import EntryPlan, PlanLine
from target_exactonline.booking.references import DESCRIPTION_LIMIT, YOUR_REF_LIMIT
from target_exactonline.booking.standing import RATE, any_touched, as_it_reads, header_in_exact, line_in_exact, pair_up
from target_exactonline.money import ZERO, cents, total_of
from target_exactonline.text import cut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from connector_store import BookedEntry

    Row = Mapping[str, Any]

_MARK = " storno"


def reference_of_reversal(your_ref: str) -> str:
    """Return the YourRef of the entry that takes back the one with `your_ref`: "2026 / 12 storno"."""
    return cut(your_ref, YOUR_REF_LIMIT - len(_MARK)) + _MARK


def why_not_reversed(row: Row, lines: Sequence[Row], terms: Sequence[Row], booked: BookedEntry | None) -> str | None:
    """Return why an entry is not to be taken back, None when it may be.

    Args:
        row: of salesentry/SalesEntries.
        lines: its rows of salesentry/SalesEntryLines.
        terms: what is open of it, of cashflow/Receivables.
        booked: what was booked; None when that is not known.
    """
    if booked is None:
        return "how it was booked is not remembered"
    if not booked.ours:
        return "it was not booked by this program"
    if _is_edited(booked, row, lines):
        return "somebody edited it"
    gross = cents(row.get("AmountFC"))
    if any_touched(terms):
        return "it is paid, matched or being collected, in full or in part"
    if abs(total_of(cents(term.get("AmountFC")) for term in terms)) != abs(gross):
        return "not all of it is open"
    return None


def compose_reversal(row: Row, lines: Sequence[Row], day: date, own_currency: str) -> EntryPlan:
    """Compose the entry that takes another one back.

    Args:
        row: of salesentry/SalesEntries.
        lines: its rows of salesentry/SalesEntryLines, in their order.
        day: date of the new entry.
        own_currency: that of the administration.
    """
    planned = tuple(_negated(each) for each in lines)
    net, vat = total_of(line.amount for line in planned), total_of(line.vat_amount for line in planned)
    your_ref, currency = str(row["YourRef"]), str(row["Currency"])
    return EntryPlan(
        journal=str(row["Journal"]),
        your_ref=reference_of_reversal(your_ref),
        entry_date=day,
        due_date=None,
        currency=currency,
        rate=None if currency == own_currency else Decimal(str(row[RATE])),
        payment_condition=str(row.get("PaymentCondition") or "").strip() or None,
        description=cut(f"Storno {your_ref}, boeking {row.get('EntryNumber')}", DESCRIPTION_LIMIT),
        payment_reference=None,
        lines=planned,
        net=net,
        vat=vat,
        gross=net + vat,
    )


def _negated(row: Row) -> PlanLine:
    line = line_in_exact(row)
    return PlanLine(
        gl_account=GLAccount(str(row["GLAccount"]), str(row.get("GLAccountCode") or "").strip(), type=0),
        vat_code=line.vat_code or "",
        amount=ZERO - line.net,
        vat_amount=ZERO - line.vat,
        # The VAT is told, not computed: what stands there may be of another percentage than that of today.
        computed_vat=ZERO,
        description=str(row.get("Description") or "").strip(),
        cost_center=line.cost_center,
        cost_unit=line.cost_unit,
    )


def _is_edited(booked: BookedEntry, row: Row, line_rows: Sequence[Row]) -> bool:
    told = {field: value for field, value in booked.header.items() if value is not None and field != RATE}
    if header_in_exact(row, told) != told:
        return True
    lines = [line_in_exact(each) for each in line_rows]
    pairs = pair_up(booked.lines, lines)
    if len(lines) != len(booked.lines) or len(pairs) != len(lines):
        return True
    return any(as_it_reads(booked.lines[place]) != as_it_reads(lines[there]) for place, there in pairs.items())
