"""Customers on both sides, and the job that brings those of Exact into Teamleader."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pytest
from stdnum.be import vat as belgian

from connector_testing.in_process import CUSTOMERS, DIVISION, Coupling, coupled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Row = dict[str, Any]

TRADES: Final = (
    "Bakkerij",
    "Garage",
    "Schrijnwerkerij",
    "Café",
    "Drukkerij",
    "Tandartspraktijk",
    "Brasserie",
    "Atelier",
)
NAMES: Final = (
    "Peeters",
    "Janssens",
    "Maës",
    "De Smet",
    "Van den Berghe",
    "Lefèvre",
    "D'Hooghe",
    "Müller",
    "Claes",
    "Öztürk",
)
PLACES: Final = (("9000", "Gent"), ("2000", "Antwerpen"), ("4000", "Liège"), ("8000", "Brugge"), ("1000", "Brussel"))
FIRST: Final = ("An", "Jan", "Eva", "Tom", "Lies", "Bram", "Zoë", "Hélène")


@dataclass(frozen=True)
class Customer:
    """A customer as the world knows it, before two people typed it."""

    number: int
    name: str
    form: str
    vat_number: str
    email: str
    phone: str
    street: str
    postcode: str
    city: str

    def account(self, **changes: Any) -> Row:
        """Return it as the accountant typed it in Exact."""
        return {
            "Name": f"{self.name} {self.form}",
            "Status": "C",
            "VATNumber": self.vat_number,
            "Email": self.email,
            "Phone": self.phone,
            "AddressLine1": self.street,
            "Postcode": self.postcode,
            "City": self.city,
            "Country": "BE",
            **changes,
        }

    def company(self, **changes: Any) -> Row:
        """Return it as the salesperson typed it in Teamleader."""
        address = {"line_1": self.street, "postal_code": self.postcode, "city": self.city, "country": "BE"}
        return {
            "name": f"{self.name} {self.form}",
            "vat_number": self.vat_number,
            "emails": [{"type": "primary", "email": self.email}],
            "telephones": [{"type": "phone", "number": self.phone}],
            "addresses": [{"type": "primary", "address": address}],
            **changes,
        }


def _customers(count: int, seed: int) -> list[Customer]:
    """Return so many customers, no two of one name: the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - a world, no secret
    made = []
    for number in range(count):
        trade, family = TRADES[number % len(TRADES)], NAMES[number // len(TRADES) % len(NAMES)]
        suffix = "" if number < len(TRADES) * len(NAMES) else f" {FIRST[number % len(FIRST)]} {number}"
        base = f"0{4_000_000 + seed * 10_000 + number}"
        vat = base + f"{97 - int(base) % 97:02d}"
        assert belgian.is_valid(vat), vat
        postcode, city = PLACES[chance.randrange(len(PLACES))]
        made.append(
            Customer(
                number=number,
                name=f"{trade} {family}{suffix}",
                form=chance.choice(("BV", "NV", "VOF", "SRL")),
                vat_number=f"BE{vat}",
                email=f"info@klant{number}-{seed}.example",
                phone=f"09 {chance.randrange(2_000_000, 9_000_000)}",
                street=f"{chance.choice(('Kerkstraat', 'Markt', 'Rue Haute'))} {chance.randrange(1, 200)}",
                postcode=postcode,
                city=city,
            )
        )
    return made


@dataclass(frozen=True)
class World:
    """A coupling, and what stands on both sides."""

    coupling: Coupling

    def into_exact(self, row: Row) -> str:
        """Let the accountant enter an account; return its id."""
        return str(self.coupling.sandbox.exact("add_account", **row)["id"])

    def into_teamleader(self, row: Row) -> str:
        """Let somebody enter a company; return its id."""
        return str(self.coupling.sandbox.teamleader("add_company", **row)["id"])

    def import_customers(self, **how: Any) -> bool:
        """Run the job."""
        return self.coupling.run(CUSTOMERS, **how)

    def companies(self) -> dict[str, Row]:
        """Return all that stands in Teamleader, companies and contacts, by id."""
        found: dict[str, Row] = self.coupling.sandbox.teamleader("list_customers")
        return found

    def links(self) -> dict[str, str]:
        """Return the id in Teamleader of each account of Exact that is known on both sides."""
        with self.coupling.store() as store:
            return {each.source_id: str(each.teamleader_id) for each in store.imported_customers(DIVISION).all()}

    def codes(self) -> dict[str, str]:
        """Return the code of each account that waits for a person."""
        with self.coupling.store() as store:
            return {each.source_id: each.code for each in store.rejects(DIVISION).all() if each.kind == "customer"}

    def calls_of(self, **how: Any) -> dict[str, int]:
        """Run the job; return the calls to each service."""
        self.coupling.sandbox.forget_calls()
        assert self.import_customers(**how), self.coupling.unexpected
        calls = self.coupling.sandbox.calls()
        return {name: calls[name] for name in ("exact", "teamleader")}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Return an empty world: Exact has none but its own accounts, Teamleader five customers."""
    with coupled(tmp_path, seed=1) as coupling:
        yield World(coupling)


@pytest.fixture
def make_customers() -> Callable[[int, int], list[Customer]]:
    """Return what makes so many customers for a seed."""
    return _customers
