"""The small tables of Teamleader that documents refer to, remembered as they pass by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from teamleader_exactonline_mappers.exact_names import names
from teamleader_exactonline_mappers.json_values import currency, number, objects, part, text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal


class TaxRate(NamedTuple):
    """A VAT rate; `rate` is a fraction, 0.21 for 21 %."""

    description: str | None
    rate: Decimal | None


class ReferenceData:
    """What came by in this run: VAT rates, ledger numbers, departments, numbers of invoices, names of persons."""

    def __init__(self) -> None:
        self._tax_rates: dict[str, TaxRate] = {}
        self._ledgers: dict[tuple[str, str | None], str] = {}
        self._categories: dict[str, str | None] = {}
        self._currencies: dict[str, str] = {}
        self._vat_numbers: dict[str, str] = {}
        self._invoice_numbers: dict[str, str] = {}
        self._persons: dict[str, list[tuple[str | None, str]]] = {}
        self.knows_categories = False

    def learn(self, stream: str, record: Any) -> None:  # noqa: ANN401 - any JSON value may come in
        """Remember a record of one of the reference streams; others are passed over."""
        row_id = text(part(record, "id")) or text(part(record, "ID"))
        if row_id is None:
            return
        if stream == "departments":
            self._learn_department(row_id, record)
        elif stream == "tax_rates":
            self._tax_rates[row_id] = TaxRate(text(part(record, "description")), number(part(record, "rate")))
        elif stream == "product_categories":
            self._learn_category(row_id, record)
        elif stream == "contacts":
            self._learn_person(record)
        elif stream == "invoices" and (invoice_number := text(part(record, "invoice_number"))):
            self._invoice_numbers[row_id] = invoice_number

    def _learn_department(self, row_id: str, department: object) -> None:
        if code := currency(part(department, "currency")):
            self._currencies[row_id] = code
        if vat_number := text(part(department, "vat_number")):
            self._vat_numbers[row_id] = vat_number

    def _learn_category(self, row_id: str, category: object) -> None:
        self._categories[row_id] = text(part(category, "name"))
        for ledger in objects(part(category, "ledgers")):
            if account := text(part(ledger, "ledger_account_number")):
                self._ledgers[row_id, text(part(ledger, "department", "id"))] = account

    def _learn_person(self, contact: dict[str, Any]) -> None:
        first, last = names(contact)
        if last is not None and (account := text(part(contact, "Account"))):
            self._persons.setdefault(account, []).append((first, last))

    def tax_rate(self, rate_id: str | None, of_document: Sequence[Decimal], shown: Decimal | None) -> TaxRate:
        """Find a line's tax rate.

        Args:
            rate_id: The rate as the line names it.
            of_document: The rates that the document's totals show.
            shown: VAT of the line divided by its net amount, rounded to the cent; settles a rate that is no longer in
                the table (archived in Teamleader) when the document has several.
        """
        if rate_id in self._tax_rates:
            known = self._tax_rates[rate_id]
            if known.rate is not None:
                return known
        rates = set(of_document)
        if len(rates) == 1:
            return TaxRate(None, rates.pop())
        if rates and shown is not None:
            return TaxRate(None, min(rates, key=lambda rate: (abs(rate - shown), rate)))
        return TaxRate(None, None)

    def ledger_number(self, category: str | None, department: str | None) -> str | None:
        """Find the ledger number of a product category in a department."""
        return self._ledgers.get((category, department)) if category else None

    def category_name(self, category: str | None) -> str | None:
        """Name a product category."""
        return self._categories.get(category) if category else None

    def company_currency(self, department: str | None) -> str | None:
        """Tell in which currency a department keeps its books."""
        return self._currencies.get(department) if department else None

    def company_vat_number(self, department: str | None) -> str | None:
        """Tell the VAT number of a department, as it is written in Teamleader."""
        return self._vat_numbers.get(department) if department else None

    def persons_of(self, account: str) -> Sequence[tuple[str | None, str]]:
        """Return first and last names of the contact persons of an account of Exact that came by in this run."""
        return self._persons.get(account, ())

    def invoice_number(self, invoice: str | None) -> str | None:
        """Number an invoice that came by in this run."""
        return self._invoice_numbers.get(invoice) if invoice else None
