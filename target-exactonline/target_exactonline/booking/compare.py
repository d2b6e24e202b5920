"""What differs between a planned entry and the one that Exact holds, field by field."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from exactonline_api.dates import to_date
from exactonline_api.setting_keys import percent
from target_exactonline.money import CENT, ZERO, cents, quantise
from target_exactonline.reasons import FieldDifference

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from decimal import Decimal

    from exactonline_api.master_data import VatCode
    from target_exactonline.booking.plan import EntryPlan

    Row = Mapping[str, Any]


class _Place(NamedTuple):
    """Where the amount of a line ends up."""

    account: str
    vat_code: str
    cost_center: str
    cost_unit: str

    def described(self, account_code: str) -> str:
        parts = [f"account {account_code}", f"VAT code {self.vat_code or 'none'}"]
        parts += [f"cost centre {self.cost_center}"] if self.cost_center else []
        parts += [f"cost unit {self.cost_unit}"] if self.cost_unit else []
        return ", ".join(parts)


def compare(
    plan: EntryPlan, entry_row: Row, line_rows: Iterable[Row] | None = None, customer: str | None = None
) -> list[FieldDifference]:
    """Compare everything that we book; empty when nothing differs.

    Args:
        plan: what the document asks for.
        entry_row: a row of salesentry/SalesEntries. A field that was not selected is not compared.
        line_rows: the entry's rows of salesentry/SalesEntryLines, compared as sums per ledger account and VAT code (and
            cost centre and unit when selected), so that order and number do not matter. None leaves them out.
        customer: GUID of the expected account; None leaves it out.
    """
    differences = compare_identity(plan, entry_row, customer)
    texts = {
        "DueDate": (plan.due_date, _day(entry_row, "DueDate")),
        "PaymentCondition": (plan.payment_condition, _text(entry_row, "PaymentCondition")),
        "PaymentReference": (plan.payment_reference, _text(entry_row, "PaymentReference")),
        "Description": (plan.description, _text(entry_row, "Description")),
    }
    for field, (expected, found) in texts.items():
        if expected is not None and field in entry_row and expected != found:
            differences.append(FieldDifference(field, str(expected), _shown(found)))
    return [*differences, *compare_totals(plan, entry_row, line_rows, gross=False)]


def compare_identity(plan: EntryPlan, entry_row: Row, customer: str | None = None) -> list[FieldDifference]:
    """Compare what must agree before an entry found by its reference may be taken for this document's."""
    differences = [
        FieldDifference(field, str(expected), _shown(found))
        for field, expected, found in (
            ("Journal", plan.journal, _text(entry_row, "Journal")),
            ("YourRef", plan.your_ref, _text(entry_row, "YourRef")),
            ("Customer", customer and customer.casefold(), (_text(entry_row, "Customer") or "").casefold() or None),
            ("EntryDate", plan.entry_date, _day(entry_row, "EntryDate")),
            ("Currency", plan.currency, _text(entry_row, "Currency")),
        )
        if expected is not None and field in entry_row and expected != found
    ]
    return [*differences, *_amount("AmountFC", plan.gross, entry_row)]


def compare_adoptable(plan: EntryPlan, entry_row: Row, customer: str | None = None) -> list[FieldDifference]:
    """Compare what an entry booked by somebody else must share with the plan: its identity, gross, VAT and so net."""
    return [*compare_identity(plan, entry_row, customer), *_amount("VATAmountFC", plan.vat, entry_row)]


def compare_rates(plan: EntryPlan, line_rows: Iterable[Row], codes: Mapping[str, VatCode]) -> Iterator[FieldDifference]:
    """Compare net and VAT per percentage, whichever VAT codes of that percentage the lines have."""
    sums: dict[str, tuple[list[Decimal], list[Decimal]]] = defaultdict(lambda: ([ZERO, ZERO], [ZERO, ZERO]))

    def rate(code: str) -> str:
        return percent(codes[code].fraction_on(plan.entry_date)) if code in codes else f"code {code or 'none'}"

    for line in plan.lines:
        expected, _ = sums[rate(line.vat_code)]
        expected[0] += line.amount
        expected[1] += line.vat_amount
    for row in line_rows:
        _, found = sums[rate(_text(row, "VATCode") or "")]
        found[0] += cents(row.get("AmountFC"))
        found[1] += cents(row.get("VATAmountFC"))
    for name, (expected, found) in sorted(sums.items()):
        for label, wanted, there in zip(("net", "VAT"), expected, found, strict=True):
            if wanted != there:
                yield FieldDifference(f"{label} at {name}", str(wanted), str(there))


def compare_similar(plan: EntryPlan, entry_row: Row, customer: str) -> list[FieldDifference]:
    """Compare as `compare_adoptable`, but for the spelling of the number, and the journal."""
    return [each for each in compare_adoptable(plan, entry_row, customer) if each.field not in {"YourRef", "Journal"}]


def compare_totals(
    plan: EntryPlan, entry_row: Row, line_rows: Iterable[Row] | None = None, *, gross: bool = True
) -> list[FieldDifference]:
    """Compare the booked totals with the plan: gross and VAT, per ledger account and VAT code when lines are given.

    In the administration's own currency a cent per line may differ, since Exact converts and rounds every line.
    """
    differences = _amount("AmountFC", plan.gross, entry_row) if gross else []
    differences += _amount("VATAmountFC", plan.vat, entry_row)
    if plan.rate is not None:
        tolerance = CENT * (len(plan.lines) + 1)
        differences += _amount("AmountDC", quantise(plan.gross * plan.rate), entry_row, tolerance)
        differences += _amount("VATAmountDC", quantise(plan.vat * plan.rate), entry_row, tolerance)
    if line_rows is not None:
        differences += _lines(plan, list(line_rows))
    return differences


def _amount(field: str, expected: Decimal, row: Row, tolerance: Decimal = ZERO) -> list[FieldDifference]:
    if row.get(field) is None:
        return []
    found = cents(row[field])
    return [] if abs(found - expected) <= tolerance else [FieldDifference(field, str(expected), str(found))]


def _lines(plan: EntryPlan, rows: list[Row]) -> Iterator[FieldDifference]:
    expected: dict[_Place, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    found: dict[_Place, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    names: dict[str, str] = {}
    centers, units = (all(field in row for row in rows) for field in ("CostCenter", "CostUnit"))
    for line in plan.lines:
        place = _Place(
            account=line.gl_account.id.casefold(),
            vat_code=line.vat_code,
            cost_center=(centers and line.cost_center) or "",
            cost_unit=(units and line.cost_unit) or "",
        )
        names[place.account] = line.gl_account.code
        expected[place][0] += line.amount
        expected[place][1] += line.vat_amount
    for row in rows:
        texts = (_text(row, field) or "" for field in ("VATCode", "CostCenter", "CostUnit"))
        place = _Place(str(row["GLAccount"]).casefold(), *texts)
        names.setdefault(place.account, _text(row, "GLAccountCode") or place.account)
        found[place][0] += cents(row.get("AmountFC"))
        found[place][1] += cents(row.get("VATAmountFC"))
    for place in sorted(expected.keys() | found.keys()):
        for label, index in (("net", 0), ("VAT", 1)):
            if expected[place][index] != found[place][index]:
                field = f"{label} on {place.described(names[place.account])}"
                yield FieldDifference(field, str(expected[place][index]), str(found[place][index]))


def _text(row: Row, field: str) -> str | None:
    return str(row.get(field) or "").strip() or None


def _day(row: Row, field: str) -> date | None:
    value = row.get(field)
    return to_date(value) if value else None


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)
