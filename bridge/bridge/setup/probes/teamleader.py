"""Probes of Teamleader Focus."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from api_core.errors import RecordRefused
from bridge.setup.probes.probe import probe

if TYPE_CHECKING:
    from bridge.setup.probes.lab import Lab

COMPANY = "Probe of the coupling"
HERE = ZoneInfo("Europe/Brussels")


@probe("T1")
def pages_of_a_hundred(lab: Lab) -> bool | None:
    """A page of 100 rows is given."""
    try:
        page = next(iter(lab.teamleader.pages("invoices.list", {}, 100)), [])
    except RecordRefused as error:
        lab.note(status=error.status)
        return False
    lab.note(rows=len(page))
    return True


@probe("T2")
def tax_rates_are_fractions(lab: Lab) -> bool | None:
    """Every tax rate lies between 0 and 1."""
    rates = [Decimal(row["rate"]) for row in lab.teamleader.rows("taxRates.list")]
    lab.note(rates=sorted({str(rate) for rate in rates}))
    return all(0 <= rate < 1 for rate in rates) if any(rates) else None


@probe("T3")
def updated_since_includes_the_moment(lab: Lab) -> bool | None:
    """An invoice is among those updated since its own moment."""
    if not lab.recent:
        return None
    first = lab.recent[0]
    found = lab.teamleader.rows("invoices.list", {"filter": {"updated_since": first["updated_at"]}})
    return any(row["id"] == first["id"] for row in found)


@probe("T4")
def exchange_rate_goes_to_the_company(lab: Lab) -> bool | None:
    """The rate of a foreign invoice goes from its currency to the company's."""
    foreign = [row for row in lab.recent if row["total"]["payable"]["currency"] != "EUR"]
    for row in foreign:
        rate = row["currency_exchange_rate"]
        lab.note(**{"from": rate["from"], "to": rate["to"]})
        return bool(rate["from"] == row["total"]["payable"]["currency"] and rate["to"] == "EUR")
    return None


@probe("T5", writes=True)
def a_payment_moves_updated_at(lab: Lab) -> bool | None:
    """Registering a payment moves `updated_at`, and no amount of the invoice."""
    invoice = lab.invoice()
    before = lab.info(invoice)
    lab.pay(invoice, "1.00", f"{lab.today}T12:00:00+00:00")
    after = lab.info(invoice)
    same = before["total"]["payable"] == after["total"]["payable"] and before["grouped_lines"] == after["grouped_lines"]
    return bool(after["updated_at"] >= before["updated_at"] and same)


@probe("T6")
def credit_notes_are_positive(lab: Lab) -> bool | None:
    """No credit note carries an amount below zero."""
    page = next(iter(lab.teamleader.pages("creditNotes.list", {}, 100)), [])
    lab.note(rows=len(page))
    return all(Decimal(str(row["total"]["payable"]["amount"])) >= 0 for row in page) if page else None


@probe("T7", writes=True)
def a_payment_keeps_its_day(lab: Lab) -> bool | None:
    """The day of a payment is that of its `paid_at` on the clock of Brussels."""
    invoice = lab.invoice()
    moment = datetime.combine(lab.today, datetime.min.time(), HERE) + timedelta(hours=1)
    lab.pay(invoice, "1.00", moment.isoformat())
    return _days(lab.info(invoice)) == [lab.today.isoformat()]


@probe("T8", writes=True)
def every_payment_is_told(lab: Lab) -> bool | None:
    """Two payments of one amount on two days are told with their amounts and days."""
    invoice = lab.invoice()
    earlier = lab.today - timedelta(days=1)
    for day in (earlier, lab.today):
        lab.pay(invoice, "1.00", f"{day}T12:00:00+00:00")
    info = lab.info(invoice)
    amounts = [Decimal(str(each["payment"]["amount"])) for each in info["payments"]]
    lab.note(payments=len(amounts))
    return amounts == [1, 1] and _days(info) == [earlier.isoformat(), lab.today.isoformat()]


