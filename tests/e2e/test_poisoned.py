"""Twenty documents that cannot be booked, among three hundred: none holds up another, none is lost, each says why.

What the accountant mends, by a setting or in Exact, is booked by the next run from the connector's own memory. What
is wrong in Teamleader is changed there, and follows as any changed document does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD_INVOICES, GOOD_CREDIT_NOTES = 252, 28
TODAY = "2026-11-18"
# Limits that never make a run wait, but the block after more than ten errors of one endpoint within an hour.
LIMITS = ("--exact-minute-limit", "100000", "--exact-day-limit", "100000", "--tl-minute-limit", "100000")
TOLERATED = 10

Verbs = list[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Poison:
    """One document that cannot be booked.

    Attributes:
        why: The code of its reject.
        line: What is special in its line.
        document: What else is special in it.
        customer: A company of its own.
        teamleader: What has to be in Teamleader first; `before`: what was done in Exact.
        settings: What makes it go wrong; `better` mends that.
        mended: What the accountant does in Exact; `rewritten` what is changed in the document in Teamleader.
    """

    why: str
    line: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    customer: dict[str, Any] = field(default_factory=dict)
    teamleader: Verbs = field(default_factory=list)
    before: Verbs = field(default_factory=list)
    settings: dict[str, dict[str, str]] = field(default_factory=dict)
    better: dict[str, dict[str, str]] = field(default_factory=dict)
    mended: Verbs = field(default_factory=list)
    rewritten: dict[str, Any] = field(default_factory=dict)
    kind: str = "invoice"


def rated(why: str, rate: str, fraction: str, code: str | None, **mended: Any) -> Poison:
    """Return a document with a tax rate of its own, mapped to a VAT code."""
    return Poison(
        why,
        line={"tax_rate": rate},
        teamleader=[("add_tax_rate", {"description": rate, "rate": fraction})],
        settings={"vat_codes": {rate: code}} if code else {},
        **mended,
    )


def ledgered(why: str, number: str, **mended: Any) -> Poison:
    """Return a document with a product category of its own, booked on a ledger account."""
    return Poison(
        why,
        line={"category": f"Reeks {number}"},
        teamleader=[("add_product_category", {"name": f"Reeks {number}", "ledger": number})],
        **mended,
    )


POISONED = [
    rated(
        "vat_code_unmapped",
        "9%",
        "0.09",
        None,
        better={"vat_codes": {"9%": "9"}},
        mended=[("add_vat_code", {"Code": "9", "Description": "Verkoop 9%", "Percentage": "0.09"})],
    ),
    rated(
        "vat_code_missing",
        "21% Horeca",
        "0.21",
        "HOR",
        mended=[("add_vat_code", {"Code": "HOR", "Description": "Horeca 21%", "Percentage": "0.21"})],
    ),
    rated(
        "vat_code_blocked",
        "21% Oud",
        "0.21",
        "OLD",
        mended=[("edit_vat_code", {"code": "OLD", "changes": {"IsBlocked": False}})],
    ),
    rated("vat_code_type", "21% Balie", "0.21", "I21", better={"vat_codes": {"21% Balie": "21"}}),
    rated(
        "vat_percentage_differs",
        "13% Wijn",
        "0.13",
        "W13",
        before=[("add_vat_code", {"Code": "W13", "Description": "Wijn 13%", "Percentage": "0.31"})],
        mended=[("change_percentage", {"code": "W13", "percentage": "0.13", "from": "2020-01-01"})],
    ),
    rated(
        "vat_code_not_for_sales",
        "21% Verlegd",
        "0.21",
        "AV",
        before=[
            (
                "add_vat_code",
                {"Code": "AV", "Description": "Aankoop 21%", "Percentage": "0.21", "VATTransactionType": "P"},
            )
        ],
        mended=[("edit_vat_code", {"code": "AV", "changes": {"VATTransactionType": "B"}})],
    ),
    # A one-stop-shop code of France for a customer in Germany; the accountant corrects the code's country.
    rated(
        "vat_country_differs",
        "19% OSS",
        "0.19",
        "O19",
        customer={
            "name": "Fernverkauf GmbH",
            "addresses": [
                {
                    "type": "primary",
                    "address": {"line_1": "Hauptstraße 1", "postal_code": "10115", "city": "Berlin", "country": "DE"},
                }
            ],
        },
        before=[
            ("add_vat_code", {"Code": "O19", "Description": "OSS 19%", "Percentage": "0.19", "OssCountry": "FR"}),
        ],
        mended=[("edit_vat_code", {"code": "O19", "changes": {"OssCountry": "DE"}})],
    ),
    ledgered(
        "gl_account_unknown",
        "709999",
        mended=[("add_gl_account", {"Code": "709999", "Description": "Verkoop nieuw", "Type": 110})],
    ),
    ledgered(
        "gl_account_blocked",
        "706000",
        mended=[("edit_gl_account", {"code": "706000", "changes": {"IsBlocked": False}})],
    ),
    ledgered("gl_account_not_revenue", "600000", better={"gl_accounts": {"600000": "700000"}}, kind="credit_note"),
    # Exact demands a cost centre with this account and says so only when the entry is sent.
    ledgered("cost_center_unknown", "707000", better={"cost_centers": {"Reeks 707000": "PROJ"}}),
    Poison(
        "period_closed",
        document={"date": "2025-01-15"},
        before=[("close_period", {"year": 2025, "period": 1})],
        mended=[("open_period", {"year": 2025, "period": 1})],
    ),
    # The year before the first one of the period table; the table made anew has it.
    Poison("period_missing", document={"date": "2024-06-15"}, mended=[("set_broken_year", {"first_month": 1})]),
    Poison(
        "currency_unknown",
        document={"currency": "NOK", "rate": "0.0852"},
        mended=[("add_currency", {"Code": "NOK", "Description": "Noorse kroon"})],
    ),
    Poison(
        "payment_condition_unknown",
        document={"payment_term": {"type": "after_invoice_date", "days": 7}},
        settings={"payment_conditions": {"7": "07"}},
        mended=[
            (
                "add_payment_condition",
                {"Code": "07", "Description": "7 dagen", "PaymentDays": 7, "PaymentMethod": "B"},
            )
        ],
    ),
    Poison(
        "customer_blocked",
        customer={"name": "Geblokkeerd NV", "vat_number": "BE0780141801"},
        before=[
            (
                "add_account",
                {"Name": "Geblokkeerd NV", "Status": "C", "VATNumber": "BE0780141801", "Blocked": True},
            )
        ],
        mended=[("block", {"name": "Geblokkeerd NV", "blocked": False})],
    ),
    # Two accounts fit the customer; the accountant deletes the one that is out of use.
    Poison(
        "waiting_for_customer",
        customer={"name": "Dubbel NV", "vat_number": "BE0780138435"},
        before=[
            ("add_account", {"Name": "Dubbel NV", "Status": "C", "VATNumber": "BE0780138435"}),
            ("add_account", {"Name": "Dubbel (oud)", "Status": "C", "VATNumber": "0780.138.435"}),
        ],
        mended=[("delete_account", {"name": "Dubbel (oud)"})],
    ),
    # Somebody booked the same number by hand, with another amount.
    Poison(
        "conflict",
        document={"number": "2026 / 7777"},
        customer={"name": "Met De Hand NV", "vat_number": "BE0780143581"},
        before=[
            ("add_account", {"Name": "Met De Hand NV", "Status": "C", "VATNumber": "BE0780143581"}),
            (
                "add_entry",
                {
                    "customer": "Met De Hand NV",
                    "your_ref": "2026 / 7777",
                    "lines": [{"amount": "1.00", "vat_code": "21"}],
                },
            ),
        ],
        mended=[("delete_entry", {"your_ref": "2026 / 7777"})],
    ),
    Poison(
        "text_too_long",
        document={"number": "2026 / 8888 / vestiging Antwerpen-Noord"},
        rewritten={"number": "2026 / 8888"},
    ),
    Poison(
        "totals_do_not_close",
        document={"totals": {"net": "90.00", "gross": "108.90"}},
        rewritten={"lines": [{"unit_price": "90.00"}]},
        kind="credit_note",
    ),
]


def tell(coupling: Any, poison: Poison) -> dict[str, Any]:
    """Write the document in Teamleader, and bring about what is wrong with it; return the document."""
    sandbox = coupling.sandbox
    for verb, arguments in poison.before:
        sandbox.exact(verb, **arguments)
    for verb, arguments in poison.teamleader:
        sandbox.teamleader(verb, **arguments)
    fields = {"date": "2026-11-10", "lines": [{"unit_price": "100.00", **poison.line}], **poison.document}
    if poison.customer:
        fields["customer"] = f"company:{sandbox.teamleader('add_company', **poison.customer)['id']}"
    document: dict[str, Any] = sandbox.teamleader(f"add_{poison.kind}", **fields)
    return document


def settings(coupling: Any, *changes: dict[str, dict[str, str]]) -> dict[str, str]:
    """Return the settings of the target with these entries of its maps."""
    preset = coupling.sandbox.production_env()
    merged: dict[str, dict[str, str]] = {}
    for name, entries in (each for change in changes for each in change.items()):
        known = merged.setdefault(name, json.loads(preset.get(f"TARGET_EXACTONLINE_{name.upper()}", "{}")))
        known |= entries
    return {f"TARGET_EXACTONLINE_{name.upper()}": json.dumps(entries) for name, entries in merged.items()}


def booked(coupling: Any) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return the totals of the entries by kind and number, each of which must stand there once."""
    entries = coupling.sandbox.exact_entries()
    found = {(each["kind"], each["number"]): (each["net"], each["vat"], each["gross"]) for each in entries}
    assert len(found) == len(entries), "booked more than once"
    return found


