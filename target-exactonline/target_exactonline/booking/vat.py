"""From a Teamleader tax rate to a VAT code of this administration, and whether that code may be used."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from exactonline_api.master_data import NET_TYPES, SALES_TYPES
from exactonline_api.setting_keys import canonical_rate, percent
from target_exactonline.reasons import Rejected, Rejection, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from exactonline_api.master_data import VatCode


@dataclass(frozen=True)
class CustomerFacts:
    """What the VAT of a document depends on in its customer."""

    country: str | None
    """ISO-2."""
    vat_number: str | None
    """Valid and normalised, None when absent, invalid, or not at hand."""
    is_registered: bool = False
    """Whether there is one, of a customer of whom only that is remembered."""
    is_matched: bool = False
    """Whether it has an account that we did not make: who keeps that one answers for its country."""


def mapped_code(line: Mapping[str, Any], mapping: Mapping[str, str]) -> tuple[str | None, bool]:
    """Return the VAT code of a line, and whether only the bare percentage led to it.

    The tax rate's id wins over its description, the description over the rate. The keys of `mapping` are canonical.
    """
    for name in (line.get("tax_rate_id"), line.get("tax_rate_description")):
        if name and (code := mapping.get(canonical_rate(name))):
            return code, False
    return mapping.get(percent(line["tax_rate"])), True


def unfit(code: VatCode, day: date, fraction: Decimal | None = None) -> Rejection | None:
    """Return why a VAT code cannot be used for a sales line of `day` at `fraction`; None when it can.

    Without a fraction the percentage is not compared, only whether the code can carry net amounts at all.
    """
    name = f"VAT code {code.code}"
    has = code.fraction_on(day)
    checks: list[tuple[bool, str, str]] = [
        (code.blocked, "vat_code_blocked", f"{name} is blocked in Exact"),
        (code.transaction_type not in SALES_TYPES, "vat_code_not_for_sales", f"{name} is not for sales"),
        (
            code.type not in NET_TYPES,
            "vat_code_type",
            f"{name} is of type {code.type or 'unknown'}, while amounts are booked without VAT",
        ),
    ]
    rate = ""
    if fraction is not None:
        rate = percent(fraction)
        checks += [
            (
                bool(fraction) and code.has_no_amount,
                "vat_code_type",
                f"{name} of type {code.type} takes no VAT, while the rate is {rate}",
            ),
            (has != fraction, "vat_percentage_differs", f"{name} is {percent(has)} on {day}, the document {rate}"),
        ]
    for fails, reason_code, reason in checks:
        if fails:
            return Rejection.of(reason_code, reason, vat_code=code.code, rate=rate)
    return None


def resolve_vat_code(
    line: Mapping[str, Any],
    mapping: Mapping[str, str],
    codes: Mapping[str, VatCode],
    day: date,
    customer: CustomerFacts | None,
) -> tuple[VatCode, list[str]]:
    """Return the VAT code for a line of a document of `day`, with warnings.

    Raises:
        Rejected: the rate is not known or not mapped, or the code does not exist or cannot be used.
    """
    _refuse_unknown_rate(line, mapping)
    rate = percent(line["tax_rate"])
    name = line.get("tax_rate_description") or rate
    wanted, by_rate_only = mapped_code(line, mapping)
    if wanted is None:
        raise refuse("vat_code_unmapped", f"The tax rate {name!r} is not linked to a VAT code", rate=name)
    code = codes.get(wanted)
    if code is None:
        reason = f"VAT code {wanted} for the tax rate {name!r} does not exist in Exact"
        raise refuse("vat_code_missing", reason, vat_code=wanted)
    refusal = unfit(code, day, Decimal(line["tax_rate"]))
    if refusal is not None:
        raise Rejected(refusal)
    warnings = []
    if by_rate_only and not line["tax_rate"] and canonical_rate(name) != rate:
        warnings.append(f"the tax rate {name!r} is booked with VAT code {wanted} because of its percentage only")
    if customer is not None:
        warnings += _customer_warnings(code, customer)
    return code, warnings


def _refuse_unknown_rate(line: Mapping[str, Any], mapping: Mapping[str, str]) -> None:
    """Refuse a rate whose id the source cannot name: its percentage does not tell 0 % of one kind from another."""
    rate_id = line.get("tax_rate_id")
    if rate_id and not line.get("tax_rate_description") and canonical_rate(rate_id) not in mapping:
        raise refuse("tax_rate_unknown", f"The tax rate with id {rate_id} has no name at the source")


def _customer_warnings(code: VatCode, customer: CustomerFacts) -> list[str]:
    answered_for = customer.is_matched and customer.country is None
    if code.oss_country and code.oss_country != customer.country and not answered_for:
        there = f"this customer is in {customer.country}" if customer.country else "this customer's is not known"
        reason = f"VAT code {code.code} is for customers in {code.oss_country}, {there}"
        raise refuse("vat_country_differs", reason)
    if code.eu_listing in {"L", "S", "T"} and not (customer.vat_number or customer.is_registered):
        return [f"VAT code {code.code} is intra-community, but the customer has no valid VAT number"]
    return []
