"""What is kept of a thing beside the columns of its row, typed: the contract of all who write and read it.

Each is stored as a JSON object. A field that is None is not stored, and a stored name that no version knows any more
is not read, so that fields may come and go without touching rows.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    from collections.abc import Callable


class Stored:
    """A dataclass that is stored as a JSON object."""

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        """Return what `stored` says; raises TypeError when a field without a default is absent."""
        given = {}
        for each in dataclasses.fields(cls):  # type: ignore[arg-type]  # every subclass is a dataclass
            value = stored.get(each.name)
            if value is not None:
                given[each.name] = each.metadata.get("read", _as_it_is)(value)
        return cls(**given)

    def stored(self) -> dict[str, Any]:
        """Return the JSON object: amounts stay Decimal (see `to_json`), what is None is left out."""
        values = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}  # type: ignore[arg-type]
        return {name: _plain(value) for name, value in values.items() if value is not None}


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - a value of JSON
    return value


def _plain(value: Any) -> Any:  # noqa: ANN401 - a value of JSON
    if isinstance(value, Stored):
        return value.stored()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.value if isinstance(value, Enum) else value


def _several(read: Callable[[Any], Any]) -> dict[str, Callable[[Any], tuple[Any, ...]]]:
    """Return the metadata of a field that holds a tuple."""
    return {"read": lambda values: tuple(read(each) for each in values)}


def _day(value: str | dt.date) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


# Links


class Step(StrEnum):
    """How far the writing of a document or customer came, which says what the next run has to look up."""

    FILES = "files"
    """Nothing of the entry was sent; a document with files may be there."""
    ENTRY = "entry"
    """The entry or account was about to be sent: look for it before anything else is sent."""


@dataclass(frozen=True)
class BookedLine(Stored):
    """A line of an entry; amounts in the currency of the entry."""

    gl_account: str
    """GUID of its ledger account."""
    net: Decimal = field(metadata={"read": Decimal})
    vat: Decimal = field(metadata={"read": Decimal})
    vat_code: str | None = None
    cost_center: str | None = None
    cost_unit: str | None = None
    description_hash: str | None = None
    id: str | None = None
    """GUID of the line in Exact, None before it was read there."""


@dataclass(frozen=True)
class EntryChange(Stored):
    """A change of a booked entry that is under way: enough to tell how far it came, and to take it back."""

    fingerprint: str
    """Of the document that the entry is brought in line with."""
    old: tuple[str, ...] = field(default=(), metadata=_several(str))
    """Ids in Exact of all lines that stood there before."""
    before: tuple[BookedLine, ...] = field(default=(), metadata=_several(BookedLine.read))
    """The lines that are changed or removed, as they stood."""
    after: tuple[BookedLine, ...] = field(default=(), metadata=_several(BookedLine.read))
    """The lines that are changed, by their ids, and those that are new, without, as they are to stand."""
    header_before: dict[str, str | None] = field(default_factory=dict)
    """Fields that are changed, by Exact's names, as they stood."""
    header_after: dict[str, str | None] = field(default_factory=dict)
    """The same as they are to stand."""
    lines_digest: str | None = None
    """Of what the lines come from at the source (see `BookedEntry`)."""


@dataclass(frozen=True)
class RefusedChange(Stored):
    """A change that Exact refused, and how the entry stood then."""

    fingerprint: str
    modified: str | None = None
    """The entry's `Modified` as Exact writes it."""


@dataclass(frozen=True)
class LinkDetail(Stored):
    """What is kept of every link."""

    step: Step | None = field(default=None, metadata={"read": Step})
    """None once the outcome is known."""
    sent_at: dt.datetime | None = None
    """When what is under way was last begun to be sent, by the service's own clock; None once the outcome is known."""
    updated_at: str | None = None
    """Moment of the version at the source, as the source writes it."""
    replaces: str | None = None
    """GUID of the missing entry that an intent takes the place of."""

    def over(self, known: LinkDetail) -> Self:
        """Return `known` with what is told here; what is None here stays as it is known."""
        told = {name: value for name, value in _shallow(self).items() if value is not None}
        return dataclasses.replace(self, **{**_shallow(known), **told})


@dataclass(frozen=True)
class DocumentDetail(LinkDetail):
    """What is kept of the link of an invoice or credit note: what was sent, and what became of it."""

    journal: str | None = None
    your_ref: str | None = None
    customer: str | None = None
    """GUID of the account."""
    date: dt.date | None = field(default=None, metadata={"read": _day})
    """Of the entry."""
    currency: str | None = None
    gross: Decimal | None = field(default=None, metadata={"read": Decimal})
    """VAT included, in `currency`."""
    vat: Decimal | None = field(default=None, metadata={"read": Decimal})
    document_id: str | None = None
    """GUID of the document in Exact that holds the files."""
    change: EntryChange | None = field(default=None, metadata={"read": EntryChange.read})
    refused: RefusedChange | None = field(default=None, metadata={"read": RefusedChange.read})
    payments_seen: str | None = None
    """Digest of the payments at the source that were looked at and asked for no booking."""
    told_number: int | None = None
    """Number of the entry that was written into the invoice at the source."""
    department: str | None = None
    """Id of the one department that was booked by these settings, None where they book all."""
    source_deleted: bool | None = None
    """True when the document was deleted at the source while it was not known whether it was booked."""

    def is_of(self, department: str | None) -> bool:
        """Tell whether the document is of a department, as far as that and these settings name one."""
        return department is None or (self.department or department) == department