@probe("T9")
def due_is_what_is_left(lab: Lab) -> bool | None:
    """`due` of a list is what is left after payments; never more than what is payable."""
    seen = False
    for row in lab.recent[:20]:
        payable, due = (Decimal(str(row["total"][name]["amount"])) for name in ("payable", "due"))
        info = lab.info(str(row["id"]))
        paid = sum((Decimal(str(each["payment"]["amount"])) for each in info["payments"]), Decimal(0))
        seen = seen or bool(paid)
        if payable >= 0 and due > payable - paid:
            lab.note(payable=str(payable), paid=str(paid), due=str(due))
            return False
    return True if seen else None


@probe("T10", writes=True)
def noon_is_the_same_day(lab: Lab) -> bool | None:
    """A payment of noon UTC stands on that day."""
    invoice = lab.invoice()
    lab.pay(invoice, "1.00", f"{lab.today}T12:00:00+00:00")
    return _days(lab.info(invoice)) == [lab.today.isoformat()]


@probe("T11", writes=True)
def payments_below_zero(lab: Lab) -> bool | None:
    """An invoice below zero takes a payment below zero."""
    invoice = lab.invoice("-10.00")
    try:
        lab.pay(invoice, "-1.00", f"{lab.today}T12:00:00+00:00")
    except RecordRefused as error:
        lab.note(status=error.status)
        return False
    return len(lab.info(invoice)["payments"]) == 1


def _days(info: dict[str, Any]) -> list[str]:
    """Return the days of an invoice's payments, as they read in Brussels; a date without a time is a day already."""
    days = []
    for each in info["payments"]:
        told = str(each["paid_at"])
        is_day = len(told) == len("2026-01-01")
        days.append(told if is_day else datetime.fromisoformat(told).astimezone(HERE).date().isoformat())
    return sorted(days)


@probe("T12", writes=True)
def a_list_is_replaced_whole(lab: Lab) -> bool | None:
    """A list that `companies.update` is given takes the place of the older one."""
    company = _company(lab, "one")
    lab.teamleader.call("companies.update", {"id": company, "emails": [_email("two")]})
    kept = lab.teamleader.call("companies.info", {"id": company})["emails"]
    lab.note(emails=len(kept))
    return [each["email"] for each in kept] == [_email("two")["email"]]


@probe("T13", writes=True)
def a_new_company_is_found_by_its_name(lab: Lab) -> bool | None:
    """The filter `term` finds a company by its whole name, at once after it was made."""
    company = _company(lab, "one")
    rows = lab.teamleader.rows("companies.list", {"filter": {"term": COMPANY}})
    return any(row["id"] == company for row in rows)


@probe("T14")
def custom_fields_come_with_a_list(lab: Lab) -> bool | None:
    """A row of `companies.list` holds the custom fields when they are asked for."""
    page = next(iter(lab.teamleader.pages("companies.list", {"includes": "custom_fields"}, 1)), [])
    return all("custom_fields" in row for row in page) if page else None


@probe("T15")
def screens_have_the_names_we_give(lab: Lab) -> bool | None:
    """The address of a customer's or invoice's screen is the one that `bridge status` shows."""
    told = []
    for resource, screen in (("companies", "company"), ("contacts", "contact"), ("invoices", "invoice")):
        page = next(iter(lab.teamleader.pages(f"{resource}.list", {}, 1)), [])
        told += [
            str(row["web_url"]).endswith(f"/{screen}_detail.php?id={row['id']}") for row in page if "web_url" in row
        ]
    return all(told) if told else None


def _company(lab: Lab, local: str) -> str:
    id_ = str(lab.teamleader.call("companies.add", {"name": COMPANY, "emails": [_email(local)]})["id"])
    lab.later(lambda: lab.teamleader.call("companies.delete", {"id": id_}))
    return id_


def _email(local: str) -> dict[str, str]:
    return {"type": "primary", "email": f"{local}@probe.example"}
