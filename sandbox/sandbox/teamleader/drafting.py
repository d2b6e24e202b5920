"""How a document comes about: lines out of a request, the customer's data of that day, booking."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox.teamleader.customer_actions import email_of, find, name_of
from sandbox.teamleader.model import Discount, Document, Kind, Line, Term
from sandbox.teamleader.refusals import bad_request
from sandbox.teamleader.shapes import ref

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from sandbox.teamleader.model import CustomerType, Row
    from sandbox.teamleader.state import TeamleaderState


def read_lines(state: TeamleaderState, grouped_lines: Iterable[Row]) -> tuple[Line, ...]:
    """Lines of a request; a tax rate or category that does not exist is a 400."""
    known = {
        "tax_rate_id": {row["id"] for row in state.tax_rates},
        "product_category_id": {row["id"] for row in state.product_categories},
        "withholding_tax_rate_id": {row["id"] for row in state.withholding_tax_rates},
    }
    lines = []
    for group in grouped_lines:
        for item in group["line_items"]:
            for name, ids in known.items():
                if item.get(name) is not None and item[name] not in ids - state.archived:
                    raise bad_request(f"{name} does not exist")
            lines.append(
                Line(
                    description=item["description"],
                    quantity=Decimal(item["quantity"]),
                    unit_price=Decimal(item["unit_price"]["amount"]),
                    tax_rate_id=item["tax_rate_id"],
                    category_id=item.get("product_category_id"),
                    discount=Decimal(item["discount"]["value"]) if "discount" in item else None,
                    extended_description=item.get("extended_description"),
                    section=group.get("section", {}).get("title", ""),
                    withholding_id=item.get("withholding_tax_rate_id"),
                )
            )
    return tuple(lines)


def read_discounts(rows: Iterable[Row]) -> tuple[Discount, ...]:
    """Discounts of a request."""
    return tuple(Discount(row["description"], Decimal(row["value"])) for row in rows)


def invoicee(state: TeamleaderState, type_: CustomerType, id_: str) -> Row:
    """Fields of a document that are copied from the customer of today; an unknown customer is a 404."""
    row = find(state, type_, id_)
    return {
        "customer_type": type_,
        "customer_id": id_,
        "name": name_of(row),
        "vat_number": row.get("vat_number") or None,
        "email": email_of(row),
        "national_id": row["national_identification_number"] or None,
    }


INVOICEE = ("customer_type", "customer_id", "name", "vat_number", "email", "national_id")
"""The fields that `invoicee` gives."""


def new_document(
    state: TeamleaderState,
    kind: Kind,
    customer: Row,
    lines: Sequence[Line],
    discounts: Sequence[Discount],
    **fields: Any,
) -> Document:
    """A document that is not yet kept. `customer` is what `invoicee` gives, `fields` are other fields of Document."""
    now = state.now()
    given: dict[str, Any] = {
        "id": state.new_id(),
        "term": Term("after_invoice_date", 30),
        "created_at": now,
        "updated_at": now,
    }
    totals = state.compute_totals(lines, discounts)
    return Document(
        kind=kind, lines=tuple(lines), discounts=tuple(discounts), totals=totals, **{**given, **customer, **fields}
    )


def book(state: TeamleaderState, document: Document, day: dt.date, number: str | None = None) -> None:
    """Give a draft its date and the next number, or the given one; an invoice also gets a structured reference."""
    document.number = number or state.next_number(document.kind, day.year, document.department_id)
    document.date = day
    if document.kind == "invoice":
        document.due_on = document.term.due_on(day)
        if document.payment_reference is None:
            document.payment_reference = structured_reference(document.number)
        document.sent = True


def structured_reference(number: str) -> str:
    """The Belgian reference made of the digits of an invoice number; the last two are the others mod 97, 97 for 0."""
    year, _, rest = number.partition("/")
    digits = f"{_only_digits(year):04d}{_only_digits(rest):06d}"[-10:]
    check = int(digits) % 97 or 97
    digits = f"{digits}{check:02d}"
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"


def _only_digits(text: str) -> int:
    return int("".join(character for character in text if character.isdigit()) or 0)


def attention(value: Row | None) -> Row | None:
    """`for_attention_of` of a request as a document keeps it."""
    if value is None:
        return None
    return {"name": value.get("name"), "contact": ref("contact", value.get("contact_id"))}