@dataclass(frozen=True)
class AccountDetail(LinkDetail):
    """What is kept of the link of a customer: what the VAT of its documents depends on."""

    mark: str | None = None
    """SearchCode that the account is found by when the answer did not come."""
    country: str | None = None
    has_vat_number: bool | None = None
    """The number itself would stand here in the clear."""

    def over(self, known: LinkDetail) -> Self:
        """Return `known` with what is told here; country and VAT number are told together, None included."""
        merged = super().over(known)
        return dataclasses.replace(merged, country=self.country, has_vat_number=self.has_vat_number)


def _shallow(detail: LinkDetail) -> dict[str, Any]:
    return {each.name: getattr(detail, each.name) for each in dataclasses.fields(detail)}


# Payments registered in Teamleader


class Verb(StrEnum):
    """What is under way with the payments of an invoice."""

    REGISTER = "register"
    REMOVE = "remove"


class RemovalStep(StrEnum):
    """How far a removal came."""

    REMOVE = "remove"
    """All payments were about to be removed."""
    RESTORE = "restore"
    """They are gone; what has to stand there is being registered again."""


@dataclass(frozen=True)
class SettledPart(Stored):
    """A part of what Exact has settled."""

    amount: Decimal
    date: str
    """"2026-11-20", empty when it is not known."""


@dataclass(frozen=True)
class Paid(Stored):
    """A payment that stands in Teamleader, or has to. It has no id there."""

    amount: Decimal
    paid_at: str
    """A day, or a moment as Teamleader writes it."""
    how: str | None = None
    """"money", "credit_note", "write_off", "mixed" or "unknown" when it is one of ours."""


@dataclass(frozen=True)
class RegisterPlan(Stored):
    """A payment that is being registered."""

    verb: ClassVar[Verb] = Verb.REGISTER

    paid: Paid = field(metadata={"read": Paid.read})
    due_before: Decimal
    """What Teamleader had due before it was sent."""
    settled: Decimal
    settlements: tuple[SettledPart, ...] = field(default=(), metadata=_several(SettledPart.read))
    sent_at: dt.datetime | None = None
    """When it was begun to be sent, by Teamleader's own clock; None when nothing is on its way."""


@dataclass(frozen=True)
class RemovePlan(Stored):
    """All payments are being removed, to register again what has to stand there."""

    verb: ClassVar[Verb] = Verb.REMOVE

    amount: Decimal
    """Of ours, that goes."""
    settled: Decimal
    step: RemovalStep = field(default=RemovalStep.REMOVE, metadata={"read": RemovalStep})
    settlements: tuple[SettledPart, ...] = field(default=(), metadata=_several(SettledPart.read))
    before: tuple[Paid, ...] = field(default=(), metadata=_several(Paid.read))
    """What stood there."""
    again: tuple[Paid, ...] = field(default=(), metadata=_several(Paid.read))
    """What has to stand there afterwards."""
    registered: tuple[Paid, ...] = field(default=(), metadata=_several(Paid.read))
    """What of ours stands there afterwards."""
    sent_at: dt.datetime | None = None
    """When the last call of it was begun to be sent, by Teamleader's own clock; None when none is on its way."""


Plan = RegisterPlan | RemovePlan


def store_plan(plan: Plan) -> dict[str, Any]:
    """Return the JSON object of a plan; the payment of a registration stands in it without a name of its own."""
    stored = plan.stored()
    return {"verb": plan.verb.value, **stored.pop("paid", {}), **stored}


def read_plan(stored: dict[str, Any]) -> Plan:
    """Return the plan that `store_plan` was given."""
    if stored["verb"] == Verb.REMOVE:
        return RemovePlan.read(stored)
    return RegisterPlan.read({**stored, "paid": stored})


# Payments of Teamleader booked in Exact


@dataclass(frozen=True)
class BookedPaymentDetail(Stored):
    """What is kept of a payment that is booked in a general journal."""

    paid: Decimal = field(metadata={"read": Decimal})
    """The whole payment at the source, of which this books a part or all."""
    journal: str | None = None
    text: str | None = None
    """Text that the entry is found by; None once it is known."""
    gl_account: str | None = None
    """Ledger account of the receivable; None once the entry is known."""
    name: tuple[str, ...] = field(default=(), metadata=_several(_as_it_is))
    """What the entry is called in a match: see target-exactonline."""
    amount_dc: Decimal | None = field(default=None, metadata={"read": Decimal})
    """In the currency of the administration."""
    is_whole: bool = True
    """False when the lines of the entry were not read yet, or are not those that were sent."""
    sent_at: dt.datetime | None = None
    """When it was begun to be sent, by Exact's own clock; None once the entry is known."""
