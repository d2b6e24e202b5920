"""What Teamleader keeps of a document; customers and settings are kept in the shape in which they are answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sandbox.teamleader.ids import DEPARTMENT_ID

if TYPE_CHECKING:
    from sandbox.teamleader.totals import Totals

Kind = Literal["invoice", "credit_note"]
CustomerType = Literal["company", "contact"]
Row = dict[str, Any]


class Term(NamedTuple):
    """When to pay: `cash`, or so many days after the invoice date, or after the end of its month."""

    type: str
    days: int

    def due_on(self, day: dt.date) -> dt.date:
        """The day on which a document of `day` falls due."""
        if self.type == "cash":
            return day
        due = day + dt.timedelta(days=self.days)
        return last_of_month(due) if self.type == "end_of_month" else due


def last_of_month(day: dt.date) -> dt.date:
    """The last day of that day's month."""
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


class Discount(NamedTuple):
    """A commercial discount on a whole document, in percent."""

    description: str
    percentage: Decimal


class Payment(NamedTuple):
    """Money that was registered, in the document's currency."""

    paid_at: dt.datetime
    amount: Decimal
    method_id: str | None


@dataclass(slots=True)
class Line:
    """One line: price in the document's currency, VAT excluded; `discount` in percent."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    tax_rate_id: str
    category_id: str | None = None
    discount: Decimal | None = None
    extended_description: str | None = None
    section: str = ""
    withholding_id: str | None = None


@dataclass(slots=True)
class Document:
    """An invoice or a credit note; amounts of a credit note are positive, as Teamleader has them.

    Name, VAT number and e-mail are the document's own copy. `rate` is the worth of one unit of `currency` in the
    department's currency. `credited_id` is the invoice that a credit note takes back. `number` and `date` are None in a
    draft.
    """

    id: str
    kind: Kind
    customer_type: CustomerType
    customer_id: str
    name: str
    vat_number: str | None
    email: str | None
    national_id: str | None
    lines: tuple[Line, ...]
    totals: Totals
    term: Term
    created_at: dt.datetime
    updated_at: dt.datetime
    department_id: str = DEPARTMENT_ID
    discounts: tuple[Discount, ...] = ()
    currency: str = "EUR"
    rate: Decimal = Decimal(1)
    number: str | None = None
    date: dt.date | None = None
    due_on: dt.date | None = None
    purchase_order: str | None = None
    payment_reference: str | None = None
    note: str | None = None
    payment_method: str | None = None
    mandate: str | None = None
    credited_id: str | None = None
    subscription_id: str | None = None
    attention_of: Row | None = None
    custom_fields: tuple[Row, ...] = ()
    payments: list[Payment] = field(default_factory=list)
    sent: bool = False
    paid_at: dt.datetime | None = None

    @property
    def is_booked(self) -> bool:
        """Whether the document has its number and date."""
        return self.number is not None
