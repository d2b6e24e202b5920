"""Invoices and credit notes of Teamleader as sales entries of the books."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal

from teamleader_exactonline_mappers.json_values import currency, day, money, number, objects, part, text
from teamleader_exactonline_mappers.problems import Problems
from teamleader_exactonline_mappers.teamleader_payments import registered_payments
from teamleader_exactonline_mappers.terms import exchange_rate, mandate_reference, payment_method, payment_term

if TYPE_CHECKING:
    from teamleader_exactonline_mappers.reference_data import ReferenceData

Kind = Literal["invoice", "credit_note"]

_CUSTOMER_KINDS: Final = frozenset({"company", "contact"})
_CENT: Final = Decimal("0.01")


def sales_entry(document: dict[str, Any], kind: Kind, reference: ReferenceData) -> dict[str, Any]:
    """Map a document to a record of `sales_entries`.

    Amounts are in the document's currency. Those of a credit note, positive in Teamleader, become negative: the kind
    decides, never the sign of a total. What cannot be expressed is absent and named in `problems`.
    """
    return _Document(document, kind, reference).mapped()


def deleted_entry(deletion: dict[str, Any]) -> dict[str, Any]:
    """Map a document that is gone to a record of `deleted_entries`."""
    return {
        "id": deletion["id"],
        "kind": "credit_note" if part(deletion, "kind") == "credit_note" else "invoice",
        "number": text(part(deletion, "number")),
        "date": day(part(deletion, "date")),
        "deleted_at": text(part(deletion, "noticed_at")),
    }


@dataclass
class _Document:
    document: dict[str, Any]
    kind: Kind
    reference: ReferenceData

    def __post_init__(self) -> None:
        self.problems = Problems()
        self.department = text(part(self.document, "department", "id"))
        self.totals = part(self.document, "total")

    def mapped(self) -> dict[str, Any]:
        document = self.document
        code = self._found(
            currency(part(document, "currency")) or currency(part(self.totals, "tax_exclusive", "currency")),
            "currency_missing",
        )
        credited = text(part(document, "invoice", "id"))
        entry = {
            "id": document["id"],
            "kind": self.kind,
            "number": self._found(text(part(document, f"{self.kind}_number")), "not_numbered"),
            "date": self._found(day(part(document, f"{self.kind}_date")), "date_missing"),
            "due_date": day(part(document, "due_on")),
            "currency": code,
            "exchange_rate": exchange_rate(document, code, self.reference.company_currency(self.department)),
            "customer": self._found(self._customer(), "customer_missing"),
            "invoicee": self._invoicee(),
            "department": self.department,
            "issuer_vat_number": self.reference.company_vat_number(self.department),
            "lines": self._lines(),
            "discounts": self._discounts(),
            "totals": self._totals(),
            "withheld": self._withheld(),
            "payment_term": payment_term(document),
            "payment_method": payment_method(document),
            "mandate_reference": mandate_reference(document),
            "payment_reference": text(part(document, "payment_reference")),
            "reference": text(part(document, "purchase_order_number")),
            "credited_number": self.reference.invoice_number(credited),
            "credited_id": credited,
            "updated_at": text(part(document, "updated_at")),
            "problems": [],
        }
        if self.kind == "invoice":
            entry["sent"] = part(document, "sent") if isinstance(part(document, "sent"), bool) else None
            entry["due"] = money(part(self.totals, "due"))
            entry["payments"] = registered_payments(document)
        if isinstance(document.get("attachments"), list):
            entry["attachments"] = _attachments(document["attachments"])
        entry["problems"] = self.problems.listed()
        return entry

    def _found(self, value: str | None, otherwise: str) -> str | None:
        if value is None:
            self.problems.add(otherwise)
        return value

    def _signed(self, amount: Decimal) -> Decimal:
        # 0 - x rather than -1 * x: a zero stays without sign.
        return 0 - amount if self.kind == "credit_note" else amount

    def _customer(self) -> str | None:
        customer = part(self.document, "invoicee", "customer")
        customer_kind, customer_id = text(part(customer, "type")), text(part(customer, "id"))
        return f"{customer_kind}:{customer_id}" if customer_kind in _CUSTOMER_KINDS and customer_id else None

    def _invoicee(self) -> dict[str, Any] | None:
        """Return the customer as the document names it, which outlives the customer; a document has no address."""
        invoicee = part(self.document, "invoicee")
        name = text(part(invoicee, "name"))
        if name is None:
            return None
        is_contact = text(part(invoicee, "customer", "type")) == "contact"
        vat_number = text(part(invoicee, "vat_number"))
        number = None if is_contact else text(part(invoicee, "national_identification_number"))
        return {
            "name": name,
            "is_person": is_contact and vat_number is None,
            "vat_number": vat_number,
            "chamber_of_commerce": number,
            "email": text(part(invoicee, "email")),
        }

    def _lines(self) -> list[dict[str, Any]]:
        rates = [rate for tax in objects(part(self.totals, "taxes")) if (rate := number(part(tax, "rate"))) is not None]
        items = [
            item
            for group in objects(part(self.document, "grouped_lines"))
            for item in objects(part(group, "line_items"))
        ]
        if not items:
            self.problems.add("lines_missing")
        return [self._line(place, item, rates) for place, item in enumerate(items, start=1)]

    def _line(self, place: int, item: dict[str, Any], rates: list[Decimal]) -> dict[str, Any]:
        net = money(part(item, "total", "tax_exclusive"))
        if net is None:
            self.problems.add("line_amount_missing", line=place)
        rate_id = text(part(item, "tax", "id"))
        tax_rate = self.reference.tax_rate(
            rate_id, rates, _shown_rate(net, money(part(item, "total", "tax_inclusive")))
        )
        if tax_rate.rate is None:
            self.problems.add("tax_rate_unknown", line=place)
        category = text(part(item, "product_category", "id"))
        if category and not self.reference.knows_categories:
            self.problems.add("product_categories_missing", line=place)
        return {
            "description": text(part(item, "description")),
            "quantity": number(part(item, "quantity")),
            "net": self._signed(net) if net is not None else None,
            "tax_rate_id": rate_id,
            "tax_rate_description": tax_rate.description,
            "tax_rate": tax_rate.rate,
            "ledger_number": self.reference.ledger_number(category, self.department),
            "product_category": self.reference.category_name(category),
            "product_category_id": category,
        }

    def _discounts(self) -> list[dict[str, Any]]:
        discounts = []
        for discount in objects(part(self.document, "discounts")):
            percentage = number(part(discount, "value"))
            if text(part(discount, "type")) != "percentage" or percentage is None:
                self.problems.add("discount_unsupported")
                continue
            discounts.append({"description": text(part(discount, "description")), "percentage": percentage})
        return discounts

    def _totals(self) -> dict[str, Any]:
        net, gross = money(part(self.totals, "tax_exclusive")), money(part(self.totals, "tax_inclusive"))
        taxes = []
        for tax in objects(part(self.totals, "taxes")):
            rate, taxable, amount = number(part(tax, "rate")), money(part(tax, "taxable")), money(part(tax, "tax"))
            if rate is None or taxable is None or amount is None:
                self.problems.add("totals_missing")
                continue
            taxes.append({"rate": rate, "taxable": self._signed(taxable), "tax": self._signed(amount)})
        if net is None or gross is None:
            self.problems.add("totals_missing")
        return {
            "net": self._signed(net) if net is not None else None,
            "gross": self._signed(gross) if gross is not None else None,
            "taxes": taxes,
        }

    def _withheld(self) -> Decimal:
        amounts = [money(part(tax, "withheld")) for tax in objects(part(self.totals, "withheld_taxes"))]
        return self._signed(sum((amount for amount in amounts if amount is not None), Decimal(0)))


def _shown_rate(net: Decimal | None, gross: Decimal | None) -> Decimal | None:
    if not net or gross is None:
        return None
    return ((gross - net) / net).quantize(_CENT) if abs(gross) < abs(net) * 10 else None


def _attachments(files: list[Any]) -> list[dict[str, Any]]:
    """Pass on the files that have a name, each as it is: in the spool, in the record, or still to come."""
    named = []
    for file in objects(files):
        filename = text(part(file, "filename"))
        if filename:
            known = {name: text(part(file, name)) for name in ("media_type", "sha256", "content", "problem")}
            named.append({"filename": filename, **{name: value for name, value in known.items() if value}})
    return named
