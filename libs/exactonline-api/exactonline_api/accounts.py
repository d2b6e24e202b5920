"""Rows of crm/Accounts and sync/CRM/Accounts as what a customer is known by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from customer_identity import Traits
from customer_identity.identifiers import vat_country, vat_number
from customer_identity.spelling import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

CUSTOMER: Final = "C"
"""Status of a customer (exact-online 5.2)."""
TRAITS: Final = (
    *("ID", "Code", "Name", "SearchCode", "VATNumber", "ChamberOfCommerce", "Email", "Phone"),
    *("AddressLine1", "AddressLine2", "AddressLine3", "Postcode", "Country"),
)
"""Fields that `traits` reads."""
_MARK = re.compile(r"TL[0-9A-F]{12}")


def traits(row: Mapping[str, Any], home: str = "") -> Traits:
    """Return what an account is known by.

    Args:
        row: With the fields of `TRAITS`, as far as they were read.
        home: Country (ISO 3166-1 alpha-2) of an account that names none, empty when that is not known.
    """
    country = one_line(row.get("Country")).upper() or home
    number = vat_number(row.get("VATNumber"), country or None)
    mark = one_line(row.get("SearchCode")).upper()
    return Traits.of(
        name=row.get("Name"),
        vat_number=number,
        chamber=row.get("ChamberOfCommerce"),
        country=country or (vat_country(number) if number else ""),
        email=row.get("Email"),
        phone=row.get("Phone"),
        street=" ".join(one_line(row.get(f"AddressLine{line}")) for line in (1, 2, 3)),
        postcode=row.get("Postcode"),
        number=row.get("Code"),
        mark=mark if _MARK.fullmatch(mark) else "",
    )
