"""What one invoice is about: who buys, in which country and currency, at which VAT rates, with which discounts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox import words
from sandbox.teamleader import drafting
from sandbox.teamleader.amounts import cents
from sandbox.teamleader.ids import setting_id
from sandbox.teamleader.model import Discount, Line, Row, Term

if TYPE_CHECKING:
    from random import Random

    from sandbox.teamleader.model import CustomerType, Document
    from sandbox.teamleader.state import TeamleaderState

_RATES = {"21": 1, "12": 2, "6": 3, "0": 4, "ic": 5, "mc": 6, "ex": 7, "vr": 8, "oss": 9}
_EU = frozenset({"NL", "FR", "DE"})
_EXCHANGE_RATES = {"USD": ("0.9215", "0.8644", "0.91037"), "GBP": ("1.1742", "1.1588")}


@dataclass(frozen=True)
class Recipe:
    """One kind of invoice.

    Attributes:
        buyer: `be` (Belgian company), `eu` (company elsewhere in the EU), `world`, `person` (in Belgium) or
            `consumer abroad` (a Dutch person, whose VAT is Dutch).
        rates: names of tax rates that its lines draw from.
        lines: least and most number of lines.
        discount: percentages off the whole document, one after the other.
        line_discount: chance that a line has a discount of its own.
        advance: part of the goods that a negative line takes off as paid before.
        fine: quantities with decimals and prices with four of them.
    """

    name: str
    buyer: str = "be"
    rates: tuple[str, ...] = ("21",)
    lines: tuple[int, int] = (1, 4)
    currency: str = "EUR"
    discount: tuple[str, ...] = ()
    line_discount: float = 0.0
    advance: str | None = None
    direct_debit: bool = False
    fine: bool = False
    without_category: bool = False
    weight: int = 1


RECIPES = (
    Recipe("high rate", weight=14),
    Recipe("several rates", rates=("21", "6"), lines=(2, 7), weight=8),
    Recipe("within the EU", buyer="eu", rates=("ic",), weight=10),
    Recipe("private person", buyer="person", rates=("21", "6"), weight=10),
    Recipe("line discounts", rates=("21", "12", "6"), lines=(2, 6), line_discount=0.6, weight=5),
    Recipe("commercial discount", rates=("21", "6"), lines=(2, 6), discount=("5",), weight=4),
    Recipe("reverse charge", rates=("mc",), weight=5),
    Recipe("export in dollars", buyer="world", rates=("ex",), currency="USD", weight=3),
    Recipe("direct debit", rates=("21",), direct_debit=True, weight=5),
    Recipe("advance deducted", rates=("21",), lines=(2, 3), advance="0.3", weight=3),
    Recipe("fine prices", rates=("21", "12"), lines=(3, 8), fine=True, line_discount=0.2, weight=6),
    Recipe("exempt", rates=("vr",), lines=(1, 2), weight=2),
    Recipe("many lines", rates=("21", "12", "6", "0"), lines=(10, 12), line_discount=0.2, fine=True, weight=4),
    Recipe("export in pounds", buyer="world", rates=("ex",), currency="GBP", fine=True, weight=2),
    Recipe("low rates", rates=("12", "6", "0"), lines=(2, 5), weight=5),
    Recipe("without category", rates=("21",), without_category=True, weight=3),
    Recipe("dollars with VAT", rates=("21", "6"), lines=(2, 5), currency="USD", fine=True, weight=2),
    Recipe("two discounts", rates=("21", "12"), lines=(2, 5), discount=("10", "2.5"), line_discount=0.3, weight=2),
    Recipe("export", buyer="world", rates=("ex",), weight=3),
    Recipe("below zero", rates=("21",), lines=(1, 1), advance="1.5"),
    Recipe(
        "all kinds of discount within the EU", buyer="eu", rates=("ic",), discount=("3",), line_discount=0.5, weight=2
    ),
    Recipe("one-stop shop", buyer="consumer abroad", rates=("oss",), weight=6),
)
"""The first ones come once each, so that a small sandbox has most kinds; after that they are drawn by weight."""

_WEIGHTS = [recipe.weight for recipe in RECIPES]


def recipe_for(rng: Random, index: int) -> Recipe:
    """The recipe of the so-manieth invoice."""
    return RECIPES[index] if index < len(RECIPES) else rng.choices(RECIPES, _WEIGHTS)[0]


class Composer:
    """Writes drafts after recipes for the customers of an account."""

    def __init__(self, state: TeamleaderState, rng: Random) -> None:
        self._state = state
        self._rng = rng
        self._buyers: dict[str, list[tuple[CustomerType, str]]] = {}
        for id_, row in state.customers["company"].items():
            self._buyers.setdefault(_kind(row), []).append(("company", id_))
        for id_, row in state.customers["contact"].items():
            self._buyers.setdefault(_kind_of_person(row), []).append(("contact", id_))
        self._new_buyers = {kind: list(buyers) for kind, buyers in self._buyers.items()}

    def compose(self, recipe: Recipe) -> Document:
        """A draft that is not yet kept; a recipe whose kind of buyer is missing gives way to the first one."""
        if recipe.buyer not in self._buyers:
            recipe = RECIPES[0]
        rng, state = self._rng, self._state
        type_, id_ = self._buyer(recipe.buyer)
        row = state.customers[type_][id_]
        term = Term(**row["payment_term"]) if row["payment_term"] else Term("after_invoice_date", 30)
        fields: dict[str, Any] = {"term": term, "currency": recipe.currency}
        if recipe.currency != "EUR":
            fields["rate"] = Decimal(rng.choice(_EXCHANGE_RATES[recipe.currency]))
        if recipe.direct_debit:
            fields["term"] = Term("after_invoice_date", 14)
            fields["payment_method"] = rng.choice(("sepa_direct_debit", "direct_debit"))
            fields["mandate"] = f"MNDT-{id_[:8].upper()}"
        elif rng.random() < 0.15:
            fields["payment_method"] = "bank_transfer"
        if rng.random() < 0.3:
            fields["purchase_order"] = f"PO-{rng.randrange(10_000, 99_999)}"
        if rng.random() < 0.2:
            fields["note"] = rng.choice(words.NOTES)
        if type_ == "company" and rng.random() < 0.15:
            fields["attention_of"] = {
                "name": f"{rng.choice(words.FIRST_NAMES)} {rng.choice(words.SURNAMES)}",
                "contact": None,
            }
        discounts = tuple(
            Discount(name, Decimal(percentage))
            for name, percentage in zip(words.DISCOUNTS, recipe.discount, strict=False)
        )
        customer = drafting.invoicee(state, type_, id_)
        return drafting.new_document(state, "invoice", customer, self._lines(recipe), discounts, **fields)

    def _buyer(self, kind: str) -> tuple[CustomerType, str]:
        """Each customer of a kind once, in the order in which they were made; after that anyone."""
        if self._new_buyers[kind]:
            return self._new_buyers[kind].pop(0)
        return self._rng.choice(self._buyers[kind])

    def _lines(self, recipe: Recipe) -> list[Line]:
        rng = self._rng
        count = rng.randint(*recipe.lines)
        lines = [self._line(recipe, recipe.rates[number % len(recipe.rates)]) for number in range(count)]
        if count > 4:
            for number, line in enumerate(lines):
                line.section = "Levering" if number < count // 2 else "Diensten"
        if recipe.advance is not None:
            goods = sum((line.quantity * line.unit_price for line in lines), Decimal(0))
            price = -cents(goods * Decimal(recipe.advance))
            lines.append(
                Line("Reeds gefactureerd voorschot", Decimal(1), price, tax_rate(recipe.rates[0]), setting_id(20, 5))
            )
        return lines

    def _line(self, recipe: Recipe, rate: str) -> Line:
        rng = self._rng
        description, category, price = rng.choice(words.GOODS)
        unit_price = Decimal(price)
        if recipe.fine:
            unit_price += Decimal(rng.randrange(1, 9999)) / 10_000
        quantity = Decimal(rng.randrange(1, 13))
        if recipe.fine or unit_price < 1:
            quantity += Decimal(rng.choice(("0.25", "0.5", "0.75", "0.333")))
        if unit_price < 2:
            quantity *= 40
        return Line(
            description=description,
            quantity=quantity,
            unit_price=unit_price,
            tax_rate_id=tax_rate(rate),
            category_id=None if recipe.without_category else setting_id(20, category),
            discount=Decimal(rng.choice(("5", "10", "12.5", "33.33"))) if rng.random() < recipe.line_discount else None,
            extended_description="Geleverd en geplaatst." if rng.random() < 0.1 else None,
        )


def tax_rate(name: str) -> str:
    """The id of a tax rate of the department, by its short name: one of `_RATES`."""
    return setting_id(11, _RATES[name])


def _kind(company: Row) -> str:
    country = company["vat_number"][:2]
    if country == "BE":
        return "be"
    return "eu" if country in _EU else "world"


def _kind_of_person(contact: Row) -> str:
    countries = {each["address"]["country"] for each in contact["addresses"]}
    return "consumer abroad" if countries - {"BE"} else "person"
