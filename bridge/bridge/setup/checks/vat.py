"""Every tax rate of the department has a fitting VAT code (accounting rules 10 to 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.setup.checks.catalogue import found
from exactonline_api.master_data import NET_TYPES, SALES_TYPES
from exactonline_api.setting_keys import canonical_rate, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from decimal import Decimal

    from bridge.setup.checks.finding import Finding
    from bridge.setup.department import TaxRate
    from bridge.setup.facts import Facts
    from exactonline_api.master_data import VatCode


def check(facts: Facts) -> Iterator[Finding]:
    """Yield what is wrong, once per tax rate and code."""
    codes = facts.administration.vat_codes
    mapping = {canonical_rate(name): code for name, code in facts.codes("vat_codes").items()}
    if codes is None:
        return
    judged = set()
    for rate in facts.department.tax_rates or ():
        wanted = code_of(rate, mapping)
        if wanted is None:
            message = f"The tax rate {rate.description!r} is not linked to a VAT code"
            yield found("tax_rate_unmapped", rate.description, message)
            continue
        if _is_by_percentage(rate, mapping):
            message = (
                f"The tax rate {rate.description!r} is booked with VAT code {wanted} because of its percentage only"
            )
            yield found("tax_rate_by_percentage", rate.description, message)
        if (wanted, rate.fraction) not in judged:
            judged.add((wanted, rate.fraction))
            yield from _judge(rate, wanted, codes, facts.today)
    yield from _unused(mapping, codes, judged={code for code, _ in judged})


def code_of(rate: TaxRate, mapping: Mapping[str, str]) -> str | None:
    """Return the VAT code of a rate: its id wins, then its description, then its percentage. Keys are canonical."""
    names = (canonical_rate(rate.id), canonical_rate(rate.description), percent(rate.fraction))
    return next((mapping[name] for name in names if name in mapping), None)


def unfit(code: VatCode, fraction: Decimal, day: date) -> tuple[str, str] | None:
    """Return (code of the finding, why) when a VAT code cannot be used for sales of `day` at `fraction`."""
    has = code.fraction_on(day)
    checks = (
        (code.blocked, "vat_code_blocked", "is blocked"),
        (code.transaction_type not in SALES_TYPES, "vat_code_not_for_sales", "is not for sales"),
        (code.type not in NET_TYPES, "vat_code_type", f"is of type {code.type}, while amounts are booked without VAT"),
        (bool(fraction) and code.has_no_amount, "vat_code_type", f"is of type {code.type}, which takes no VAT"),
        (has != fraction, "vat_percentage_differs", f"is {percent(has)} on {day}"),
    )
    return next(((reason, why) for fails, reason, why in checks if fails), None)


def _judge(rate: TaxRate, wanted: str, codes: Mapping[str, VatCode], day: date) -> Iterator[Finding]:
    code = codes.get(wanted)
    if code is None:
        message = f"VAT code {wanted} for the tax rate {rate.description!r} does not exist in Exact"
        yield found("vat_code_unknown", wanted, message)
        return
    refusal = unfit(code, rate.fraction, day)
    if refusal is not None:
        reason, why = refusal
        yield found(reason, wanted, f"VAT code {wanted} for the tax rate {rate.description!r} {why}")


def _unused(mapping: Mapping[str, str], codes: Mapping[str, VatCode], *, judged: set[str]) -> Iterator[Finding]:
    """Yield the codes of settings that no tax rate of today leads to, when Exact does not have them."""
    for name, wanted in mapping.items():
        if wanted not in judged and wanted not in codes:
            judged.add(wanted)
            yield found("vat_code_unknown", wanted, f"VAT code {wanted} for {name!r} does not exist in Exact")


def _is_by_percentage(rate: TaxRate, mapping: Mapping[str, str]) -> bool:
    """Tell whether only the percentage leads to the code, though the description says more than that."""
    name, rate_only = canonical_rate(rate.description), percent(rate.fraction)
    return name != rate_only and name not in mapping and canonical_rate(rate.id) not in mapping
