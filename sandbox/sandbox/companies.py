"""The Belgian companies that both services know: each is a department in Teamleader and an administration in Exact."""

from __future__ import annotations

from typing import NamedTuple

MOST = 1000


class Company(NamedTuple):
    """What both services say of a company; `number` tells which, from 1 on."""

    number: int
    name: str
    vat_number: str


def _vat_number(number: int) -> str:
    """A number whose last two digits are right, as Belgian ones are: 97 less the rest of the others by 97."""
    digits = 8_300_000 + number
    return f"BE{digits:08d}{97 - digits % 97:02d}"


NAMED = (
    Company(1, "Zandbak BV", "BE0765432146"),
    Company(2, "Another company NV", "BE0812345702"),
    Company(3, "Derde Zandbak BV", "BE0823456754"),
)
COMPANIES = (*NAMED, *(Company(n, f"Zandbak {n} BV", _vat_number(n)) for n in range(len(NAMED) + 1, MOST + 1)))
