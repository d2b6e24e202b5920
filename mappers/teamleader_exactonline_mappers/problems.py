"""What could not be expressed, so that the target rejects the document with a reason instead of losing it."""

from __future__ import annotations

from typing import Any, Final

CATALOGUE: Final = {
    "document_id_missing": "The document has no id: read it from Teamleader again.",
    "not_numbered": "The document has no number: book it in Teamleader so that it gets one.",
    "date_missing": "The document has no date: fill in its date in Teamleader.",
    "currency_missing": "The document has no currency: choose one in Teamleader.",
    "customer_missing": "The document has no customer: choose the company or contact in Teamleader.",
    "lines_missing": "The document has no lines: add at least one in Teamleader.",
    "line_amount_missing": "Line {line} has no amount excluding VAT: enter the line again in Teamleader.",
    "tax_rate_unknown": "The VAT rate of line {line} cannot be told: choose its rate again in Teamleader.",
    "discount_unsupported": "A discount of the document is not a percentage: turn it into lines in Teamleader.",
    "totals_missing": "The document has no totals: save it again in Teamleader.",
    "product_categories_missing": (
        "Line {line} has a product category, but the ledger numbers did not come along: "
        "select the stream product_categories of tap-teamleader."
    ),
    "receivable_unreadable": (
        "The receivable of entry {entry} does not tell its {field}: read it from Exact again, and report it when it "
        "stays."
    ),
    "receivable_amounts_differ": (
        "What is settled and what is open of entry {entry} do not make up its amount: read it from Exact again, and "
        "report it when it stays."
    ),
    "customer_unidentified": "The customer has no {field}: read it from Exact again, and report it when it stays.",
    "customer_nameless": "The customer has no name in Exact: fill it in there.",
    "mapping_failed": "The document has an unforeseen shape ({shape}): book it by hand and report this line.",
}
"""Per stable code the line that a person reads."""


class Problems:
    """The problems of one document, in the order in which they were met; each code once."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    def add(self, code: str, **details: object) -> None:
        """Note a problem of the catalogue."""
        self._found.setdefault(code, CATALOGUE[code].format(**details))

    def __bool__(self) -> bool:
        return bool(self._found)

    def listed(self) -> list[dict[str, Any]]:
        """Give them as the output stream wants them."""
        return [{"code": code, "message": message} for code, message in self._found.items()]
