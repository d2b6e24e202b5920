"""What is known of a customer, and what tells it from another one of the same name (accounting rule 22)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from customer_identity.identifiers import chamber_number
from customer_identity.spelling import bare, one_line, telephone


class Likeness(Enum):
    """Whether two customers of one name are the same."""

    SAME = "nothing contradicts it"
    UNCLEAR = "one fact contradicts it"
    OTHER = "another customer of that name"


@dataclass(frozen=True)
class Traits:
    """What identifies a customer, in one spelling; empty is not known."""

    name: str = ""
    vat_number: str = ""
    """Valid, with the prefix of its country."""
    chamber: str = ""
    """Company number, see `chamber_number`."""
    country: str = ""
    email: str = ""
    phone: str = ""
    street: str = ""
    postcode: str = ""
    birthdate: str = ""
    number: str = ""
    """Customer number in the books."""
    mark: str = ""
    """Of the customer at the source for whom an account was made; empty when people made it."""

    @classmethod
    def of(  # noqa: PLR0913 - everything that is known of a customer
        cls,
        *,
        name: str | None = None,
        vat_number: str | None = None,
        chamber: str | None = None,
        country: str = "",
        email: str | None = None,
        phone: str | None = None,
        street: str | None = None,
        postcode: str | None = None,
        birthdate: str | None = None,
        number: str | None = None,
        mark: str = "",
    ) -> Traits:
        """Read what people typed; `vat_number` is one that was found valid."""
        return cls(
            name=one_line(name),
            vat_number=vat_number or "",
            chamber=chamber_number(chamber, country) if chamber else "",
            country=country,
            email=one_line(email).casefold(),
            phone=telephone(phone),
            street=bare(street),
            postcode=bare(postcode),
            birthdate=one_line(birthdate),
            number=one_line(number),
            mark=mark,
        )

    def likeness(self, other: Traits) -> Likeness:
        """Compare two customers of one name.

        Another VAT or registration number or day of birth, or another e-mail address and another address as well, are
        of another customer. One of these two alone may be a mistake or a removal: nobody but a person can tell.
        """
        if any(_differ(getattr(self, each), getattr(other, each)) for each in ("vat_number", "chamber", "birthdate")):
            return Likeness.OTHER
        contradictions = (
            _differ(self.email, other.email),
            _stand_apart(self.street, other.street) or _differ(self.postcode, other.postcode),
        )
        if all(contradictions):
            return Likeness.OTHER
        return Likeness.UNCLEAR if any(contradictions) or _differ(self.mark, other.mark) else Likeness.SAME

    def agreements(self, other: Traits) -> frozenset[str]:
        """Return what beside the name both have alike: "email", "phone", "postcode", "street", "birthdate"."""
        names = ("email", "phone", "postcode", "street", "birthdate")
        return frozenset(each for each in names if getattr(self, each) and getattr(self, each) == getattr(other, each))


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _stand_apart(street: str, other: str) -> bool:
    """Tell whether two are different streets or numbers; a box or floor behind one of them does not make it another."""
    return bool(street and other and not street.startswith(other) and not other.startswith(street))
