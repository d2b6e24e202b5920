"""What tells a customer from another one of the same name: facts that contradict each other (accounting rule 22)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from target_exactonline.booking.identifiers import chamber_number, vat_number
from target_exactonline.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

_MARK = re.compile(r"TL[0-9A-F]{12}")


class Likeness(Enum):
    """Whether an account of the customer's name is the customer's."""

    SAME = "nothing contradicts it"
    UNCLEAR = "one fact contradicts it"
    OTHER = "another customer of that name"


@dataclass(frozen=True)
class CustomerTraits:
    """What identifies a customer beside the name, in one spelling; empty is not known."""

    vat_number: str = ""
    chamber: str = ""
    email: str = ""
    street: str = ""
    postcode: str = ""
    mark: str = ""
    """Of the customer at the source for whom the account was made; empty when people made it."""

    @classmethod
    def of_row(cls, row: Mapping[str, Any], country: str) -> CustomerTraits:
        """Read an account of Exact."""
        mark = one_line(row.get("SearchCode")).upper()
        return cls(
            vat_number=vat_number(row.get("VATNumber"), country) or "",
            chamber=_chamber(row.get("ChamberOfCommerce"), country),
            email=one_line(row.get("Email")).casefold(),
            street=_bare(row.get("AddressLine1")),
            postcode=_bare(row.get("Postcode")),
            mark=mark if _MARK.fullmatch(mark) else "",
        )

    @classmethod
    def of_record(cls, record: Mapping[str, Any], country: str, number: str | None, mark: str) -> CustomerTraits:
        """Read a record of `accounts`, whose valid VAT number and mark are known."""
        address = record.get("address") or {}
        return cls(
            vat_number=number or "",
            chamber="" if record.get("is_person") else _chamber(record.get("chamber_of_commerce"), country),
            email=one_line(record.get("email")).casefold(),
            street=_bare(address.get("line1")),
            postcode=_bare(address.get("postcode")),
            mark=mark,
        )

    def likeness(self, other: CustomerTraits) -> Likeness:
        """Compare two customers of one name.

        Another VAT or registration number, or another e-mail address and another address as well, are of another
        customer. One of these two alone may be a mistake or a removal: nobody but a person can tell.
        """
        if _differ(self.vat_number, other.vat_number) or _differ(self.chamber, other.chamber):
            return Likeness.OTHER
        contradictions = (
            _differ(self.email, other.email),
            _differ(self.street, other.street) or _differ(self.postcode, other.postcode),
        )
        if all(contradictions):
            return Likeness.OTHER
        return Likeness.UNCLEAR if any(contradictions) or _differ(self.mark, other.mark) else Likeness.SAME


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _bare(text: str | None) -> str:
    """Keep letters without their accents, and digits."""
    plain = unicodedata.normalize("NFKD", text or "").casefold()
    return "".join(each for each in plain if each.isalnum())


def _chamber(number: str | None, country: str) -> str:
    return chamber_number(number, country) if number else ""
