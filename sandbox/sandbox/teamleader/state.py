"""Everything one Teamleader account holds, in memory."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox.limits import SlidingWindow
from sandbox.oauth import TokenIssuer
from sandbox.teamleader import settings
from sandbox.teamleader.amounts import document_totals
from sandbox.teamleader.ids import DEPARTMENT_ID, FIRST_REFRESH_TOKEN
from sandbox.teamleader.totals import ZERO, Totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from random import Random

    from sandbox.options import Clock, Options
    from sandbox.teamleader.file_states import FileState
    from sandbox.teamleader.model import CustomerType, Discount, Document, Kind, Line, Payment, Row


class TeamleaderState:
    """Settings, customers, documents, subscriptions and the login of one account.

    Customers and settings are rows in the shape of their `.info` answer; a document is a `Document` whose totals are
    kept right by `compute_totals` and `touch`.
    """

    def __init__(self, options: Options, rng: Random, clock: Clock) -> None:
        self.options = options
        self.clock = clock
        self._rng = rng
        self.departments = settings.departments(options.country, options.companies)
        self.tax_rates = settings.tax_rates(options.country, options.companies)
        self.withholding_tax_rates = settings.withholding_tax_rates()
        self.product_categories = settings.product_categories(options.country, options.companies)
        self.payment_terms = settings.payment_terms()
        self.payment_methods = settings.payment_methods()
        self.custom_field_definitions = settings.custom_field_definitions()
        self.customers: dict[CustomerType, dict[str, Row]] = {"company": {}, "contact": {}}
        self.documents: dict[Kind, dict[str, Document]] = {"invoice": {}, "credit_note": {}}
        self.subscriptions: dict[str, Row] = {}
        self.denied_actions: set[str] = set()
        self.archived: set[str] = set()
        """Tax rates and product categories that lists no longer show, while documents keep them."""
        self.files: dict[str, FileState] = {}
        """What lies behind a download, by the id of its document; "" for those of all others."""
        self.tokens = TokenIssuer(clock, options.tl_token_seconds, first_refresh_token=FIRST_REFRESH_TOKEN)
        self.window = SlidingWindow(clock, None if options.no_limits else options.tl_minute_limit)
        self._last_numbers: dict[tuple[str, Kind, int], int] = {}
        """By department, kind and year."""
        self._credits: dict[str, list[str]] = {}
        """Credit notes by the invoice they take back."""

    def new_id(self) -> str:
        """A random identifier out of the seeded generator."""
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))

    def now(self) -> datetime:
        """This moment in whole seconds, as Teamleader keeps it."""
        return self.clock().astimezone(timezone.utc).replace(microsecond=0)

    def today(self) -> date:
        """The sandbox's day."""
        return self.now().date()

    def tax_rate(self, id_: str) -> Decimal:
        """The rate of a tax rate id, a fraction; raises KeyError."""
        return _find(self.tax_rates, id_)

    def compute_totals(self, lines: Sequence[Line], discounts: Sequence[Discount]) -> Totals:
        """Totals of such a document."""
        return document_totals(lines, discounts, self.tax_rate, lambda id_: _find(self.withholding_tax_rates, id_))

    def next_number(self, kind: Kind, year: int, department: str = DEPARTMENT_ID) -> str:
        """The next number of the department in that year: `2026 / 12` for an invoice, `2026/12` for a credit note."""
        key = (department, kind, year)
        last = self._last_numbers[key] = self._last_numbers.get(key, 0) + 1
        return f"{year} / {last}" if kind == "invoice" else f"{year}/{last}"

    def is_last(self, document: Document) -> bool:
        """Whether no document of its kind was booked after it in its year."""
        year, _, number = (document.number or "0/0").partition("/")
        return self._last_numbers.get((document.department_id, document.kind, int(year))) == int(number)

    def add_document(self, document: Document) -> Document:
        """Keep a document. A number that was given, not drawn, moves the year's counter along."""
        parts = re.fullmatch(r"(\d{4}) ?/ ?(\d+)", document.number or "")
        if parts is not None:
            key = (document.department_id, document.kind, int(parts[1]))
            self._last_numbers[key] = max(self._last_numbers.get(key, 0), int(parts[2]))
        self.documents[document.kind][document.id] = document
        if document.credited_id is not None:
            self._credits.setdefault(document.credited_id, []).append(document.id)
            self.settle(self.documents["invoice"][document.credited_id])
        return document

    def remove_document(self, document: Document) -> None:
        """Forget a document; nothing tells of it but its absence."""
        if document.is_booked and self.is_last(document):
            year, _, number = str(document.number).partition("/")
            self._last_numbers[document.department_id, document.kind, int(year)] = int(number) - 1
        del self.documents[document.kind][document.id]
        if document.credited_id is not None:
            self._credits[document.credited_id].remove(document.id)

    def touch(self, row: Document) -> None:
        """Move `updated_at` to now, and always further than it was, as an edit does."""
        row.updated_at = max(self.now(), row.updated_at + timedelta(seconds=1))

    def credited(self, invoice: Document) -> Decimal:
        """What the invoice's credit notes take back, gross."""
        notes = (self.documents["credit_note"][id_] for id_ in self._credits.get(invoice.id, ()))
        return sum((note.totals.gross for note in notes), ZERO)

    def due(self, invoice: Document) -> Decimal:
        """What is still to be paid; nothing more when credit notes and payments exceed the invoice."""
        left = invoice.totals.payable - self.credited(invoice) - sum((each.amount for each in invoice.payments), ZERO)
        return max(left, ZERO) if invoice.totals.payable >= 0 else min(left, ZERO)

    def settle(self, invoice: Document) -> None:
        """Note since when an invoice is paid, or that it is not."""
        if not invoice.is_booked or self.due(invoice) != 0:
            invoice.paid_at = None
        elif invoice.paid_at is None:
            invoice.paid_at = max((each.paid_at for each in invoice.payments), default=invoice.updated_at)

    def pay(self, invoice: Document, payment: Payment) -> None:
        """Register money."""
        invoice.payments.append(payment)
        self.settle(invoice)

    def rewritten(self, document: Document, **changes: Any) -> Document:
        """A copy of a document with other fields; totals follow the lines unless they are given."""
        changed = replace(document, **changes)
        if "totals" not in changes:
            changed.totals = self.compute_totals(changed.lines, changed.discounts)
        return changed

    def rewrite(self, document: Document, **changes: Any) -> Document:
        """Replace fields of a document that is kept."""
        changed = self.documents[document.kind][document.id] = self.rewritten(document, **changes)
        if changed.kind == "invoice":
            self.settle(changed)
        return changed


def _find(rates: Iterable[Row], id_: str) -> Decimal:
    for row in rates:
        if row["id"] == id_:
            return Decimal(row["rate"])
    raise KeyError(id_)
