"""The administration as it is before anything is posted: master data, periods, a few accounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox import companies
from sandbox.exact import chart_of_accounts as chart
from sandbox.exact import wire
from sandbox.exact.administration import DIVISION, ExactState
from sandbox.exact.derived import CURRENCY_NAMES
from sandbox.exact.options import ExactOptions
from sandbox.exact.rules import accounts, master_data, purchases
from sandbox.exact.rules.periods import PATH as PERIODS
from sandbox.exact.variants import UNFINISHED, make_dutch

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from random import Random

_, COMPANY_NAME, COMPANY_VAT_NUMBER = companies.COMPANIES[0]
COMPANIES = tuple((DIVISION + each.number - 1, each.name, each.vat_number) for each in companies.COMPANIES)
"""The administrations that the login may see: number, name, VAT number. Two of them, unless more are open."""

_ACCOUNTS: tuple[dict[str, Any], ...] = (
    {"Name": "Kantoor & Zonen NV", "Status": "A", "IsSupplier": True, "Country": "BE", "VATNumber": "BE0444432125"},
    {"Name": "Stroomleverancier Oost", "Status": "A", "IsSupplier": True, "Country": "BE"},
    {"Name": "Oude Klant NV", "Status": "C", "Country": "BE", "VATNumber": "BE0551234568", "City": "Gent"},
    {"Name": "Bakkerij 't Hoekje", "Status": "C", "Country": "BE", "City": "Brugge", "Postcode": "8000"},
    {"Name": "Prospect zonder vervolg", "Status": "P", "Country": "NL", "City": "Breda"},
    {"Name": "Vermeulen, Jan", "Status": "C", "Country": "BE", "City": "Antwerpen", "Email": "jan@voorbeeld.example"},
)


def seed_exact(options: Any, rng: Random, clock: Callable[[], datetime], division: int = DIVISION) -> ExactState:
    """A new administration. The same generator gives the same identifiers; `clock` gives aware moments."""
    state = ExactState(ExactOptions.read(options), rng, clock, division)
    _seed_ledger(state)
    _seed_vat(state)
    _seed_journals(state)
    _seed_terms(state)
    _seed_periods(state)
    _seed_currencies(state)
    _seed_documents(state)
    for code, description in (("ALG", "Algemeen"), ("VERK", "Verkoop"), ("PROJ", "Projecten")):
        master_data.create(state, "hrm/Costcenters", {"Code": code, "Description": description})
    for code, description in (("HARDWARE", "Hardware"), ("DIENST", "Diensten")):
        master_data.create(state, "hrm/Costunits", {"Code": code, "Description": description})
    for account in _ACCOUNTS:
        accounts.create(state, dict(account))
    _seed_company(state, getattr(options, "companies", 1))
    _seed_purchases(state)
    if getattr(options, "country", "BE") == "NL":
        make_dutch(state)
    for what in getattr(options, "unfinished", ()):
        UNFINISHED[what](state)
    return state


def _seed_ledger(state: ExactState) -> None:
    for code, description, type_ in chart.LEDGER:
        credit = code[0] == "7" or type_ in {21, 22, 29, 50, 52, 55, 60} or code == "451000"
        row = {
            "Code": code,
            "Description": description,
            "Type": type_,
            "BalanceType": "W" if code[0] in "67" else "B",
            "BalanceSide": "C" if credit else "D",
            "SearchCode": description[:20].upper(),
            "Matching": type_ in {20, 22},
            "IsBlocked": code in chart.BLOCKED,
            "UseCostcenter": 1 if code in chart.COST_CENTER_OBLIGATORY else 0,
        }
        if type_ == 110 and code != "708000":
            row["VATCode"] = "21 "
        master_data.create(state, "financial/GLAccounts", row)


def _ledger_id(state: ExactState, code: str | None) -> str | None:
    account = state.by_code("financial/GLAccounts", code)
    return None if account is None else account["ID"]


def _seed_vat(state: ExactState) -> None:
    for code, description, type_, transaction, fraction, listing, ledger in chart.VAT_CODES:
        row = master_data.create(
            state,
            "vat/VATCodes",
            {
                "Code": code,
                "Description": description,
                "Type": type_,
                "VATTransactionType": transaction,
                "EUSalesListing": listing,
                "GLToPay" if transaction == "S" else "GLToClaim": _ledger_id(state, ledger),
                "IsBlocked": code in chart.BLOCKED_VAT_CODES,
                "OssCountry": chart.OSS_COUNTRIES.get(code),
            },
        )
        add_percentage(state, row["ID"], Decimal(fraction), date(1996, 1, 1))
        if code == "21":  # the percentage before 1996, so that dates matter (rule: valid on the document's date)
            add_percentage(state, row["ID"], Decimal("0.205"), date(1992, 1, 1), date(1995, 12, 31))


def add_percentage(state: ExactState, code_id: str, fraction: Decimal, start: date, end: date | None = None) -> None:
    """A dated percentage of a VAT code."""
    state.insert(
        "vat/VatPercentages",
        {
            "VATCodeID": code_id,
            "LineNumber": len(state["vat/VatPercentages"].find("VATCodeID", code_id)) + 1,
            "Percentage": fraction,
            "StartDate": wire.day_ms(start),
            "EndDate": None if end is None else wire.day_ms(end),
        },
    )


def _seed_journals(state: ExactState) -> None:
    for code, description, type_, ledger in chart.JOURNALS:
        free = code in chart.FREE_CURRENCY_JOURNALS
        state.insert(
            "financial/Journals",
            {
                "Code": code,
                "Description": description,
                "Type": type_,
                "GLAccount": _ledger_id(state, ledger),
                "AllowVAT": type_ in {20, 21, 22, 23},
                "AllowVariableCurrency": free,
                "AllowVariableExchangeRate": free,
                "IsBlocked": code in chart.BLOCKED_JOURNALS,
            },
        )


def _seed_terms(state: ExactState) -> None:
    for code, description, days, months, method in chart.PAYMENT_CONDITIONS:
        master_data.create(
            state,
            "cashflow/PaymentConditions",
            {
                "Code": code,
                "Description": description,
                "PaymentDays": days,
                "PaymentEndOfMonths": months,
                "PaymentMethod": method,
            },
        )


def _seed_periods(state: ExactState) -> None:
    this_year = state.today().year
    for year in (this_year - 1, this_year, this_year + 1):
        add_year(state, year, [date(year, month, 1) for month in range(1, 13)], date(year, 12, 31))


def add_year(state: ExactState, year: int, starts: list[date], end: date) -> None:
    """A financial year whose periods begin on `starts`; the last one ends on `end`."""
    ends = [wire.day_ms(start) - wire.DAY_MS for start in starts[1:]] + [wire.day_ms(end)]
    for number, (start, end_ms) in enumerate(zip(starts, ends, strict=True), start=1):
        state.insert(
            PERIODS, {"FinYear": year, "FinPeriod": number, "StartDate": wire.day_ms(start), "EndDate": end_ms}
        )


def _seed_currencies(state: ExactState) -> None:
    for code, name in CURRENCY_NAMES.items():
        state.insert(
            "general/Currencies",
            {
                "Code": code,
                "Description": name,
                "AmountPrecision": Decimal("0.01"),
                "PricePrecision": Decimal("0.0001"),
            },
        )
    this_year = state.today().year
    for code, rates in chart.EXCHANGE_RATES.items():
        for year, rate in zip((this_year - 1, this_year), rates, strict=True):
            state.insert(
                "financial/ExchangeRates",
                {"SourceCurrency": code, "Rate": Decimal(rate), "StartDate": wire.day_ms(date(year, 1, 1))},
            )


def _seed_documents(state: ExactState) -> None:
    for type_, description, creatable in chart.DOCUMENT_TYPES:
        state.insert(
            "documents/DocumentTypes",
            {
                "ID": type_,
                "Description": description,
                "DocumentIsCreatable": creatable,
                "DocumentIsDeletable": creatable,
                "DocumentIsUpdatable": creatable,
                "DocumentIsViewable": True,
                "TypeCategory": type_,
            },
        )


def _seed_purchases(state: ExactState) -> None:
    """What suppliers sent last year. One of them numbers as Teamleader does; one is a customer too."""
    year = state.today().year - 1
    for name, number, day, amount, is_paid in (
        ("Kantoor & Zonen NV", f"{year} / 1", date(year, 10, 5), "121.00", True),
        ("Kantoor & Zonen NV", f"{year + 1} / 1", date(year, 11, 6), "96.80", False),
        ("Stroomleverancier Oost", "8890012", date(year, 11, 20), "348.27", True),
        ("Bakkerij 't Hoekje", "F-77", date(year, 12, 11), "42.40", False),
    ):
        supplier = state["crm/Accounts"].find("Name", name)[0]["ID"]
        at = wire.day_ms(day)
        purchase = purchases.create(state, supplier, Decimal(amount), at, at + 30 * wire.DAY_MS, number)
        if is_paid:
            purchases.pay(state, purchase, at + 21 * wire.DAY_MS)


def _seed_company(state: ExactState, count: int) -> None:
    for hid, (code, name, vat_number) in enumerate(COMPANIES[: max(count, 2)], start=1):
        state.insert(
            "system/Divisions",
            {
                "Code": code,
                "Description": name,
                "VATNumber": vat_number,
                "Country": "BE ",
                "Current": code == state.division,
                "Hid": hid,
                "HID": hid,
                "Main": code == DIVISION,
                "StartDate": wire.day_ms(date(2019, 1, 1)),
                "CustomerName": name,
            },
        )
    state.insert("current/Me", {"UserID": state.user_id, "FullName": state.user_name})