def written(coupling: Any) -> dict[tuple[str, str], tuple[Any, ...]]:
    documents = coupling.sandbox.teamleader_documents()
    return {(each["kind"], each["number"]): (each["net"], each["vat"], each["gross"]) for each in documents}


def last_line(output: str) -> str:
    return next(line for line in reversed(output.splitlines()) if " booked" in line)


def assert_within_the_error_limit(coupling: Any, entries: int) -> None:
    """Exact tolerates ten errors per endpoint and hour; not even its refusals came near that."""
    sandbox = coupling.sandbox
    sent = sum(call[0] == "POST" and call[1].endswith("/SalesEntries") for call in sandbox.call_list("exact"))
    assert sent - entries <= TOLERATED
    for path in ("salesentry/SalesEntries", "crm/Accounts", "documents/Documents", "documents/DocumentAttachments"):
        answer = requests.get(f"{sandbox.exact_url}/api/v1/123456/{path}", timeout=60)
        assert answer.status_code == requests.codes.unauthorized, f"{path} is blocked"


def test_twenty_poisoned_documents_among_three_hundred(coupling_with: Callable[..., Any]) -> None:
    size = ("--invoices", str(GOOD_INVOICES), "--credit-notes", str(GOOD_CREDIT_NOTES))
    coupling = coupling_with(*LIMITS, *size, "--pdf-bytes", "500", "--today", TODAY)
    good = written(coupling)
    poisoned = [(poison, tell(coupling, poison)) for poison in POISONED]
    codes = {document["number"]: poison.why for poison, document in poisoned}
    wrong = [poison.settings for poison in POISONED]
    coupling.settings |= settings(coupling, *wrong)
    everything = written(coupling)
    assert (len(good), len(codes), len(everything)) == (280, 20, 300)
    by_hand = booked(coupling).keys()

    first = coupling.documents()

    # All good ones are booked; each of the others is kept with a reason and what to do.
    assert first.code == 0, first.output[-4000:]
    assert {key: totals for key, totals in booked(coupling).items() if key not in by_hand} == good
    kept = [each for each in coupling.kept() if each.kind != "account"]
    assert {each.number: each.code for each in kept} == codes
    assert len(set(codes.values())) == 20
    assert all(each.reason and each.hint and "{" not in each.hint for each in kept)
    assert [each.code for each in coupling.kept() if each.kind == "account"] == ["customer_conflict"]
    line = last_line(first.output)
    assert "280 booked" in line
    assert all(code in line for code in codes.values()), line

    # What the accountant mends is booked without a word to Teamleader about it.
    for poison in POISONED:
        for verb, arguments in poison.mended:
            coupling.sandbox.exact(verb, **arguments)
    coupling.settings |= settings(coupling, *wrong, *(poison.better for poison in POISONED))
    before = len(coupling.sandbox.call_list("teamleader"))

    second = coupling.documents()

    asked = [path for _, path in coupling.sandbox.call_list("teamleader")[before:]]
    assert second.code == 0, second.output[-4000:]
    assert [path for path in asked if path.endswith((".info", ".download"))] == []
    left = {document["number"]: poison.why for poison, document in poisoned if poison.rewritten}
    assert {each.number: each.code for each in coupling.kept()} == left
    assert booked(coupling) == {key: totals for key, totals in everything.items() if key[1] not in left}
    assert "18 booked" in last_line(second.output)

    # What is changed in Teamleader follows as well.
    for poison, document in poisoned:
        if poison.rewritten:
            coupling.sandbox.teamleader(f"edit_{poison.kind}", id=document["id"], **poison.rewritten)

    third = coupling.documents()

    assert third.code == 0, third.output[-4000:]
    assert coupling.kept() == []
    assert booked(coupling) == written(coupling)
    assert len(booked(coupling)) == 300
    assert_within_the_error_limit(coupling, 300)
