"""From a `sales_entries` record to the sales entry that Exact gets, or to the reason why not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from exactonline_api.master_data import SALES_JOURNAL
from target_exactonline.booking import currency, references, terms
from target_exactonline.booking.closing import close_lines, resolve_lines
from target_exactonline.booking.periods import place_in_period
from target_exactonline.booking.plan import EntryPlan
from target_exactonline.money import total_of
from target_exactonline.reasons import CATALOGUE, Rejected, Rejection, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exactonline_api.master_data import Journal
    from target_exactonline.booking.master import MasterData
    from target_exactonline.booking.rules import Rules
    from target_exactonline.booking.vat import CustomerFacts


def compose_entry(
    document: Mapping[str, Any],
    rules: Rules,
    master: MasterData,
    customer: CustomerFacts | None = None,
    booked_on: date | None = None,
) -> EntryPlan | Rejection:
    """Compose the sales entry of an invoice or credit note, exact to the cent.

    Args:
        document: a record of the stream `sales_entries`, valid by its schema; amounts `Decimal` or int, a credit
            note's negative.
        rules: the settings.
        master: the administration's master data of this run.
        customer: what VAT depends on in the customer; None skips those checks.
        booked_on: date of the entry that the document has already: it stays there, whatever is closed by now.
    """
    try:
        return _compose(document, rules, master, customer, booked_on)
    except Rejected as rejected:
        return rejected.rejection


def _compose(
    document: Mapping[str, Any],
    rules: Rules,
    master: MasterData,
    customer: CustomerFacts | None,
    booked_on: date | None,
) -> EntryPlan:
    _refuse_unbookable(document, rules)
    your_ref = references.your_ref(document.get("number"))
    journal = usable_journal(rules.journal_for(document["kind"]), master)
    invoiced = _day(document["date"])
    entry_date = booked_on or place_in_period(invoiced, rules, master.periods)
    code, rate, warnings = currency.resolve_rate(document, journal, master)
    condition, term_warnings = terms.resolve_condition(document, rules, master.payment_conditions)
    due = _day(document["due_date"]) if document.get("due_date") else None
    if due is None and condition is not None and entry_date != invoiced:
        due = min(terms.due_dates(condition, invoiced))
    reference, reference_warning = references.payment_reference(document.get("payment_reference"))
    lines, line_warnings = resolve_lines(document, invoiced, rules, master, customer)
    planned = close_lines(document, lines, entry_date, rules, master)
    warnings += [*term_warnings, *terms.due_date_warnings(condition, invoiced, due), *line_warnings]
    warnings += [reference_warning] if reference_warning else []
    if entry_date != invoiced and booked_on is None:
        warnings.append(f"the period of {invoiced} is closed; booked on {entry_date}")
    number = None
    if rules.entry_number_template:
        number = references.entry_number(rules.entry_number_template, your_ref, invoiced, journal.code)
        if number is None:
            warnings.append(f"{your_ref} gives no entry number; Exact numbers the entry")
    net, tax = total_of(line.amount for line in planned), total_of(line.vat_amount for line in planned)
    return EntryPlan(
        journal=journal.code,
        your_ref=your_ref,
        entry_date=entry_date,
        due_date=due,
        currency=code,
        rate=rate,
        payment_condition=condition.code if condition else None,
        description=_description(document, rules, invoiced, entry_date),
        payment_reference=reference,
        lines=tuple(planned),
        net=net,
        vat=tax,
        gross=net + tax,
        entry_number=number,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def told_by_sender(document: Mapping[str, Any]) -> Rejection | None:
    """Return the first problem that the sender could not express, also of a record that does not fit the schema."""
    problems = document.get("problems")
    first = problems[0] if isinstance(problems, list) and problems else None
    if not isinstance(first, dict) or not isinstance(first.get("code"), str):
        return None
    known = first["code"] if first["code"] in CATALOGUE else "record_invalid"
    hint = CATALOGUE[known].hint
    reason = str(first.get("message") or "The sender does not say why")
    return Rejection(known, reason, CATALOGUE["record_invalid"].hint if "{" in hint else hint)


def _refuse_unbookable(document: Mapping[str, Any], rules: Rules) -> None:
    told = told_by_sender(document)
    if told is not None:
        raise Rejected(told)
    if document.get("withheld"):
        raise refuse("withholding_tax", f"{document['withheld']} of the document is withheld tax")
    totals = document["totals"]
    if rules.zero_value_documents == "skip" and not totals["net"] and not totals["gross"]:
        raise refuse("zero_value_skipped", "The document totals zero and zero_value_documents is skip")
    if document["kind"] == "credit_note" and totals["gross"] > 0:
        reason = f"The credit note raises what the customer owes: its total is {totals['gross']}"
        raise refuse("sign_unexpected", reason)
    if not document["lines"]:
        raise refuse("lines_missing", "The document has no lines")


def usable_journal(code: str, master: MasterData) -> Journal:
    """Return the journal with this code if sales can be booked in it.

    Raises:
        Rejected: journal_missing, journal_not_sales or journal_blocked.
    """
    journal = master.journals.get(code)
    if journal is None:
        raise refuse("journal_missing", f"Journal {code} does not exist in Exact", journal=code)
    if journal.type != SALES_JOURNAL:
        raise refuse(
            "journal_not_sales", f"Journal {code} is of type {journal.type}, not a sales journal", journal=code
        )
    if journal.blocked:
        raise refuse("journal_blocked", f"Journal {code} is blocked in Exact", journal=code)
    return journal


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse("record_invalid", f"{text!r} is not a date") from None


def _description(document: Mapping[str, Any], rules: Rules, invoiced: date, entry_date: date) -> str:
    credit = document["kind"] == "credit_note"
    return references.describe(
        rules.credit_note_description_template if credit else rules.description_template,
        {
            "number": document["number"],
            "credited": document.get("credited_number"),
            "reference": document.get("reference"),
            "date": invoiced.isoformat(),
            "year": str(invoiced.year),
        },
        original_date=invoiced if entry_date != invoiced else None,
    )
