"""The settings that decide how a document is booked, typed and checked for their form.

Keys read from the configuration (names of the interfaces document first, then the optional ones):
`invoice_journal`, `credit_note_journal`, `vat_codes`, `gl_accounts`, `default_gl_account`, `discount_gl_account`,
`payment_conditions`, `default_payment_condition`, `on_closed_period`; `department_id`, `only_sent`,
`book_credit_notes`, `gl_accounts_by_tax_rate`, `single_journal`,
`closed_until`, `change_policy`, `on_edited`, `on_deleted`,
`cost_centers`, `cost_units`, `other_gl_account_types`, `description_template`, `credit_note_description_template`,
`entry_number_template`, `zero_value_documents`, `on_similar`, `create_mandates`, `book_payments`, `payment_journal`,
`payment_gl_account`, `payments_from`, `on_changed_file`, `files`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, cast

from exactonline_api.master_data import CONTROL_TYPES
from exactonline_api.setting_keys import canonical_rate, canonical_term
from target_exactonline.booking import references

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CODE_LIMIT = 8
"""Longest cost centre or cost unit code (exact-online 6.8)."""


class SettingsError(ValueError):
    """The configuration is malformed; `problems` holds one readable line per setting."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Rules:
    """How this administration wants its documents booked."""

    invoice_journal: str
    credit_note_journal: str
    department_id: str | None = None
    """The one department whose documents are booked by these rules; None books those of all."""
    only_sent: bool = False
    """Whether an invoice waits until it was sent."""
    book_credit_notes: bool = True
    vat_codes: Mapping[str, str] = field(default_factory=dict)
    """Canonical tax rate id, description or rate (see `setting_keys.canonical_rate`) -> Exact VAT code."""
    gl_accounts: Mapping[str, str] = field(default_factory=dict)
    gl_accounts_by_tax_rate: Mapping[str, str] = field(default_factory=dict)
    """Canonical tax rate, as in `vat_codes` -> account of lines without a ledger number."""
    default_gl_account: str | None = None
    discount_gl_account: str | None = None
    """Account of commercial discounts; None lowers the lines pro rata."""
    payment_conditions: Mapping[str, str] = field(default_factory=dict)
    """Canonical term (see `setting_keys.canonical_term`) -> Exact payment condition code."""
    default_payment_condition: str | None = None
    on_closed_period: Literal["hold", "next_open"] = "hold"
    files: Literal["with_entry", "after", "auto"] = "auto"
    """When files are sent; `auto` follows the calls that are left of the day."""
    on_changed_file: Literal["replace", "keep"] = "replace"
    """What becomes of the file in Exact when the document has another one."""
    change_policy: Literal["amend", "report"] = "amend"
    on_edited: Literal["report", "amend"] = "report"
    on_deleted: Literal["report", "reverse"] = "report"
    """What becomes of the entry of a document that was deleted at the source."""
    closed_until: date | None = None
    """The books are closed up to and including this day."""
    cost_centers: Mapping[str, str] = field(default_factory=dict)
    """Product category or department, as the records name it -> cost centre code; the category wins."""
    cost_units: Mapping[str, str] = field(default_factory=dict)
    other_gl_account_types: frozenset[int] = frozenset()
    """Types of ledger accounts allowed on lines besides revenue, for example 60 for advances received."""
    description_template: str = references.INVOICE_TEMPLATE
    credit_note_description_template: str = references.CREDIT_NOTE_TEMPLATE
    entry_number_template: str | None = None
    zero_value_documents: Literal["post", "skip"] = "post"
    on_similar: Literal["conflict", "adopt"] = "conflict"
    """What to do with a document that an entry in another spelling resembles."""
    create_mandates: bool = False
    book_payments: bool = False
    payment_journal: str | None = None
    """Code of the general journal of payments that were registered at the source first."""
    payment_gl_account: str | None = None
    """Code of the clearing account that they are booked against."""
    payments_from: date | None = None
    """First day of payments that are booked; None is the day `book_payments` was first on."""

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Rules:
        """Read the settings.

        Raises:
            SettingsError: one or more settings are malformed; all of them are named.
        """
        reader = _Reader(config)
        single = reader.flag("single_journal")
        invoice_journal = reader.text("invoice_journal")
        credit_note_journal = reader.text("credit_note_journal") or (invoice_journal if single else None)
        for key, value in (("invoice_journal", invoice_journal), ("credit_note_journal", credit_note_journal)):
            if value is None and not config.get(key):
                reader.problem(f"{key} is not set: give the code of a sales journal in Exact")
        if invoice_journal is not None and invoice_journal == credit_note_journal and not single:
            reader.problem(
                "invoice_journal and credit_note_journal are the same: give credit notes their own sales journal, "
                "or set single_journal"
            )
        book_payments = reader.flag("book_payments")
        payment_journal, payment_gl_account = reader.text("payment_journal"), reader.text("payment_gl_account")
        if book_payments and payment_journal is None:
            reader.problem("payment_journal is not set: book_payments needs the code of a general journal in Exact")
        if book_payments and payment_gl_account is None:
            reader.problem("payment_gl_account is not set: book_payments needs the code of a clearing account in Exact")
        rules = cls(
            invoice_journal=invoice_journal or "",
            credit_note_journal=credit_note_journal or "",
            department_id=reader.text("department_id"),
            only_sent=reader.flag("only_sent"),
            book_credit_notes=reader.flag("book_credit_notes", default=True),
            vat_codes=reader.codes("vat_codes", canonical_rate),
            gl_accounts=reader.codes("gl_accounts"),
            gl_accounts_by_tax_rate=reader.codes("gl_accounts_by_tax_rate", canonical_rate),
            default_gl_account=reader.text("default_gl_account"),
            discount_gl_account=reader.text("discount_gl_account"),
            payment_conditions=reader.codes("payment_conditions", canonical_term),
            default_payment_condition=reader.text("default_payment_condition"),
            on_closed_period=cast("Any", reader.choice("on_closed_period", "hold", "next_open")),
            files=cast("Any", reader.choice("files", "auto", "with_entry", "after")),
            on_changed_file=cast("Any", reader.choice("on_changed_file", "replace", "keep")),
            change_policy=cast("Any", reader.choice("change_policy", "amend", "report")),
            on_edited=cast("Any", reader.choice("on_edited", "report", "amend")),
            on_deleted=cast("Any", reader.choice("on_deleted", "report", "reverse")),
            closed_until=reader.day("closed_until"),
            cost_centers=reader.codes("cost_centers", longest=CODE_LIMIT),
            cost_units=reader.codes("cost_units", longest=CODE_LIMIT),
            other_gl_account_types=reader.account_types("other_gl_account_types"),
            description_template=reader.description("description_template", references.INVOICE_TEMPLATE),
            credit_note_description_template=reader.description(
                "credit_note_description_template", references.CREDIT_NOTE_TEMPLATE
            ),
            entry_number_template=reader.number_template("entry_number_template"),
            zero_value_documents=cast("Any", reader.choice("zero_value_documents", "post", "skip")),
            on_similar=cast("Any", reader.choice("on_similar", "conflict", "adopt")),
            create_mandates=reader.flag("create_mandates"),
            book_payments=book_payments,
            payment_journal=payment_journal,
            payment_gl_account=payment_gl_account,
            payments_from=reader.day("payments_from"),
        )
        if reader.problems:
            raise SettingsError(reader.problems)
        return rules

    def journal_for(self, kind: str) -> str:
        """Return the journal of a document kind; the kind decides, never a sign (accounting rule 4)."""
        return self.credit_note_journal if kind == "credit_note" else self.invoice_journal


