"""What the probes work with: both services, and things made for them, which are taken away at the end."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self

from api_core.errors import ApiError
from exactonline_api.master_data import COLLECTION
from exactonline_api.odata import guid, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from types import TracebackType

    from exactonline_api import ExactClient
    from teamleader_api import TeamleaderClient

Row = dict[str, Any]

ACCOUNTS: Final = "crm/Accounts"
ENTRIES: Final = "salesentry/SalesEntries"
ENTRY_FIELDS: Final = (
    *("EntryID", "EntryNumber", "Type", "YourRef", "Description", "Document", "AmountFC", "VATAmountFC"),
    *("Status", "ReportingYear", "ReportingPeriod", "PaymentReference"),
)
TERMS: Final = "sync/Cashflow/PaymentTerms"
TERM_FIELDS: Final = (
    "Timestamp",
    "ID",
    "TransactionEntryID",
    "Status",
    "AmountFC",
    "Account",
    "EndDate",
    "GLAccountCode",
)


class CannotTellError(Exception):
    """What a probe needs is not there."""


@dataclass
class Lab:
    """Both services at hand. Use it in a `with` block: what it made is taken away at its end.

    Attributes:
        exact: The administration; may write only when probes that write are asked for.
        teamleader: The department's account, likewise.
        settings: Those of target-exactonline.
        department_id: The department.
        today: The day on which things are booked.
        person: Asks somebody to do something in Exact with the entry of that id; tells whether it was done.
        hasty: Exact through a client that does not wait for its answer; None where there is none.
    """

    exact: ExactClient
    teamleader: TeamleaderClient
    settings: Mapping[str, Any]
    department_id: str
    today: date
    person: Callable[[str, str], bool] = lambda _what, _entry: False
    hasty: Callable[[], ExactClient] | None = None
    notes: dict[str, Any] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)
    _numbers: int = 0

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take away what was made; what a service keeps stays, and its account and number say what it is."""
        self._stack.close()

    def note(self, **facts: object) -> None:
        """Keep raw evidence: numbers, sizes, names of fields and codes; never a name, an address or a secret."""
        self.notes.update(facts)

    def later(self, undo: Callable[[], object]) -> None:
        """Undo something at the end."""

        def quietly() -> None:
            with suppress(ApiError):
                undo()

        self._stack.callback(quietly)

    # Exact

    @cached_property
    def account(self) -> str:
        """A customer of ours."""
        row = self.exact.post(ACCOUNTS, {"Name": "Probe of the coupling", "Status": "C", "SearchCode": "TLPROBE00001"})
        self.later(lambda: self.exact.delete(ACCOUNTS, str(row["ID"])))
        return str(row["ID"])

    @cached_property
    def gl_account(self) -> str:
        """The account of turnover that lines go to."""
        code = self.settings.get("default_gl_account")
        if not code:
            raise CannotTellError("default_gl_account is not set")
        return self.id_of("financial/GLAccounts", str(code))

    @cached_property
    def vat_code(self) -> str:
        """A VAT code with VAT."""
        for row in self.exact.rows(
            "vat/VATCodes", select=("Code", "Type", "VATTransactionType", "Percentage", "IsBlocked")
        ):
            fits = row["Type"] == "E" and row["VATTransactionType"] in {"S", "B"} and not row.get("IsBlocked")
            if fits and row.get("Percentage"):
                return str(row["Code"]).strip()
        raise CannotTellError("there is no VAT code for sales, VAT excluded")

    @cached_property
    def condition(self) -> str:
        """A payment condition that does not collect."""
        for row in self.exact.rows("cashflow/PaymentConditions", select=("Code", "PaymentMethod")):
            if row["PaymentMethod"] != COLLECTION:
                return str(row["Code"]).strip()
        raise CannotTellError("there is no payment condition")

    def id_of(self, path: str, code: str) -> str:
        """Return the id of a row by its code."""
        for row in self.exact.rows(path, select=("ID", "Code"), filter=f"Code eq {text(code)}"):
            return str(row["ID"])
        raise CannotTellError(f"{path} has no code {code}")

    def body(self, amount: str = "10.00", **more: Any) -> Row:  # noqa: ANN401 - fields of Exact
        """Return the body of a sales entry with one line."""
        self._numbers += 1
        line = {"GLAccount": self.gl_account, "AmountFC": amount, "VATCode": self.vat_code}
        line |= more.pop("line", {})
        return {
            "Customer": self.account,
            "Journal": str(self.settings["invoice_journal"]),
            "YourRef": f"PROBE {self._numbers}",
            "EntryDate": self.today.isoformat(),
            "PaymentCondition": self.condition,
            "SalesEntryLines": [line],
            **more,
        }

    def booked(self, amount: str = "10.00", **more: Any) -> Row:  # noqa: ANN401 - fields of Exact
        """Book a sales entry, to be deleted at the end; return what Exact answered."""
        row = self.exact.post(ENTRIES, self.body(amount, **more))
        self.later(lambda: self.exact.delete(ENTRIES, str(row["EntryID"])))
        return row

    def entry(self, entry_id: str) -> Row:
        """Read an entry back."""
        return self.exact.row(ENTRIES, entry_id, ENTRY_FIELDS)

    def terms(self, entry_id: str) -> list[Row]:
        """Return the payment terms of an entry."""
        condition = f"Timestamp gt 1L and TransactionEntryID eq {guid(entry_id)}"
        try:
            return list(self.exact.rows(TERMS, select=TERM_FIELDS, filter=condition))
        except ApiError:
            rows = self.exact.rows(TERMS, select=TERM_FIELDS, filter="Timestamp gt 1L")
            return [row for row in rows if row.get("TransactionEntryID") == entry_id]

    # Teamleader

    @cached_property
    def recent(self) -> list[Row]:
        """The last booked invoices of the department."""
        body = {
            "filter": {"department_id": self.department_id, "status": ["outstanding", "matched"]},
            "sort": [{"field": "invoice_date", "order": "desc"}],
        }
        return next(iter(self.teamleader.pages("invoices.list", body)), [])

    def invoice(self, price: str = "10.00") -> str:
        """Book an invoice in Teamleader, to be deleted at the end; return its id."""
        if not self.recent:
            raise CannotTellError("the department has no invoice yet")
        rates = list(self.teamleader.rows("taxRates.list", {"filter": {"department_id": self.department_id}}))
        line = {
            "quantity": 1,
            "description": "Probe",
            "unit_price": {"amount": Decimal(price), "tax": "excluding"},
            "tax_rate_id": rates[0]["id"],
        }
        draft = self.teamleader.call(
            "invoices.draft",
            {
                "invoicee": {"customer": self.recent[0]["invoicee"]["customer"]},
                "department_id": self.department_id,
                "payment_term": {"type": "cash"},
                "grouped_lines": [{"section": {"title": "Probe"}, "line_items": [line]}],
            },
        )
        id_ = str(draft["id"])
        self.later(lambda: self.teamleader.call("invoices.delete", {"id": id_}))
        self.teamleader.call("invoices.book", {"id": id_, "on": self.today.isoformat()})
        return id_

    def pay(self, invoice: str, amount: str, moment: str, currency: str = "EUR") -> None:
        """Register a payment in Teamleader, to be removed at the end."""
        payment = {"amount": Decimal(amount), "currency": currency}
        self.later(lambda: self.teamleader.call("invoices.removePayments", {"id": invoice}))
        self.teamleader.call("invoices.registerPayment", {"id": invoice, "payment": payment, "paid_at": moment})

    def info(self, invoice: str) -> Row:
        """Read an invoice."""
        row: Row = self.teamleader.call("invoices.info", {"id": invoice})
        return row
