"""Belgian companies beside the three that have a name of their own: what both services say of each."""

from __future__ import annotations

from typing import NamedTuple

NAMED = 3
MOST = 12


class Company(NamedTuple):
    """A department in Teamleader and an administration in Exact; `number` tells which, from 1 on."""

    number: int
    name: str
    vat_number: str


def _vat_number(number: int) -> str:
    """A number whose last two digits are right, as Belgian ones are: 97 less the rest of the others by 97."""
    digits = 8_300_000 + number
    return f"BE{digits:08d}{97 - digits % 97:02d}"


FURTHER = tuple(Company(n, f"Zandbak {n} BV", _vat_number(n)) for n in range(NAMED + 1, MOST + 1))