class _Reader:
    """Reads settings one by one and collects what is wrong with them."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._config = config
        self.problems: list[str] = []

    def problem(self, line: str) -> None:
        self.problems.append(line)

    def text(self, key: str) -> str | None:
        value = self._config.get(key)
        if value is None or isinstance(value, bool | dict | list):
            if value is not None:
                self.problem(f"{key} must be a text")
            return None
        return str(value).strip() or None

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self._config.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.problem(f"{key} must be true or false")
            return default
        return value

    def choice(self, key: str, default: str, *others: str) -> str:
        value = self.text(key) or default
        if value not in {default, *others}:
            self.problem(f"{key} must be {' or '.join([default, *others])}, not {value!r}")
        return value

    def day(self, key: str) -> date | None:
        value = self.text(key)
        if value is None:
            return None
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            self.problem(f"{key} must be a date such as 2026-03-31, not {value!r}")
            return None

    def codes(
        self, key: str, canonical: Callable[[str], str] = str.strip, longest: int | None = None
    ) -> dict[str, str]:
        value = self._config.get(key) or {}
        if not isinstance(value, dict):
            self.problem(f"{key} must be an object of names and codes in Exact")
            return {}
        codes: dict[str, str] = {}
        for name, code in value.items():
            text = str(code).strip() if isinstance(code, str | int) and not isinstance(code, bool) else ""
            if not text:
                self.problem(f"{key}: {name!r} needs a code in Exact")
                continue
            if longest is not None and len(text) > longest:
                self.problem(f"{key}: code {text!r} is longer than {longest} characters")
            if codes.setdefault(canonical(str(name)), text) != text:
                self.problem(f"{key}: {name!r} is given twice with different codes")
        return codes

    def account_types(self, key: str) -> frozenset[int]:
        value = self._config.get(key) or []
        if not isinstance(value, list) or not all(isinstance(each, int) for each in value):
            self.problem(f"{key} must be a list of numbers, the types of ledger accounts in Exact")
            return frozenset()
        for refused in sorted(CONTROL_TYPES & set(value)):
            self.problem(f"{key}: type {refused} (receivable, payable or VAT) cannot take sales lines")
        return frozenset(value)

    def description(self, key: str, default: str) -> str:
        template = self.text(key) or default
        wrong = references.description_problem(template)
        if wrong:
            self.problem(f"{key}: {wrong}")
        return template

    def number_template(self, key: str) -> str | None:
        template = self.text(key)
        wrong = references.entry_number_problem(template) if template else None
        if wrong:
            self.problem(f"{key}: {wrong}")
        return template
