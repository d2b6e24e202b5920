"""An administration and documents to book in it, as small as the rules allow."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from exactonline_api.master_data import GLAccount, Journal, PaymentCondition, Period, PeriodTable, VatCode
from target_exactonline.booking import EntryPlan, MasterData, Rules, compose_entry
from target_exactonline.reasons import Rejection

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIG: dict[str, Any] = {
    "invoice_journal": "70",
    "credit_note_journal": "71",
    "vat_codes": {
        "21%": "H",
        "12%": "M",
        "6%": "L",
        "0%": "0",
        "0% Intracommunautair": "IC",
        "0% Medecontractant": "MC",
        "0% Export": "EX",
        "0% Vrijgesteld": "VR",
    },
    "default_gl_account": "700000",
    "payment_conditions": {"30": "30", "30 end_of_month": "30E", "cash": "00", "direct_debit": "DD"},
    "default_payment_condition": "30",
}


def _vat(code: str, fraction: str, kind: str = "E", transaction: str = "S", **more: Any) -> VatCode:
    return VatCode(code, kind, transaction, Decimal(fraction), **more)


def _account(code: str, kind: int = 110, *, blocked: bool = False) -> GLAccount:
    return GLAccount(id=f"id-{code}", code=code, type=kind, blocked=blocked)


def _months(year: int) -> list[Period]:
    starts = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    return [
        Period(start, date.fromordinal(after.toordinal() - 1), year, number)
        for number, (start, after) in enumerate(pairwise(starts), start=1)
    ]


VAT_CODES = [
    _vat("H", "0.21"),
    _vat("M", "0.12"),
    _vat("L", "0.06"),
    _vat("0", "0", "B"),
    _vat("IC", "0", "B", eu_listing="L"),
    _vat("MC", "0", "B"),
    _vat("EX", "0", "B"),
    _vat("VR", "0", "N"),
    _vat("I21", "0.21", "I"),
    _vat("A21", "0.21", transaction="P"),
    _vat("X21", "0.21", blocked=True),
    _vat("DE", "0.19", oss_country="DE"),
]
ACCOUNTS = [
    *(_account(code) for code in ("700000", "701000", "702000", "708000")),
    _account("400000", 20),
    _account("451000", 24),
    _account("460000", 60),
    _account("743000", 140),
    _account("709000", blocked=True),
]
CONDITIONS = [
    PaymentCondition("00", 0, method="K"),
    PaymentCondition("30", 30),
    PaymentCondition("30E", 30, 1),
    PaymentCondition("DD", 14, method="I"),
]


@pytest.fixture
def master() -> MasterData:
    """A Belgian administration that books 2025 and 2026."""
    return MasterData(
        gl_accounts={each.code: each for each in ACCOUNTS},
        vat_codes={each.code: each for each in VAT_CODES},
        journals={
            "70": Journal("70", 20, "EUR"),
            "71": Journal("71", 20, "EUR"),
            "60": Journal("60", 22, "EUR"),
            "72": Journal("72", 20, "EUR", blocked=True),
            "73": Journal("73", 20, None, any_currency=False),
            "74": Journal("74", 20, "EUR", own_rate=False),
        },
        payment_conditions={each.code: each for each in CONDITIONS},
        periods=PeriodTable(tuple(_months(2025) + _months(2026))),
        currency="EUR",
        country="BE",
    )


@pytest.fixture
def rules() -> Callable[..., Rules]:
    """The settings of the administration, with changes."""
    return lambda **changes: Rules.from_config({**CONFIG, **changes})


def line_of(net: Any, rate: Any = "0.21", **more: Any) -> dict[str, Any]:
    """A line of a document; the description of the rate is the rate unless given."""
    fraction = Decimal(str(rate))
    described = {"tax_rate_description": f"{(fraction * 100).normalize():f}%", "tax_rate_id": None}
    return {"description": "Dienst", "quantity": 1, "net": Decimal(str(net)), "tax_rate": fraction, **described, **more}


@pytest.fixture
def line() -> Callable[..., dict[str, Any]]:
    return line_of


@pytest.fixture
def document() -> Callable[..., dict[str, Any]]:
    """A document from lines; the taxes per rate follow from them unless `taxes` gives (rate, taxable, tax) triples."""

    def build(*lines: dict[str, Any], taxes: list[tuple[str, str, str]] | None = None, **more: Any) -> dict[str, Any]:
        content = list(lines) or [line_of(-100 if more.get("kind") == "credit_note" else 100)]
        if taxes is None:
            rows = []
            for fraction in sorted({each["tax_rate"] for each in content}):
                taxable = sum((each["net"] for each in content if each["tax_rate"] == fraction), Decimal(0))
                rows.append({"rate": fraction, "taxable": taxable, "tax": round(taxable * fraction, 2)})
        else:
            rows = [dict(zip(("rate", "taxable", "tax"), map(Decimal, each), strict=True)) for each in taxes]
        net = sum((row["taxable"] for row in rows), Decimal(0))
        gross = net + sum((row["tax"] for row in rows), Decimal(0))
        return {
            "id": "11111111-1111-4111-8111-111111111111",
            "kind": "invoice",
            "number": "2026 / 12",
            "date": "2026-03-05",
            "due_date": "2026-04-04",
            "currency": "EUR",
            "exchange_rate": 1,
            "customer": "company:c",
            "department": None,
            "lines": content,
            "discounts": [],
            "totals": {"net": net, "gross": gross, "taxes": rows},
            "withheld": 0,
            "payment_term": {"type": "after_invoice_date", "days": 30},
            "payment_method": None,
            **more,
        }

    return build


@pytest.fixture
def book(master: MasterData, rules: Callable[..., Rules]) -> Callable[..., EntryPlan]:
    """Compose an entry that is expected to be bookable; keywords change the settings."""

    def compose(record: dict[str, Any], **changes: Any) -> EntryPlan:
        plan = compose_entry(record, rules(**changes), master)
        assert isinstance(plan, EntryPlan), plan
        return plan

    return compose


@pytest.fixture
def refusal(master: MasterData, rules: Callable[..., Rules]) -> Callable[..., Rejection]:
    """Compose an entry that is expected to be refused; keywords change the settings."""

    def compose(record: dict[str, Any], **changes: Any) -> Rejection:
        rejection = compose_entry(record, rules(**changes), master)
        assert isinstance(rejection, Rejection), rejection
        return rejection

    return compose
