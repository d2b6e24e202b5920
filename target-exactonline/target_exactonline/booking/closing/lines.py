"""The lines of an entry: codes resolved, discounts booked, every VAT rate closed to the cent."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from exactonline_api.setting_keys import percent
from target_exactonline.booking import ledger, vat
from target_exactonline.booking.closing import totals
from target_exactonline.booking.plan import PlanLine
from target_exactonline.booking.references import DESCRIPTION_LIMIT
from target_exactonline.money import ZERO, apportion, quantise, total_of
from target_exactonline.reasons import refuse
from target_exactonline.text import cut, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from exactonline_api.master_data import GLAccount, VatCode
    from target_exactonline.booking.master import MasterData
    from target_exactonline.booking.rules import Rules

DISCOUNT_TEXT = "Korting"


@dataclass(frozen=True)
class ResolvedLine:
    """A line of the document with its ledger account and VAT code."""

    source: Mapping[str, Any]
    account: GLAccount
    code: VatCode

    @property
    def net(self) -> Decimal:
        """Amount after line discount and before document discounts, VAT excluded, unrounded."""
        return Decimal(self.source["net"])

    @property
    def fraction(self) -> Decimal:
        """VAT rate as a fraction."""
        return Decimal(self.source["tax_rate"])


@dataclass(frozen=True)
class _Discount:
    """The commercial discounts of a document."""

    percentages: tuple[Decimal, ...]
    account: GLAccount | None
    """Where they are booked; None lowers the lines instead."""
    description: str


def resolve_lines(
    document: Mapping[str, Any], day: date, rules: Rules, master: MasterData, customer: vat.CustomerFacts | None
) -> tuple[list[ResolvedLine], list[str]]:
    """Resolve the codes of every line, with warnings; a line that carries nothing needs no codes and is left out.

    Of a rate that has an amount somewhere, lines of zero stay: their net may be rounded from the start of a cent.

    Raises:
        Rejected: the first line whose codes do not resolve for a document of `day`.
    """
    rates = {line["tax_rate"] for line in document["lines"] if line["net"] and line.get("tax_rate") is not None}
    rates |= {row["rate"] for row in document["totals"]["taxes"] if row["taxable"] or row["tax"]}
    valued = [line for line in document["lines"] if line["net"] or line.get("tax_rate") in rates] or document["lines"]
    lines: list[ResolvedLine] = []
    warnings: list[str] = []
    for line in valued:
        if line.get("tax_rate") is None:
            raise refuse("tax_rate_unknown", f"Line {document['lines'].index(line) + 1} has no tax rate")
        account = ledger.resolve_account(line, rules, master.gl_accounts)
        code, found = vat.resolve_vat_code(line, rules.vat_codes, master.vat_codes, day, customer)
        warnings += found
        lines.append(ResolvedLine(line, account, code))
    return lines, warnings


def close_lines(
    document: Mapping[str, Any], lines: Sequence[ResolvedLine], entry_date: date, rules: Rules, master: MasterData
) -> list[PlanLine]:
    """Give every line its amount and VAT such that each rate meets the document's totals.

    Lines keep the document's order; discounts follow, one line per VAT code, when they have an account of their own.

    Raises:
        Rejected: totals_do_not_close, or the discount account cannot be used.
    """
    discount = _discount(document, rules, master)
    booked: dict[int, PlanLine] = {}
    discount_lines: list[PlanLine] = []
    for fraction, stated in totals.rate_totals(document["totals"], {line.fraction for line in lines}).items():
        places = [place for place, line in enumerate(lines) if line.fraction == fraction]
        amounts, cuts = _nets([lines[place] for place in places], stated, discount)
        taxes = totals.vat_amounts([*amounts, *cuts.values()], fraction, stated.tax)
        for place, amount, tax in zip(places, amounts, taxes, strict=False):
            booked[place] = _plan_line(lines[place], amount, tax, entry_date, rules, document.get("department"))
        for (code, amount), tax in zip(cuts.items(), taxes[len(places) :], strict=True):
            line = ResolvedLine({"description": discount.description}, discount.account or lines[0].account, code)
            discount_lines.append(_plan_line(line, amount, tax, entry_date, rules, document.get("department")))
    planned = [*(booked[place] for place in sorted(booked)), *discount_lines]
    return [line for line in planned if line.amount or line.vat_amount] or planned


def _discount(document: Mapping[str, Any], rules: Rules, master: MasterData) -> _Discount:
    given = [each for each in document.get("discounts") or [] if each["percentage"]]
    account = None
    if given and rules.discount_gl_account:
        account = ledger.usable_account(rules.discount_gl_account, rules, master.gl_accounts)
    texts = [one_line(each.get("description")) for each in given]
    return _Discount(
        percentages=tuple(Decimal(each["percentage"]) for each in given),
        account=account,
        description=", ".join(filter(None, texts)) or DISCOUNT_TEXT,
    )


def _nets(
    lines: Sequence[ResolvedLine], stated: totals.RateTotal, discount: _Discount
) -> tuple[list[Decimal], dict[VatCode, Decimal]]:
    """Return the amounts of the lines of one rate, and what the discount takes off per VAT code."""
    nets = [line.net for line in lines]
    taken = totals.discount_fraction(nets, stated.taxable, discount.percentages, percent(lines[0].fraction))
    if discount.account is None or not taken:
        return totals.net_amounts(nets, stated.taxable, taken), {}
    amounts = apportion(quantise(sum(nets, Decimal(0))), nets)
    groups: dict[VatCode, Decimal] = defaultdict(Decimal)
    for line in lines:
        groups[line.code] += line.net
    parts = totals.discount_amounts(list(groups.values()), taken, stated.taxable - total_of(amounts))
    return amounts, {code: part for code, part in zip(groups, parts, strict=True) if part}


def _plan_line(
    line: ResolvedLine, amount: Decimal, tax: Decimal, entry_date: date, rules: Rules, department: str | None
) -> PlanLine:
    quantity = line.source.get("quantity")
    return PlanLine(
        gl_account=line.account,
        vat_code=line.code.code,
        amount=amount,
        vat_amount=tax,
        computed_vat=_computed_by_exact(line.code, amount, entry_date),
        description=cut(one_line(line.source.get("description")), DESCRIPTION_LIMIT),
        quantity=Decimal(quantity) if quantity is not None else None,
        cost_center=ledger.analytical_code(rules.cost_centers, line.source, department),
        cost_unit=ledger.analytical_code(rules.cost_units, line.source, department),
    )


def _computed_by_exact(code: VatCode, amount: Decimal, entry_date: date) -> Decimal:
    """Return what Exact computes for a line: per line, and nothing for codes without VAT amount (rule 8)."""
    return ZERO if code.has_no_amount else quantise(amount * code.fraction_on(entry_date))
