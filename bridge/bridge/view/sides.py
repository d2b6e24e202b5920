"""The two sides of a reconciliation and what stands between them, as values: no service, no store."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

ZERO = Decimal(0)


class Amounts(NamedTuple):
    """What is charged at one rate: without VAT, and VAT."""

    net: Decimal = ZERO
    vat: Decimal = ZERO

    def plus(self, net: Decimal, vat: Decimal) -> Amounts:
        """Return the sum."""
        return Amounts(self.net + net, self.vat + vat)


Rates = dict[Decimal, Amounts]
"""VAT rate as a fraction (0.21) -> what is charged at it; what is zero is not there."""


class Key(NamedTuple):
    """What identifies a document: its kind ("invoice", "credit_note") and its id in Teamleader."""

    kind: str
    id: str


@dataclass(frozen=True)
class Document:
    """A booked document of Teamleader. Amounts are in its currency, those of a credit note negative, as in Exact."""

    key: Key
    number: str
    date: date
    currency: str
    rates: Rates
    gross: Decimal
    open: Decimal | None = None
    """Still due of an invoice; Teamleader does not tell it of a credit note."""
    customer: str | None = None
    """Its customer's id as the store has it: `company:67c5…`."""
    credits: str | None = None
    """Id of the invoice that a credit note takes back."""
    url: str | None = None
    in_range: bool = True
    """False for a credit note of later, read for what it does to the open amount of an invoice."""


@dataclass(frozen=True)
class Entry:
    """A sales entry of Exact; amounts in its currency, negative where the customer is owed."""

    id: str
    number: str | None
    """Its reference (YourRef), which is the document's number."""
    entry_number: int | None
    journal: str
    date: date
    currency: str
    account: str | None
    is_credit: bool
    rates: Rates
    gross: Decimal
    open: Decimal | None = None
    """Not settled yet; None where it was not read."""


class Standing(StrEnum):
    """What became of a booked document of Teamleader: exactly one of these."""

    BOOKED = "booked"
    WAITING = "waiting"
    """It follows by itself; what was sent without an answer is among these."""
    REJECTED = "rejected"
    EXCLUDED = "excluded"
    BEFORE_START = "before_start"
    DELETED = "deleted"
    """It is not in Teamleader any more."""
    UNKNOWN = "not_known"
    """Nobody knows it: it was never read, or was lost."""


@dataclass(frozen=True)
class Known:
    """What the store knows of a document."""

    key: Key
    number: str | None = None
    exact_id: str | None = None
    """Of its entry, also of one that is gone; None when it was never booked."""
    entry_gone: bool = False
    """The entry was deleted in Exact, as a run saw."""
    under_way: bool = False
    """It was being written when a run was cut off."""
    deleted: bool = False
    """It was deleted in Teamleader, as a run saw."""
    date: date | None = None
    """Of the entry, as it was booked."""
    account: str | None = None
    """GUID of the account it was booked on."""
    status: str | None = None
    """Of its reject: "rejected", "waiting", "unknown" or "excluded"; None without one."""
    code: str | None = None
    reason: str | None = None
    decided_by: str | None = None
    is_reversed: bool = False
    """Its entry was taken back by a second one, after it was deleted in Teamleader."""

    @property
    def is_dealt_with(self) -> bool:
        """Whether its entry may stand without it: it was taken back, or a person said that it stays."""
        return self.deleted and (self.is_reversed or self.status is None)

    @property
    def is_booked(self) -> bool:
        """Whether it counts as standing in Exact."""
        return self.exact_id is not None and not self.under_way


@dataclass(frozen=True)
class Facts:
    """What the store knows of one division."""

    documents: Mapping[Key, Known]
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Id of a customer -> GUID of its account."""
    ours: frozenset[str] = frozenset()
    """GUIDs of all entries that were ever posted or linked and not released by a person."""
    reversals: frozenset[str] = frozenset()
    """GUIDs of entries that take back those of deleted documents."""
    start: date | None = None
    """From which date documents are booked; None is ever."""
    payments: Mapping[str, str] = field(default_factory=dict)
    """Id of an invoice -> code of what is in the way of its payments."""
    registers: bool = True
    """Whether invoices that are settled in Exact are set to paid in Teamleader."""


def bare(number: str | None) -> str:
    """Return a number without blanks, to compare: `2026/12` is `2026 / 12`."""
    return "".join((number or "").split()).casefold()


def rates_of(parts: list[tuple[Decimal, Decimal, Decimal]]) -> Rates:
    """Sum (rate, net, vat) per rate; drop what is zero."""
    found: Rates = {}
    for rate, net, vat in parts:
        place = rate.quantize(Decimal("0.0001")).normalize() + 0
        found[place] = found.get(place, Amounts()).plus(net, vat)
    return {rate: amounts for rate, amounts in sorted(found.items()) if any(amounts)}
