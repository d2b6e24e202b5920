"""Documents of one company never land in the books of another: both VAT numbers are compared before a write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from singer_shell.endings import RunEnded
from target_exactonline.booking.identifiers import vat_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def refuse_other_company(division: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> None:
    """End the run when a document was issued by another company than the administration belongs to.

    Args:
        division: The row of system/Divisions (Code, Country, VATNumber).
        records: Records of `sales_entries`; those without a valid `issuer_vat_number` pass.

    Raises:
        RunEnded: The VAT numbers differ. An administration without a valid one takes every document.
    """
    country = division.get("Country")
    own = vat_number(division.get("VATNumber"), country)
    for record in records:
        issuer = vat_number(record.get("issuer_vat_number"), country)
        if own and issuer and issuer != own:
            raise RunEnded(
                f"{record.get('number')} was issued by the company with VAT number {issuer}, but administration "
                f"{division['Code']} belongs to {own}: correct the setting division, or the department at the source. "
                "Nothing of it was written."
            )
